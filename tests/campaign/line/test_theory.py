"""Simulated lines against what queueing theory says, within the simulation's own intervals."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from numpy.typing import NDArray

from civid.campaign.line import Arrivals, Day, Law, Line, Step
from civid.campaign.line.trace import trace

#: Days without an end, so that the start, when the room is empty, can be left out.
LONG = ((0.0, 48.0),)
WARM = 6 * 3600.0
DAYS = 60


def exponential(key: str, seconds: float, officers: int = 1) -> Step:
    return Step(key, key, seconds, law=Law.EXPONENTIAL, officers=officers)


def long_day(per_second: float) -> Day:
    return Day(per_second * 48 * 3600, hours=LONG, arrivals=Arrivals.RANDOM)


def erlang_c(servers: int, load: float) -> float:
    """Chance to wait in M/M/c with an offered load."""
    full = load**servers / factorial(servers) * servers / (servers - load)
    return full / (sum(load**k / factorial(k) for k in range(servers)) + full)


def within_its_interval(days: list[float], truth: float) -> None:
    """The mean over days is the truth, to three standard errors; and the interval is narrow."""
    mean, error = float(np.mean(days)), float(np.std(days, ddof=1)) / len(days) ** 0.5
    assert abs(mean - truth) < 3 * error, (mean, truth, error)
    assert error < 0.05 * truth


def warm(arrive: NDArray[np.float64]) -> NDArray[np.bool_]:
    return arrive > WARM


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "use"), [(1, 0.5), (1, 0.8), (2, 0.7), (5, 0.85)])
def test_mmc_waits_as_erlang_says(servers: int, use: float) -> None:
    mean = 60.0
    rate = use * servers / mean
    waits = []
    for number in range(DAYS):
        one = trace(Line("M/M/c", (exponential("a", mean, servers),)), long_day(rate), 3, number)
        waits.append(float((one.start[0] - one.arrive)[warm(one.arrive)].mean()))
    load = rate * mean
    within_its_interval(waits, erlang_c(servers, load) * mean / (servers - load))


@pytest.mark.slow
def test_a_tandem_line_is_mm1_at_each_step() -> None:
    """Burke: what leaves an M/M/c in equilibrium is a Poisson process again."""
    means, rate = (50.0, 70.0, 30.0), 0.0115
    line = Line("tandem", tuple(exponential(f"s{one:.0f}", one) for one in means))
    times = [
        float((one.leave[-1] - one.arrive)[warm(one.arrive)].mean())
        for number in range(DAYS)
        for one in [trace(line, long_day(rate), 4, number)]
    ]
    within_its_interval(times, sum(1 / (1 / mean - rate) for mean in means))


@pytest.mark.slow
def test_md1_and_lognormal_service_wait_as_pollaczek_and_khinchine_say() -> None:
    mean, rate = 60.0, 0.8 / 60.0
    for law, spread in ((Law.FIXED, 0.0), (Law.LOGNORMAL, 0.6)):
        step = Step("a", "a", mean, law=law, spread=spread)
        waits = [
            float((one.start[0] - one.arrive)[warm(one.arrive)].mean())
            for number in range(DAYS)
            for one in [trace(Line("M/G/1", (step,)), long_day(rate), 5, number)]
        ]
        within_its_interval(waits, rate * mean**2 * (1 + spread**2) / (2 * (1 - rate * mean)))


def test_littles_law_holds_to_the_last_bit() -> None:
    """Area under the number in the line = sum of the times in it, whatever happens in between."""
    steps = (exponential("a", 50, 2), exponential("b", 30))
    for shared in ((), (("a",), ("a", "b"), ("b",))):
        line = Line("little", steps, shared=shared, walk=4)
        day = Day(500, arrivals=Arrivals.RANDOM, outages=2, elderly=0.2)
        one = trace(line, day, 6)
        leaves = np.sort(one.leave[-1])
        moments = np.sort(np.concatenate([one.arrive, leaves]))
        inside = np.searchsorted(one.arrive, moments, "right") - np.searchsorted(
            leaves, moments, "right"
        )
        area = float(np.sum(inside[:-1] * np.diff(moments)))
        assert area == pytest.approx(float((one.leave[-1] - one.arrive).sum()), rel=1e-9)
        assert inside.min() >= 0


def test_draws_have_the_means_that_they_claim() -> None:
    steps = (
        Step("fixed", "", 20, law=Law.FIXED),
        Step("exponential", "", 30, law=Law.EXPONENTIAL),
        Step("lognormal", "", 40, spread=0.5),
        Step("again", "", 50, law=Law.FIXED, again=0.3, attempts=3),
        Step("old", "", 60, law=Law.FIXED, elderly=2.0),
    )
    work = trace(Line("draws", steps), Day(20_000, elderly=0.25), 7).work
    means, errors = work.mean(axis=1), work.std(axis=1) / work.shape[1] ** 0.5
    expected = np.array([20, 30, 40, 50 * (1 + 0.3 + 0.09), 60 * 1.25])
    assert (np.abs(means - expected) <= 4 * errors + 1e-9).all()
    assert work[2].std() == pytest.approx(20, rel=0.05)
    assert float(np.mean(work[1] * work[2])) == pytest.approx(30 * 40, rel=0.05)
