"""Who pressed the wrong key takes it back, until somebody else was given the case."""

from __future__ import annotations

import threading

import pytest
from tests.dedup.cases.office import OTHERS, SAME, alone_case, filed, officer, rule, twice
from tests.register.citizens import Clock
from tests.register.conftest import Opener

from civid.dedup.cases import CaseDesk, CaseFile, CaseState, CaseSummary, Ruling
from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    CividError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.register import Actor, Register


def test_the_case_is_the_officers_again_and_the_ruling_counts_nowhere(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    first, second = twice(register)
    case = filed(register, second)
    desk = officer(register, "officer-1")
    mine = desk.assign()
    assert mine is not None
    clock.wait(seconds=60)
    desk.decide(case.reference, *OTHERS, note="nhầm", ticket=mine.ticket)
    clock.wait(seconds=3000)
    offered = desk.withdrawable()
    assert offered is not None
    assert offered.reference == case.reference
    back = desk.withdraw(case.reference, "mistake")
    assert (back.state, back.mine) == (CaseState.TAKEN, True)
    assert desk.withdrawable() is None
    assert officer(register, "officer-2").assign() is None
    again = desk.assign()
    assert again is not None
    assert again.ticket != mine.ticket
    assert again.to_dict() == mine.to_dict() | {"ticket": again.ticket}  # nothing tells of it
    assert CaseDesk(register).report().rulings == 0
    with pytest.raises(ChangedMeanwhileError, match="look at it again"):
        desk.decide(case.reference, *SAME, ticket=mine.ticket)
    clock.wait(seconds=30)
    assert not desk.decide(case.reference, *SAME, ticket=again.ticket).is_final
    clock.wait(seconds=1)
    other, answer = rule(register, "officer-2", *SAME)
    assert (other.withdrawn, answer.is_final) == ((), True)
    assert register.people.get(second).reference == first
    closed = officer(register, "officer-3").show(case.reference)
    assert [one.statement.ruling for one in closed.rulings] == [Ruling.SAME_PERSON] * 2
    (taken_back,) = closed.withdrawn
    assert (taken_back.statement.ruling, taken_back.statement.note) == (OTHERS[0], "nhầm")
    assert (taken_back.officer, taken_back.seconds) == ("officer-1", 60)
    assert taken_back.withdrawn is not None
    assert [(one.what, one.reason) for one in closed.history if one.what == "withdrawn"] == [
        ("withdrawn", "mistake")
    ]
    report = CaseDesk(register).report()
    assert (report.rulings, report.agreement.count, report.agreement.of) == (2, 1, 1)
    assert (report.overturned.count, report.third.count) == (0, 0)
    assert report.seconds_p90 == 90  # what was spent on it, without the time between
    assert register.check().clean


def test_too_late_once_somebody_was_given_the_case(register: Register) -> None:
    _, second = twice(register)
    case = filed(register, second)
    one, other = officer(register, "officer-1"), officer(register, "officer-2")
    rule(register, "officer-1", *SAME)
    assert other.assign() is not None
    assert one.withdrawable() is None
    with pytest.raises(ChangedMeanwhileError, match=r"too late.*another officer"):
        one.withdraw(case.reference, "mistake")
    CaseDesk(register).release(case.reference, "on.leave")  # it waits again: still too late
    with pytest.raises(ChangedMeanwhileError, match=r"too late.*another officer"):
        one.withdraw(case.reference, "mistake")
    rule(register, "officer-3", *SAME)
    for name in ("officer-1", "officer-3"):
        assert officer(register, name).withdrawable() is None
        with pytest.raises(ChangedMeanwhileError, match=r"too late.*decided"):
            officer(register, name).withdraw(case.reference, "mistake")
    assert len(other.show(case.reference).rulings) == 2
    assert register.check().clean


def test_the_second_ruling_is_taken_back_and_the_first_stands(register: Register) -> None:
    _, second = twice(register)
    case = filed(register, second)
    rule(register, "officer-1", *SAME)
    rule(register, "officer-2", *OTHERS)
    one, other = officer(register, "officer-1"), officer(register, "officer-2")
    other.withdraw(case.reference, "mistake")
    with pytest.raises(ChangedMeanwhileError, match="too late"):
        one.withdraw(case.reference, "mistake")
    file = other.show(case.reference)
    assert other.decide(case.reference, *SAME, ticket=file.ticket).is_final
    assert register.check().clean


def test_only_ones_own_with_a_reason_and_no_other_case_in_hand(register: Register) -> None:
    _, second = twice(register)
    case = filed(register, second)
    rule(register, "officer-1", *SAME)
    one = officer(register, "officer-1")
    with pytest.raises(AccessRefusedError, match="no ruling of yours"):
        officer(register, "officer-2").withdraw(case.reference, "mistake")
    with pytest.raises(FieldError):
        one.withdraw(case.reference, "bấm nhầm")
    with pytest.raises(NotInRegisterError):
        one.withdraw("0" * 32, "mistake")
    far = CaseDesk(register.acting_as(Actor("officer-1", unit="79")))
    with pytest.raises(AccessRefusedError, match="scope"):
        far.withdraw(case.reference, "mistake")
    assert far.withdrawable() is None
    alone = alone_case(register)
    held = one.assign()
    assert held is not None
    assert held.reference == alone.reference
    assert one.withdrawable() is None
    with pytest.raises(TransitionError, match="another one"):
        one.withdraw(case.reference, "mistake")
    one.postpone(alone.reference, "papers.asked")
    assert one.withdraw(case.reference, "mistake").mine


def test_taking_back_gives_no_more_days_of_putting_off(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    _, second = twice(register)
    case = filed(register, second)
    desk = officer(register, "officer-1")
    for _ in range(2):
        assert desk.assign() is not None
        desk.postpone(case.reference, "papers.asked")
        clock.wait(days=1)
    for _ in range(2):
        rule(register, "officer-1", *SAME)
        desk.withdraw(case.reference, "mistake")
        assert not desk.show(case.reference).may_postpone


def test_who_took_a_ruling_back_has_had_part_in_it(register: Register) -> None:
    _, second = twice(register)
    case = filed(register, second)
    rule(register, "officer-1", *OTHERS)
    officer(register, "officer-1").withdraw(case.reference, "mistake")
    CaseDesk(register).release(case.reference, "on.leave")
    rule(register, "officer-2", *SAME)
    rule(register, "officer-3", *SAME)
    with pytest.raises(AccessRefusedError, match="who ruled"):
        officer(register, "officer-1").undo(case.reference, "appeal")
    CaseDesk(register).seed(case.reference)
    assert officer(register, "officer-1").assign() is None
    known = officer(register, "officer-4").assign()
    assert known is not None
    assert known.withdrawn == ()


def test_one_takes_back_while_another_asks_for_the_next(register: Register) -> None:
    _, second = twice(register)
    case = filed(register, second)
    one, other = officer(register, "officer-1"), officer(register, "officer-2")
    for _ in range(6):
        held = one.assign() or one.show(case.reference)
        one.decide(case.reference, *SAME, ticket=held.ticket)
        told: dict[str, object] = {}
        ready = threading.Barrier(2)

        def withdraw(told: dict[str, object] = told, ready: threading.Barrier = ready) -> None:
            ready.wait()
            try:
                told["back"] = one.withdraw(case.reference, "mistake")
            except CividError as error:
                told["back"] = error

        def ask(told: dict[str, object] = told, ready: threading.Barrier = ready) -> None:
            ready.wait()
            told["next"] = other.assign()

        threads = [threading.Thread(target=target) for target in (withdraw, ask)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if isinstance(told["back"], ChangedMeanwhileError):
            assert "too late" in str(told["back"])
            assert isinstance(told["next"], CaseFile)
            break  # the case is the other's: there is nothing to take back any more
        assert isinstance(told["back"], CaseSummary)
        assert told["next"] is None
    assert register.check().clean
