"""Every situation that has a name, each with people and prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.dedup.decision.people import (
    AN,
    BA,
    CU,
    LEFT,
    RIGHT,
    again,
    check,
    claims,
    enrol,
    finger,
    poor,
    prints,
)

from civid.dedup.decision import Deduplicator, Enrolment, Outcome, Policy, Verdict
from civid.dedup.decision.prints.reader import PrintReader
from civid.errors import AccessRefusedError, FieldError
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.search.segments.keys import StaticKeyProvider

#: A child of An's, for the parent's finger.
CHILD = {
    "name": "Lê Minh Đức", "birth": "02/02/2020", "sex": "Nam", "mother_number": "046301123456",
    "permanent_residence": "12 Lê Lợi, Huế", "residence_file": "HH0001",
}  # fmt: skip


def test_a_stranger_is_unique(register: Register) -> None:
    enrol(register, AN, prints(1))
    decision = check(register, BA, prints(2))
    assert (decision.outcome, decision.verdict) == (Outcome.UNIQUE, Verdict.UNIQUE)
    assert decision.searched == 1
    assert decision.prints_can_prove


def test_the_same_person_is_found_by_everything(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    decision = check(register, AN, again(prints(1)))
    assert (decision.outcome, decision.verdict) == (Outcome.DUPLICATE, Verdict.DUPLICATE)
    (one,) = decision.candidates
    assert one.reference == reference
    assert one.found_by == ("number", "name")  # cheap evidence was enough


def test_the_same_person_under_two_numbers_and_another_name(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    decision = check(register, CU, again(prints(1)))
    assert decision.outcome is Outcome.TWO_NUMBERS
    assert decision.verdict is not Verdict.UNIQUE
    (one,) = decision.candidates
    assert one.reference == reference
    assert one.found_by[0] == "prints"
    assert one.data < 0 < one.prints.decibans


def test_two_people_under_one_number(register: Register) -> None:
    enrol(register, AN, prints(1))
    decision = check(register, BA, prints(2), number=AN["number"])
    assert (decision.outcome, decision.verdict) == (Outcome.SHARED_NUMBER, Verdict.ADJUDICATE)


def test_twins_are_two_people_when_their_prints_say_so(register: Register) -> None:
    reference = enrol(register, AN, prints(1), cmnd9="191234567")
    # An old CMND typed twice has led to the other; without it, nobody would compare them.
    twin = {"name": "Nguyễn Thị Bích", "number": "046301123499", "cmnd9": "191234567"}
    decision = check(register, AN, prints(2), **twin)
    assert (decision.outcome, decision.verdict) == (Outcome.TWINS, Verdict.UNIQUE)
    assert decision.candidates[0].reference == reference
    without = check(register, AN, None, **twin)
    assert (without.outcome, without.verdict) == (Outcome.TWINS, Verdict.ADJUDICATE)


def test_a_twin_with_nearly_the_same_name_is_looked_at(register: Register) -> None:
    names = {"name": "Nguyễn Thị Thương", "cmnd9": "191234567"}
    enrol(register, AN, prints(1), **names)
    twin = {**names, "name": "Nguyễn Thị Thươg", "number": "046301123499"}
    decision = check(register, AN, prints(2), **twin)
    assert (decision.outcome, decision.verdict) == (Outcome.TWINS, Verdict.ADJUDICATE)
    same = check(register, AN, again(prints(1)), **twin)
    assert (same.outcome, same.verdict) == (Outcome.TWO_NUMBERS, Verdict.DUPLICATE)


def test_swapped_hands(register: Register) -> None:
    enrol(register, AN, prints(1))
    mixed = {RIGHT: again(prints(1))[LEFT], LEFT: again(prints(1))[RIGHT]}
    decision = check(register, AN, mixed)
    assert decision.outcome is Outcome.SWAPPED_HANDS
    assert decision.candidates[0].prints.swapped
    blind = check(register, AN, mixed, Policy(swapped=False, each_finger=False))
    assert blind.outcome is not Outcome.SWAPPED_HANDS
    assert blind.candidates[0].prints.decibans < 0


def test_a_stranger_found_by_chance_does_not_hide_swapped_hands(register: Register) -> None:
    """Under wholly other data nothing but the search with exchanged labels leads to them."""
    reference = enrol(register, AN, prints(1))
    stranger = enrol(register, BA, prints(132))
    mixed = {RIGHT: again(prints(1))[LEFT], LEFT: again(prints(1))[RIGHT]}
    decision = check(register, CU, mixed, Policy(search_fpir=0.9, each_finger=False))
    found = {one.reference: one for one in decision.candidates}
    assert "prints" in found[stranger].found_by  # with labels as they are
    assert found[stranger].verdict is Verdict.UNIQUE
    assert found[reference].found_by == ("swapped",)
    assert decision.verdict is Verdict.DUPLICATE


def test_an_operators_finger_on_many_dossiers(register: Register) -> None:
    operator = finger(50, LEFT)
    many = [AN, BA]
    for number, values in enumerate(many):
        left = again({LEFT: operator}, number)[LEFT]
        enrol(register, values, {RIGHT: finger(number), LEFT: left})
    decision = check(register, CU, {RIGHT: finger(70), LEFT: again({LEFT: operator}, 9)[LEFT]})
    assert (decision.outcome, decision.verdict) == (Outcome.MIXED_BIOMETRICS, Verdict.ADJUDICATE)
    assert len(decision.candidates) == len(many)
    assert all("one finger" in one.found_by or "prints" in one.found_by
               for one in decision.candidates)  # fmt: skip


def test_a_finger_of_ten_is_found(register: Register) -> None:
    ten = tuple(Position(place) for place in range(1, 11))
    operator = finger(50, Position.LEFT_LITTLE)
    enrol(register, AN, {**prints(1, *ten), Position.LEFT_LITTLE: operator})
    probe = {**prints(2, *ten), **again({Position.LEFT_LITTLE: operator})}
    each = check(register, BA, probe)
    assert each.outcome is Outcome.MIXED_BIOMETRICS
    assert "one finger" in each.candidates[0].found_by
    said = each.candidates[0].prints.fingers
    assert sum(one.decibans > 20 for one in said) == 1
    without = check(register, BA, probe, Policy(each_finger=False))
    assert not without.candidates or "one finger" not in without.candidates[0].found_by


def test_a_parents_finger(register: Register) -> None:
    enrol(register, AN, prints(1))
    decision = check(register, CHILD, again(prints(1)))
    assert (decision.outcome, decision.verdict) == (Outcome.MIXED_BIOMETRICS, Verdict.ADJUDICATE)


def test_who_bears_a_parents_name_is_not_the_parent(register: Register) -> None:
    same = {**AN, "mother_name": AN["name"]}
    enrol(register, same, prints(1))
    assert check(register, same, again(prints(1))).outcome is Outcome.DUPLICATE


def test_swapped_hands_under_another_name(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    mixed = {RIGHT: again(prints(1))[LEFT], LEFT: again(prints(1))[RIGHT]}
    decision = check(register, CU, mixed)
    assert decision.outcome is Outcome.TWO_NUMBERS
    (one,) = decision.candidates
    assert (one.reference, one.found_by) == (reference, ("swapped",))
    assert one.prints.swapped


def test_one_dossier_with_the_fingers_of_two(register: Register) -> None:
    first, second = enrol(register, AN, prints(1)), enrol(register, BA, prints(2))
    probe = {RIGHT: again(prints(1))[RIGHT], LEFT: again(prints(2))[LEFT]}
    decision = check(register, CU, probe)
    assert (decision.outcome, decision.verdict) == (Outcome.FINGERS_OF_TWO, Verdict.ADJUDICATE)
    assert {one.reference for one in decision.candidates} == {first, second}


def test_poor_prints_prove_nothing(register: Register) -> None:
    enrol(register, AN, prints(1))
    decision = check(register, BA, poor(prints(2)))
    assert (decision.outcome, decision.verdict) == (Outcome.UNPROVEN, Verdict.ADJUDICATE)
    assert not decision.prints_can_prove
    named = check(register, AN, poor(prints(2)))
    assert named.outcome is Outcome.ADJUDICATE  # names and number alone never stop a dossier
    assert named.candidates[0].prints.decibans == 0
    assert all(one.decibans == 0 for one in named.candidates[0].prints.fingers)


def test_poor_prints_that_are_alike_speak_for_somebody(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    decision = check(register, BA, poor(again(prints(1))))
    (one,) = decision.candidates
    assert (one.reference, decision.verdict) == (reference, Verdict.ADJUDICATE)
    assert 0 < one.prints.decibans <= Policy().poor_most
    # With the same data they are what the machine still needed.
    assert check(register, AN, poor(again(prints(1)))).verdict is Verdict.DUPLICATE


def test_poor_prints_are_looked_at_where_they_stand_out(register: Register) -> None:
    enrol(register, AN, prints(1))
    mine = poor(again(prints(1)))
    large = Policy(gallery=1000)
    assert check(register, BA, mine, large).outcome is Outcome.TWO_NUMBERS
    off = Policy(gallery=1000, off={"situation:poor-but-alike": "too many looks"})
    assert check(register, BA, mine, off).outcome is Outcome.UNPROVEN


def test_one_bad_finger_does_not_make_another_person(register: Register) -> None:
    enrol(register, AN, prints(1))
    decision = check(register, AN, {RIGHT: again(prints(1))[RIGHT], LEFT: finger(77, LEFT)})
    assert decision.outcome is Outcome.DUPLICATE


def test_policy_may_trust_names_alone(register: Register) -> None:
    enrol(register, AN)
    assert check(register, AN).verdict is Verdict.ADJUDICATE
    alone = check(register, AN, None, Policy(needs_prints=False))
    assert (alone.outcome, alone.verdict) == (Outcome.DUPLICATE, Verdict.DUPLICATE)


def test_settled_pairs_are_not_asked_again(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    enrolment = Enrolment(claims(AN), again(prints(1)), frozenset({reference}))
    decision = Deduplicator(register).check(enrolment)
    assert decision.outcome is Outcome.UNIQUE
    assert not decision.candidates


def test_a_day_finds_its_own_duplicates(register: Register) -> None:
    day = [Enrolment(claims(AN), prints(1)), Enrolment(claims(CU), again(prints(1)))]
    found = []
    for enrolment, decision in zip(day, Deduplicator(register).check_many(day), strict=True):
        found.append(decision.outcome)
        if decision.verdict is Verdict.UNIQUE:
            made = register.people.add(enrolment.claims, unit="46")
            assert enrolment.fingers is not None
            register.prints.enrol(made.reference, enrolment.fingers)
    assert found == [Outcome.UNIQUE, Outcome.TWO_NUMBERS]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_words_say_why_and_name_nobody(register: Register, language: str) -> None:
    enrol(register, AN, prints(1))
    decision = check(register, AN, again(prints(1)))
    text = " ".join([*decision.explanation(language), repr(decision), repr(decision.candidates),
                     str(decision.to_dict()), repr(Enrolment(claims(AN)))])  # fmt: skip
    for value in AN.values():
        assert value not in text.replace("Nữ", "") or value in ("Nữ",)
    assert decision.policy in text
    assert {"en": "Candidate 1", "vi": "Đối tượng 1"}[language] in text
    with pytest.raises(FieldError):
        decision.explanation("fr")


def test_everything_is_plain_for_json(register: Register) -> None:
    import json

    enrol(register, AN, prints(1))
    data = json.loads(json.dumps(check(register, AN, again(prints(1))).to_dict()))
    (one,) = data["candidates"]
    assert {"fields", "prints", "decibans", "data", "outcome"} <= set(one)
    assert [f["field"] for f in one["fields"]][:2] == ["name", "birth"]
    assert len(one["prints"]["fingers"]) == 2
    assert data["policy"] == "default-4"


def test_the_log_knows_and_rights_are_asked(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    check(register, AN, again(prints(1)))
    said = [one.operation for one in register.audit.about(reference)]
    assert "dedup.compare" in said
    reader = register.acting_as(Actor("reader", frozenset({Capability.READ})))
    with pytest.raises(AccessRefusedError):
        check(reader, AN, again(prints(1)))


def test_swapped_hands_of_a_stranger_stay_a_stranger(register: Register) -> None:
    enrol(register, AN, prints(1))
    probe = prints(2)
    assert check(register, BA, {RIGHT: probe[LEFT], LEFT: probe[RIGHT]}).outcome is Outcome.UNIQUE


def test_a_policy_of_another_size_moves_the_limits(register: Register) -> None:
    enrol(register, AN, prints(1))
    small, large = (
        check(register, AN, again(prints(1)), replace(Policy(), gallery=size)).thresholds
        for size in (1, 1_000_000)
    )
    assert small.duplicate < large.duplicate
    assert small.unique < large.unique


def test_a_finger_of_unknown_position(register: Register) -> None:
    enrol(register, AN, prints(1))
    enrolment = Enrolment(claims(CU), again(prints(1))[RIGHT])
    decision = Deduplicator(register).check(enrolment)
    assert decision.outcome is Outcome.TWO_NUMBERS
    assert decision.candidates[0].prints.fingers[0].position is Position.UNKNOWN


def test_nobody_outside_the_scope_is_named(register: Register) -> None:
    enrol(register, AN, prints(1))
    elsewhere = register.acting_as(Actor("clerk", unit="79"))
    decision = check(elsewhere, AN, again(prints(1)))
    assert not decision.candidates
    above = register.acting_as(Actor("office", unit="79", scope=("",)))
    assert check(above, AN, again(prints(1))).outcome is Outcome.DUPLICATE


def test_no_print_outside_the_scope_is_compared(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    elsewhere = register.acting_as(Actor("clerk", unit="79"))
    with pytest.raises(AccessRefusedError):
        PrintReader(elsewhere._session).compare((reference,), prints(1), Policy())


def test_an_encrypted_register_decides_the_same(tmp_path: Path) -> None:
    keys = StaticKeyProvider({"2026": bytes(range(32))})
    with Register.open(tmp_path / "sealed", create=True, keys=keys) as sealed:
        enrol(sealed, AN, prints(1))
        assert check(sealed, CU, again(prints(1))).outcome is Outcome.TWO_NUMBERS


def test_a_register_without_prints_decides_on_data(tmp_path: Path) -> None:
    with Register.open(tmp_path / "data", create=True) as data:
        enrol(data, AN)
        decision = check(data, AN, None, Policy(needs_prints=False))
        assert decision.outcome is Outcome.DUPLICATE
        assert check(data, BA, None, Policy(needs_prints=False)).outcome is Outcome.UNIQUE
        assert check(data, BA).outcome is Outcome.UNPROVEN


def test_among_many_of_one_name_the_birthday_is_looked_at(register: Register) -> None:
    for day in range(1, 13):
        enrol(register, AN, birth=f"{day:02d}/07/2001", number=f"0463010000{day:02d}")
    wanted = enrol(register, AN)
    decision = check(register, AN, None, Policy(most_candidates=3), number="")
    assert wanted in {one.reference for one in decision.candidates}
    assert decision.candidates[0].reference == wanted


def test_whom_a_case_names_is_compared(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    asked = Enrolment(claims(CU), prints(9))
    deduplicator = Deduplicator(register)
    assert deduplicator.check(asked).candidates == ()
    (one,) = deduplicator.check(asked, also=[reference]).candidates
    assert (one.reference, one.found_by) == (reference, ("case",))
    settled = Enrolment(claims(CU), prints(9), frozenset({reference}))
    assert deduplicator.check(settled, also=[reference]).candidates == ()
