"""Patterns of shifts (ca): when the door is open, and which teams stand behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from civid.campaign.finding import Finding
from civid.campaign.optimise.law import Limits
from civid.errors import FieldError
from civid.people.findings.model import Severity


@dataclass(frozen=True, slots=True)
class Pattern:
    """A day's shifts at one machine.

    Attributes
    ----------
    key, vietnamese : str
    teams : tuple of tuple of (float, float)
        For each team (kíp) the hours that it works, hours of the clock; after midnight above 24.
    attended : float
        Share of citizens who come at these hours, against office hours; nights are less liked.
    """

    key: str
    vietnamese: str
    teams: tuple[tuple[tuple[float, float], ...], ...]
    attended: float = 1.0

    def __post_init__(self) -> None:
        if not self.teams or not all(self.teams):
            raise FieldError("teams", f"{self.key}: a team without hours")
        for team in self.teams:
            before = 0.0
            for start, end in team:
                if not before <= start < end <= 48:
                    raise FieldError("teams", f"{self.key}: hours overlap or end after 48")
                before = end

    @property
    def hours(self) -> tuple[tuple[float, float], ...]:
        """When the door is open: the teams' hours, joined.

        >>> PATTERNS[2].hours
        ((7.0, 21.0),)
        """
        joined: list[tuple[float, float]] = []
        for start, end in sorted(one for team in self.teams for one in team):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return tuple(joined)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a pattern means for one person, and whether the law allows it.

    Attributes
    ----------
    hours : float
        Of a day of work, the longest team's.
    overtime : float
        Of these, above the normal day.
    days_a_week : float
        Days on which one person may work it, within the normal week and the day of rest.
    overtime_month : float
        Hours of overtime in a month of such weeks.
    findings : tuple of Finding
        What the law does not allow, with the article; empty: nothing.
    wage_hours : tuple of float
        For each team, hours of normal wage of one person for one day.
    """

    hours: float
    overtime: float
    days_a_week: float
    overtime_month: float
    findings: tuple[Finding, ...]
    wage_hours: tuple[float, ...] = field(repr=False)


def duty(pattern: Pattern, limits: Limits, weeks: float) -> Duty:
    """Hold a pattern against the limits, over a campaign of so many weeks.

    >>> from civid.campaign.optimise.law import Limits
    >>> found = duty(PATTERNS[1], Limits(), 17)
    >>> found.hours, found.overtime, found.findings[0].sentence("en")
    (12.0, 4.0, '104.0 hours of overtime a month; Art 107(2) allows 40')
    """
    lengths = [sum(end - start for start, end in team) for team in pattern.teams]
    longest = max(lengths)
    normal = min(longest, limits.normal_day)
    overtime = longest - normal
    days = min(limits.normal_week / normal, float(limits.days_a_week))
    month = overtime * days * 52 / 12
    year = overtime * days * weeks
    findings = []
    if overtime > limits.overtime_day * normal + 1e-9:
        findings.append(_breach("law-overtime-day", f"{overtime:g}", normal))
    if longest > limits.whole_day + 1e-9:
        findings.append(_breach("law-whole-day", f"{longest:g}", limits.whole_day))
    if month > limits.overtime_month + 1e-9:
        findings.append(_breach("law-overtime-month", f"{month:.1f}", limits.overtime_month))
    if year > limits.overtime_year + 1e-9:
        findings.append(_breach("law-overtime-year", f"{year:.0f}", limits.overtime_year))
    for team in pattern.teams:
        pause = 24 - team[-1][1] + team[0][0]
        if pause < limits.rest - 1e-9:
            rest = _breach("law-rest", f"{pause:g}", limits.rest)
            findings += [] if rest in findings else [rest]
    return Duty(
        longest,
        overtime,
        days,
        month,
        tuple(findings),
        tuple(_wage(team, limits) for team in pattern.teams),
    )


def _breach(code: str, hours: str, most: float) -> Finding:
    values = {"hours": Decimal(hours), "most": Decimal(f"{most:g}")}
    return Finding(code, Severity.ERROR, values=values)


def _wage(team: Sequence[tuple[float, float]], limits: Limits) -> float:
    """Hours of normal wage of one person: the last hours of a long day are the overtime."""
    paid, worked, step = 0.0, 0.0, 0.25
    for start, end in team:
        at = start
        while at < end - 1e-9:
            over = worked >= limits.normal_day - 1e-9
            night = _is_night(at, limits)
            times = limits.overtime_pay if over else 1.0
            times += limits.night_extra if night else 0.0
            times += limits.night_overtime_extra if night and over else 0.0
            paid += times * step
            worked += step
            at += step
    return paid


def worked_share(pattern: Pattern, limits: Limits) -> float:
    """Share of a pattern's hours that is left after the rest within long shifts (Art 109).

    Officers rest in turn and the door stays open, but so much work is not done.

    >>> from civid.campaign.optimise.law import Limits
    >>> [round(worked_share(one, Limits()), 3) for one in PATTERNS[:3]]
    [1.0, 0.958, 0.929]
    """
    hours, rests = 0.0, 0.0
    for team in pattern.teams:
        hours += sum(end - start for start, end in team)
        for start, end in team:
            if end - start >= 6:
                night = any(
                    _is_night(start + step / 4, limits) for step in range(int(4 * (end - start)))
                )
                rests += limits.rest_within_night if night else limits.rest_within
    return 1 - rests / hours


def _is_night(at: float, limits: Limits) -> bool:
    start, end = limits.night
    return start <= at < end or start <= at + 24 < end


_OFFICE = ((7.5, 11.5), (13.0, 17.0))
#: What is looked at unless other patterns are given.
PATTERNS = (
    Pattern("office", "giờ hành chính", (_OFFICE,)),
    Pattern("12h", "một kíp 12 giờ", (((7.0, 19.0),),)),
    Pattern("14h-two-teams", "hai kíp, 7 giờ đến 21 giờ", (((7.0, 14.0),), ((14.0, 21.0),)), 0.95),
    Pattern(
        "16h-two-teams", "hai kíp, 6 giờ đến 22 giờ", (((6.0, 14.0),), ((14.0, 22.0),)), 0.92
    ),
    Pattern(
        "24h-three-teams", "ba kíp, suốt ngày đêm",
        (((6.0, 14.0),), ((14.0, 22.0),), ((22.0, 30.0),)), 0.8,
    ),
    Pattern("10h", "một kíp 10 giờ", (((7.0, 12.0), (13.0, 18.0)),)),
    Pattern("14h-one-team", "một kíp, 7 giờ đến 21 giờ", (((7.0, 21.0),),), 0.95),
)  # fmt: skip
