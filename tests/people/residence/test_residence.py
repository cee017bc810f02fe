"""Residence: the clocks of the law of 2020."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.people import residence
from civid.people.residence import Absence, AbsenceCategory, Duty, EndReason, Stay, StayKind
from civid.people.working_days import Calendar, add_working_days


def stay(kind: StayKind, start: date, **more: object) -> Stay:
    return Stay(kind, "19753", "2024", "Tổ 3", start, **more)  # type: ignore[arg-type]


def test_the_numbers_of_the_law() -> None:
    start = date(2022, 1, 10)
    assert residence.temporary_needed_from(start) == date(2022, 2, 9)
    assert residence.temporary_until(start) == date(2024, 1, 9)
    friday = date(2021, 7, 2)
    assert residence.decision_due(friday, StayKind.PERMANENT) == date(2021, 7, 13)
    assert residence.decision_due(friday, StayKind.TEMPORARY) == date(2021, 7, 7)
    holiday = {date(2021, 7, 5)}
    assert residence.decision_due(friday, StayKind.TEMPORARY, holiday) == date(2021, 7, 8)
    calendar = Calendar(closed=frozenset(holiday), national=False)
    assert residence.decision_due(friday, StayKind.TEMPORARY, calendar) == date(2021, 7, 8)


@pytest.mark.parametrize(
    ("category", "due", "certain"),
    [
        (AbsenceCategory.SUPERVISED, date(2022, 1, 11), True),
        (AbsenceCategory.MILITARY_AGE, date(2022, 4, 10), True),
        (AbsenceCategory.ORDINARY, date(2023, 1, 10), True),
    ],
)
def test_when_an_absence_must_be_declared(
    category: AbsenceCategory, due: date, certain: bool
) -> None:
    clock = residence.declaration_due(Absence(date(2022, 1, 10), category=category))
    assert clock is not None
    assert (clock.due, clock.certain) == (due, certain)


def test_districts_are_gone_so_that_their_clock_is_doubtful() -> None:
    absence = Absence(date(2025, 5, 1), category=AbsenceCategory.MILITARY_AGE)
    clock = residence.declaration_due(absence)
    assert clock is not None
    assert not clock.certain


def test_twelve_months_of_unexplained_absence_end_a_registration() -> None:
    home = stay(StayKind.PERMANENT, date(2010, 1, 1))
    away = Absence(date(2022, 1, 10))
    day = date(2022, 6, 1)
    duties = {clock.duty: clock.due for clock in residence.clocks([home], [away], day)}
    assert duties[Duty.DEREGISTER] == date(2023, 1, 10)
    elsewhere = stay(StayKind.TEMPORARY, date(2022, 2, 1), until=date(2024, 1, 31))
    duties = {c.duty: c.due for c in residence.clocks([home, elsewhere], [away], day)}
    assert duties == {Duty.EXTEND_TEMPORARY: date(2024, 2, 1)}
    for excused in (Absence(date(2022, 1, 10), declared=day), Absence(day, abroad=True)):
        assert residence.clocks([home], [excused], day) == ()


def test_an_absence_from_before_the_law_counts_from_the_law() -> None:
    home = stay(StayKind.PERMANENT, date(2010, 1, 1))
    clocks = residence.clocks([home], [Absence(date(2015, 1, 1))], date(2021, 8, 1))
    assert date(2022, 7, 1) in [clock.due for clock in clocks if clock.duty is Duty.DEREGISTER]
    assert residence.clocks([home], [Absence(date(2015, 1, 1))], date(2021, 6, 30)) == ()


def test_a_term_that_was_not_recorded_is_doubtful() -> None:
    (clock,) = residence.clocks([stay(StayKind.TEMPORARY, date(2022, 1, 1))], [], date(2022, 6, 1))
    assert not clock.certain


def test_one_permanent_and_one_temporary_at_a_time() -> None:
    two = [stay(StayKind.PERMANENT, date(2010, 1, 1)), stay(StayKind.PERMANENT, date(2012, 1, 1))]
    assert residence.overlaps(two, date(2015, 1, 1)) == (StayKind.PERMANENT,)
    moved = [two[0].end(date(2012, 1, 1), EndReason.MOVED), two[1]]
    assert residence.overlaps(moved, date(2015, 1, 1)) == ()


def test_the_card_shows_the_permanent_then_the_temporary_address() -> None:
    temporary = stay(StayKind.TEMPORARY, date(2022, 1, 1))
    permanent = stay(StayKind.PERMANENT, date(2010, 1, 1))
    assert residence.card_address([temporary, permanent], date(2023, 1, 1)) is permanent
    assert residence.card_address([temporary], date(2023, 1, 1)) is temporary
    assert residence.card_address([temporary], date(2021, 1, 1)) is None


def test_records_that_cannot_be() -> None:
    day = date(2022, 1, 1)
    with pytest.raises(FieldError):
        stay(StayKind.TEMPORARY, day, until=date(2021, 1, 1))
    with pytest.raises(FieldError):
        stay(StayKind.PERMANENT, day, ended=date(2023, 1, 1))
    with pytest.raises(FieldError):
        Absence(day, end=date(2021, 1, 1))
    ended = stay(StayKind.PERMANENT, day).end(day, EndReason.DEATH)
    with pytest.raises(FieldError):
        ended.end(day, EndReason.DEATH)


@given(st.dates(date(1900, 1, 1), date(2300, 1, 1)), st.integers(0, 600))
def test_months_go_on_and_never_past_the_month(day: date, months: int) -> None:
    later = residence.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_a_temporary_registration_is_extended() -> None:
    first = stay(StayKind.TEMPORARY, date(2022, 1, 1), until=date(2023, 12, 31))
    later = first.extend(date(2025, 12, 31))
    (clock,) = residence.clocks([later], [], date(2024, 6, 1))
    assert clock.due == date(2026, 1, 1)
    for wrong in (
        lambda: first.extend(date(2023, 1, 1)),
        lambda: stay(StayKind.PERMANENT, date(2022, 1, 1)).extend(date(2025, 1, 1)),
    ):
        with pytest.raises(FieldError):
            wrong()


def test_only_a_permanent_registration_is_ended_by_absence() -> None:
    elsewhere = stay(StayKind.STAY, date(2022, 1, 1))
    ended = stay(StayKind.PERMANENT, date(2010, 1, 1)).end(date(2021, 8, 1), EndReason.MOVED)
    clocks = residence.clocks([elsewhere, ended], [Absence(date(2022, 1, 10))], date(2022, 6, 1))
    assert Duty.DEREGISTER not in {clock.duty for clock in clocks}


@given(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.integers(0, 60),
    st.frozensets(st.dates(date(1990, 1, 1), date(2090, 1, 1)), max_size=5),
)
def test_both_ways_to_say_holidays_count_alike(
    day: date, count: int, holidays: frozenset[date]
) -> None:
    calendar = Calendar(closed=holidays, national=False)
    due = add_working_days(day, count, holidays)
    assert add_working_days(day, count, calendar) == due
    assert calendar.between(day, due) == count
