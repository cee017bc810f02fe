"""The campaign of the tutorial, out of its files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from civid.campaign.organisation import CampaignDays, Plan
from civid.campaign.organisation.reading import FILES, read_plan
from civid.campaign.progress.board import Board
from civid.campaign.progress.reading import read_reports
from civid.campaign.progress.stage import Stage

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "hue-2021"


@cache
def plan() -> Plan:
    """Units, quotas, teams."""
    files = {name: (FOLDER / name).read_bytes() for name in FILES if (FOLDER / name).exists()}
    made, findings = read_plan(files, numerals="vi")
    assert not findings
    return made


def days() -> CampaignDays:
    """From 1 March to 30 June 2021."""
    return plan().days


@cache
def board() -> Board:
    """All that was reported."""
    content = (FOLDER / "progress.csv").read_bytes()
    last = days().deadline
    told = read_reports(
        content, plan().tree, days().first, last, stages=(Stage.COLLECTED,), numerals="vi"
    )
    assert not told.findings
    made = Board(plan().tree, days().first, days().count, (Stage.COLLECTED,))
    made.add(told.reports)
    return made
