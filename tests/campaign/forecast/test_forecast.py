"""Forecasts: arithmetic where nothing is uncertain, intervals that hold where something is."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.campaign.forecast import Assumptions, History, Openings, fit, forecast
from civid.campaign.forecast.simulated import simulated
from civid.errors import FieldError
from civid.people.working_days import Calendar

START, DEADLINE = date(2021, 3, 1), date(2021, 6, 30)
CALM = Assumptions(pause_every=0, drift=0.0, noise=0.0, drift_weight=1e9, noise_weight=1e9)


def on(day: date | None) -> date:
    assert day is not None
    return day


def days(count: int, per_day: float = 1000, **factors: float) -> dict[date, int]:
    """Counts from the first day on; factors by weekday, mon= to sun=."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    made = {}
    for number in range(count):
        day = START + timedelta(days=number)
        made[day] = round(per_day * factors.get(names[day.weekday()], 1.0))
    return made


def test_without_chance_it_is_arithmetic() -> None:
    found = forecast(History.of(days(28)), 58_000, DEADLINE, assumptions=CALM)
    last = START + timedelta(days=27)
    assert found.early == found.middle == found.late == last + timedelta(days=30)
    assert found.required == (30_000 / found.open_days,) * 3
    assert (found.chance, found.remaining, found.open_days) == (1.0, 30_000, 94)


def test_closed_days_and_ceiling_and_weekdays_are_kept() -> None:
    pause = (date(2021, 4, 5), date(2021, 4, 14))
    works = Openings(suspensions=(pause,), weekdays_off=frozenset({6}))
    history = History.of(days(28, sun=0.0))
    found = forecast(history, history.total + 12_000, DEADLINE, works, assumptions=CALM)
    day, left = history.last, 12
    while left:
        day += timedelta(days=1)
        left -= works.is_open(day)
    assert found.middle == day
    capped = forecast(
        history, history.total + 12_000, DEADLINE, works, assumptions=CALM, capacity=500
    )
    assert on(capped.middle) > on(found.middle)
    assert max(np.diff(capped.fan[1])) <= 500


def test_the_calendar_of_working_days_fits() -> None:
    works = Openings(Calendar(national=False))
    history = History.of({day: count for day, count in days(28).items() if works.is_open(day)})
    found = forecast(history, history.total + 5_000, DEADLINE, works, assumptions=CALM)
    assert found.middle == date(2021, 4, 2)  # from Monday the 29th


def test_weekday_and_shift_factors_are_found() -> None:
    rows = []
    for day, count in days(56, sat=0.6, sun=0.4).items():
        rows.append((day, "day", count))
        rows.append((day, "night", 0 if day.weekday() >= 5 else count // 4))
    rate = fit(History.of(rows), Openings())
    by_day = rate.factors.sum(axis=1)
    weekday = 1.25
    assert by_day[6] / by_day[1] == pytest.approx(0.4 / weekday, rel=0.3)
    assert by_day[5] / by_day[1] == pytest.approx(0.6 / weekday, rel=0.3)
    assert rate.factors[1, 1] / rate.factors[1, 0] == pytest.approx(0.25, rel=0.15)
    assert rate.factors[6, 1] / rate.factors[6, 0] < 0.1
    without = rate.profile(date(2021, 5, 3), np.array([[True, False]]))
    whole = rate.profile(date(2021, 5, 3), np.array([True]))
    assert without[0] == pytest.approx(0.8 * whole[0], rel=0.05)


def test_a_rise_is_seen_and_a_flat_line_has_none() -> None:
    rising = {START + timedelta(days=n): int(1000 * 1.03**n) for n in range(25)}
    assert fit(History.of(rising), Openings()).trend > 0.015
    rng = np.random.default_rng(4)
    flat = {
        START + timedelta(days=n): int(1000 * np.exp(0.2 * rng.standard_normal()))
        for n in range(40)
    }
    assert abs(fit(History.of(flat), Openings()).trend) < 0.01


def test_late_reports_and_days_without_counts_count_as_lost() -> None:
    history = History.of(days(20))
    later = forecast(
        history, 40_000, DEADLINE, assumptions=CALM, as_of=history.last + timedelta(days=5)
    )
    now = forecast(history, 40_000, DEADLINE, assumptions=CALM)
    assert on(later.middle) == on(now.middle) + timedelta(days=5)


def test_above_the_quota_nothing_remains_and_past_the_deadline_nothing_helps() -> None:
    done = forecast(History.of(days(28)), 20_000, DEADLINE)
    assert (done.middle, done.remaining, done.chance) == (done.as_of, 0, 1.0)
    assert done.required == (0.0, 0.0, 0.0)
    late = forecast(History.of(days(28)), 10**8, date(2021, 3, 20))
    assert late.required == (np.inf,) * 3
    assert late.middle is None
    assert late.to_dict()["required"] == [None, None, None]


def test_unannounced_pauses_make_it_later_and_wider() -> None:
    history = History.of(days(40))
    never = forecast(history, 120_000, DEADLINE, assumptions=Assumptions(pause_every=0))
    often = forecast(history, 120_000, DEADLINE, assumptions=Assumptions(pause_every=20))
    assert on(often.middle) > on(never.middle)
    assert on(often.late) - on(often.early) > on(never.late) - on(never.early)
    assert often.required[2] > never.required[2]


def test_same_seed_same_forecast() -> None:
    one = simulated(3)
    half = one.history.until(START + timedelta(days=40))
    assert forecast(half, one.quota, DEADLINE).to_dict() == (
        forecast(half, one.quota, DEADLINE).to_dict()
    )


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=40),
    st.integers(1, 10**8),
    st.integers(-20, 400),
)
def test_any_history_gives_an_ordered_forecast(counts: list[int], quota: int, until: int) -> None:
    history = History.of({START + timedelta(days=n): one for n, one in enumerate(counts)})
    found = forecast(history, quota, history.last + timedelta(days=until), paths=50)
    dates = [(one or date.max) for one in (found.early, found.middle, found.late)]
    assert dates == sorted(dates)
    assert list(found.required) == sorted(found.required)
    assert list(found.at_deadline) == sorted(found.at_deadline)
    assert (np.diff(found.fan, axis=1) >= 0).all()
    assert 0 <= found.chance <= 1
    assert found.collected + found.remaining == max(quota, sum(counts))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: History.of({}), "history"),
        (lambda: History.of({START: -1}), "count"),
        (lambda: History.of([(START, "a", 1), (START, "a", 2)]), "history"),
        (lambda: History.of({START: 1, date(2051, 1, 1): 1}), "history"),
        (lambda: Openings(suspensions=((DEADLINE, START),)), "suspension"),
        (lambda: Openings(weekdays_off=frozenset(range(7))), "weekdays off"),
        (lambda: forecast(History.of({START: 1}), 0, DEADLINE), "quota"),
        (lambda: forecast(History.of({START: 1}), 5, DEADLINE, capacity=0), "capacity"),
        (lambda: forecast(History.of({START: 1}), 5, DEADLINE, paths=1), "paths"),
        (lambda: forecast(History.of({START: 1}), 5, date(2099, 1, 1)), "deadline"),
        (lambda: History.of({START: 1}).until(date(2020, 1, 1)), "day"),
        (lambda: Assumptions(damping=2), "damping"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make: object, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.field == field
