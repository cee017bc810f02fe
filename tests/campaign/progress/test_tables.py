"""Leagues, periods, reasons, delay, stock, dossiers and checks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.campaign.trees import FIRST, small

from civid.campaign.organisation import CampaignUnit, Level, Quotas, UnitTree
from civid.campaign.progress.ageing import DossierLine, ageing, overdue
from civid.campaign.progress.board import Board
from civid.campaign.progress.checks import below_zero, silent, stage_order
from civid.campaign.progress.dossiers import DossierEvent, counted
from civid.campaign.progress.league import commended, league, over_plan
from civid.campaign.progress.missing import Missing, Why, by_reason, held_against
from civid.campaign.progress.periods import TeamDay, above, compare
from civid.campaign.progress.reports import Report
from civid.campaign.progress.stage import Stage
from civid.campaign.progress.steps import Step, about_minutes, case_times, outliers
from civid.campaign.progress.stock import Limit, printing
from civid.campaign.rate import Rate
from civid.errors import CampaignError
from civid.people.working_days import Calendar

NEXT = FIRST + timedelta(days=1)
PLAIN = Calendar(national=False)


def board(*reports: tuple[str, Stage, int]) -> Board:
    made = Board(small(), FIRST, 10)
    made.add([Report(unit, FIRST, stage, count) for unit, stage, count in reports])
    return made


def test_a_league_with_ties_and_with_units_that_have_no_quota() -> None:
    made = board(
        ("C1", Stage.COLLECTED, 12), ("C2", Stage.COLLECTED, 6), ("C3", Stage.COLLECTED, 9)
    )
    quotas = Quotas(made.tree, {"C1": 10, "C2": 5, "C3": 0})
    rows = league(made, quotas, Level.COMMUNE, Stage.COLLECTED)
    assert [(one.rank, one.unit) for one in rows] == [(1, "C1"), (1, "C2"), (0, "C3")]
    assert [one.unit for one in over_plan(rows)] == ["C1", "C2"]
    below = league(made, quotas, Level.COMMUNE, Stage.COLLECTED, under="D1")
    assert len(below) == 2


def test_those_who_share_the_last_place_are_commended_too() -> None:
    amounts = {"a": 9, "b": 7, "c": 7, "d": 1}
    assert commended(amounts, 2) == ((1, "a"), (2, "b"), (2, "c"))
    assert commended(amounts, 10)[-1] == (4, "d")
    assert commended({}, 3) == commended(amounts, 0) == ()


def test_ten_times_as_many() -> None:
    made = Board(small(), FIRST, 10)
    made.add([Report("C1", FIRST, Stage.COLLECTED, 5), Report("C1", NEXT, Stage.COLLECTED, 50)])
    found = compare(made, "P", Stage.COLLECTED, (FIRST, FIRST), (NEXT, NEXT))
    assert found.factor == Decimal("10.0")
    longer = compare(made, "P", Stage.COLLECTED, (FIRST, FIRST), (NEXT, NEXT + timedelta(days=1)))
    assert longer.factor_per_day == Decimal("5.0")
    assert compare(made, "C3", Stage.COLLECTED, (FIRST, FIRST), (NEXT, NEXT)).factor is None
    with pytest.raises(CampaignError):
        compare(made, "P", Stage.COLLECTED, (NEXT, FIRST), (NEXT, NEXT))


def test_a_team_without_machines_cannot_take_in() -> None:
    with pytest.raises(CampaignError):
        above([TeamDay("T", FIRST, 0, 5)], 700)


def test_reasons_add_up_to_what_is_missing() -> None:
    rate = Rate(1_187_439, 1_226_109)
    rows = [Missing("84", Why.WORKING_AWAY, 30_000), Missing("84", Why.ABSENT, 8_670)]
    assert held_against("84", rate, rows) == ()
    assert next(iter(by_reason(rows))) is Why.WORKING_AWAY
    assert held_against("84", rate, rows[:1])[0].severity.name == "WARNING"
    too_many = [*rows, Missing("84", Why.OTHER, 1, "mất điện")]
    assert held_against("84", rate, too_many)[0].severity.name == "ERROR"


def lines() -> list[DossierLine]:
    def line(unit: str, stage: str, since: date, cause: str = "") -> DossierLine:
        return DossierLine("r", unit, stage, since, FIRST, cause=cause)

    return [
        line("A", "approved", FIRST, "material"), line("A", "collected", NEXT),
        line("B", "approved", date(2021, 4, 1), "material"), line("B", "delivered", NEXT),
    ]  # fmt: skip


def test_delay_by_stage_and_cause() -> None:
    day = date(2021, 4, 10)
    ages = {one.stage: one for one in ageing(lines(), day)}
    assert set(ages) == {"approved", "collected"}
    assert (ages["approved"].count, ages["approved"].oldest_days) == (2, 40)
    assert ages["approved"].by_age == (0, 0, 1, 1)
    late = overdue(lines(), day, calendar=PLAIN)
    assert (late.count, late.pending) == (3, 3)
    assert late.by_cause == {"material": 2, "other": 1}
    assert sum(late.by_unit.values()) == sum(late.by_stage.values()) == late.count
    # Seven working days after Monday, 1 March: 10 March.
    assert overdue(lines(), date(2021, 3, 10), calendar=PLAIN).count == 0
    assert overdue(lines(), date(2021, 3, 11), calendar=PLAIN).count == 3
    assert overdue(lines(), date(2021, 3, 11), calendar=PLAIN).longest == 1


def test_a_pause_moves_what_is_due() -> None:
    paused = PLAIN.without([(date(2021, 3, 2), date(2021, 3, 12))])
    assert overdue(lines(), date(2021, 3, 22), calendar=paused).count == 0


DAYS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20)


@given(DAYS, st.integers(0, 100), st.none() | st.integers(0, 60), st.integers(0, 200))
def test_blanks_and_dossiers_are_kept_account_of(
    days: list[tuple[int, int]], opening: int, per_day: int | None, spoiled: int
) -> None:
    approved, blanks = [one for one, _ in days], [one for _, one in days]
    course = printing(approved, blanks, opening=opening, per_day=per_day, spoiled_per_1000=spoiled)
    printed = waste = 0
    for number, one in enumerate(course, 1):
        printed, waste = printed + one.printed, waste + one.spoiled
        assert one.waiting == sum(approved[:number]) - printed >= 0
        assert one.blanks == opening + sum(blanks[:number]) - printed - waste >= 0
        assert waste == printed * spoiled // 1000
        if one.limit is Limit.DOSSIERS:
            assert one.waiting == 0
        assert one.waits_for_material in (0, one.waiting)


def test_without_blanks_dossiers_wait_for_material() -> None:
    days = printing([100, 100, 0], [120, 0, 500])
    assert [one.limit.value for one in days] == ["dossiers", "material", "dossiers"]
    assert days[1].waits_for_material == 80
    assert printing([100], [500], per_day=30)[0].limit is Limit.PRINTERS


def test_dossiers_are_counted_once_a_stage_on_their_first_day() -> None:
    events = [
        DossierEvent("a", "C1", "open", FIRST), DossierEvent("a", "C1", "enrol", FIRST),
        DossierEvent("a", "C1", "print", NEXT), DossierEvent("a", "C1", "find_misprint", NEXT),
        DossierEvent("a", "C1", "print", NEXT + timedelta(days=3)),
        DossierEvent("b", "C1", "enrol", FIRST), DossierEvent("c", "C3", "enrol", NEXT),
    ]  # fmt: skip
    made = Board(small(), FIRST, 10)
    made.add(counted(events))
    assert made.total("P", Stage.COLLECTED) == 3
    assert made.total("P", Stage.PRINTED, NEXT) == made.total("P", Stage.PRINTED) == 1


def test_more_handed_over_than_collected_is_told() -> None:
    made = board(("C1", Stage.OPENED, 5), ("C1", Stage.COLLECTED, 5), ("C1", Stage.APPROVED, 6))
    assert {one.unit for one in stage_order(made)} == {"C1", "D1", "P"}
    assert stage_order(board(("C1", Stage.COLLECTED, 5))) == ()


def test_corrections_that_take_too_much_away_are_told() -> None:
    made = board(("C1", Stage.COLLECTED, 5))
    made.add([Report("C1", NEXT, Stage.COLLECTED, -9, reason="trùng")])
    assert {one.unit for one in below_zero(made)} == {"C1", "D1", "P"}


def test_who_has_not_reported() -> None:
    closed = CampaignUnit("C9", "C9", Level.COMMUNE, "D1", closed=date(2021, 1, 1))
    made = Board(UnitTree([*small(), closed]), FIRST, 10)
    made.add([Report("C1", FIRST, Stage.COLLECTED, 0)])
    assert [one.unit for one in silent(made, FIRST, Stage.COLLECTED)] == ["C2", "C3"]


def test_times_of_cases() -> None:
    begin = datetime(2021, 3, 10, 18)
    steps = [Step(f"d{number}", "x", begin, begin + timedelta(minutes=minutes))
             for number, minutes in enumerate([4, 5, 5, 6, 40])]  # fmt: skip
    assert about_minutes(steps, "en") == "about 5 minutes"
    assert outliers(steps) == ("d4",)
    assert len(case_times(steps)) == 5
    with pytest.raises(CampaignError):
        about_minutes([])
    with pytest.raises(CampaignError):
        Step("d", "x", begin, begin - timedelta(seconds=1))
