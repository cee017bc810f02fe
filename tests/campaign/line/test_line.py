"""Lines as their users see them: seven people, six steps, what a change brings, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid.campaign.line import Arrivals, Day, Line, Step, preset, presets, simulate, worth
from civid.campaign.line.day import learning
from civid.campaign.line.trace import trace
from civid.errors import FieldError

SEVEN = preset("7-nguoi-6-buoc")
LONG_DAY = Day(720, hours=((7.0, 21.0),), elderly=0.08)


def test_seven_people_six_steps_do_what_the_source_says() -> None:
    """S1: about five minutes a citizen; S4: above 700 dossiers a machine and day."""
    assert (SEVEN.staff, len(SEVEN.steps)) == (7, 6)
    found = simulate(SEVEN, LONG_DAY, days=200)
    assert 4.5 < found.handling.mean < 5.5
    assert found.finished.low > 700
    assert found.bottleneck == "prints"
    assert 0.6 < max(step.utilisation.mean for step in found.steps) < 0.85


def test_little_and_utilisation_reconcile() -> None:
    found = simulate(SEVEN, replace(LONG_DAY, elderly=0), days=100)
    for step, outcome in zip(SEVEN.steps, found.steps, strict=True):
        work = found.came.mean * step.seconds * step.mean_attempts
        busy = work / (step.servers * LONG_DAY.open_seconds)
        assert outcome.utilisation.mean == pytest.approx(busy, rel=0.03)
    waits = sum(step.wait.mean for step in found.steps) / 60
    assert found.minutes.mean == pytest.approx(waits + found.handling.mean)


def test_a_second_print_station_is_worth_most() -> None:
    best, *others = worth(preset("6-nguoi-6-buoc"), Day(280), days=40)
    assert (best.step, best.kind) == ("prints", "officer and machine")
    assert best.capacity > 200
    assert all(other.capacity < 20 for other in others)
    assert best.minutes < 0


def test_trouble_costs() -> None:
    calm = simulate(SEVEN, LONG_DAY, days=100)
    for worse in (
        replace(LONG_DAY, elderly=0.4),
        replace(LONG_DAY, slower=learning(0)),
        replace(LONG_DAY, outages=3, outage=60),
    ):
        assert simulate(SEVEN, worse, days=100).minutes.mean > calm.minutes.mean + 0.1
    broken = SEVEN.with_step("prints", fails_every=2, repair=60)
    assert simulate(broken, LONG_DAY, days=100).minutes.mean > calm.minutes.mean + 1
    absent = simulate(SEVEN, replace(LONG_DAY, no_show=0.2), days=100)
    assert absent.came.mean == pytest.approx(0.8 * 720, rel=0.02)


def test_dossiers_wait_for_the_network_and_are_counted() -> None:
    off = simulate(SEVEN, replace(LONG_DAY, outages=2, outage=60), days=50)
    assert off.unsent.mean > 20
    assert simulate(SEVEN, LONG_DAY, days=50).unsent.mean < 5


def test_same_seed_same_days_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    one = simulate(SEVEN, LONG_DAY, days=1200, seed=9, on_progress=lambda *at: told.append(at))
    assert one == simulate(SEVEN, LONG_DAY, days=1200, seed=9)
    assert one != simulate(SEVEN, LONG_DAY, days=1200, seed=10)
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]


def test_a_day_without_citizens() -> None:
    found = simulate(SEVEN, Day(0), days=3)
    assert (found.came.mean, found.finished.mean, found.minutes.mean) == (0, 0, 0)
    assert simulate(SEVEN, Day(0, arrivals=Arrivals.RANDOM), days=3).came.mean == 0


@settings(max_examples=25)
@given(
    st.integers(0, 2**32),
    st.sampled_from(presets()),
    st.sampled_from(Arrivals),
    st.integers(1, 120),
    st.floats(0, 5),
)
def test_nobody_is_lost_and_nobody_is_in_two_places(
    seed: int, key: str, arrivals: Arrivals, citizens: int, outages: float
) -> None:
    line = preset(key).with_step("prints", fails_every=2.0)
    day = Day(citizens, arrivals=arrivals, outages=outages, elderly=0.3, no_show=0.1)
    one = trace(line, day, seed)
    before = one.arrive
    for step in range(len(line.steps)):
        assert (one.start[step] >= before).all()
        needs = one.work[step]
        assert (one.leave[step] - one.start[step] >= needs - 1e-6).all()
        before = one.leave[step]
    assert np.isfinite(before).all()
    assert (np.diff(one.arrive) >= 0).all()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Step("a", "a", 0), "a.seconds"),
        (lambda: Step("a", "a", 10, officers=0), "a.officers"),
        (lambda: Step("a", "a", float("nan")), "a.seconds"),
        (lambda: Line("x", ()), "steps"),
        (lambda: Line("x", (Step("a", "", 5), Step("a", "", 5))), "steps"),
        (lambda: Line("x", (Step("a", "", 5),), shared=(("b",),)), "shared"),
        (lambda: Line("x", (Step("a", "", 5), Step("b", "", 5)), shared=(("b",),)), "shared"),
        (lambda: Day(-1), "citizens"),
        (lambda: Day(10**9), "citizens"),
        (lambda: Day(5, hours=()), "hours"),
        (lambda: Day(5, hours=((8, 12), (11, 13))), "hours"),
        (lambda: simulate(SEVEN, Day(5), days=0), "days"),
        (lambda: preset("none"), "line"),
        (lambda: SEVEN.with_step("none", seconds=5), "step"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make: object, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.field == field
