"""A country's campaign, citizen by citizen."""

from __future__ import annotations

import numpy as np
import pytest

from civid.campaign.line import Day, preset, simulate
from civid.campaign.line.country import campaign
from civid.errors import FieldError

LINE = preset("7-nguoi-6-buoc")
DAY = Day(300)


def test_quotas_are_met_and_closed_days_stay_empty() -> None:
    is_open = np.ones((20, 12), bool)
    is_open[::2, 3:6] = False
    quotas = [900 + 37 * unit for unit in range(20)]
    made = campaign(LINE, DAY, quotas, [1] * 20, is_open)
    assert made[~is_open].sum() == 0
    assert made.sum(axis=1).tolist() == quotas
    assert made.max() <= 300


def test_threads_change_nothing() -> None:
    arguments = (LINE, DAY, [5000] * 40, [2] * 40, np.ones((40, 4), bool))
    told: list[tuple[int, int]] = []
    one = campaign(*arguments, on_progress=lambda *at: told.append(at))
    np.testing.assert_array_equal(one, campaign(*arguments, threads=2))
    assert told[-1] == (40, 40)
    assert (one != campaign(*arguments, seed=2)).any()


def test_teams_add_up_and_learn() -> None:
    """With more citizens than a new team can serve, later days bring more."""
    hard = Day(600)
    made = campaign(LINE, hard, [10**6] * 30, [2] * 30, np.ones((30, 8), bool), learning=(0.8, 2.0))
    by_day = made.mean(axis=0)
    assert by_day[0] < by_day[3] < by_day[7]
    skilled = campaign(LINE, hard, [10**6] * 30, [2] * 30, np.ones((30, 1), bool), learning=(0, 1))
    one = simulate(LINE, hard, 200).finished
    assert skilled.mean() == pytest.approx(2 * one.mean, rel=0.02)


def test_units_without_teams_do_nothing() -> None:
    assert campaign(LINE, DAY, [500], [0], np.ones((1, 3), bool)).sum() == 0


@pytest.mark.parametrize(
    ("quotas", "teams", "is_open"),
    [
        ([5], [1, 1], np.ones((1, 2), bool)),
        ([5], [1], np.ones(2, bool)),
        ([-5], [1], np.ones((1, 2), bool)),
        ([5], [-1], np.ones((1, 2), bool)),
        ([5], [10**7], np.ones((1, 20), bool)),
    ],
)
def test_what_cannot_be_is_refused(
    quotas: list[int], teams: list[int], is_open: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> None:
    with pytest.raises(FieldError) as caught:
        campaign(LINE, DAY, quotas, teams, is_open)
    assert caught.value.field == "units"
