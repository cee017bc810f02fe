"""Days, shifts, machines and teams."""

from __future__ import annotations

from datetime import date, time

import pytest
from tests.campaign.trees import FIRST, small

from civid.campaign.organisation import (
    Breakdown,
    CampaignDays,
    Kit,
    Level,
    Plan,
    Quotas,
    Shift,
    Site,
    Suspension,
    Team,
    UnitTree,
    Visit,
    coverage,
)
from civid.campaign.organisation.teams import SiteKind
from civid.errors import CampaignError
from civid.people.working_days import Calendar

LAST = date(2021, 6, 30)
MORNING, EVENING = Shift("sáng", time(7), time(11)), Shift("tối", time(18), time(22))
PLAIN = Calendar(national=False)


def plan(**changes: object) -> Plan:
    tree = small()
    given: dict[str, object] = {
        "name": "2021",
        "tree": tree,
        "quotas": Quotas(tree, {"P": 100}),
        "days": CampaignDays(FIRST, LAST),
        "shifts": (MORNING, EVENING),
        "kits": (Kit("K1", "D1"), Kit("K2", "D1")),
        "teams": (
            Team("T1", "D1", 7, ("K1",), ("sáng", "tối")),
            Team("T2", "C3", 5, ("K2",), ("tối",)),
        ),
        "sites": (Site("S1", "C1", SiteKind.SCHOOL), Site("S2", "C2", SiteKind.MOBILE)),
    }
    return Plan(**{**given, **changes})  # type: ignore[arg-type]


def test_a_campaign_works_on_all_days_but_those_that_it_pauses() -> None:
    pause = Suspension(date(2021, 5, 1), date(2021, 5, 10), "Covid-19")
    days = CampaignDays(FIRST, LAST, suspensions=(pause,))
    assert days.count == 122
    assert pause.days == 10
    assert days.worked(FIRST, LAST) == 112


def test_a_pause_of_a_district_stops_its_communes_alone() -> None:
    tree = small()
    days = CampaignDays(FIRST, LAST, suspensions=(Suspension(FIRST, FIRST, "", "D1"),))
    assert not days.is_worked(FIRST, "C1", tree)
    assert days.is_worked(FIRST, "C3", tree)
    assert days.is_worked(FIRST)


def test_weekends_off() -> None:
    days = CampaignDays(FIRST, LAST, weekends=False, calendar=PLAIN)
    assert days.worked(FIRST, date(2021, 3, 7)) == 5
    opened = CampaignDays(
        FIRST,
        LAST,
        weekends=False,
        calendar=Calendar(opened=frozenset({date(2021, 3, 6)}), national=False),
    )
    assert opened.worked(FIRST, date(2021, 3, 7)) == 6


def test_holidays_off() -> None:
    pytest.importorskip("holidays")
    days = CampaignDays(FIRST, LAST, holidays=False)
    assert not days.is_worked(date(2021, 4, 30))
    assert days.is_worked(date(2021, 4, 24))  # a Saturday
    assert CampaignDays(FIRST, LAST).is_worked(date(2021, 4, 30))


def test_shifts_over_midnight_and_breaks() -> None:
    night = Shift("đêm", time(22), time(2), break_minutes=30)
    assert night.hours == 3.5
    assert night.is_night
    assert not MORNING.is_night
    assert night.overlaps(Shift("khuya", time(1), time(3)))
    assert not MORNING.overlaps(EVENING)
    assert Shift("ngày", time(0), time(0)).hours == 24
    with pytest.raises(CampaignError):
        Shift("x", time(7), time(8), break_minutes=60)


def test_coverage_counts_units_with_a_kit_that_works() -> None:
    tree, kits = small(), [Kit("K1", "C1"), Kit("K2", "D2", until=date(2021, 4, 1))]
    rate, without = coverage(tree, kits, Level.DISTRICT, FIRST)
    assert rate.percent(0) == 100
    assert not without
    rate, without = coverage(tree, kits, Level.DISTRICT, LAST, breakdowns=[Breakdown("K1", FIRST)])
    assert (rate.done, without) == (0, ("D1", "D2"))


def test_what_a_plan_can_do_on_a_day() -> None:
    made = plan(breakdowns=(Breakdown("K2", date(2021, 4, 1), date(2021, 4, 2)),))
    tree = made.tree
    able = tree.rolled(made.capacity(FIRST).astype(int))
    assert able[tree.index("P")] == 50 * (8 + 4)
    assert made.capacity(date(2021, 4, 1)).sum() == 50 * 8
    assert made.capacity(date(2021, 7, 1)).sum() == 0
    assert made.staff == 12
    assert made.findings() == ()


def test_required_rate_of_lam_dong() -> None:
    tree = UnitTree.of_provinces(FIRST)
    made = plan(tree=tree, quotas=Quotas(tree, {"068": 951_633}), kits=(), teams=(), sites=())
    rate = made.required_per_day("068", 907_763, date(2021, 6, 22))
    assert rate is not None
    assert round(rate) == 5484
    assert made.required_per_day("067", 0, FIRST) is None
    assert made.required_per_day("068", 0, LAST) is None


def test_a_kit_or_a_team_in_two_places_is_told() -> None:
    teams = (Team("T1", "D1", 7, ("K1",), ("tối",)), Team("T2", "C3", 5, ("K1",), ("tối",)))
    late = Shift("khuya", time(21), time(23))
    twice = (Visit("T1", "S1", FIRST), Visit("T1", "S2", FIRST))
    outside = (Visit("T1", "S1", date(2021, 7, 1)),)
    found = {one.code for one in plan(teams=teams, visits=twice + outside).findings()}
    assert found == {"kit-shared", "kit-idle", "team-twice", "visit-outside"}
    overlapping = (Team("T1", "D1", 7, ("K1", "K2"), ("tối", "khuya")),)
    found = {one.code for one in plan(teams=overlapping, shifts=(EVENING, late)).findings()}
    assert found == {"shift-overlap"}
    pause = CampaignDays(FIRST, LAST, suspensions=(Suspension(FIRST, FIRST),))
    assert "visit-on-pause" in {one.code for one in plan(days=pause, visits=twice).findings()}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kits": (Kit("K1", "D1"), Kit("K1", "D1"))}, "code-twice"),
        ({"kits": (Kit("K1", "X"),)}, "no-such-unit"),
        ({"teams": (Team("T", "D1", 1, ("K9",)),)}, "no-such-kit"),
        ({"visits": (Visit("T9", "S1", FIRST),)}, "no-such-team"),
        ({"visits": (Visit("T1", "S9", FIRST),)}, "no-such-site"),
        ({"breakdowns": (Breakdown("K9", FIRST),)}, "no-such-kit"),
    ],
)
def test_what_is_not_there_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(CampaignError) as caught:
        plan(**change)
    assert caught.value.code == code
