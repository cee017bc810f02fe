"""The desk at which units ask each other, and its lists."""

from __future__ import annotations

from datetime import date, timedelta

from civid.errors import FieldError
from civid.exchange.requests.answering import Answering
from civid.exchange.requests.asking import Asking
from civid.exchange.requests.common import shown
from civid.exchange.requests.standing import UnitStanding, standings
from civid.register.asking import rows
from civid.register.asking.request import RUNNING, RequestEvent, RequestState, UnitRequest
from civid.register.ids import from_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.population import unions
from civid.register.population.people import readable
from civid.register.session import Work, reads
from civid.register.units import unit_code

_MOST_DAYS = 3660


class RequestDesk(Asking, Answering):
    """Requests between the units of a register, due in working days. Safe for threads.

    The asking unit sends, mends, extends, reminds and cancels, with the capability to correct; the
    asked one receives, answers, gives back and passes on, with that to verify. Each sees what it
    has part in and nothing else. Verification slips (`Register.slips`) are the shorter way for one
    question that the law knows by name: does this resident live here as they say?

    Parameters
    ----------
    register : Register
    calendar : Calendar, optional
        Which days count; the country's, with its holidays, unless given.

    Examples
    --------
    >>> import tempfile
    >>> from civid.exchange.requests import Reply
    >>> from civid.people.working_days import Calendar
    >>> from civid.register import Register
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         desk = RequestDesk(register, calendar=Calendar(national=False))
    ...         sent = desk.send("46/474", "check", asks="79/760", wanted=["residence.real"],
    ...                          basis="Luật Cư trú 2020, Điều 32")
    ...         taken = desk.receive(sent.reference)
    ...         reply = Reply(results={"residence.real": "lives-there"})
    ...         desk.answer(sent.reference, reply).state.value
    'answered'
    """

    @reads("request.read")
    def get(self, work: Work, reference: str) -> UnitRequest:
        """A request, for the unit that asks and for the one that is asked."""
        found = rows.load(work, reference)
        work.within(found.asks, found.asked)
        return shown(work, found)

    @reads("request.read")
    def history(self, work: Work, reference: str) -> tuple[RequestEvent, ...]:
        """Everything that happened to a request, oldest first."""
        found = rows.load(work, reference)
        work.within(found.asks, found.asked)
        return rows.events(work, reference)

    @reads("request.list")
    def queue(
        self, work: Work, unit: str, *, limit: int = 50, after: str | None = None,
        overdue: bool = False,
    ) -> Listing[UnitRequest]:  # fmt: skip
        """The work list of a unit and those below it: what it owes, the most urgent first.

        Parameters
        ----------
        after : str, optional
            Of the page before.
        overdue : bool
            Only what is late today.
        """
        work.within(unit_code(unit))
        late = work.session.today() if overdue else None
        found = rows.listed(
            work, "asked", unit, RUNNING, limit=checked_limit(limit) + 1, after=after, overdue=late
        )
        return part([shown(work, one) for one in found], limit)

    @reads("request.list")
    def waiting(
        self, work: Work, unit: str, *, limit: int = 50, after: str | None = None
    ) -> Listing[UnitRequest]:
        """What a unit and those below it wait for, or have to mend and send again."""
        work.within(unit_code(unit))
        found = rows.listed(
            work, "asks", unit, (*RUNNING, RequestState.RETURNED), limit=checked_limit(limit) + 1,
            after=after,
        )  # fmt: skip
        return part([shown(work, one) for one in found], limit)

    @reads("request.list")
    def of_person(self, work: Work, person: str) -> tuple[UnitRequest, ...]:
        """Every request about somebody in the actor's scope, oldest first."""
        record = readable(work, from_text(person))
        entries = list(unions.entries(work.connection, record.id))
        return tuple(shown(work, one) for one in rows.of_people(work, entries))

    @reads("request.league")
    def league(
        self, work: Work, *, day: date | None = None, since: date | None = None
    ) -> tuple[UnitStanding, ...]:
        """How the units of the actor's scope stand, the worst first.

        What runs is told as requests stand now; the day says which of them are late.

        Parameters
        ----------
        day, since : date, optional
            As of which day, today unless given; answers are counted from which day on, 30 days
            before unless given.
        """
        day = day or work.session.today()
        since = since or day - timedelta(days=30)
        if not timedelta(0) <= day - since <= timedelta(days=_MOST_DAYS):
            raise FieldError("since", "after the day, or more than ten years before it")
        return standings(rows.tally(work, day, since), day, self._calendar)
