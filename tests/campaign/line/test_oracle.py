"""The recursion and the kernel of events against SimPy: same draws, same departures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.campaign.line.oracle import Counter

from civid.campaign.line import Arrivals, Day, Law, Line, Step, preset
from civid.campaign.line.trace import trace

BAD_DAY = Day(
    180, hours=((7.5, 11.5), (13.0, 17.0)), late=8, no_show=0.1, elderly=0.3, outages=3, outage=20
)
TROUBLE = {"fails_every": 1.5, "repair": 10.0}


def agree(line: Line, day: Day, seed: int) -> None:
    drawn = trace(line, day, seed)
    assert len(drawn.arrive) > 10
    oracle = Counter(line, day, drawn)
    oracle.run()
    np.testing.assert_allclose(drawn.start, oracle.start, rtol=0, atol=1e-6)
    np.testing.assert_allclose(drawn.leave, oracle.leave, rtol=0, atol=1e-6)
    assert drawn.longest.tolist() == oracle.longest


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("arrivals", [Arrivals.APPOINTMENTS, Arrivals.RANDOM, Arrivals.BATCHES])
def test_a_calm_line(arrivals: Arrivals, seed: int) -> None:
    agree(preset("7-nguoi-6-buoc"), Day(400, arrivals=arrivals), seed)


@pytest.mark.parametrize("seed", range(10))
def test_breakdowns_breaks_outages_and_overtaking(seed: int) -> None:
    line = preset("7-nguoi-6-buoc").with_step("prints", **TROUBLE).with_step("photo", **TROUBLE)
    line = line.with_step("signing", officers=3, machines=3).with_step("receipt", offline=0.0)
    agree(line, replace(BAD_DAY, citizens=400), seed)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("key", ["4-nguoi-luu-dong", "2-nguoi-tai-nha"])
def test_officers_who_walk_about(key: str, seed: int) -> None:
    line = preset(key).with_step("prints", **TROUBLE).with_step("reception", offline=0.0)
    agree(line, BAD_DAY, seed)


@pytest.mark.parametrize("seed", range(4))
def test_a_machine_short_of_two_officers(seed: int) -> None:
    steps = (
        Step("a", "a", 50, law=Law.EXPONENTIAL, machines=1),
        Step("b", "b", 40, law=Law.EXPONENTIAL, machines=2),
    )
    line = Line("two", steps, shared=(("a", "b"), ("b", "a"), ("b",)), walk=7)
    agree(line, replace(BAD_DAY, citizens=500), seed)


def test_shared_officers_with_one_step_each_are_the_plain_line() -> None:
    plain = preset("6-nguoi-6-buoc")
    shared = replace(
        plain,
        steps=tuple(replace(step, machines=1) for step in plain.steps),
        shared=tuple((step.key,) for step in plain.steps),
    )
    plain = replace(plain, steps=shared.steps)
    one, other = trace(plain, BAD_DAY, 5), trace(shared, BAD_DAY, 5)
    np.testing.assert_array_equal(one.leave, other.leave)
    np.testing.assert_array_equal(one.longest, other.longest)
