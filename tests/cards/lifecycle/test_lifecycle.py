"""State machines: what may follow what, by whom, why; the chain of papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards.generations import Generation, issued_on, may_follow, order
from civid.cards.lifecycle import (
    CardState,
    Course,
    DossierState,
    Paper,
    Role,
    card_machine,
    check_chain,
    current,
    diagram,
    dossier_machine,
)
from civid.errors import TransitionError

START = datetime(2024, 7, 1, 8)
HOUR = timedelta(hours=1)


def walk(course: Course[DossierState], *steps: tuple[str, Role, str]) -> Course[DossierState]:
    """Take steps an hour apart."""
    for number, (name, role, reason) in enumerate(steps, 1):
        course = course.step(name, START + number * HOUR, role, reason=reason)
    return course


SMOOTH = (
    ("enrol", Role.COUNTER, ""),
    ("check", Role.ARCHIVE, ""),
    ("approve", Role.DEPARTMENT_HEAD, ""),
    ("send_to_print", Role.NATIONAL_CENTRE, ""),
    ("print", Role.NATIONAL_CENTRE, ""),
    ("receive", Role.COUNTER, ""),
    ("deliver", Role.COUNTER, ""),
)


def test_a_dossier_that_goes_well() -> None:
    course = walk(dossier_machine().start(START), *SMOOTH)
    assert course.state is DossierState.DELIVERED
    assert course.events[0].before is DossierState.REQUESTED
    assert course.state_at(START - HOUR) is None
    assert course.state_at(START) is DossierState.REQUESTED
    assert course.state_at(START + 2.5 * HOUR) is DossierState.CHECKED


def test_a_fault_leads_back_and_a_misprint_to_the_printer() -> None:
    course = walk(
        dossier_machine().start(START),
        ("enrol", Role.COUNTER, ""),
        ("return_for_correction", Role.ARCHIVE, "data_conflict"),
        ("correct", Role.COUNTER, ""),
    )
    assert course.state is DossierState.ENROLLED
    course = walk(dossier_machine().start(START), *SMOOTH)
    later = course.step("find_misprint", START + 20 * HOUR, Role.CITIZEN, reason="spelling")
    assert later.state is DossierState.MISPRINTED
    assert course.state is DossierState.DELIVERED  # a course never changes


def test_what_is_refused_is_final() -> None:
    assert dossier_machine().final() == {DossierState.REFUSED}
    assert card_machine().final() == {CardState.DESTROYED}


@pytest.mark.parametrize(
    ("name", "role", "reason", "said"),
    [
        ("deliver", Role.COUNTER, "", "from requested"),
        ("nonsense", Role.COUNTER, "", "no such"),
        ("enrol", Role.CITIZEN, "", "may not"),
        ("enrol", "king", "", "may not"),
        ("refuse", Role.DEPARTMENT_HEAD, "", "needs a reason"),
        ("refuse", Role.DEPARTMENT_HEAD, "bad mood", "needs a reason"),
    ],
)
def test_what_is_not_allowed(name: str, role: Role, reason: str, said: str) -> None:
    with pytest.raises(TransitionError, match=said):
        dossier_machine().start(START).step(name, START, role, reason=reason)


def test_time_does_not_run_backwards() -> None:
    course = dossier_machine().start(START)
    for moment in (START - HOUR, START.replace(tzinfo=UTC)):
        with pytest.raises(TransitionError, match="before"):
            course.step("enrol", moment, Role.COUNTER)


@pytest.mark.parametrize("reason", ["detention", "prison", "reform_school", "compulsory_facility"])
def test_a_card_is_held_and_given_back(reason: str) -> None:
    held = card_machine().start(START).step("hold", START, Role.DETENTION_AUTHORITY, reason=reason)
    assert held.state is CardState.HELD
    back = held.step("return", START + HOUR, Role.DETENTION_AUTHORITY)
    assert back.state is CardState.ACTIVE


def test_a_card_that_was_withdrawn_does_not_come_back() -> None:
    gone = card_machine().start(START).step(
        "withdraw", START, Role.DEPARTMENT_HEAD, reason="issued_wrongly"
    )  # fmt: skip
    assert [one.name for one in card_machine().allowed(gone.state)] == ["destroy"]


def test_every_state_is_reached_and_every_name_is_known() -> None:
    for machine in (dossier_machine(), card_machine()):
        reached = {machine.initial} | {one.target for one in machine.transitions.values()}
        assert reached == set(machine.states)
        for one in machine.transitions.values():
            assert one.vietnamese
            assert one.source
            assert one.roles


@given(st.lists(st.tuples(st.sampled_from(sorted(dossier_machine().transitions)),
                          st.sampled_from(list(Role))), max_size=12))  # fmt: skip
def test_any_walk_keeps_to_the_table(steps: list[tuple[str, Role]]) -> None:
    machine = dossier_machine()
    course = machine.start(START)
    for name, role in steps:
        wanted = machine.transitions[name]
        reason = wanted.reasons[0] if wanted.reasons else ""
        allowed = wanted in machine.allowed(course.state, role)
        before = course.state
        try:
            course = course.step(name, START, role, reason=reason)
        except TransitionError:
            assert not allowed
            assert course.state is before
        else:
            assert allowed
            assert course.state is wanted.target


def test_the_diagram_names_every_transition() -> None:
    text = diagram(card_machine())
    assert text.startswith("stateDiagram-v2\n    [*] --> active")
    assert "held --> active: return" in text


def test_an_event_does_not_show_its_actor() -> None:
    course = dossier_machine().start(START).step("enrol", START, Role.COUNTER, actor="officer-17")
    assert course.events[0].actor == "officer-17"
    assert "officer-17" not in repr(course)


# --- generations and the chain

CHAIN = [
    Paper(Generation.CMND9, "191234567", date(2005, 3, 1), state=CardState.REPLACED),
    Paper(Generation.CMND12, "046301123456", date(2014, 3, 1), state=CardState.REPLACED),
    Paper(Generation.CCCD_BARCODE, "046301123456", date(2018, 3, 1), state=CardState.REPLACED),
    Paper(Generation.CCCD_CHIP, "046301123456", date(2021, 6, 10), date(2026, 3, 5),
          CardState.REPLACED),
    Paper(Generation.CAN_CUOC, "046301123456", date(2024, 8, 1), date(2041, 3, 5)),
]  # fmt: skip


def test_the_whole_chain_is_in_order() -> None:
    assert check_chain(CHAIN) == ()
    assert check_chain(CHAIN[::-1]) == ()
    assert check_chain([]) == ()
    assert [order(one.generation) for one in CHAIN] == [0, 1, 2, 3, 4]


def test_the_paper_in_force() -> None:
    assert current(CHAIN, date(2025, 1, 1)) is CHAIN[-1]
    assert current(CHAIN, date(2024, 7, 31)) is None
    assert current(CHAIN, date(2041, 3, 6)) is None


@pytest.mark.parametrize(
    ("place", "change", "code"),
    [
        (0, {"number": "046301123456"}, "chain.number"),
        (0, {"number": "19123456٧"}, "chain.number"),
        (4, {"issued": date(2024, 6, 1)}, "chain.issued"),
        (3, {"state": CardState.ACTIVE}, "chain.active"),
        (3, {"expires_on": date(2021, 6, 10)}, "chain.expiry"),
        (4, {"number": "046301123457"}, "chain.renumbered"),
        (3, {"generation": Generation.CMND9, "number": "191234567"}, "chain.order"),
    ],
)
def test_what_is_odd_about_a_chain(place: int, change: dict[str, object], code: str) -> None:
    papers = list(CHAIN)
    papers[place] = replace(papers[place], **change)
    assert code in [one.code for one in check_chain(papers)]


def test_several_old_numbers_are_lawful() -> None:
    older = Paper(Generation.CMND9, "201234567", date(1998, 3, 1), state=CardState.REPLACED)
    assert check_chain([older, *CHAIN]) == ()


def test_generations() -> None:
    assert issued_on(date(2014, 1, 1)) == (Generation.CMND9, Generation.CMND12)
    assert issued_on(date(2025, 1, 1)) == (Generation.CAN_CUOC,)
    assert not may_follow(Generation.CAN_CUOC, Generation.CCCD_CHIP)
    assert may_follow(Generation.CAN_CUOC, Generation.CAN_CUOC)
    assert Generation.CCCD_CHIP.facts.prints_on_back
    assert issubclass(Generation, StrEnum)
