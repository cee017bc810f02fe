"""The suites, and a bench to run them on: a worker of its own behind the queues of a broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.exchange.broker.abis import AbisProcess
from tests.exchange.broker.jms import JmsPeer
from tests.exchange.broker.running import Broker
from tests.exchange.conformance import matches, ours, refusals, requests, testing_kit
from tests.exchange.conformance.bench import Bench, Registration
from tests.exchange.conformance.datashare import CLIENT, SECRET, DataShare, Partner

SUITES = {
    "mosip/mosip-compliance-toolkit": tuple(
        sorted((*refusals.CASES, *matches.CASES), key=lambda case: case.name)
    ),
    "mosip/abis-testing-kit": testing_kit.CASES,
    "more, of our own": ours.CASES,
}


@contextmanager
def opened(broker: Broker, folder: Path, data: Path) -> Iterator[Bench]:
    """A worker with an empty gallery, a data share that wants tokens, and somebody who asks."""
    partner = Partner()
    key = folder / "partner.pem"
    key.write_bytes(partner.pem())
    key.chmod(0o600)
    name = requests.identifier()[:8].lower()
    to_abis, from_abis = f"cases-{name}-in", f"cases-{name}-out"
    with DataShare(signed=True) as share:
        worker = AbisProcess(
            broker,
            folder / "abis",
            inbound=to_abis,
            outbound=from_abis,
            origins=(share.origin,),
            sign_in=(share.auth_url, CLIENT, SECRET),
            key=key,
        )
        with worker, JmsPeer(broker) as peer:
            worker.wait_for(" connected ")  # or what it said when it ended, once for all cases
            yield Bench(Registration(peer, to_abis, from_abis), share, data, partner)
