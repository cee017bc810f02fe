"""One run: broker, data share, worker, a registration processor that asks, and deaths."""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.exchange.broker.abis import AbisProcess
from tests.exchange.broker.jms import JmsPeer
from tests.exchange.broker.running import Broker
from tests.exchange.conformance import requests
from tests.exchange.conformance.datashare import DataShare
from tests.exchange.torture import oracle
from tests.exchange.torture.accounts import Accounts
from tests.exchange.torture.memory import Memory
from tests.exchange.torture.outages import Outages
from tests.exchange.torture.plan import Plan

#: One request in so many is sent twice, as MOSIP does when it has waited too long.
_RESENT = 100
_ANSWERS = " (answers)"


@dataclass(frozen=True)
class Torture:
    """How much of everything."""

    inserts: int = 10_000
    identifies: int = 1_000
    kills: int = 10
    broker_restarts: int = 2
    window: int = 200
    seed: int = 14
    patience: float = 600.0


def run(torture: Torture, broker: Broker, folder: Path, plan: Plan | None = None) -> dict[str, Any]:
    """The figures of a run; what must be 0 is 0 if nothing went wrong."""
    plan = plan or Plan(torture.inserts, torture.identifies, torture.seed)
    accounts = Accounts()
    queue = requests.identifier()[:8].lower()
    to_abis, from_abis = f"torture-{queue}-in", f"torture-{queue}-out"
    with ExitStack() as stack:
        share = stack.enter_context(DataShare())
        worker = AbisProcess(
            broker, folder, inbound=to_abis, outbound=from_abis, origins=(share.origin,)
        )
        peer = stack.enter_context(JmsPeer(broker))
        peer.listen(from_abis)
        stack.callback(worker.end)
        worker.start()
        listening = _Listening(peer, accounts)
        memory = Memory(worker, accounts)
        outages = Outages(accounts, worker, broker, len(plan.steps), torture.seed)
        outages.start(torture.kills, torture.broker_restarts)
        resent = _send(torture, plan, accounts, share, peer, to_abis)
        done = accounts.wait_until(0, torture.patience)
        outages.finish(torture.patience)
        if done:
            listening.quiet()
        memory.stop()
        count = None
        if done:
            answer = _ask(peer, to_abis, accounts, listening)
            count = int(answer["count"])
        worker.stop()
        listening.stop()
        dead = _dead(broker, peer, to_abis)
    verdict = accounts.verdict(list(oracle.expected(plan, accounts.seen())))
    verdict["must be 0"]["stored too many or too few"] = abs((count or 0) - torture.inserts)
    # A client of OpenWire puts aside an answer that it takes for a duplicate after its broker came
    # back; whatever was lost counts above.
    answers = {name: dead.pop(name) for name in list(dead) if name.endswith(_ANSWERS)}
    verdict["must be 0"]["requests put aside"] = dead.total()
    verdict["answers put aside by the registration's client"] = sum(answers.values())
    return {
        "broker": broker.name,
        "inserts": torture.inserts,
        "identifies": torture.identifies,
        "people": plan.people,
        "worker killed": torture.kills,
        "broker restarted": torture.broker_restarts,
        "requests sent twice": resent,
        "requests under way at most": torture.window,
        **verdict,
        "times": accounts.times([(one.begin, one.end) for one in outages.seen]),
        "outages (what, s until the next answer)": [
            (one.what, round(one.end - one.begin, 2)) for one in outages.seen
        ],
        "memory of the worker": memory.summary(),
    }


def failed(figures: dict[str, Any]) -> bool:
    """Whether anything that must be 0 is not."""
    return bool(wrong(figures))


def wrong(figures: dict[str, Any]) -> dict[str, int]:
    """What must be 0 and is not."""
    return {what: count for what, count in figures["must be 0"].items() if count}


def _send(
    torture: Torture, plan: Plan, accounts: Accounts, share: DataShare, peer: JmsPeer, queue: str
) -> int:
    """All requests, never more than the window without an answer; how many were sent twice."""
    resent = 0
    for number, step in enumerate(plan.steps):
        accounts.wait_until(torture.window - 1, torture.patience)
        if step.operation == "identify":
            # As MOSIP does: brokers may hand out in another order what comes again.
            accounts.wait_inserted(step.reference, torture.patience)
        url = share.share(partial(plan.file, step)) if step.operation == "insert" else ""
        request = plan.request(step, url)
        text = json.dumps(request)
        body = text if number % 2 else text.encode()
        accounts.sent(step, request, "text" if number % 2 else "bytes")
        peer.send(queue, body, wait=number % torture.window == 0)
        if number % _RESENT == _RESENT - 1:
            peer.send(queue, body, wait=False)
            resent += 1
    peer.flush(torture.patience)
    return resent


def _ask(peer: JmsPeer, queue: str, accounts: Accounts, listening: _Listening) -> dict[str, Any]:
    """How many people are stored, asked for like everything else."""
    request = requests.reference_count()
    peer.send(queue, json.dumps(request))
    return listening.other(request["requestId"])


def _dead(broker: Broker, peer: JmsPeer, queue: str) -> Counter[str]:
    """How many lie in each queue for what could not be answered or delivered; answers apart."""
    for name in (f"{queue}.dead", "DLQ", "ActiveMQ.DLQ", "ExpiryQueue"):
        peer.listen(name)
    dead: Counter[str] = Counter()
    while True:
        try:
            one = peer.answer(2)
            dead[one.queue + (_ANSWERS if b'"responsetime"' in one.body else "")] += 1
        except TimeoutError:
            return dead


class _Listening:
    """Takes answers off the peer as they come."""

    def __init__(self, peer: JmsPeer, accounts: Accounts):
        self._peer, self._accounts = peer, accounts
        self._others: dict[str, dict[str, Any]] = {}
        self._over = threading.Event()
        self._last = threading.Event()
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._over.set()
        self._thread.join()

    def quiet(self, seconds: float = 2.0) -> None:
        """Wait until nothing has come for a while: answers that come twice come soon."""
        while True:
            self._last.clear()
            if not self._last.wait(seconds):
                return

    def other(self, request: str, timeout: float = 60) -> dict[str, Any]:
        """An answer that is in no books."""
        with self._change:
            assert self._change.wait_for(lambda: request in self._others, timeout), "no answer"
            self._accounts.strangers -= 1
            return self._others[request]

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                came = self._peer.answer(0.2)
            except TimeoutError:
                continue
            self._last.set()
            self._accounts.came(came.kind, came.body)
            document = json.loads(came.body)
            if "count" in document:
                with self._change:
                    self._others[document["requestId"]] = document
                    self._change.notify_all()
