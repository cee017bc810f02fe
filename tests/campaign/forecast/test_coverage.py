"""Intervals hold what they promise, on simulated campaigns and on what newspapers reported."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from civid.campaign.forecast import Assumptions, Openings, forecast, hue
from civid.campaign.forecast.backtest import backtest, origins, own
from civid.campaign.forecast.rivals import library, naive
from civid.campaign.forecast.simulated import simulated
from civid.campaign.forecast.waypoints import between, told_little
from civid.errors import FieldError

DEADLINE = date(2021, 6, 30)


@pytest.mark.slow
def test_eighty_percent_intervals_hold_about_eighty_percent() -> None:
    """250 campaigns; the full thousand: benchmarks/campaign/forecast.py."""
    shares = np.random.default_rng(11).uniform(0.1, 0.85, 250)
    hits, naive_hits, sides = [], [], []
    for number, share in enumerate(shares):
        one = simulated(5000 + number)
        (today,) = origins(one, [float(share)])
        mine = backtest(one, today, own(200))
        hits.append(mine.hit)
        sides.append((mine.below, mine.above))
        rival = backtest(one, today, lambda c, h, o: naive(h, c.quota, o))
        naive_hits.append(rival.hit)
    assert 0.72 < np.mean(hits) < 0.88  # 80 % +- three standard errors
    assert np.mean(naive_hits) < 0.5
    below, above = np.mean(sides, axis=0)
    assert abs(below - above) < 0.1


@pytest.mark.slow
def test_a_library_can_be_asked_too() -> None:
    one = simulated(12)
    (today,) = origins(one, [0.6])
    low, middle, high = library(one.history.until(today), one.quota, one.openings(today), paths=100)
    assert low is not None
    assert middle is not None
    assert today < low <= middle
    assert high is None or middle <= high


def test_simulated_campaigns_have_pauses_and_reach_their_quota() -> None:
    made = [simulated(number) for number in range(40)]
    assert all(one.history.total >= one.quota for one in made)
    assert sum(any(first <= one.completed for first, _ in one.suspensions) for one in made) > 20
    for one in made:
        closed = ~Openings(suspensions=one.suspensions, weekdays_off=one.weekdays_off).mask(
            one.history.first, len(one.history.counts)
        )
        assert one.history.counts[closed].sum() == 0
        assert one.history.counts.max() <= one.capacity
    assert simulated(7).history.counts.tolist() == simulated(7).history.counts.tolist()


def test_the_country_on_27_april_is_held_against_what_came() -> None:
    """S2: 33,920,141 on 27-04; S0: 50 million a month before 1 July, over 54 million on 22-06."""
    history = between(date(2021, 3, 1), {date(2021, 4, 27): 33_920_141})
    found = forecast(history, 50_000_000, DEADLINE, assumptions=told_little())
    assert found.early is not None
    assert found.late is not None
    assert found.early <= date(2021, 6, 1) <= found.late
    assert found.chance > 0.99


def test_lam_dong_needs_what_the_source_implies() -> None:
    """S0: 907,763 on 22-06, quota 951,633 until 30-06: 5,484 a day."""
    history = between(date(2021, 3, 1), {date(2021, 6, 22): 907_763})
    found = forecast(
        history, 951_633, DEADLINE, assumptions=told_little(Assumptions(pause_every=0))
    )
    assert round(found.required[1]) == 5484
    assert found.remaining == 43_870


def test_hue_a_week_in() -> None:
    """S4: 732,000, 35 % of the daily quota at first; the forecast says next year."""
    assert hue.DAILY_QUOTA == 6000
    found = hue.a_week_in()
    assert found.collected == 14_700
    assert found.chance < 0.01
    assert found.early is not None
    assert found.early > DEADLINE + timedelta(days=60)
    assert found.required[0] == pytest.approx(717_300 / 115)
    needed = hue.what_had_to_change()
    assert needed.per_day * needed.open_days == pytest.approx(needed.remaining)
    assert [round(one, 2) for one in needed.machine_days] == [3.0, 12.5, 18.0]
    assert needed.times == pytest.approx(4.17, abs=0.01)


def test_hue_reconstructed_agrees_with_all_that_is_known() -> None:
    course = hue.reconstructed()
    assert course.last == hue.DONE
    assert course.total - hue.QUOTA < 100
    shares = course.counts[:, 0] / hue.DAILY_QUOTA
    assert shares[0] == 0.35
    assert shares.max() == pytest.approx(2.10, abs=0.01)
    first = (hue.PAUSE[0] - hue.START).days
    assert shares[first : first + 11].sum() == 0
    assert (shares == 0).sum() == 11


def test_hue_week_by_week_comes_to_the_truth() -> None:
    told = hue.week_by_week(paths=200)
    held = [
        one.early <= hue.DONE <= (one.late or date.max) for one in told if one.early is not None
    ]
    assert not held[0]
    assert np.mean(held[3:]) > 0.75
    widths = [((one.late or date(2023, 1, 1)) - one.early).days for one in told if one.early]
    assert widths[-1] < widths[4] < widths[0]
    chances = [one.chance for one in told]
    assert chances[0] < 0.05
    assert chances[-1] > 0.95


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: between(hue.START, {}), "way-points"),
        (lambda: between(hue.START, {date(2021, 3, 5): 9, date(2021, 3, 9): 8}), "way-points"),
        (
            lambda: between(
                hue.START, {date(2021, 3, 2): 9},
                Openings(suspensions=((hue.START, date(2021, 3, 3)),)),
            ),
            "way-points",
        ),
    ],
)  # fmt: skip
def test_way_points_that_cannot_be(make: object, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.field == field
