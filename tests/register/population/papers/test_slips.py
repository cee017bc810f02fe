"""Slips between units: drafted, sent, answered; work lists and what is late."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.test_register import an

from civid.errors import AccessRefusedError, ChangedMeanwhileError, FieldError, FormError
from civid.people.forms import SlipState
from civid.register import Actor, Register

SENT = date(2026, 3, 2)


def units(register: Register) -> tuple[Register, Register]:
    """The unit where somebody lives, and the one that knows."""
    return (
        register.acting_as(Actor("here", unit="46/19753")),
        register.acting_as(Actor("there", unit="79/26734")),
    )


def test_the_asked_unit_answers_without_the_record(register: Register) -> None:
    here, there = units(register)
    made = here.people.add(an(), unit="46/19753")
    drafted = here.slips.draft(made.reference, "79/26734")
    assert dict(drafted.slip.values) == {"name": "Nguyễn Thị An", "birth": "05/03/2001"}
    with pytest.raises(AccessRefusedError):
        there.slips.get(drafted.reference)  # not sent yet
    assert there.slips.to_answer("79/26734").items == ()
    sent = here.slips.send(drafted.reference, day=SENT)
    assert sent.slip.due() == date(2026, 3, 9)
    assert there.slips.to_answer("79/26734").items == (sent,)
    with pytest.raises(AccessRefusedError):
        there.people.get(made.reference)
    with pytest.raises(AccessRefusedError):
        here.slips.answer(drafted.reference, {})
    answered = there.slips.answer(
        drafted.reference, {"name": "NGUYỄN THỊ AN", "birth": "5/3/2001"}, day=SENT
    )
    assert answered.state is SlipState.CONFIRMED
    assert there.slips.to_answer("79/26734").items == ()
    with pytest.raises(FormError):
        there.slips.answer(drafted.reference, None, day=SENT)
    assert here.slips.get(drafted.reference) == answered
    assert here.slips.of_person(made.reference) == (answered,)
    assert answered.to_dict()["state"] == "confirmed"
    text = "".join(one.canonical() for one in register.audit.entries())
    assert "05/03/2001" not in text
    operations = [one.operation for one in register.audit.about(made.reference)]
    assert "slip.answer" in operations


def test_contradicted_unknown_withdrawn(register: Register) -> None:
    here, there = units(register)
    made = here.people.add(an(), unit="46/19753")
    values = {"birth": "05/03/2001"}
    slips = [here.slips.draft(made.reference, "79/26734", values=values) for _ in range(4)]
    for one in slips[:3]:
        here.slips.send(one.reference, day=SENT)
    wrong = there.slips.answer(slips[0].reference, {"birth": "06/03/2001"}, day=SENT)
    assert wrong.state is SlipState.CONTRADICTED
    assert wrong.slip.contradictions == {"birth": "06/03/2001"}
    assert there.slips.answer(slips[1].reference, None, day=SENT).state is SlipState.UNKNOWN_PERSON
    assert here.slips.withdraw(slips[2].reference).state is SlipState.WITHDRAWN
    assert here.slips.withdraw(slips[3].reference).state is SlipState.WITHDRAWN
    with pytest.raises(FormError):
        here.slips.withdraw(slips[0].reference)
    with pytest.raises(FormError):
        here.slips.send(slips[3].reference)
    with pytest.raises(FormError):
        here.slips.draft(made.reference, "46/19753", values=values)  # a unit asks itself
    with pytest.raises(FormError):
        here.slips.draft(made.reference, "79/26734", fields=("email",))
    with pytest.raises(FieldError):
        here.slips.draft(made.reference, "79/26734", values={"shoe": "36"})


def test_work_lists_are_ordered_by_urgency_and_late_ones_counted(register: Register) -> None:
    here, there = units(register)
    made = here.people.add(an(), unit="46/19753")
    wanted = []
    for days in (9, 3, 5, 3, 7):
        one = here.slips.draft(made.reference, "79/26734", days=days)
        wanted.append((days, here.slips.send(one.reference, day=SENT).reference))
    found: list[str] = []
    after = None
    while True:
        page = there.slips.to_answer("79/26734", limit=2, after=after)
        found += [one.reference for one in page]
        if (after := page.after) is None:
            break
    assert found == [reference for _, reference in sorted(wanted)]
    assert register.slips.overdue(day=date(2026, 3, 5)) == {}
    assert register.slips.overdue(day=date(2026, 3, 8)) == {"79/26734": 3}
    assert here.slips.overdue(day=date(2026, 3, 8)) == {}
    assert there.slips.overdue(day=date(2026, 3, 12)) == {"79/26734": 5}


def test_two_answers_at_once(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = units(register)
    made = here.people.add(an(), unit="46/19753")
    one = here.slips.send(here.slips.draft(made.reference, "79/26734").reference, day=SENT)
    from civid.register.population.papers import slips

    old = slips._held
    stale = []

    def read_before_the_other(work: object, reference: str) -> slips.SlipRecord:
        found = old(work, reference)  # type: ignore[arg-type]
        stale.append(found)
        return stale[0]

    monkeypatch.setattr(slips, "_held", read_before_the_other)
    there.slips.answer(one.reference, None, day=SENT)
    with pytest.raises(ChangedMeanwhileError):
        there.slips.answer(one.reference, {}, day=SENT)
