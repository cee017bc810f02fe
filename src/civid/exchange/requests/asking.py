"""For the unit that asks: send, send again, give more days, remind, cancel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from civid.errors import ChangedMeanwhileError, FieldError, TransitionError
from civid.exchange.requests.checks import MOST_DAYS, checked_question
from civid.exchange.requests.common import DeskPart, held_by_asker, holder, shown
from civid.register.actor import Capability
from civid.register.asking import rows
from civid.register.asking.request import RUNNING, Kind, RequestState, UnitRequest
from civid.register.codes import code
from civid.register.ids import from_text
from civid.register.listing import checked_limit
from civid.register.population.people import readable
from civid.register.session import Work, changes
from civid.register.units import unit_code


class Asking(DeskPart):
    """What the asking unit does. Safe for threads."""

    @changes("request.send", Capability.CORRECT)
    def send(
        self,
        work: Work,
        asked: str,
        kind: Kind | str,
        *,
        basis: str,
        asks: str | None = None,
        person: str | None = None,
        values: Mapping[str, str] | None = None,
        wanted: Iterable[str] = (),
        procedure: str = "",
        matter: str = "",
        text: str = "",
        days: int = 7,
        partner: str = "",
        trace: str = "",
    ) -> UnitRequest:
        """Ask another unit.

        Parameters
        ----------
        asked, asks : str
            Unit that is asked; unit that asks, the actor's own unless given.
        kind : Kind
            Confirmation, check or document.
        basis : str
            Law or decision that allows to ask (căn cứ).
        person : str, optional
            Whom it is about, by reference; has to lie in the actor's scope. Of somebody elsewhere,
            give the number among the values.
        values : mapping, optional
            Of a confirmation: field of a citizen -> text.
        wanted : iterable of str
            Of a check or document: codes such as ``residence.real``.
        procedure, matter, text, partner, trace : str
            Procedure and dossier for which it is asked; free text; the partner for whom the unit
            asks; id of the question in the system it came from.
        days : int
            Working days for the answer, 1 to 250; today does not count.

        Raises
        ------
        FieldError
            A unit asks itself, or the question is not one of its kind.
        AccessRefusedError
            The asking unit or the person lies outside the actor's scope.
        """
        asks = work.actor.unit if asks is None else asks
        if not asks:
            raise FieldError("asks", "missing: the unit that asks, or act from one")
        unit_code(asks)
        work.within(asks)
        if unit_code(asked) == asks:
            raise FieldError("asked", "a unit does not ask itself")
        kind = _kind(kind)
        question = checked_question(
            kind, values=values or {}, wanted=wanted, procedure=procedure, matter=matter,
            basis=basis, text=text, days=days, trace=trace,
        )  # fmt: skip
        if person is not None:
            about: bytes | None = readable(work, from_text(person)).id
        else:
            about = holder(work, question.values.get("number", ""))
        if about is not None:
            work.about(about)
        today, due = self._due(work, days)
        work.detail["kind"] = kind.value
        return shown(
            work,
            rows.add(
                work, kind, asks, asked, partner and code(partner, "partner"), question,
                person=about, sent=today, due=due,
            ),
        )  # fmt: skip

    @changes("request.send_again", Capability.CORRECT)
    def send_again(
        self,
        work: Work,
        reference: str,
        *,
        values: Mapping[str, str] | None = None,
        wanted: Iterable[str] | None = None,
        text: str | None = None,
    ) -> UnitRequest:
        """Send a returned request again, mended; its days begin anew.

        Parameters
        ----------
        values, wanted, text
            As in `send`; as before unless given.
        """
        held = held_by_asker(work, reference)
        before = held.question
        question = checked_question(
            held.kind, values=before.values if values is None else values,
            wanted=before.wanted if wanted is None else wanted, procedure=before.procedure,
            matter=before.matter, basis=before.basis, text=before.note if text is None else text,
            days=before.days, trace=before.trace,
        )  # fmt: skip
        today, due = self._due(work, question.days)
        return shown(
            work,
            rows.move(
                work, held, RequestState.SENT, question=question, sent=today, due=due, owner="",
                reminded=None,
            ),
        )  # fmt: skip

    @changes("request.extend", Capability.CORRECT)
    def extend(self, work: Work, reference: str, days: int, reason: str) -> UnitRequest:
        """Give the asked unit more working days, counted on from the last day; with a reason."""
        held = held_by_asker(work, reference)
        if held.state not in RUNNING:
            raise TransitionError(f"a request that is {held.state}: nobody works on it")
        if not 1 <= days <= MOST_DAYS:
            raise FieldError("days", f"outside 1 to {MOST_DAYS} working days")
        after = rows.save(work, replace(held, due=self._calendar.add(held.due, days)))
        rows.event(work, after, "extended", held.asked, code(reason))
        return shown(work, after)

    @changes("request.cancel", Capability.CORRECT)
    def cancel(self, work: Work, reference: str, reason: str) -> UnitRequest:
        """Cancel a request that was not answered, with a code of why."""
        held = held_by_asker(work, reference)
        done = rows.move(
            work, held, RequestState.CANCELLED, reason=code(reason), closed=work.session.today()
        )
        return shown(work, done)

    @changes("request.remind", Capability.CORRECT)
    def remind(
        self, work: Work, unit: str, *, within: int = 1, limit: int = 200
    ) -> tuple[UnitRequest, ...]:
        """Mark what has to be reminded of today, and give it back: for letters or messages.

        Parameters
        ----------
        unit : str
            Unit that asks, with those below it.
        within : int
            Due within so many working days, or overdue; 0 to 250.

        Returns
        -------
        tuple of UnitRequest
            The most urgent first; each once a day, whoever calls.
        """
        checked_limit(limit)
        work.within(unit_code(unit))
        if not 0 <= within <= MOST_DAYS:
            raise FieldError("within", f"outside 0 to {MOST_DAYS} working days")
        today = work.session.today()
        last = self._calendar.add(today, within)
        found = rows.listed(
            work, "asks", unit, RUNNING, limit=limit, until=last, not_reminded_on=today
        )
        reminded = [done for one in found if (done := _reminded(work, one, today)) is not None]
        work.detail["reminded"] = len(reminded)
        return tuple(shown(work, one) for one in reminded)


def _reminded(work: Work, one: UnitRequest, day: date) -> UnitRequest | None:
    try:
        after = rows.save(work, replace(one, reminded=day))
    except ChangedMeanwhileError:  # somebody else reminded of it, or it was answered just now
        return None
    rows.event(work, after, "reminded", one.asked, "overdue" if one.overdue(day) else "due")
    return after


def _kind(kind: Kind | str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise FieldError("kind", f"not one of {', '.join(Kind)}") from None
