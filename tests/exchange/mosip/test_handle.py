"""Conversations: insert, identify, delete and the three questions, with synthetic fingers."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from tests.exchange.mosip.talk import Caller, found, gallery, reason, request, uid
from tests.search.prints import again, person

from civid.errors import GalleryStorageError
from civid.exchange.abis import Abis
from civid.exchange.mosip import Policy, handle
from civid.position import Position
from civid.search import Gallery, threshold

FINGERS = (2, 3, 7)


def test_a_conversation(caller: Caller) -> None:
    first, second, other = uid(), uid(), uid()
    answer = caller.insert(first, person(1, *FINGERS))
    assert set(answer) == {"id", "requestId", "responsetime", "returnValue"}
    assert (answer["id"], answer["returnValue"]) == ("mosip.abis.insert", "1")
    assert caller.insert(second, again(person(1, *FINGERS), 5))["returnValue"] == "1"
    assert caller.insert(other, person(2, *FINGERS))["returnValue"] == "1"
    assert found(caller.identify(first)) == [second]
    assert found(caller.identify(second)) == [first]
    assert found(caller.identify(other)) == []
    assert caller.ask(request("referenceCount"))["count"] == "3"
    assert caller.ask(request("delete", referenceId=second))["returnValue"] == "1"
    assert found(caller.identify(first)) == []
    assert reason(caller.identify(second)) == "12"
    assert reason(caller.ask(request("delete", referenceId=second))) == "12"
    assert caller.ask(request("referenceCount"))["count"] == "2"
    assert caller.insert(second, person(1, *FINGERS))["returnValue"] == "1"  # may come back


def test_ping_and_pending_jobs(caller: Caller) -> None:
    ping = request("ping")
    answer = caller.ask(ping)
    assert answer.pop("responsetime")
    assert answer == {"id": ping["id"], "requestId": ping["requestId"], "returnValue": "1"}
    jobs = handle(request("pendingJobs"), caller.engine, fetch=caller.shelf, pending=lambda: 7)
    assert (jobs["returnValue"], jobs["jobscount"]) == ("1", "7")


def test_insert_does_not_look_for_duplicates_and_refuses_a_second_record(caller: Caller) -> None:
    reference = uid()
    assert caller.insert(reference, person(1, *FINGERS))["returnValue"] == "1"
    assert caller.insert(uid(), person(1, *FINGERS))["returnValue"] == "1"
    fetched = len(caller.shelf.fetched)
    assert reason(caller.insert(reference.upper(), person(3, 2))) == "10"
    assert len(caller.shelf.fetched) == fetched  # a URL may be used a few times only
    assert caller.engine.count() == 2


def test_an_id_is_the_same_however_its_accents_are_written(caller: Caller) -> None:
    once, twice = unicodedata.normalize("NFC", "Nguyễn"), unicodedata.normalize("NFD", "NGUYỄN")
    assert once != twice.casefold()
    assert caller.insert(once, person(1, *FINGERS))["returnValue"] == "1"
    assert reason(caller.insert(twice, person(2, *FINGERS))) == "10"
    assert found(caller.identify(twice, gallery=gallery(twice))) == []  # not their own duplicate
    assert caller.ask(request("delete", referenceId=twice))["returnValue"] == "1"
    assert caller.engine.count() == 0


def test_ids_compare_without_case_and_come_back_as_they_were_stored(caller: Caller) -> None:
    stored = uid().upper()
    caller.insert(stored, person(1, *FINGERS))
    caller.insert("b", again(person(1, *FINGERS), 2))
    assert found(caller.identify("B")) == [stored]
    assert found(caller.identify("B", gallery=gallery(stored.lower()))) == [stored]
    assert found(caller.identify(stored.lower())) == ["b"]


def test_the_gallery_is_honoured(caller: Caller) -> None:
    for name, seed in [("a", 1), ("b", 1), ("c", 1), ("d", 2)]:
        caller.insert(name, again(person(seed, *FINGERS), ord(name)))
    assert set(found(caller.identify("a"))) == {"b", "c"}
    assert found(caller.identify("a", gallery=gallery("c", "d"))) == ["c"]
    assert found(caller.identify("a", gallery=gallery("c", None, "d", ""))) == ["c"]
    assert found(caller.identify("a", gallery=gallery("a"))) == []
    # MOSIP's mock searches everybody where the gallery names nobody, and so do we.
    for nobody in (gallery(), gallery(None), {"referenceIds": None}, None):
        assert set(found(caller.identify("a", gallery=nobody))) == {"b", "c"}
    assert reason(caller.identify("a", gallery=gallery("b", "nobody"))) == "12"
    caller.policy = Policy(skip_unknown=True)
    assert found(caller.identify("a", gallery=gallery("b", "nobody"))) == ["b"]


@pytest.mark.parametrize("key", ["referenceURL", "referenceUrl"])
def test_identify_by_url_under_both_names(caller: Caller, key: str) -> None:
    caller.insert("a", person(1, *FINGERS))
    probe = caller.shelf.put(again(person(1, *FINGERS), 3))
    assert found(caller.ask(request("identify", **{key: probe}))) == ["a"]
    both = request("identify", referenceId="", referenceURL=probe, referenceUrl=probe)
    assert found(caller.ask(both)) == ["a"]
    # The id goes first, and then nothing is fetched.
    fetched = len(caller.shelf.fetched)
    assert found(caller.ask(request("identify", referenceId="a", **{key: probe}))) == []
    assert len(caller.shelf.fetched) == fetched
    assert caller.ask(request("insert", referenceId="b", **{key: probe}))["returnValue"] == "1"


def test_results_are_those_of_the_gallery(caller: Caller) -> None:
    plain = Gallery()
    people = {f"p{i}": person(i % 6, *FINGERS) for i in range(18)}
    people = {name: again(one, 100 + i) for i, (name, one) in enumerate(people.items())}
    with caller.engine.batch():
        for name, fingers in people.items():
            caller.insert(name, fingers)
    for name in people:
        (row,) = caller.engine.encounters(name)
        plain.enroll(name, row.fingers)
    for name in people:
        others = [
            one
            for one in plain.search(plain.get(name), None, max_fpir=None)
            if one.subject_id != name and one.score >= threshold(1e-3, len(people) - 1)
        ]
        answer = caller.identify(name)
        assert found(answer) == [one.subject_id for one in others]
        said = answer["candidateList"]["candidates"]
        assert [one["analytics"]["internalScore"] for one in said] == [
            f"{one.score:.2f}" for one in others
        ]
        assert len(others) == 2


def test_max_results_and_target_fpir(caller: Caller) -> None:
    for index in range(5):
        caller.insert(f"p{index}", again(person(1, 2, count=24), index))
    assert len(found(caller.identify("p0"))) == 4
    for two in ("2", 2, 2.0, " 2 "):
        assert len(found(caller.identify("p0", flags={"maxResults": two}))) == 2
    best = found(caller.identify("p0"))[:2]
    assert found(caller.identify("p0", flags={"maxResults": "2"})) == best
    assert len(found(caller.identify("p0", flags={"maxResults": "", "targetFPIR": None}))) == 4
    (score,) = {
        one["analytics"]["internalScore"]
        for one in caller.identify("p0", flags={"maxResults": "1"})["candidateList"]["candidates"]
    }
    for target in (30, 40, 50, 100, 150):
        least = caller.engine.threshold(10 ** (-target / 10), 4)
        answer = caller.identify("p0", flags={"targetFPIR": str(target), "flag1": "x"})
        assert bool(found(answer)) == (float(score) >= least)
        assert all(
            float(one["analytics"]["internalScore"]) >= least - 0.01
            for one in answer["candidateList"]["candidates"]
        )
    caller.policy = Policy(most_results=30, min_score=float(score) + 1)
    assert found(caller.identify("p0", flags={"maxResults": "500"})) == []
    for flags in [{"maxResults": 0}, {"maxResults": "-1"}, {"maxResults": "x"}, {"maxResults": 1.5},
                  {"targetFPIR": "0"}, {"targetFPIR": "151"}, {"targetFPIR": True},
                  {"targetFPIR": 10**30}, {"targetFPIR": float("inf")}, {"maxResults": []},
                  {str(i): "" for i in range(51)}, [], "x", 3]:  # fmt: skip
        assert reason(caller.identify("p0", flags=flags)) == "4", flags


def test_mixed_hands_are_found_where_the_policy_asks_for_it(caller: Caller) -> None:
    right = person(1, 2, 3)
    wrong = {Position(7): right[Position(2)], Position(8): right[Position(3)]}
    caller.insert("a", right)
    caller.insert("b", again(wrong, 4))
    assert found(caller.identify("a")) == []
    caller.policy = Policy(swapped=True)
    answer = caller.identify("a")
    assert found(answer) == ["b"]
    (modality,) = answer["candidateList"]["candidates"][0]["modalities"]
    assert modality["biometricType"] == "FIR"
    assert modality["analytics"]["swapped"] == "true"


def test_people_without_fingers(caller: Caller) -> None:
    assert caller.insert("nobody's", {})["returnValue"] == "1"
    assert found(caller.identify("nobody's")) == []
    caller.insert("a", person(1, 2))
    assert found(caller.identify("a", gallery=gallery("nobody's"))) == []


def test_what_cannot_be_fetched_may_come_again(caller: Caller) -> None:
    url = "https://share.example/later"
    asked = request("insert", referenceId="a", referenceURL=url)
    assert reason(caller.ask(asked)) == "7"
    caller.shelf.things[url] = caller.shelf.things[caller.shelf.put(person(1, 2))]
    assert caller.ask(asked)["returnValue"] == "1"
    late = request("insert", referenceId="b", referenceURL=caller.shelf.expired())
    assert reason(caller.ask(late)) == "17"
    assert reason(caller.ask(request("identify", referenceURL=caller.shelf.expired()))) == "17"
    assert caller.engine.count() == 1


def test_a_storage_that_fails_is_an_internal_error_and_changes_nothing(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = request("insert", referenceId="secret-id", referenceURL=caller.shelf.put(person(1, 2)))

    def full(*_: object, **__: object) -> None:
        raise GalleryStorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Gallery, "enroll_many", full)
        assert reason(caller.ask(asked)) == "1"
        patch.setattr(Abis, "once", lambda *_: 1 / 0)
        assert reason(caller.ask(asked)) == "3"
    assert "secret-id" not in caplog.text
    assert caller.engine.count() == 0
    assert caller.ask(asked)["returnValue"] == "1"


def test_the_time_is_that_of_the_answer(caller: Caller) -> None:
    moment = datetime(2026, 11, 29, 8, 30, 1, 999_999, UTC)
    answer = handle(request("ping"), caller.engine, fetch=caller.shelf, clock=lambda: moment)
    assert answer["responsetime"] == "2026-11-29T08:30:01.999Z"
