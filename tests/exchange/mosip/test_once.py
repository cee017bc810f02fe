"""The same request again: the same answer, and nothing done twice."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from tests.exchange.mosip.talk import Caller, found, reason, request
from tests.search.prints import again, person

from civid.errors import GalleryStorageError
from civid.exchange.abis import Abis
from civid.exchange.mosip import handle, prepare
from civid.search.segments.keys import StaticKeyProvider

KEYS = StaticKeyProvider({"2026": bytes(range(32))})


def conversation(caller: Caller) -> list[dict[str, Any]]:
    """One request of every outcome that is kept."""
    shelf = caller.shelf
    return [
        request("insert", referenceId="a", referenceURL=shelf.put(person(1, 2, 3))),
        request("insert", referenceId="b", referenceURL=shelf.put(again(person(1, 2, 3), 4))),
        request("insert", referenceId="a", referenceURL=shelf.put(person(2, 2))),
        request("insert", referenceId="c", referenceURL=shelf.put(b"<no/>")),
        request("insert", referenceId="d", referenceURL=shelf.put(b"")),
        request("identify", referenceId="a"),
        request("identify", referenceId="nobody"),
        request("identify", referenceURL=shelf.put(again(person(1, 2, 3), 5))),
        request("delete", referenceId="b"),
        request("delete", referenceId="b"),
        request("identify", referenceId="a"),
    ]


@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])
def test_every_answer_is_given_again(tmp_path: Path, keys: StaticKeyProvider | None) -> None:
    with Abis.open(tmp_path / "abis", create=True, keys=keys) as engine:
        caller = Caller(engine)
        asked = conversation(caller)
        answers = [caller.ask(one) for one in asked]
        assert [one.get("failureReason", "1") for one in answers] == [
            "1", "1", "10", "16", "11", "1", "12", "1", "1", "12", "1",
        ]  # fmt: skip
        assert [found(answers[place]) for place in (5, 7, 10)] == [["b"], found(answers[7]), []]
        assert set(found(answers[7])) == {"a", "b"}
        fetched = list(caller.shelf.fetched)
        assert [caller.ask(one) for one in asked] == answers
    with Abis.open(tmp_path / "abis", keys=keys) as engine:
        caller.engine = engine
        later = [{**one, "requesttime": "2027-01-01T00:00:00.000Z"} for one in reversed(asked)]
        assert [caller.ask(one) for one in later] == answers[::-1]
        assert caller.shelf.fetched == fetched
        assert engine.people() == ("a",)
        assert engine.check() == 1


def test_a_request_id_of_somebody_else_is_refused(caller: Caller) -> None:
    asked = request("insert", referenceId="a", referenceURL=caller.shelf.put(person(1, 2)))
    answer = caller.ask(asked)
    fetched = len(caller.shelf.fetched)
    for other in [
        {**asked, "referenceId": "b"},
        {**asked, "referenceURL": caller.shelf.put(person(2, 2))},
        {**asked, "requestId": asked["requestId"].upper(), "referenceId": "b"},
        request("delete", referenceId="a", requestId=asked["requestId"]),
        request("identify", referenceId="a", requestId=asked["requestId"]),
    ]:
        assert reason(caller.ask(other)) == "4"
    assert len(caller.shelf.fetched) == fetched
    assert caller.engine.people() == ("a",)
    assert caller.ask(asked) == answer


def test_the_same_request_at_the_same_moment(caller: Caller) -> None:
    asked = request("insert", referenceId="a", referenceURL=caller.shelf.put(person(1, 2)))
    start, answers = Barrier(4), []

    def ask() -> None:
        start.wait()
        answers.append(caller.ask(asked))

    threads = [Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [answers[0]] * 4
    assert answers[0]["returnValue"] == "1"
    assert caller.engine.check() == 1


def test_requests_in_a_batch_see_one_another_and_fail_alone(caller: Caller) -> None:
    asked = conversation(caller)
    with caller.engine.batch():
        answers = [caller.ask(one) for one in asked]
        assert [caller.ask(one) for one in asked] == answers
    assert [one.get("failureReason", "1") for one in answers] == [
        "1", "1", "10", "16", "11", "1", "12", "1", "1", "12", "1",
    ]  # fmt: skip
    assert found(answers[5]) == ["b"]
    assert [caller.ask(one) for one in asked] == answers
    assert caller.engine.check() == 1


def test_a_batch_that_fails_has_answered_nobody(caller: Caller) -> None:
    asked = conversation(caller)
    with pytest.raises(KeyboardInterrupt), caller.engine.batch():  # noqa: PT012
        for one in asked:
            caller.ask(one)
        raise KeyboardInterrupt
    assert caller.engine.count() == caller.engine.check() == 0
    assert len(caller.engine._parts.gallery) == 0
    assert [caller.ask(one).get("failureReason", "1") for one in asked][:3] == ["1", "1", "10"]


def test_answers_are_forgotten_by_age(caller: Caller) -> None:
    asked = request("insert", referenceId="a", referenceURL=caller.shelf.put(person(1, 2)))
    answer = caller.ask(asked)
    assert caller.engine.forget_requests(0) == 0
    assert caller.ask(asked) == answer
    assert caller.engine.forget_requests(1e11) == 1
    assert reason(caller.ask(asked)) == "10"  # a new request now


def test_what_was_prepared_is_not_fetched_again(caller: Caller) -> None:
    shelf, engine = caller.shelf, caller.engine
    asked = conversation(caller)
    ready = [prepare(one, engine, fetch=shelf, threads=1) for one in asked]
    assert [one is not None for one in ready] == [True] * 5 + [False, False, True] + [False] * 3
    fetched = list(shelf.fetched)
    answers = [
        handle(one, engine, fetch=shelf, prepared=ahead, threads=1)
        for one, ahead in zip(asked, ready, strict=True)
    ]
    assert shelf.fetched == fetched
    assert [one.get("failureReason", "1") for one in answers] == [
        "1", "1", "10", "16", "11", "1", "12", "1", "1", "12", "1",
    ]  # fmt: skip
    # Of another request it is of no use.
    other = request("insert", referenceId="e", referenceURL=shelf.put(person(5, 2)))
    assert handle(other, engine, fetch=shelf, prepared=ready[0], threads=1)["returnValue"] == "1"
    assert len(shelf.fetched) == len(fetched) + 1
    assert all(prepare(one, engine, fetch=shelf) is None for one in [*asked, None, {}, "x"])
    assert "share.example" not in repr(ready)


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in a batch"])
def test_on_a_disk_that_is_full_nobody_is_told_what_is_not_so(
    caller: Caller, together: bool
) -> None:
    engine = caller.engine
    ledger = engine._parts.ledger._writer
    (pages,) = ledger.execute("PRAGMA page_count").fetchone()
    ledger.execute(f"PRAGMA max_page_count = {pages + 3}")
    put = caller.shelf.put
    asked = [
        request("insert", referenceId=f"p{index}", referenceURL=put({})) for index in range(60)
    ]
    answers: list[dict[str, Any]] = []
    with suppress(GalleryStorageError), engine.batch() if together else nullcontext():
        answers = [caller.ask(one) for one in asked]
    if together and not engine.count():
        answers = []  # the batch has failed, and none of them may be sent
    told = [one["referenceId"] for one, answer in zip(asked, answers, strict=False)
            if answer["returnValue"] == "1"]  # fmt: skip
    assert list(engine.people()) == told
    assert len(told) < len(asked)
    assert all(reason(one) == "1" for one in answers if one["returnValue"] == "2")
    assert engine.check() == len(told)
    ledger.execute("PRAGMA max_page_count = 1000000")
    assert {caller.ask(one)["returnValue"] for one in asked} == {"1"}
    assert engine.count() == engine.check() == 60
