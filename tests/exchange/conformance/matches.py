"""Cases of mosip/mosip-compliance-toolkit that must work: ABIS3000, 3001, 3018, 3026 to 3031.

Where the toolkit inserts the same file again, we insert other impressions of the same fingers: an
ABIS that compares hashes, as MOSIP's mock does, cannot pass.
"""

from __future__ import annotations

from tests.exchange.conformance import requests
from tests.exchange.conformance.answers import candidates
from tests.exchange.conformance.bench import Bench, fails, works
from tests.exchange.conformance.case import Case

_IMPRESSIONS = (
    "The toolkit inserts one file several times; we other impressions of the same fingers."
)


def _one(bench: Bench) -> None:
    bench.stored(0)


def _two(bench: Bench) -> None:
    bench.stored(0)
    bench.stored(1)


def _in_gallery(bench: Bench) -> None:
    first, again, other = bench.stored(0, 1), bench.stored(0, 2), bench.stored(1)
    answer = bench.ask(requests.identify(first, gallery=[again, other]))
    works(answer)
    assert candidates(answer) == [again]


def _without_gallery(bench: Bench) -> None:
    first, again = bench.stored(0, 1), bench.stored(0, 2)
    answer = bench.ask(requests.identify(again))
    works(answer)
    assert candidates(answer) == [first]


def _four_of_five(bench: Bench) -> None:
    same = [bench.stored(0, impression) for impression in (1, 2, 3, 5, 6)]
    other = bench.stored(1)
    probe, *rest = same
    answer = bench.ask(requests.identify(probe, gallery=[*rest, other]))
    works(answer)
    assert sorted(candidates(answer)) == sorted(rest)


def _unknown_gallery(bench: Bench) -> None:
    one = bench.stored(0)
    gallery = [requests.identifier() for _ in range(3)]
    fails(bench.ask(requests.identify(one, gallery=gallery)), 12)


def _no_duplicate(bench: Bench) -> None:
    three = [bench.stored(person) for person in range(3)]
    answer = bench.ask(requests.identify(three[1], gallery=[three[0], three[2]]))
    works(answer)
    assert candidates(answer) == []


def _one_token(bench: Bench) -> None:
    bench.stored(0)
    before = bench.share.sign_ins
    assert before  # whatever the cases before this one have asked for
    bench.stored(1)
    assert bench.share.sign_ins == before


def _new_token(bench: Bench) -> None:
    bench.stored(0)
    before = bench.share.sign_ins
    bench.share.expire_tokens()
    bench.stored(1)  # the answer is no failure
    assert bench.share.sign_ins == before + 1


CASES = (
    Case("ABIS3000", "insert one person", _one),
    Case("ABIS3001", "insert two people", _two),
    Case(
        "ABIS3018",
        "identify against a gallery of two, of whom one is the same person: 1 candidate",
        _in_gallery,
        _IMPRESSIONS,
    ),
    Case(
        "ABIS3026",
        "identify against all, the same person is there once more: 1 candidate",
        _without_gallery,
        _IMPRESSIONS,
    ),
    Case(
        "ABIS3027",
        "identify against a gallery of five, of whom four are the same person: 4 candidates",
        _four_of_five,
        _IMPRESSIONS,
    ),
    Case("ABIS3028", "identify against a gallery of unknown ids: 12", _unknown_gallery),
    Case("ABIS3029", "identify against a gallery of two others: no candidate", _no_duplicate),
    Case("ABIS3030", "two inserts, one sign-in at the authmanager", _one_token),
    Case(
        "ABIS3031",
        "the token expires between two inserts: signs in again, no failure in the queue",
        _new_token,
        "The toolkit has it switched off.",
    ),
)
