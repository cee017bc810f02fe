"""Limits on working time (thời giờ làm việc): Labour Code 45/2019/QH14, as planning limits.

Officers of the police are employed under laws of their own; the Labour Code applies to them by
analogy at most (Art 220(3) leaves it to other law), to contractors and contract staff directly.
Overtime needs the worker's consent (Art 107(2)a); work that an epidemic, a disaster or the
country's defence and security demand has no such limits (Art 108). Both are for a person to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.errors import FieldError


@dataclass(frozen=True, slots=True)
class Limits:
    """What one person may work, and what it costs; hours.

    Attributes
    ----------
    normal_day, normal_week : float
        Normal hours: 8 a day, 48 a week (Art 105(1)).
    overtime_day : float
        Share of the normal hours of a day: half (Art 107(2)b).
    whole_day : float
        Normal hours and overtime together: 12 (Art 107(2)b, where hours are set by the week).
    overtime_month, overtime_year : float
        40 and 200 hours; 300 a year for urgent work that cannot be put off (Art 107(3)d). From
        1 April 2022 60 a month where the year may have 300 (Resolution 17/2022/UBTVQH15).
    rest : float
        Between two shifts of one person: 12 hours (Art 110).
    rest_within, rest_within_night : float
        In a day of six hours on end or more: half an hour, three quarters at night (Art 109(1)).
    days_a_week : int
        A day of rest a week, at least 24 hours on end (Art 111(1)).
    night : tuple of float
        Night is from 22:00 to 6:00 (Art 106).
    overtime_pay, rest_day_pay, holiday_pay, night_extra, night_overtime_extra : float
        Times the normal wage: 1.5 on ordinary days, 2 on days of rest, 3 on holidays; 0.3 more at
        night, and 0.2 more for overtime at night (Art 98).
    """

    normal_day: float = 8.0
    normal_week: float = 48.0
    overtime_day: float = 0.5
    whole_day: float = 12.0
    overtime_month: float = 40.0
    overtime_year: float = 200.0
    rest: float = 12.0
    rest_within: float = 0.5
    rest_within_night: float = 0.75
    days_a_week: int = 6
    night: tuple[float, float] = (22.0, 30.0)
    overtime_pay: float = 1.5
    rest_day_pay: float = 2.0
    holiday_pay: float = 3.0
    night_extra: float = 0.3
    night_overtime_extra: float = 0.2


def limits_on(day: date, *, urgent: bool = False) -> Limits:
    """The limits in force on a day.

    Parameters
    ----------
    urgent : bool
        Urgent work that cannot be put off (Art 107(3)d): 300 hours of overtime a year, with notice
        to the provincial labour authority (Art 107(4)).

    Raises
    ------
    FieldError
        Before 1 January 2021, when the Code came into force (Art 220(1)).

    Examples
    --------
    >>> limits_on(date(2021, 3, 1)).overtime_month
    40.0
    >>> limits_on(date(2023, 3, 1), urgent=True).overtime_month
    60.0
    """
    if day < date(2021, 1, 1):
        raise FieldError("day", "before 2021 another Labour Code was in force")
    if not urgent:
        return Limits()
    return Limits(overtime_year=300.0, overtime_month=60.0 if day >= date(2022, 4, 1) else 40.0)
