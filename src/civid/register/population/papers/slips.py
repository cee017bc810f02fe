"""Verification slips (phiếu xác minh): the unit where somebody lives asks the unit that knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from civid.errors import ChangedMeanwhileError, FieldError, NotInRegisterError
from civid.people.citizen import field_of
from civid.people.forms import SlipState, VerificationSlip
from civid.register.actor import Capability
from civid.register.ids import from_text, new_id, to_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.population.people import held
from civid.register.population.sealed import sealed, unsealed
from civid.register.session import Service, Work, changes, reads
from civid.register.store.tables import slips
from civid.register.units import unit_code

_TABLE = "slips"
_MOST_DAYS = 365


@dataclass(frozen=True, slots=True, repr=False)
class SlipRecord:
    """A slip of the register.

    Attributes
    ----------
    slip : VerificationSlip
        The question, and what was answered.
    version : int
        Give it back when you change it.
    """

    slip: VerificationSlip
    version: int

    @property
    def reference(self) -> str:
        """Its key."""
        return self.slip.reference

    @property
    def state(self) -> SlipState:
        """Where it stands."""
        return self.slip.state

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        one = self.slip
        due = one.due()
        return {
            "reference": one.reference, "person": one.person, "asks": one.asks,
            "asked": one.asked, "values": dict(one.values), "state": one.state.value,
            "sent": one.sent and one.sent.isoformat(), "due": due and due.isoformat(),
            "answered": one.answered and one.answered.isoformat(),
            "contradictions": dict(one.contradictions or {}), "version": self.version,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<SlipRecord {self.slip.state.value}>"


class Slips(Service):
    """Verification slips between the units of a register. Safe for threads.

    The asking unit needs the person in its scope; the asked one only itself, because it answers
    from what it knows and may not have the record.
    """

    @changes("slip.draft", Capability.CORRECT)
    def draft(
        self,
        work: Work,
        person: str,
        asked: str,
        *,
        asks: str | None = None,
        values: Mapping[str, str] | None = None,
        fields: Iterable[str] = ("name", "birth", "permanent_residence"),
        days: int = 7,
    ) -> SlipRecord:
        """Write a slip; `send` sends it.

        Parameters
        ----------
        asked, asks : str
            Unit that is asked; unit that asks, the record's unless given.
        values : mapping, optional
            Field -> text to be confirmed; what the register has of `fields`, unless given.
        days : int
            Days for the answer.

        Raises
        ------
        FormError
            A unit asks itself, or there is nothing to ask.
        """
        record = held(work, person, None)
        asks = unit_code(record.unit if asks is None else asks)
        work.within(asks)
        if not 1 <= days <= _MOST_DAYS:
            raise FieldError("days", f"outside 1 to {_MOST_DAYS}")
        if values is None:
            citizen = record.citizen
            texts = {name: citizen.text(name) for name in fields}
            values = {name: text for name, text in texts.items() if text}
        reference = new_id()
        slip = VerificationSlip(
            to_text(reference), to_text(record.id), asks, unit_code(asked), _texts(values), days
        )
        work.connection.execute(insert(slips).values(version=1, **_values(work, slip)))
        return SlipRecord(slip, 1)

    @changes("slip.send", Capability.CORRECT)
    def send(self, work: Work, reference: str, *, day: date | None = None) -> SlipRecord:
        """Send it: from now on it is on the work list of the asked unit."""
        found = _held(work, reference)
        work.within(found.slip.asks)
        return _moved(work, found, found.slip.send(day or work.session.today()))

    @changes("slip.answer", Capability.VERIFY)
    def answer(
        self, work: Work, reference: str, found: Mapping[str, str] | None, *,
        day: date | None = None,
    ) -> SlipRecord:  # fmt: skip
        """Answer for the asked unit with what it has; None when it does not know the person.

        Whether that confirms or contradicts is computed: another way of writing is no
        contradiction.
        """
        held = _held(work, reference)
        work.within(held.slip.asked)
        said = None if found is None else _texts(found)
        moved = _moved(work, held, held.slip.answer(said, day or work.session.today()))
        work.detail["state"] = moved.state.name.lower()
        return moved

    @changes("slip.withdraw", Capability.CORRECT)
    def withdraw(self, work: Work, reference: str) -> SlipRecord:
        """Withdraw a slip that was not answered yet."""
        found = _held(work, reference)
        work.within(found.slip.asks)
        return _moved(work, found, found.slip.withdraw())

    @reads("slip.read")
    def get(self, work: Work, reference: str) -> SlipRecord:
        """A slip, for the unit that asks and for the one that is asked."""
        found = _held(work, reference)
        drafted = found.state is SlipState.DRAFT
        work.within(found.slip.asks, *([] if drafted else [found.slip.asked]))
        return found

    @reads("slip.list")
    def to_answer(
        self, work: Work, unit: str, *, limit: int = 50, after: str | None = None
    ) -> Listing[SlipRecord]:
        """The work list of a unit: what it was asked and has not answered, the most urgent first.

        Parameters
        ----------
        after : str, optional
            Of the page before.
        """
        checked_limit(limit)
        work.within(unit_code(unit))
        query = select(slips).where(slips.c.asked == unit, slips.c.state == SlipState.SENT.value)
        if after is not None:
            last = _held(work, after).slip.due()
            due = "" if last is None else last.isoformat()
            query = query.where(
                (slips.c.due > due) | ((slips.c.due == due) & (slips.c.id > from_text(after)))
            )
        rows = work.connection.execute(
            query.order_by(slips.c.due, slips.c.id).limit(limit + 1)
        ).all()
        found = part([_record(work, row) for row in rows], limit)
        work.about(*(from_text(one.slip.person) for one in found))
        return found

    @reads("slip.list")
    def of_person(self, work: Work, person: str) -> tuple[SlipRecord, ...]:
        """Every slip about somebody, oldest first."""
        record = held(work, person, None)
        rows = work.connection.execute(
            select(slips).where(slips.c.person == record.id).order_by(slips.c.id)
        )
        return tuple(_record(work, row) for row in rows)

    @reads("slip.overdue")
    def overdue(self, work: Work, *, day: date | None = None) -> dict[str, int]:
        """How many answers are late, by the unit that owes them, inside the actor's scope."""
        before = (day or work.session.today()).isoformat()
        rows = work.connection.execute(
            select(slips.c.asked, func.count())
            .where(slips.c.state == SlipState.SENT.value, slips.c.due < before)
            .group_by(slips.c.asked)
            .order_by(slips.c.asked)
        )
        return {unit: count for unit, count in rows if work.actor.covers(unit)}


