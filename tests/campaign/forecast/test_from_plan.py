"""A plan and its board as a forecast takes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from civid.campaign.forecast.from_plan import capacity_of, history_of, machines_of, openings_of
from civid.campaign.numerals import Numerals
from civid.campaign.organisation import Plan
from civid.campaign.organisation.reading import read_plan
from civid.campaign.progress.board import Board
from civid.campaign.progress.reading import read_reports
from civid.campaign.progress.stage import SLIPS, STAGES
from civid.errors import CampaignError

FIRST = date(2021, 3, 1)


@pytest.fixture(scope="module")
def plan(root: Path) -> Plan:
    folder = root / "docs" / "tutorial" / "hue-2021"
    names = ("campaign.json", "units.csv", "kits.csv", "teams.csv")
    made, _ = read_plan(
        {name: (folder / name).read_bytes() for name in names}, numerals=Numerals.VI
    )
    return made


@pytest.fixture(scope="module")
def board(root: Path, plan: Plan) -> Board:
    path = root / "docs" / "tutorial" / "hue-2021" / "progress.csv"
    stages = STAGES + SLIPS
    made = Board(plan.tree, plan.days.first, plan.days.count, stages)
    told = read_reports(
        path.read_bytes(), plan.tree, plan.days.first, date(2021, 7, 1), last=plan.days.deadline,
        stages=stages, numerals=Numerals.VI, name=path.name,
    )  # fmt: skip
    made.add(told.reports)
    return made


def test_the_history_of_the_province_is_the_sum_of_its_districts(plan: Plan, board: Board) -> None:
    until = date(2021, 4, 11)
    whole = history_of(board, "046", until)
    below = [history_of(board, one.code, until) for one in plan.tree.children("046")]
    assert (whole.first, whole.last) == (FIRST, until)
    np.testing.assert_array_equal(whole.counts, sum(one.counts for one in below))
    assert whole.until(date(2021, 3, 7)).total == 14_700


def test_suspensions_are_known_from_their_first_day_on(plan: Plan) -> None:
    day = date(2021, 5, 10)
    assert not openings_of(plan, "474").is_open(day)
    assert openings_of(plan, "474", date(2021, 5, 4)).is_open(day)
    assert not openings_of(plan, "474", date(2021, 5, 5)).is_open(day)


def test_machines_and_what_they_can_do(plan: Plan) -> None:
    assert machines_of(plan, "046", FIRST) == 30
    assert machines_of(plan, "474", FIRST) == 9
    assert capacity_of(plan, "046", FIRST) == 30 * 700
    assert capacity_of(plan, "474", FIRST) == 9 * 700


def test_nothing_yet_is_said(board: Board) -> None:
    with pytest.raises(CampaignError) as caught:
        history_of(board, "046", date(2021, 2, 1))
    assert caught.value.code == "no-counts"


def test_a_pause_and_the_deadline_leave_the_ceiling_in_place(plan: Plan) -> None:
    most = capacity_of(plan, "046", date(2021, 3, 7))
    assert most == 21_000
    for day in (date(2021, 5, 5), plan.days.deadline, date(2021, 9, 1)):  # 5 to 15 May: a pause
        assert capacity_of(plan, "046", day) == most
