"""Try every line, pattern of shifts and number of machines; keep what reaches the quota."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from typing import Any

from civid.campaign.finding import Finding
from civid.campaign.forecast.history import MOST_COUNT, Openings
from civid.campaign.line import Arrivals, Day, Line, preset, simulate
from civid.campaign.optimise.costs import Costs
from civid.campaign.optimise.law import Limits, limits_on
from civid.campaign.optimise.pattern import PATTERNS, Duty, Pattern, duty, worked_share
from civid.errors import FieldError
from civid.people.findings.model import Severity

_LINES = ("7-nguoi-6-buoc", "6-nguoi-6-buoc", "4-nguoi-luu-dong")
_MOST_MACHINES = 10_000


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, and with what.

    Attributes
    ----------
    dossiers : int
        How many are to be collected.
    first, last : date
        Days of the campaign.
    openings : Openings
        Which days are worked.
    machines, officers : int or None
        The most that there are; None: as many as it takes.
    reserve : float
        Share of the days that may be lost: plan for this much more.
    elderly, no_show : float
        Of the citizens (`civid.campaign.line.Day`).
    urgent : bool
        Labour Code Art 107(3)d applies (`limits_on`).
    """

    dossiers: int
    first: date
    last: date
    openings: Openings = field(default_factory=Openings)
    machines: int | None = None
    officers: int | None = None
    reserve: float = 0.1
    elderly: float = 0.08
    no_show: float = 0.1
    urgent: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.dossiers <= MOST_COUNT:
            raise FieldError("dossiers", f"not 1 to {MOST_COUNT:,}")
        if not 0 <= (self.last - self.first).days <= 3660:
            raise FieldError("last", "before the first day, or over ten years later")
        if not 0 <= self.reserve < 1:
            raise FieldError("reserve", "not 0 to below 1")

    @property
    def open_days(self) -> int:
        """Days that are worked."""
        return int(self.openings.mask(self.first, (self.last - self.first).days + 1).sum())


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to staff the task.

    Attributes
    ----------
    line, pattern : str
        Which line, and which pattern of shifts.
    machines : int
        Kits, each with a line behind it.
    officers : int
        People, with those who stand in on days of rest.
    per_machine : float
        Dossiers of a machine in a day: what the simulated line finishes.
    capacity : float
        Dossiers of a day, all machines, on a day with its full staff.
    days : int
        Open days until it is done, the reserve included.
    cost : float
        Of the whole campaign, in hours of normal wage.
    per_dossier : float
        The same for one dossier.
    bottleneck : str
        The step that holds the line up.
    findings : tuple of Finding
        What forbids it: working time with the article, machines or officers that are not there.
        Empty: it can be done.
    """

    line: str
    pattern: str
    machines: int
    officers: int
    per_machine: float
    capacity: float
    days: int
    cost: float
    per_dossier: float
    bottleneck: str
    findings: tuple[Finding, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether nothing forbids it."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; findings as sentences."""
        said = [one.sentence("en") for one in self.findings]
        plain = asdict(replace(self, findings=()))
        return plain | {"findings": said, "allowed": self.is_allowed}


def optimise(
    task: Task,
    *,
    lines: Sequence[str | Line] = _LINES,
    patterns: Sequence[Pattern] = PATTERNS,
    costs: Costs | None = None,
    limits: Limits | None = None,
    days: int = 60,
    seed: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Alternative, ...]:
    """Every line and pattern with as few machines as reach the quota; allowed and cheapest first.

    A line's day is simulated with a queue at the door, elderly citizens, breakdowns and repetitions
    included. What is not allowed is shown too, after the rest, with the reason.

    Parameters
    ----------
    lines : sequence of str or Line
        Presets or lines.
    limits : Limits, optional
        Default: those in force on the first day.
    days : int
        How many days of each line are simulated.

    Examples
    --------
    >>> task = Task(60_000, date(2021, 3, 1), date(2021, 6, 30))
    >>> best, *others = optimise(task, days=10)
    >>> best.is_allowed, best.machines, best.line
    (True, 1, '7 người 6 bước')
    """
    told = costs or Costs()
    law = limits or limits_on(task.first, urgent=task.urgent)
    usable = task.open_days * (1 - task.reserve)
    if usable < 1:
        raise FieldError("openings", "no day is left to work")
    weeks = ((task.last - task.first) / timedelta(days=7)) or 1.0
    found = []
    chosen = [preset(one) if isinstance(one, str) else one for one in lines]
    total = len(chosen) * len(patterns)
    for number, (line, pattern) in enumerate((a, b) for a in chosen for b in patterns):
        found.append(_alternative(task, line, pattern, told, law, usable, weeks, days, seed))
        if on_progress is not None:
            on_progress(number + 1, total)
    return tuple(sorted(found, key=lambda one: (not one.is_allowed, one.cost)))


def _alternative(
    task: Task, line: Line, pattern: Pattern, costs: Costs, law: Limits,
    usable: float, weeks: float, days: int, seed: int,
) -> Alternative:  # fmt: skip
    per_machine, bottleneck = line_day(line, pattern, task, law, days, seed)
    machines = max(1, ceil(task.dossiers / (per_machine * usable)))
    if machines > _MOST_MACHINES:
        raise FieldError("dossiers", f"more than {_MOST_MACHINES:,} machines would be needed")
    person = duty(pattern, law, weeks)
    worked = ceil(task.dossiers / (per_machine * machines))
    officers = _officers(task, line, pattern, person, machines)
    wages = sum(person.wage_hours) * line.staff * costs.hour
    cost = worked * machines * (wages + costs.machine_day)
    findings = list(person.findings)
    if task.machines is not None and machines > task.machines:
        findings.append(_too_few("too-few-machines", machines, task.machines))
    if task.officers is not None and officers > task.officers:
        findings.append(_too_few("too-few-officers", officers, task.officers))
    return Alternative(
        line.name, pattern.key, machines, officers, per_machine, per_machine * machines,
        ceil(worked / (1 - task.reserve)), cost, cost / task.dossiers, bottleneck, tuple(findings),
    )  # fmt: skip


def _too_few(code: str, count: int, most: int) -> Finding:
    return Finding(code, Severity.ERROR, values={"count": count, "most": most})


def line_day(
    line: Line, pattern: Pattern, task: Task, law: Limits, days: int = 60, seed: int = 1
) -> tuple[float, str]:
    """Dossiers that a line finishes under a pattern in a day, and its bottleneck."""
    hours = pattern.hours
    seconds = sum((end - start) * 3600 for start, end in hours)
    crowd = Day(
        min(1.3 * line.fastest(seconds) + 10, 20_000), hours=hours, arrivals=Arrivals.QUEUE,
        elderly=task.elderly,
    )  # fmt: skip
    full = simulate(line, crowd, days, seed)
    # Invitations make up for no-shows on average; hours that people dislike are not filled.
    share = pattern.attended * worked_share(pattern, law)
    return full.finished.mean * share, full.bottleneck


def _officers(task: Task, line: Line, pattern: Pattern, person: Duty, machines: int) -> int:
    """Posts of a day, and stand-ins for the days of rest where the door is open all week."""
    week = round(min(task.open_days / ((task.last - task.first).days + 1) * 7, 7.0), 1)
    posts = machines * line.staff * len(pattern.teams)
    return ceil(posts * max(week / person.days_a_week, 1.0))