def _texts(values: Mapping[str, str]) -> dict[str, str]:
    for name, text in values.items():
        field_of(name)
        if not isinstance(text, str) or len(text) > 1024:
            raise FieldError(name, "must be text of at most 1024 characters")
    return dict(values)


def _values(work: Work, slip: VerificationSlip) -> dict[str, Any]:
    due = slip.due()
    body = {
        "values": dict(slip.values), "days": slip.days,
        "contradictions": None if slip.contradictions is None else dict(slip.contradictions),
    }  # fmt: skip
    reference = from_text(slip.reference)
    return {
        "id": reference, "person": from_text(slip.person), "asks": slip.asks,
        "asked": slip.asked, "state": slip.state.value,
        "sent": slip.sent and slip.sent.isoformat(), "due": due and due.isoformat(),
        "answered": slip.answered and slip.answered.isoformat(),
        **sealed(work, _TABLE, reference, body),
    }  # fmt: skip


def _held(work: Work, reference: str) -> SlipRecord:
    row = work.connection.execute(
        select(slips).where(slips.c.id == from_text(reference))
    ).one_or_none()
    if row is None:
        raise NotInRegisterError("no such slip in this register")
    found = _record(work, row)
    work.about(bytes(row.person))
    return found


def _record(work: Work, row: Any) -> SlipRecord:
    body = unsealed(work.vault, _TABLE, bytes(row.id), row)
    sent, answered = (
        None if one is None else date.fromisoformat(one) for one in (row.sent, row.answered)
    )
    slip = VerificationSlip(
        to_text(row.id), to_text(row.person), row.asks, row.asked, body["values"], body["days"],
        SlipState(row.state), sent, answered, body["contradictions"],
    )  # fmt: skip
    return SlipRecord(slip, row.version)


def _moved(work: Work, before: SlipRecord, after: VerificationSlip) -> SlipRecord:
    done = work.connection.execute(
        update(slips)
        .where(slips.c.id == from_text(after.reference), slips.c.version == before.version)
        .values(version=before.version + 1, **_values(work, after))
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this slip first; read it again")
    return SlipRecord(after, before.version + 1)
