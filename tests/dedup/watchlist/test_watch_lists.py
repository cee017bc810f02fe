"""Wanted and missing people: found in silence, seen by a case officer alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.dedup.decision.people import AN, BA, CU, LEFT, RIGHT, again, claims, enrol, poor, prints

from civid.dedup.decision import Enrolment
from civid.dedup.watchlist import Basis, WatchKind, WatchLists
from civid.errors import AccessRefusedError, FieldError, NotInRegisterError
from civid.register import Actor, Capability, Register

ORDER = Basis("Điều 231 BLTTHS", "12/QĐ-TN", "CQĐT", date(2024, 5, 1))
COUNTER = Actor(
    "counter", frozenset(Capability) - {Capability.WATCH, Capability.ADMINISTER}, scope=("",)
)
OFFICER = Actor("officer", frozenset({Capability.WATCH, Capability.READ}), scope=("",))


def cases(register: Register) -> list[Any]:
    return list(register.acting_as(OFFICER).cases.queue())


def test_a_wanted_persons_prints_are_found_in_silence(register: Register) -> None:
    who = enrol(register, CU, prints(3))
    with WatchLists.open(register) as lists:
        entry = lists.add(WatchKind.WANTED, ORDER, claims(AN), prints(1), unit="46")
    counter = register.acting_as(COUNTER)
    with WatchLists.open(counter) as lists:
        lists.screen(Enrolment(claims(CU), again(prints(1))), who)
        lists.screen(Enrolment(claims(BA), prints(2)), who)
    (case,) = cases(register)
    assert (case.kind, case.unit, case.person) == ("watch", "46", who)
    assert case.codes == ("watch.wanted",)
    assert case.evidence["entry"] == entry
    assert case.evidence["candidate"]["prints"]["decibans"] > 40
    # Nothing of it reaches the counter: no queue, no size, no case, no waiting dossier.
    assert list(counter.cases.queue()) == []
    assert counter.cases.sizes() == ()
    with pytest.raises(AccessRefusedError):
        counter.cases.get(case.reference)
    with pytest.raises(AccessRefusedError):
        counter.cases.queue(kind="watch")
    dossier = counter.dossiers.open(who, procedure="first", unit="46")
    assert "watch" not in str(counter.dossiers.get(dossier.reference).to_dict())


@pytest.mark.parametrize(
    ("values", "fingers", "hit"),
    [
        (AN, None, True),
        ({**AN, "name": "NGUYEN THI AN", "number": ""}, None, True),
        ({**CU, "number": AN["number"]}, None, True),  # somebody who goes by that number
        (BA, None, False),
        (CU, {RIGHT: again(prints(1))[LEFT], LEFT: again(prints(1))[RIGHT]}, True),
        (CU, poor(prints(5)), False),
    ],
)
def test_by_what_somebody_is_found(
    register: Register, values: dict[str, str], fingers: Any, hit: bool
) -> None:
    with WatchLists.open(register) as lists:
        lists.add("missing", ORDER, claims(AN), prints(1), unit="46")
        lists.screen(Enrolment(claims(values), fingers))
    assert bool(cases(register)) == hit


def test_one_case_for_one_person(register: Register) -> None:
    who = enrol(register, AN)
    with WatchLists.open(register) as lists:
        lists.add(WatchKind.WANTED, ORDER, claims(AN), unit="46")
        for _ in range(3):
            lists.screen(Enrolment(claims(AN)), who)
    assert len(cases(register)) == 1


def test_one_case_for_a_person_whose_entries_were_merged(register: Register) -> None:
    kept, merged, last = enrol(register, AN), enrol(register, BA), enrol(register, CU)
    with WatchLists.open(register) as lists:
        lists.add(WatchKind.WANTED, ORDER, claims(AN), unit="46")
        lists.screen(Enrolment(claims(AN)), merged)
        register.people.merge(kept, merged, "data.alike")
        for who in (kept, merged):
            lists.screen(Enrolment(claims(AN)), who)
        register.people.merge(last, kept, "data.alike")
        lists.screen(Enrolment(claims(AN)), merged)
    assert [one.person for one in cases(register)] == [merged]


def test_no_case_about_somebody_who_is_not_here(register: Register) -> None:
    who = enrol(register, AN)
    with WatchLists.open(register) as lists:
        lists.add(WatchKind.WANTED, ORDER, claims(AN), unit="46")
        certificate = register.protection.erase(who, basis="court order")
        for gone in (who, "0" * 32):
            for values in (AN, BA):  # with and without a hit: the answer is the same
                with pytest.raises(NotInRegisterError):
                    lists.screen(Enrolment(claims(values)), gone)
    assert cases(register) == []
    assert register.protection.verify_certificate(certificate).holds


def test_who_is_taken_off_is_found_no_more(register: Register) -> None:
    with WatchLists.open(register) as lists:
        entry = lists.add(WatchKind.WANTED, ORDER, claims(AN), prints(1), unit="46")
        assert [one.reference for one in lists.entries("wanted")] == [entry]
        lists.end(entry, "đình nã")
        lists.screen(Enrolment(claims(AN), again(prints(1))))
        assert list(lists.entries("wanted")) == []
        ended = lists.entry(entry)
        assert (ended.ended_reason, ended.basis) == ("đình nã", ORDER)
        assert ended.has_prints
        with pytest.raises(NotInRegisterError):
            lists.end(entry, "again")
    assert cases(register) == []


def test_an_order_that_ran_out_is_not_looked_at(register: Register) -> None:
    old = Basis("Điều 231 BLTTHS", "1/QĐ", "CQĐT", date(2020, 1, 1), date(2020, 12, 31))
    with WatchLists.open(register) as lists:
        lists.add(WatchKind.WANTED, old, claims(AN), prints(1), unit="46")
        lists.screen(Enrolment(claims(AN), again(prints(1))))
    assert cases(register) == []


def test_rights_and_the_log(register: Register) -> None:
    with WatchLists.open(register.acting_as(COUNTER)) as lists:
        for forbidden in (
            lambda: lists.add("wanted", ORDER, claims(AN), unit="46"),
            lambda: lists.entries("wanted"),
            lambda: lists.entry("00" * 16),
            lambda: lists.end("00" * 16, "x"),
        ):
            with pytest.raises(AccessRefusedError):
                forbidden()
    reader = Actor("reader", frozenset({Capability.READ, Capability.IDENTIFY}), scope=("",))
    with WatchLists.open(register.acting_as(reader)) as lists, pytest.raises(AccessRefusedError):
        lists.screen(Enrolment(claims(AN)))
    with WatchLists.open(register) as lists:
        lists.add("wanted", ORDER, claims(AN), unit="46")
        lists.screen(Enrolment(claims(AN)))
        lists.screen(Enrolment(claims(BA)))
    said = [one for one in register.audit.entries() if one.operation == "watch.screen"]
    assert [one.outcome for one in said] == ["refused", "done", "done"]
    # What the log says of a look is the same with and without a hit.
    assert said[1].detail == said[2].detail == {"lists": 2}
    assert said[1].subjects == said[2].subjects


def test_what_a_crash_left_out_of_the_gallery_is_made_up_for(
    opened: Callable[..., Register],
) -> None:
    register = opened()
    with WatchLists.open(register) as lists:
        lists.add("wanted", ORDER, claims(AN), prints(1), unit="46")
        # Nothing has looked yet: the gallery of the list is still empty.
        with lists._links[WatchKind.WANTED].changing() as gallery:
            assert len(gallery) == 0
            gallery.enroll("somebody who was taken off", prints(9))
        lists.screen(Enrolment(claims(CU), again(prints(9))))
        assert cases(register) == []
        lists.screen(Enrolment(claims(CU), again(prints(1))))
    assert len(cases(register)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("law", " "), ("document", ""), ("authority", "x" * 201), ("until", date(2020, 1, 1))],
)
def test_nobody_is_on_a_list_without_a_basis(field: str, value: Any) -> None:
    values: dict[str, Any] = {"law": "a", "document": "b", "authority": "c",
                              "issued": date(2024, 1, 1), field: value}  # fmt: skip
    with pytest.raises(FieldError):
        Basis(**values)


def test_nothing_to_be_found_by_is_refused(register: Register) -> None:
    with WatchLists.open(register) as lists, pytest.raises(FieldError):
        lists.add("wanted", ORDER, claims({"home_town": "Huế"}), unit="46")
