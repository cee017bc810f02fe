"""What a report says: figures out of plan and board, and what others have foreseen or measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from civid.campaign.finding import Finding, worst
from civid.campaign.organisation.plan import Plan
from civid.campaign.organisation.unit import Level
from civid.campaign.progress.ageing import Overdue, StageAge
from civid.campaign.progress.board import Board
from civid.campaign.progress.league import Standing, league
from civid.campaign.progress.missing import Missing, Why, by_reason, held_against
from civid.campaign.progress.stage import Stage
from civid.campaign.progress.stock import StockDay, printing
from civid.campaign.rate import Rate
from civid.campaign.report.tiles import Tile, tiles
from civid.errors import CampaignError

_DAY = timedelta(days=1)
_WEEK = 7
_MOST_NUMBER = 1e12
_MOST_FAN = 5000


@dataclass(frozen=True, slots=True)
class Fan:
    """A forecast (dự báo), as `civid.campaign.forecast` gives it.

    Attributes
    ----------
    early, middle, late : date or None
        Completion; the outer two hold 80 % of the futures. None: not to be seen.
    chance : float or None
        That it is done by the deadline.
    days : tuple of (date, float, float, float)
        Everything collected by a day: low, middle, high.
    """

    early: date | None
    middle: date | None
    late: date | None
    chance: float | None
    days: tuple[tuple[date, float, float, float], ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Fan:
        """Out of the document of a forecast: ``completion``, ``chance`` and ``fan``.

        Raises
        ------
        CampaignError
            Something else (``not-a-forecast``).

        >>> Fan.of({"completion": {"middle": "2021-06-08"}, "fan": []}).middle
        datetime.date(2021, 6, 8)
        """
        try:
            done = document.get("completion") or {}
            early, middle, late = (
                _day(done[key]) if done.get(key) else None for key in ("early", "middle", "late")
            )
            rows = document["fan"]
            if len(rows) > _MOST_FAN:
                raise ValueError
            days = tuple(
                (_day(row["day"]), _finite(row["low"]), _finite(row["middle"]),
                 _finite(row["high"]))
                for row in rows
            )  # fmt: skip
            chance = document.get("chance")
            return cls(early, middle, late, None if chance is None else _finite(chance), days)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise CampaignError("not the document of a forecast", code="not-a-forecast") from None


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a unit on a day.

    Attributes
    ----------
    name, unit, unit_name : str
        Of the campaign, and whose report it is.
    day, first, deadline : date
        As of when; first and last day of the campaign.
    stage : Stage
        What is held against the quota.
    rate : Rate
        Of the whole.
    required, pace : float or None
        Needed on each working day that is left; done on the last seven that were worked.
    days_left : int
        Working days until the deadline.
    course : tuple of (date, int, int)
        By day: what was done, and all up to then; until the day of the report.
    planned : tuple of int
        By day of the campaign: the quota spread evenly over the days that are worked.
    standings : tuple of Standing
        The league below the unit.
    map : tuple of Tile
        Provinces on a grid; empty where the league is not of provinces.
    stages : tuple of (Stage, int)
        How many are how far.
    pauses : tuple of (date, date, str)
        Suspensions of the whole.
    fan : Fan or None
        Forecast.
    ages, overdue : tuple of StageAge, Overdue or None
        How long dossiers lie, and which cards are late.
    line : tuple of (str, str, float, float), or None
        Steps at a counter: name in both languages, utilisation, minutes of wait; by the simulation.
    bottleneck : str
        The busiest of them.
    reasons : tuple of (Why, int)
        Why what remains is missing, the most frequent first.
    stock : tuple of (date, StockDay)
        Printing by day, as far as blanks went.
    findings : tuple of Finding
        What does not agree.
    """

    name: str
    unit: str
    unit_name: str
    day: date
    first: date
    deadline: date
    stage: Stage
    rate: Rate
    required: float | None
    pace: float | None
    days_left: int
    course: tuple[tuple[date, int, int], ...]
    planned: tuple[int, ...]
    standings: tuple[Standing, ...]
    map: tuple[Tile, ...]
    stages: tuple[tuple[Stage, int], ...]
    pauses: tuple[tuple[date, date, str], ...]
    fan: Fan | None = None
    ages: tuple[StageAge, ...] = ()
    overdue: Overdue | None = None
    line: tuple[tuple[str, str, float, float], ...] = ()
    bottleneck: str = ""
    reasons: tuple[tuple[Why, int], ...] = ()
    stock: tuple[tuple[date, StockDay], ...] = ()
    findings: tuple[Finding, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "name": self.name, "unit": self.unit, "unit_name": self.unit_name, "day": self.day,
            "first": self.first, "deadline": self.deadline, "stage": self.stage.value,
            **self.rate.to_dict(), "required_per_day": self.required, "pace_per_day": self.pace,
            "days_left": self.days_left,
            "stages": {stage.value: count for stage, count in self.stages},
            "units": [one.to_dict() for one in self.standings],
            "course": [{"day": day, "done": done, "total": total, "planned": plan}
                       for (day, done, total), plan in
                       zip(self.course, self.planned, strict=False)],
            "pauses": [{"first": first, "last": last, "reason": why}
                       for first, last, why in self.pauses],
            "forecast": self.fan and {
                "completion": {"early": self.fan.early, "middle": self.fan.middle,
                               "late": self.fan.late},
                "chance": self.fan.chance,
                "fan": [{"day": day, "low": low, "middle": middle, "high": high}
                        for day, low, middle, high in self.fan.days],
            },
            "ageing": [one.to_dict() for one in self.ages],
            "overdue": self.overdue and self.overdue.to_dict(),
            "line": [{"step": name, "vietnamese": vietnamese, "utilisation": used, "wait": wait}
                     for name, vietnamese, used, wait in self.line],
            "bottleneck": self.bottleneck,
            "reasons": {why.value: count for why, count in self.reasons},
            "stock": [{"day": day, "printed": one.printed, "waiting": one.waiting,
                       "blanks": one.blanks, "limit": one.limit.value}
                      for day, one in self.stock],
            "findings": [one.to_dict() for one in worst(self.findings)],
        }  # fmt: skip


