"""The cases of mosip/abis-testing-kit (docs/testcases.md), 1 to 13."""

from __future__ import annotations

from tests.exchange.conformance import requests
from tests.exchange.conformance.answers import candidates
from tests.exchange.conformance.bench import Bench, fails, works
from tests.exchange.conformance.case import Case


def _insert(bench: Bench) -> None:
    url = bench.url(0)
    reference = requests.identifier()
    works(bench.ask(requests.insert(reference, url)))
    assert bench.share.asked(url) == 1


def _no_file(bench: Bench) -> None:
    url = bench.share.share(b"", error="DAT-SER-003")
    fails(bench.ask(requests.insert(requests.identifier(), url)), 7)


def _no_reference(bench: Bench) -> None:
    request = requests.changed(requests.insert("", bench.url(0)), referenceId=None)
    fails(bench.ask(request), 5)


def _unique(bench: Bench) -> None:
    three = [bench.stored(person) for person in range(3)]
    answer = bench.ask(requests.identify(three[0]))
    works(answer)
    assert answer["candidateList"]["count"] == "0"


def _duplicate(bench: Bench) -> None:
    first, _, again = bench.stored(0, 1), bench.stored(1), bench.stored(0, 2)
    answer = bench.ask(requests.identify(again))
    works(answer)
    assert candidates(answer) == [first]
    (found,) = answer["candidateList"]["candidates"]
    assert float(found["analytics"]["internalScore"]) > 30, "a score below the target"


def _gallery(bench: Bench) -> None:
    first, _, probe = (bench.stored(0, impression) for impression in (1, 2, 3))
    answer = bench.ask(requests.identify(probe, gallery=[first]))
    works(answer)
    assert candidates(answer) == [first]


def _most(bench: Bench) -> None:
    first, second, probe = (bench.stored(0, impression) for impression in (1, 2, 3))
    both = bench.ask(requests.identify(probe))
    one = bench.ask(requests.identify(probe, most=1))
    works(both)
    works(one)
    assert sorted(candidates(both)) == sorted((first, second))
    assert candidates(one) == candidates(both)[:1]


def _neither(bench: Bench) -> None:
    request = requests.changed(requests.identify(None), referenceId=None, referenceUrl=None)
    fails(bench.ask(request), 5)


def _by_url(bench: Bench) -> None:
    first = bench.stored(0, 1)
    request = requests.changed(requests.identify(None, url=bench.url(0, 2)), referenceId=None)
    answer = bench.ask(request)
    works(answer)
    assert candidates(answer) == [first]


def _stored_first(bench: Bench) -> None:
    first, again = bench.stored(0, 1), bench.stored(0, 2)
    wrong = bench.share.share(b"not asked for", uses=0)
    answer = bench.ask(requests.identify(again, url=wrong))
    works(answer)
    assert candidates(answer) == [first]
    assert bench.share.asked(wrong) == 0


def _delete(bench: Bench) -> None:
    reference = bench.stored(0)
    works(bench.ask(requests.delete(reference)))
    fails(bench.ask(requests.identify(reference)), 12)


def _delete_nobody(bench: Bench) -> None:
    fails(bench.ask(requests.delete(requests.identifier())), 12)


def _ping(bench: Bench) -> None:
    works(bench.ask(requests.ping()))


CASES = (
    Case("1", "insert: fetched from the URL once, stored, requestId returned", _insert),
    Case("2", "insert, no file for it: 7", _no_file),
    Case(
        "3",
        "insert, referenceId is null: 5",
        _no_reference,
        "The kit's text says 7; the API's table says 5 for a missing referenceId, and so do we.",
    ),
    Case("4", "identify somebody unique against all: count 0", _unique),
    Case(
        "5",
        "identify somebody who is there twice: the other one, score over the target",
        _duplicate,
    ),
    Case("6", "identify against a gallery of one of two duplicates: that one only", _gallery),
    Case("7", "identify with maxResults 1: the best of two", _most),
    Case("8", "identify, neither referenceId nor URL: 5", _neither),
    Case("9", "identify by the URL alone", _by_url),
    Case("10", "identify by a stored referenceId: the URL is not asked", _stored_first),
    Case("11", "delete; identify of the same id then fails: 12", _delete),
    Case("12", "delete of an unknown id fails: 12", _delete_nobody),
    Case("13", "ping", _ping),
)
