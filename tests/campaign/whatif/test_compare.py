"""Scenarios side by side: only what was changed makes a difference."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from civid.campaign.forecast import Assumptions, History
from civid.campaign.whatif import Closing, Move, Scenario, Shift, Unit, compare
from civid.errors import FieldError

START, DEADLINE = date(2021, 3, 1), date(2021, 6, 30)
TODAY = START + timedelta(days=27)
CALM = Assumptions(pause_every=0, drift=0.0, noise=0.0, drift_weight=1e9, noise_weight=1e9)
AS_IS = Scenario("as it is")


def on(day: date | None) -> date:
    assert day is not None
    return day


def unit(key: str, per_day: int, quota: int, machines: int = 2, noise: float = 0.0) -> Unit:
    rng = np.random.default_rng(len(key) + per_day)
    counts = {
        START + timedelta(days=number): int(per_day * np.exp(noise * rng.standard_normal()))
        for number in range(28)
    }
    return Unit(key, quota, History.of(counts), machines)


def test_without_chance_it_is_arithmetic() -> None:
    one = unit("A", 1000, 58_000)
    closing = Closing(TODAY + timedelta(days=5), TODAY + timedelta(days=14))
    shift = Shift(TODAY + timedelta(days=1), DEADLINE, 0.5)
    plain, closed, more = compare(
        [one], [AS_IS, Scenario("closed", closings=(closing,)), Scenario("night", shifts=(shift,))],
        DEADLINE, assumptions=CALM,
    )  # fmt: skip
    assert plain.whole.early == plain.whole.late == TODAY + timedelta(days=30)
    assert closed.whole.middle == TODAY + timedelta(days=40)
    assert more.whole.middle == TODAY + timedelta(days=20)
    assert (plain.days_won, closed.days_won, more.days_won) == (0, -10, 10)


def test_the_ceiling_of_the_machines_holds() -> None:
    one = unit("A", 1300, 28 * 1300 + 14_000)
    (night,) = compare(
        [one], [Scenario("night", shifts=(Shift(TODAY, DEADLINE, 1.0),))], DEADLINE,
        assumptions=CALM,
    )  # fmt: skip
    # 2 machines x 700 x 2, of which the rate reaches 2,600 only.
    assert night.whole.middle == TODAY + timedelta(days=6)
    low = Unit("A", one.quota, one.history, 2, per_machine=600.0)
    (held,) = compare([low], [AS_IS], DEADLINE, assumptions=CALM)
    assert held.whole.middle == TODAY + timedelta(days=12)


def test_machines_go_where_they_are_needed() -> None:
    units = [unit("slow", 400, 80_000, 1), unit("fast", 1600, 80_000, 4)]
    move = Move(2, "fast", "slow", TODAY + timedelta(days=3))
    plain, moved = compare(units, [AS_IS, Scenario("move", (move,))], DEADLINE, assumptions=CALM)
    assert on(moved.units[0].middle) < on(plain.units[0].middle)
    assert on(moved.units[1].middle) > on(plain.units[1].middle)
    assert moved.every.middle == max(one.middle for one in moved.units if one.middle)
    assert moved.whole.middle == plain.whole.middle  # a machine does as much here as there
    assert on(moved.every.middle) < on(plain.every.middle) - timedelta(days=20)
    # 3 machines x 400 from the fourth day on: 68,800 are left, 800 done before.
    assert moved.units[0].middle == TODAY + timedelta(days=2 + 57)


def test_a_unit_without_machines_gets_some() -> None:
    units = [unit("none", 0, 5_000, 0), unit("rich", 1000, 60_000, 4)]
    plain, moved = compare(
        units, [AS_IS, Scenario("move", (Move(1, "rich", "none", TODAY + timedelta(days=1)),))],
        DEADLINE, assumptions=CALM,
    )  # fmt: skip
    assert plain.units[0].middle is None
    assert moved.units[0].middle is not None


def test_same_days_for_every_scenario_and_other_units_do_not_move() -> None:
    units = [unit("A", 900, 90_000, noise=0.2), unit("B", 700, 60_000, noise=0.2)]
    closing = Closing(TODAY + timedelta(days=3), TODAY + timedelta(days=12), frozenset({"A"}))
    plain, closed, again = compare(
        units, [AS_IS, Scenario("A closed", closings=(closing,)), Scenario("again")], DEADLINE
    )
    assert plain.units == again.units
    assert plain.units[1] == closed.units[1]
    assert on(closed.units[0].middle) > on(plain.units[0].middle)
    assert on(plain.whole.early) <= on(plain.whole.middle) <= on(plain.whole.late)


def test_what_is_done_already_is_done() -> None:
    (done,) = compare([unit("A", 1000, 20_000)], [AS_IS], DEADLINE)
    assert (done.whole.early, done.whole.late, done.whole.chance) == (TODAY, TODAY, 1.0)


def test_units_that_wander_together_are_less_certain_as_a_whole() -> None:
    units = [unit(key, 900, 90_000, noise=0.2) for key in ("A", "BB", "CCC", "DDDD")]
    (apart,) = compare(units, [AS_IS], DEADLINE, in_common=0.0, paths=400)
    (along,) = compare(units, [AS_IS], DEADLINE, in_common=1.0, paths=400)
    assert on(along.whole.late) - on(along.whole.early) > on(apart.whole.late) - on(
        apart.whole.early
    )
    assert on(along.every.middle) <= on(apart.every.middle)
    assert on(along.whole.middle) <= on(along.every.middle)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: compare([], [AS_IS], DEADLINE), "units"),
        (lambda: compare([unit("A", 5, 5)], [], DEADLINE), "scenarios"),
        (lambda: compare([unit("A", 5, 5), unit("A", 5, 5)], [AS_IS], DEADLINE), "units"),
        (
            lambda: compare(
                [unit("A", 5, 5)],
                [Scenario("x", closings=(Closing(TODAY, TODAY, frozenset({"Z"})),))],
                DEADLINE,
            ),
            "scenario",
        ),
        (
            lambda: compare(
                [unit("A", 5, 5), unit("B", 5, 5)],
                [Scenario("x", (Move(3, "A", "B", DEADLINE),))],
                DEADLINE,
            ),
            "machines",
        ),
        (lambda: Move(0, "A", "B", TODAY), "machines"),
        (lambda: Move(1, "A", "A", TODAY), "target"),
        (lambda: Closing(DEADLINE, TODAY), "closing"),
        (lambda: Shift(DEADLINE, TODAY), "shift"),
        (lambda: unit("A", 5, 0), "quota"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make: object, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.field == field
