"""Cases of mosip/mosip-compliance-toolkit that expect a failure: ABIS3002 to 3017, 3019 to 3025.

Each takes a request that would work and spoils one thing in it.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.exchange.conformance import envelopes, requests
from tests.exchange.conformance.bench import Bench, fails, works
from tests.exchange.conformance.case import Case
from tests.exchange.conformance.datashare import Partner
from tests.exchange.conformance.requests import Request

Spoil = Callable[[Request], Request]


def _drop(key: str) -> Spoil:
    return lambda request: requests.without(request, key)


def _put(**fields: object) -> Spoil:
    return lambda request: requests.changed(request, **fields)


def _insert(spoil: Spoil, reason: int) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        good = requests.insert(requests.identifier(), bench.url(0))
        fails(bench.ask(spoil(good)), reason)
        # Nothing was stored for it: the same person goes in under the same id.
        works(bench.ask(requests.insert(good["referenceId"], bench.url(0))))

    return run


def _behind(body: Callable[[Bench], bytes], reason: int) -> Callable[[Bench], None]:
    """A file that cannot be used, behind a good URL."""

    def run(bench: Bench) -> None:
        reference = requests.identifier()
        answer = bench.ask(requests.insert(reference, bench.share.share(body(bench))))
        fails(answer, reason)
        fails(bench.ask(requests.delete(reference)), 12)

    return run


def _identify(spoil: Spoil, reason: int) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        reference = bench.stored(0)
        fails(bench.ask(spoil(requests.identify(reference))), reason)

    return run


def _again(bench: Bench) -> None:
    reference = bench.stored(0)
    fails(bench.ask(requests.insert(reference, bench.url(1))), 10)


def _expired(bench: Bench) -> None:
    url = bench.share.share(bench.prints(0), uses=0)
    fails(bench.ask(requests.insert(requests.identifier(), url)), 17)


def _foreign(bench: Bench) -> None:
    url = bench.share.share(Partner().sealed(bench.prints(0)))
    fails(bench.ask(requests.insert(requests.identifier(), url)), 11)


_UNKNOWN = _put(newUnknownValue="x")
_INACTIVE = "The toolkit has it switched off."
_UNSEEN = "The toolkit's own file is not published; in ours every block is empty."

CASES = (
    Case("ABIS3002", "insert with a field that the API does not know: 4", _insert(_UNKNOWN, 4)),
    Case("ABIS3003", "insert without referenceId: 5", _insert(_drop("referenceId"), 5)),
    Case("ABIS3004", "insert without requestId: 6", _insert(_drop("requestId"), 6), _INACTIVE),
    Case(
        "ABIS3005",
        "insert, no file behind the referenceURL: 7",
        lambda bench: fails(
            bench.ask(requests.insert(requests.identifier(), bench.share.origin + "/none")), 7
        ),
    ),
    Case("ABIS3006", "insert, referenceURL is no URL: 7", _insert(_put(referenceURL="no URL"), 7)),
    Case("ABIS3007", "insert without referenceURL: 8", _insert(_drop("referenceURL"), 8)),
    Case("ABIS3008", "insert without requesttime: 9", _insert(_drop("requesttime"), 9)),
    Case("ABIS3009", "insert of a referenceId that is there: 10", _again),
    Case(
        "ABIS3010",
        "insert, the CBEFF holds no biometrics: 11",
        _behind(lambda _: envelopes.of_nothing(), 11),
    ),
    Case("ABIS3011", "insert of another version: 13", _insert(_put(version="9.9"), 13)),
    Case("ABIS3012", "insert with an id that does not exist: 14", _insert(_put(id="mosip.x"), 14)),
    Case(
        "ABIS3013", "insert, requesttime of another form: 15", _insert(_put(requesttime="now"), 15)
    ),
    Case(
        "ABIS3014",
        "insert, the file is no CBEFF: 16",
        _behind(lambda bench: envelopes.cut_off(bench.prints(0)), 16),
    ),
    Case("ABIS3015", "insert, the URL has expired: 17", _expired),
    Case(
        "ABIS3016",
        "insert, the CBEFF holds invalid data: 11",
        _behind(lambda _: envelopes.of_empty_blocks(), 11),
        _UNSEEN,
    ),
    Case("ABIS3017", "insert, the file is encrypted for somebody else: 11", _foreign),
    Case("ABIS3019", "identify with a field that the API does not know: 4", _identify(_UNKNOWN, 4)),
    Case("ABIS3020", "identify without referenceId: 5", _identify(_drop("referenceId"), 5)),
    Case("ABIS3021", "identify without requestId: 6", _identify(_drop("requestId"), 6), _INACTIVE),
    Case("ABIS3022", "identify without requesttime: 9", _identify(_drop("requesttime"), 9)),
    Case("ABIS3023", "identify of another version: 13", _identify(_put(version="9.9"), 13)),
    Case("ABIS3024", "identify with an id that does not exist: 14", _identify(_put(id="x"), 14)),
    Case(
        "ABIS3025",
        "identify, requesttime of another form: 15",
        _identify(_put(requesttime="now"), 15),
    ),
)
