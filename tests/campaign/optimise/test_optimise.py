"""Staffing for a quota: the law's limits bite, the cheapest comes first, nothing is hidden."""

from __future__ import annotations

from datetime import date

import pytest

from civid.campaign.forecast import Openings
from civid.campaign.line import Line, Step
from civid.campaign.optimise import PATTERNS, Alternative, Costs, Limits, Task, limits_on, optimise
from civid.campaign.optimise.pattern import Pattern, duty
from civid.errors import FieldError

FIRST, LAST = date(2021, 3, 1), date(2021, 6, 30)
HUE = Task(732_000, FIRST, LAST)


@pytest.fixture(scope="module")
def found() -> tuple[Alternative, ...]:
    return optimise(HUE, days=15)


def test_the_cheapest_that_is_allowed_stands_first(found: tuple[Alternative, ...]) -> None:
    allowed = [one for one in found if one.is_allowed]
    assert found[: len(allowed)] == tuple(allowed)
    assert [one.cost for one in allowed] == sorted(one.cost for one in allowed)
    assert len(found) == 3 * len(PATTERNS)


def test_every_alternative_reaches_the_quota_with_as_few_machines_as_it_takes(
    found: tuple[Alternative, ...],
) -> None:
    usable = HUE.open_days * (1 - HUE.reserve)
    for one in found:
        assert one.per_machine * one.machines * usable >= HUE.dossiers
        if one.machines > 1:
            assert one.per_machine * (one.machines - 1) * usable < HUE.dossiers


def test_cost_and_officers_by_hand() -> None:
    """One step of exactly one minute, eight hours: 480 a day, one machine, one person."""
    line = Line("one", (Step("a", "a", 60, spread=0.0),))
    office = PATTERNS[0]
    task = Task(480 * 100, FIRST, LAST, reserve=0.0, elderly=0.0)
    (one,) = optimise(task, lines=[line], patterns=[office], costs=Costs(machine_day=2), days=2)
    assert one.per_machine == pytest.approx(480, abs=1)
    assert (one.machines, one.officers) == (1, 2)  # seven days a week, six a person
    assert one.cost == pytest.approx(100 * (8 + 2), rel=0.02)
    six = Openings(weekdays_off=frozenset({6}))
    task = Task(480 * 100, FIRST, LAST, six, reserve=0.0, elderly=0.0)
    (one,) = optimise(task, lines=[line], patterns=[office], days=2)
    assert one.officers == 1


def test_one_team_for_fourteen_hours_breaks_four_articles(found: tuple[Alternative, ...]) -> None:
    long = next(one for one in found if one.pattern == "14h-one-team")
    said = " / ".join(one.sentence("en") for one in long.findings)
    assert not long.is_allowed
    assert "14 hours in a day; Art 107(2) allows 12" in said
    assert "10 hours between two shifts; Art 110 asks for 12" in said
    assert "a month; Art 107(2) allows 40" in said
    assert all(one.is_allowed for one in found if one.pattern == "14h-two-teams")


def test_ten_hours_are_within_the_law_where_urgent_work_may_have_sixty() -> None:
    ten = next(one for one in PATTERNS if one.key == "10h")
    assert duty(ten, limits_on(FIRST), 17).findings
    assert duty(ten, limits_on(date(2023, 3, 1), urgent=True), 17).findings == ()
    assert duty(ten, limits_on(date(2023, 3, 1)), 17).findings


def test_wages_follow_article_98() -> None:
    limits = Limits()
    day = Pattern("a", "a", (((8.0, 12.0), (13.0, 17.0)),))
    assert duty(day, limits, 10).wage_hours == (8.0,)
    overtime = Pattern("b", "b", (((8.0, 18.0),),))
    assert duty(overtime, limits, 10).wage_hours == (8 + 2 * 1.5,)
    night = Pattern("c", "c", (((22.0, 30.0),),))
    assert duty(night, limits, 10).wage_hours[0] == pytest.approx(8 * 1.3)
    both = Pattern("d", "d", (((14.0, 24.0),),))  # the last two hours are night and overtime
    assert duty(both, limits, 10).wage_hours[0] == pytest.approx(8 + 2 * (1.5 + 0.3 + 0.2))


def test_what_is_not_there_is_said() -> None:
    few = Task(732_000, FIRST, LAST, machines=6, officers=50)
    found = optimise(few, lines=["7-nguoi-6-buoc"], days=5)
    assert any("needs 13 machines; there are 6" in one.to_dict()["findings"] for one in found)
    assert all(
        "officers" in " ".join(one.to_dict()["findings"]) for one in found if one.officers > 50
    )


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Task(0, FIRST, LAST), "dossiers"),
        (lambda: Task(5, LAST, FIRST), "last"),
        (lambda: Task(5, FIRST, LAST, reserve=1.0), "reserve"),
        (lambda: limits_on(date(2019, 1, 1)), "day"),
        (lambda: Pattern("x", "x", ()), "teams"),
        (lambda: Pattern("x", "x", (((9.0, 8.0),),)), "teams"),
        (lambda: Costs(hour=0), "costs"),
        (
            lambda: optimise(Task(5, FIRST, LAST, Openings(suspensions=((FIRST, LAST),))), days=1),
            "openings",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(make: object, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.field == field
