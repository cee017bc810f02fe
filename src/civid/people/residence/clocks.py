"""The clocks of the residence law (thời hạn theo Luật Cư trú 68/2020/QH14, from 1 July 2021)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache

from civid.people.residence.calendar import add_months
from civid.people.residence.stay import Absence, AbsenceCategory, Stay, StayKind
from civid.people.tables import rows
from civid.people.working_days import Calendar, add_working_days

LAW_2020 = date(2021, 7, 1)
#: District level gone: "outside the district" has no meaning since.
NO_DISTRICTS = date(2025, 7, 1)


@cache
def parameters() -> dict[str, int]:
    """The numbers of the law, from the packaged table, by their wording there."""
    return {row["parameter"]: int(row["value"]) for row in rows("residence_parameters")}


def _parameter(words: str) -> int:
    (found,) = [value for name, value in parameters().items() if words in name]
    return found


class Duty(Enum):
    """What the law asks for."""

    REGISTER_TEMPORARY = "đăng ký tạm trú"
    EXTEND_TEMPORARY = "gia hạn tạm trú"
    DECLARE_ABSENCE = "khai báo tạm vắng"
    DEREGISTER = "xóa đăng ký thường trú"


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty and its day.

    Parameters
    ----------
    duty : Duty
        What is to be done.
    due : date
        From that day on the law asks for it.
    certain : bool
        False where the text of the law is partly void (districts) or the facts are incomplete.
    note : str
        The article, and why it is doubtful.
    """

    duty: Duty
    due: date
    certain: bool = True
    note: str = ""


def decision_due(filed: date, kind: StayKind, holidays: Collection[date] | Calendar = ()) -> date:
    """Day by which a registration must be decided: 7 working days, temporary 3.

    >>> decision_due(date(2021, 7, 2), StayKind.TEMPORARY)
    datetime.date(2021, 7, 7)
    """
    words = "permanent registration" if kind is StayKind.PERMANENT else "temporary registration"
    return add_working_days(filed, _parameter(words), holidays)


def temporary_until(start: date) -> date:
    """Last day of the longest temporary registration: two years, renewable."""
    return add_months(start, 12 * _parameter("temporary residence maximum")) - timedelta(days=1)


def temporary_needed_from(arrived: date) -> date:
    """Day from which someone outside the permanent commune must be registered: after 30 days."""
    return arrived + timedelta(days=_parameter("temporary residence needed"))


def declaration_due(absence: Absence) -> Clock | None:
    """When an absence must be declared (Art 31); None when it needs no declaration.

    >>> declaration_due(Absence(date(2022, 1, 10))).due
    datetime.date(2023, 1, 10)
    """
    if absence.category is AbsenceCategory.SUPERVISED:
        days = _parameter("absence declaration: supervised")
        return Clock(Duty.DECLARE_ABSENCE, absence.start + timedelta(days=days), note="Art 31(1)a")
    if absence.category is AbsenceCategory.MILITARY_AGE:
        due = add_months(absence.start, _parameter("absence declaration: military"))
        certain = due < NO_DISTRICTS
        note = "Art 31(1)c" + ("" if certain else ": counts districts, which are gone")
        return Clock(Duty.DECLARE_ABSENCE, due, certain, note)
    if absence.abroad:
        return None
    due = add_months(absence.start, _parameter("absence declaration: everybody"))
    return Clock(Duty.DECLARE_ABSENCE, due, note="Art 31(1)d")


def clocks(stays: Collection[Stay], absences: Collection[Absence], day: date) -> tuple[Clock, ...]:
    """List the duties that are open or coming for one person on a day, earliest first.

    Before 1 July 2021 another law was in force and nothing is listed.

    Parameters
    ----------
    stays, absences : collections
        Everything known of the person.
    day : date
        The day to judge by.
    """
    if day < LAW_2020:
        return ()
    found: list[Clock] = []
    for stay in stays:
        if stay.kind is StayKind.TEMPORARY and stay.on(day):
            until = stay.until or temporary_until(stay.start)
            note = "Art 27" if stay.until else "Art 27: no term recorded, two years assumed"
            found.append(
                Clock(Duty.EXTEND_TEMPORARY, until + timedelta(days=1), bool(stay.until), note)
            )
        if stay.kind is StayKind.STAY and stay.on(day):
            due = temporary_needed_from(stay.start)
            found.append(Clock(Duty.REGISTER_TEMPORARY, due, note="Art 27"))
    for absence in absences:
        if absence.on(day):
            found += _absence_clocks(absence, stays, day)
    return tuple(sorted(found, key=lambda clock: clock.due))


def _absence_clocks(absence: Absence, stays: Collection[Stay], day: date) -> list[Clock]:
    """Declaration, and deregistration after 12 months without it (Art 24(1)d)."""
    temporary = any(stay.kind is StayKind.TEMPORARY and stay.on(day) for stay in stays)
    if absence.declared is not None or temporary or absence.abroad:
        return []
    found = []
    declaration = declaration_due(absence)
    if declaration is not None:
        found.append(declaration)
    months = _parameter("deregistration")
    if any(stay.kind is StayKind.PERMANENT and stay.on(day) for stay in stays):
        due = add_months(max(absence.start, LAW_2020), months)
        found.append(Clock(Duty.DEREGISTER, due, note="Art 24(1)d"))
    return found


def overlaps(stays: Collection[Stay], day: date) -> tuple[StayKind, ...]:
    """Kinds a person has twice on a day: only one permanent and one temporary are allowed."""
    standing = [stay.kind for stay in stays if stay.on(day)]
    return tuple(
        kind for kind in (StayKind.PERMANENT, StayKind.TEMPORARY) if standing.count(kind) > 1
    )


def card_address(stays: Collection[Stay], day: date) -> Stay | None:
    """Address for the card: permanent, else temporary, else current (Circular 17/2024 Art 4)."""
    for kind in StayKind:
        for stay in stays:
            if stay.kind is kind and stay.on(day):
                return stay
    return None