def build(
    plan: Plan,
    board: Board,
    stage: Stage,
    day: date,
    *,
    unit: str | None = None,
    level: Level | None = None,
    fan: Fan | None = None,
    ages: Sequence[StageAge] = (),
    overdue: Overdue | None = None,
    line: Mapping[str, Any] | None = None,
    missing: Sequence[Missing] = (),
    blanks: tuple[Sequence[int], int] | None = None,
    findings: Iterable[Finding] = (),
) -> Report:
    """A report out of a plan and its board.

    Parameters
    ----------
    unit : str, optional
        Whose; the one at the top.
    level : Level, optional
        Of the league; the one right below.
    line : mapping, optional
        The document of a simulation of a counter: ``steps`` and ``bottleneck``.
    missing : sequence of Missing
        Why something is missing, by unit; held against what remains of each unit named.
    blanks : (sequence of int, int), optional
        Blanks that came in by day, and those that were there before: what is approved on the board
        is printed as far as they go.

    Raises
    ------
    CampaignError
        A day outside the campaign, a unit or level that is not there, no document of a simulation.
    """
    under = unit or plan.tree.top.code
    below = plan.tree.children(under)
    at = level or (below[0].level if below else plan.tree[under].level)
    done, quota = board.total(under, stage, day), plan.quotas.of(under) or 0
    series = board.series(under, stage, running=False)[: board.day_index(day) + 1]
    running = board.series(under, stage)
    course = tuple(
        (board.first + _DAY * place, int(count), int(running[place]))
        for place, count in enumerate(series)
    )
    standings = league(board, plan.quotas, at, stage, day=day, under=under)
    steps, bottleneck = ((), "") if line is None else _line(line)
    inside = board.tree.subtree(under)
    kept = [one for one in missing if board.tree.index(one.unit) in inside]
    named = [code for code in {one.unit: 0 for one in kept} if plan.quotas.of(code) is not None]
    doubts = [
        found for code in named
        for found in held_against(code, board.rate(code, stage, plan.quotas, day), kept)
    ]  # fmt: skip
    totals = board.totals(day)
    index = plan.tree.index(under)
    return Report(
        plan.name, under, plan.tree[under].name, day, plan.days.first, plan.days.deadline, stage,
        Rate(max(0, done), quota), plan.required_per_day(under, done, day),
        _pace(plan, under, course),
        plan.days.worked(day + _DAY, plan.days.deadline, under, plan.tree), course,
        _planned(plan, under, quota), standings, tiles(standings, day),
        tuple((one, int(totals[place, index])) for place, one in enumerate(board.stages)
              if totals[place, index]),
        tuple((one.first, one.last, one.reason) for one in plan.days.suspensions
              if not one.unit or one.unit in {above.code for above in plan.tree.path(under)}),
        fan, tuple(ages), overdue, steps, bottleneck, tuple(by_reason(kept).items()),
        _stock(board, under, day, blanks), (*findings, *doubts),
    )  # fmt: skip


def _stock(
    board: Board, unit: str, day: date, blanks: tuple[Sequence[int], int] | None
) -> tuple[tuple[date, StockDay], ...]:
    if blanks is None:
        return ()
    days = board.day_index(day) + 1
    approved = board.series(unit, Stage.APPROVED, running=False)[:days]
    came = list(blanks[0])[:days]
    course = printing([max(0, int(one)) for one in approved], came, opening=blanks[1])
    return tuple((board.first + _DAY * place, one) for place, one in enumerate(course))


def _planned(plan: Plan, unit: str, quota: int) -> tuple[int, ...]:
    """The quota spread evenly over the days that are worked, summed up; whole at the end."""
    worked = [plan.days.is_worked(day, unit, plan.tree) for day in plan.days]
    whole, so_far, planned = sum(worked), 0, []
    for one in worked:
        so_far += one
        planned.append(quota * so_far // whole if whole else quota)
    return tuple(planned)


def _pace(plan: Plan, unit: str, course: Sequence[tuple[date, int, int]]) -> float | None:
    """The average of the last seven days that were worked."""
    worked = [done for day, done, _ in course if plan.days.is_worked(day, unit, plan.tree)]
    last = worked[-_WEEK:]
    return sum(last) / len(last) if last else None


def _line(document: Mapping[str, Any]) -> tuple[tuple[tuple[str, str, float, float], ...], str]:
    try:
        inner = document.get("outcome", document)
        steps = tuple(
            (str(one["key"]), str(one.get("vietnamese") or one["key"]),
             _finite(one["utilisation"]["mean"]), _finite(one["wait"]["mean"]) / 60)
            for one in inner["steps"]
        )  # fmt: skip
        return steps, str(inner["bottleneck"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise CampaignError("not the document of a simulation", code="not-a-line") from None


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _finite(value: Any) -> float:
    """A number that a page can draw; JSON's NaN and Infinity are none."""
    number = float(value)
    if not abs(number) <= _MOST_NUMBER:
        raise ValueError
    return number
