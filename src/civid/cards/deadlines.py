"""When a card is due (thời hạn cấp thẻ), in working days by law, procedure and area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from civid.cards.regimes import Area, Procedure, Regime, regime_on
from civid.people.warning import FieldWarning
from civid.people.working_days import Calendar, swaps_known_until


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a card is due."""

    on: date
    working_days: int
    regime: Regime
    calendar: Calendar

    @property
    def warnings(self) -> tuple[FieldWarning, ...]:
        """Whether swapped working days that are not announced yet can move it."""
        if not self.calendar.national or self.on <= swaps_known_until():
            return ()
        return (FieldWarning("deadline.swaps", "swapped working days of that year are not known"),)

    def late_by(self, day: date) -> int:
        """How many working days the card is late on a day; 0 when it is not."""
        return self.calendar.between(self.on, day) if day > self.on else 0


def due(
    filed: date,
    procedure: Procedure = Procedure.FIRST,
    area: Area = Area.CITY,
    *,
    calendar: Calendar | None = None,
    pauses: Iterable[tuple[date, date]] = (),
) -> Deadline:
    """The day on which a card is due.

    Parameters
    ----------
    filed : date
        When a complete dossier was filed; this day does not count.
    procedure, area : Procedure, Area
        What is asked for, and where. The law of 2023 knows no areas.
    calendar : Calendar, optional
        Default: the public holidays of Vietnam (needs ``civid[cards]``).
    pauses : iterable of (date, date)
        Times that do not count, first and last day.

    Examples
    --------
    >>> due(date(2024, 7, 1), calendar=Calendar(national=False)).on
    datetime.date(2024, 7, 10)
    >>> due(date(2021, 3, 1), area=Area.REMOTE, calendar=Calendar(national=False)).working_days
    20
    """
    regime = regime_on(filed)
    days = regime.deadline_days(Procedure(procedure), Area(area))
    used = (calendar or Calendar()).without(pauses)
    return Deadline(used.add(filed, days), days, regime, used)
