"""Cases of people who are merged, parted or erased before, while or after they are judged."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.dedup.cases.office import OTHERS, SAME, decided, decision_about, filed, officer, twice
from tests.dedup.decision.people import AN, BA, CU, again, claims, enrol, prints

from civid.dedup.cases import CaseDesk
from civid.dedup.decision import Deduplicator, Enrolment
from civid.dedup.watchlist import Basis, WatchKind, WatchLists
from civid.errors import FieldError, NotInRegisterError
from civid.register import Register


def sound(register: Register) -> bool:
    return register.check().found == ()


def test_the_erasure_of_the_subject_leaves_no_case(register: Register) -> None:
    _, second = twice(register)
    filed(register, second)
    certificate = register.protection.erase(second, basis="court order")
    assert register.protection.verify_certificate(certificate).holds
    assert list(CaseDesk(register).list()) == []
    assert officer(register, "officer-1").assign() is None
    assert sound(register)


def test_no_case_about_somebody_erased(register: Register) -> None:
    first, second = twice(register)
    before = decision_about(register, second)
    certificate = register.protection.erase(first, basis="court order")
    assert CaseDesk(register).file(before, person=second) is not None  # somebody has to look
    assert register.protection.verify_certificate(certificate).holds
    certificate = register.protection.erase(second, basis="court order")
    with pytest.raises(NotInRegisterError):
        CaseDesk(register).file(before, person=second)
    assert register.protection.verify_certificate(certificate).holds
    assert sound(register)


def test_a_case_is_decided_though_a_candidate_was_erased(register: Register) -> None:
    first, second = twice(register)
    opened = register.cases.open("duplicate", unit="46", person=second, other=first)
    assert len(CaseDesk(register).take_up(Deduplicator(register)).cases) == 1
    certificate = register.protection.erase(first, basis="court order")
    assert decided(register, *OTHERS).is_final
    assert register.protection.verify_certificate(certificate).holds
    with pytest.raises(NotInRegisterError):
        register.cases.get(opened.reference)
    assert sound(register)


def test_evidence_of_who_was_merged_has_the_prints_of_both(register: Register) -> None:
    an, cu = enrol(register, AN, prints(1)), enrol(register, CU)
    register.people.merge(cu, enrol(register, BA, again(prints(1))), "data.alike")
    register.cases.open("duplicate", unit="46", person=cu, other=an)
    CaseDesk(register).take_up(Deduplicator(register))
    case = officer(register, "officer-1").assign()
    assert case is not None
    (candidate,) = case.candidates
    assert candidate.evidence is not None
    assert candidate.evidence.prints.decibans > 60


def test_no_second_case_about_a_pair_that_was_merged_meanwhile(register: Register) -> None:
    first, second = twice(register)
    case = filed(register, second)
    kept = enrol(register, {**CU, "number": ""}, prints(5))
    register.people.merge(kept, second, "data.alike")
    asked = Enrolment(claims(BA), prints(1), CaseDesk(register).settled(kept))
    again_filed = CaseDesk(register).file(Deduplicator(register).check(asked), person=kept)
    assert again_filed is not None
    assert again_filed.reference == case.reference
    assert decided(register, *SAME).is_final
    assert {register.people.get(one).reference for one in (first, second, kept)} == {first}
    assert sound(register)


def test_filed_the_other_way_round_nobody_new_is_lost(register: Register) -> None:
    first, second = twice(register)
    case = filed(register, second)
    third = enrol(register, {**CU, "number": "", "name": "Lê Văn Dần"}, again(prints(1), 3))
    other = filed(register, first)
    assert other.reference != case.reference
    assert {one.candidates for one in CaseDesk(register).list()} == {1}
    for name in ("officer-1", "officer-2"):
        for _ in range(2):
            desk = officer(register, name)
            taken = desk.assign()
            assert taken is not None
            # Each case explains its own candidate, under the number that its table has.
            assert sum("Candidate 1:" in line for line in taken.explanation["en"]) == 1
            assert not any("Candidate 2:" in line for line in taken.explanation["en"])
            (only,) = taken.candidates
            assert only.evidence is not None
            assert f"{only.evidence.decibans:+.1f} dB" in taken.explanation["en"][-1]
            said = OTHERS if taken.reference == case.reference else SAME
            desk.decide(taken.reference, *said, ticket=taken.ticket)
    assert register.people.get(second).reference == second
    assert register.people.get(third).reference == first
    assert sound(register)


def test_an_export_says_nothing_of_watch_lists(register: Register) -> None:
    who = enrol(register, AN, prints(1))
    order = Basis("Điều 231 BLTTHS", "12/QĐ-TN", "CQĐT", date(2024, 5, 1))
    register.cases.open("appeal", unit="46", person=who)
    with WatchLists.open(register) as lists:
        lists.add(WatchKind.WANTED, order, claims(AN), prints(1), unit="46")
        lists.screen(Enrolment(claims(AN), again(prints(1))), who)
    assert len(list(register.cases.queue(kind="watch"))) == 1
    found = register.protection.export(who)
    assert [one["kind"] for one in found["records"] if one["table"] == "cases"] == ["appeal"]
    assert "watch" not in json.dumps(found)


def test_a_batch_that_is_no_code_is_refused_before_anything_is_taken_up(
    register: Register,
) -> None:
    with pytest.raises(FieldError):
        CaseDesk(register).take_up(Deduplicator(register), batch="x y\n")
