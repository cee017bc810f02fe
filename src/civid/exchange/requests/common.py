"""What the parts of the desk share: whom a request is about, and what of it may be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from civid.people import personal_number
from civid.people.working_days import Calendar
from civid.register import Register
from civid.register.asking import rows
from civid.register.asking.request import UnitRequest
from civid.register.ids import from_text
from civid.register.population import records
from civid.register.population.lookup import NumberKind
from civid.register.session import Service, Work


class DeskPart(Service):
    """A part of the desk; see `civid.exchange.requests.RequestDesk`."""

    def __init__(self, register: Register, *, calendar: Calendar | None = None):
        super().__init__(register._session)
        self._calendar = Calendar() if calendar is None else calendar

    def _due(self, work: Work, days: int) -> tuple[date, date]:
        """Today, and the last day for an answer that is sent out today."""
        today = work.session.today()
        return today, self._calendar.add(today, days)


def held_by_asker(work: Work, reference: str) -> UnitRequest:
    """A request, for the unit that asks."""
    found = rows.load(work, reference)
    work.within(found.asks)
    return found


def held_by_asked(work: Work, reference: str) -> UnitRequest:
    """A request, for the unit that owes the answer."""
    found = rows.load(work, reference)
    work.within(found.asked)
    return found


def shown(work: Work, one: UnitRequest) -> UnitRequest:
    """A request as the actor may see it.

    The reference of a person outside the actor's scope is left out: that somebody is in the
    register is an answer in itself.
    """
    if one.person is None:
        return one
    unit = rows.unit_of(work, from_text(one.person))
    return one if unit is not None and work.actor.covers(unit) else replace(one, person=None)


def holder(work: Work, number: str) -> bytes | None:
    """Who has a personal number here, whatever unit keeps the record; None where nobody has."""
    if not personal_number.is_valid(number):
        return None
    digits = personal_number.validate(number)
    found = records.holders(work.connection, work.vault, NumberKind.PERSONAL, digits)
    return found[0] if found else None
