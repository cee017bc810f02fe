"""A plan (kế hoạch): everything together, held against itself, and what it can do on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from civid.campaign.finding import Finding, worst
from civid.campaign.organisation.days import CampaignDays
from civid.campaign.organisation.equipment import Breakdown, Kit, working_kits
from civid.campaign.organisation.quotas import Quotas
from civid.campaign.organisation.shifts import Shift
from civid.campaign.organisation.teams import Site, Team, Visit
from civid.campaign.organisation.tree import UnitTree
from civid.errors import CampaignError
from civid.people.findings.model import Severity

#: Dossiers a kit takes in an hour: "700 hồ sơ/máy/ngày" (Thừa Thiên Huế) in 14 hours.
KIT_PER_HOUR = 50.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign as it is planned. Does not change; safe for threads.

    Attributes
    ----------
    name : str
        Of the campaign.
    tree, quotas, days : UnitTree, Quotas, CampaignDays
        Who, how many, and when.
    shifts, kits, breakdowns, teams, sites, visits : tuple
        Whose names and codes the teams and visits use.

    Raises
    ------
    CampaignError
        A code that is used twice, or is used and is not there (``code-twice``, ``no-such-...``).
    """

    name: str
    tree: UnitTree
    quotas: Quotas
    days: CampaignDays
    shifts: tuple[Shift, ...] = ()
    kits: tuple[Kit, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    teams: tuple[Team, ...] = ()
    sites: tuple[Site, ...] = ()
    visits: tuple[Visit, ...] = ()

    def __post_init__(self) -> None:
        kits = _once((kit.code for kit in self.kits), "kit")
        teams = _once((team.code for team in self.teams), "team")
        sites = _once((site.code for site in self.sites), "site")
        shifts = _once((shift.name for shift in self.shifts), "shift")
        owners = [one.unit for group in (self.kits, self.teams, self.sites) for one in group]
        for unit in owners:
            self.tree.index(unit)
        for team in self.teams:
            _known(team.kits, kits, "kit", team.unit)
            _known(team.shifts, shifts, "shift", team.unit)
            _known([team.site] if team.site else [], sites, "site", team.unit)
        _known((one.kit for one in self.breakdowns), kits, "kit")
        for visit in self.visits:
            _known([visit.team], teams, "team")
            _known([visit.site], sites, "site")
            _known([visit.shift] if visit.shift else [], shifts, "shift")
        for pause in self.days.suspensions:
            if pause.unit:
                self.tree.index(pause.unit)

    def findings(self) -> tuple[Finding, ...]:
        """What does not fit: quotas, teams and machines in two places, visits on a pause."""
        return tuple(
            worst([*self.quotas.findings(), *self._shared(), *self._idle(), *self._visits()])
        )

    def capacity(self, day: date, per_hour: float = KIT_PER_HOUR) -> NDArray[np.float64]:
        """How many dossiers the kits of each unit itself can take in on a day, (N,) float64.

        A kit of a team works in the team's shifts; one that is broken, or of a unit that pauses,
        does not. `UnitTree.rolled` of whole numbers sums them up.
        """
        able = np.zeros(len(self.tree))
        if not self.days.first <= day <= self.days.deadline:
            return able
        working = {kit.code for kit in working_kits(self.kits, self.breakdowns, day)}
        hours = {shift.name: shift.hours for shift in self.shifts if shift.runs_on(day)}
        for team in self.teams:
            if self.days.is_worked(day, team.unit, self.tree):
                kits = sum(code in working for code in team.kits)
                time = sum(hours.get(name, 0.0) for name in team.shifts)
                able[self.tree.index(team.unit)] += kits * time * per_hour
        return able

    def required_per_day(self, unit: str, done: int, today: date) -> float | None:
        """Dossiers a working day until the deadline, from tomorrow on; None without a quota or day.

        The seeds: from 22 to 30 June 2021, (951,633 - 907,763) / 8 days = 5,484 a day.
        """
        quota = self.quotas.of(unit)
        first = max(self.days.first, date.fromordinal(today.toordinal() + 1))
        left = self.days.worked(first, self.days.deadline, unit, self.tree)
        return None if quota is None or not left else max(0, quota - done) / left

    def known_on(self, day: date) -> Plan:
        """The plan as it was known on the evening of a day: without pauses that began later."""
        pauses = tuple(one for one in self.days.suspensions if one.first <= day)
        return replace(self, days=replace(self.days, suspensions=pauses))

    @property
    def staff(self) -> int:
        """How many people work in all teams."""
        return sum(team.staff for team in self.teams)

    def _shared(self) -> Iterator[Finding]:
        shifts = {shift.name: shift for shift in self.shifts}
        users = dict[str, Team]()
        for team in self.teams:
            for code in team.kits:
                other = users.setdefault(code, team)
                both = [
                    (first, second) for first in team.shifts for second in other.shifts
                    if other is not team and shifts[first].overlaps(shifts[second])
                ]  # fmt: skip
                if both:
                    values = {"kit": code, "first": other.code, "second": team.code}
                    yield Finding("kit-shared", Severity.ERROR, unit=team.unit, values=values)
            for number, name in enumerate(team.shifts):
                for later in team.shifts[number + 1 :]:
                    if shifts[name].overlaps(shifts[later]):
                        values = {"team": team.code, "first": name, "second": later}
                        yield Finding("shift-overlap", Severity.ERROR, unit=team.unit,
                                      values=values)  # fmt: skip

    def _idle(self) -> Iterator[Finding]:
        used = {code for team in self.teams for code in team.kits}
        for kit in self.kits:
            if kit.code not in used and self.teams:
                yield Finding("kit-idle", Severity.WARNING, unit=kit.unit, values={"kit": kit.code})
        for team in self.teams:
            for what, given in (
                ("team-without-kit", team.kits),
                ("team-without-shift", team.shifts),
            ):
                if not given:
                    yield Finding(what, Severity.WARNING, unit=team.unit,
                                  values={"team": team.code})  # fmt: skip

    def _visits(self) -> Iterator[Finding]:
        teams = {team.code: team for team in self.teams}
        seen = dict[tuple[str, date, str], str]()
        for visit in self.visits:
            team = teams[visit.team]
            values: dict[str, str | int | date] = {"team": visit.team, "site": visit.site}
            if not self.days.first <= visit.day <= self.days.deadline:
                yield Finding("visit-outside", Severity.ERROR, unit=team.unit, day=visit.day,
                              values=values)  # fmt: skip
            elif not self.days.is_worked(visit.day, team.unit, self.tree):
                yield Finding("visit-on-pause", Severity.WARNING, unit=team.unit, day=visit.day,
                              values=values)  # fmt: skip
            for shift in [visit.shift] if visit.shift else team.shifts or ("",):
                other = seen.setdefault((visit.team, visit.day, shift), visit.site)
                if other != visit.site:
                    yield Finding("team-twice", Severity.ERROR, unit=team.unit, day=visit.day,
                                  values={**values, "other": other})  # fmt: skip


def _once(codes: Iterable[str], what: str) -> set[str]:
    counted = Counter(codes)
    twice = next((code for code, count in counted.items() if count > 1), None)
    if twice is not None:
        raise CampaignError(f"the {what} {twice} is there twice", code="code-twice")
    return set(counted)


def _known(codes: Iterable[str], known: set[str], what: str, unit: str = "") -> None:
    for code in codes:
        if code not in known:
            raise CampaignError(f"no {what} {code}", code=f"no-such-{what}", unit=unit)
