"""Cases: opened, queued, taken, closed; who may see them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.citizens import Clock, citizen
from tests.register.conftest import Opener

from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.register import Actor, Capability, Register
from civid.register.cases.case import CaseKind, CaseState


def test_a_case_is_taken_and_closed_with_a_reason(register: Register) -> None:
    who = register.people.add(citizen(), unit="46/474")
    made = register.cases.open(
        CaseKind.CORRECTION, unit="46/474", person=who.reference, codes=("birth.missing",),
        note="chờ giấy khai sinh", due=date(2026, 4, 1),
    )  # fmt: skip
    assert (made.state, made.version, made.codes) == (CaseState.OPEN, 1, ("birth.missing",))
    officer = register.acting_as(Actor("officer-2", unit="46"))
    taken = officer.cases.take(made.reference, version=1)
    assert (taken.state, taken.owner) == (CaseState.TAKEN, "officer-2")
    with pytest.raises(TransitionError):
        register.cases.take(made.reference)
    with pytest.raises(ChangedMeanwhileError):
        register.cases.close(made.reference, "corrected", version=1)
    with pytest.raises(TransitionError, match="missing reason"):
        register.cases.close(made.reference, " ")
    with pytest.raises(FieldError):
        register.cases.close(made.reference, "Nguyễn Thị An")
    closed = officer.cases.close(made.reference, "corrected", note="đã bổ sung")
    assert (closed.state, closed.reason) == (CaseState.CLOSED, "corrected")
    assert closed.note == "chờ giấy khai sinh\nđã bổ sung"
    with pytest.raises(TransitionError):
        register.cases.close(made.reference, "corrected")
    assert register.cases.get(made.reference) == closed
    assert closed.to_dict()["due"] == "2026-04-01"
    with pytest.raises(NotInRegisterError):
        register.cases.get("0" * 32)
    for about in ("person", "other", "dossier"):
        with pytest.raises(NotInRegisterError):
            register.cases.open("correction", unit="46", **{about: "0" * 32})  # type: ignore[arg-type]
    text = "".join(one.canonical() for one in register.audit.entries())
    assert "khai sinh" not in text


def test_queues_by_kind_unit_age_and_owner(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    for number in range(7):
        unit = "46/474" if number % 2 else "46/475"
        register.cases.open(
            CaseKind.CONFLICT if number < 2 else CaseKind.CORRECTION,
            unit=unit,
            due=date(2026, 3, 5),
        )
        clock.wait(days=1)
    queue = register.cases.queue
    assert len(queue()) == 7
    assert len(queue(kind="conflict")) == 2
    assert len(queue(unit="46/474")) == 3
    assert len(queue(unit="46/47")) == 0
    assert len(queue(older_than_days=6)) == 2
    first = queue(limit=4)
    assert first.after is not None
    rest = queue(limit=4, after=first.after)
    assert len({one.reference for one in (*first, *rest)}) == 7
    assert rest.after is None
    register.cases.take(first.items[0].reference)
    assert [one.reference for one in queue(owner=register.actor.name)] == [first.items[0].reference]
    back = register.cases.give_back(first.items[0].reference)
    assert (back.owner, back.state) == ("", CaseState.OPEN)
    register.cases.close(first.items[0].reference, "corrected")
    assert len(queue()) == 6
    assert len(queue(state="closed")) == 1
    sizes = {(one.kind, one.count, one.oldest_days, one.overdue) for one in register.cases.sizes()}
    assert sizes == {("conflict", 1, 6, 1), ("correction", 5, 5, 5)}
    with pytest.raises(FieldError):
        queue(limit=0)


def test_the_counter_learns_nothing_of_a_search(register: Register) -> None:
    made = register.cases.open(CaseKind.DUPLICATE, unit="46/474")
    clerk = register.acting_as(
        Actor("clerk", frozenset({Capability.READ, Capability.CORRECT}), unit="46/474")
    )
    assert len(clerk.cases.queue()) == 0
    assert clerk.cases.sizes() == ()
    for attempt in (
        lambda: clerk.cases.get(made.reference),
        lambda: clerk.cases.take(made.reference),
        lambda: clerk.cases.close(made.reference, "different"),
        lambda: clerk.cases.queue(kind="duplicate"),
        lambda: clerk.cases.open(CaseKind.DUPLICATE, unit="46/474"),
    ):
        with pytest.raises(AccessRefusedError):
            attempt()
    other = register.acting_as(Actor("other", unit="79"))
    assert len(other.cases.queue()) == 0
    with pytest.raises(AccessRefusedError):
        other.cases.get(made.reference)
    with pytest.raises(AccessRefusedError):
        other.cases.open("correction", unit="46/474")


def test_units_are_names_and_not_patterns(register: Register) -> None:
    register.cases.open("correction", unit="46/474")
    register.cases.open("correction", unit="4_/474")
    assert len(register.cases.queue(unit="4_")) == 1
    narrow = register.acting_as(Actor("x", unit="4_"))
    assert [one.unit for one in narrow.cases.queue()] == ["4_/474"]
    nobody = register.acting_as(Actor("x", scope=()))
    assert len(nobody.cases.queue()) == 0
    with pytest.raises(FieldError):
        register.cases.queue(unit="46%")
