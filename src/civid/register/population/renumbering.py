"""Old and new numbers (số định danh): history, cancelling and setting anew (hủy, xác lập lại).

Numbers are never used again, and every one that somebody had leads to them. What became of a number
is computed from the acts about its person, so that an import or a merge says the same.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from civid.errors import FieldError
from civid.people.citizen import Source, claim
from civid.people.dates import PartialDate
from civid.people.numbers import HeldNumber, NumberHistory
from civid.people.numbers import NumberKind as Paper
from civid.register.actor import Capability
from civid.register.population import records
from civid.register.population.claims import Said
from civid.register.population.number_states import RENUMBER
from civid.register.population.people import as_person, held
from civid.register.population.person import Person
from civid.register.population.records import Record
from civid.register.session import Service, Work, changes, reads
from civid.register.store.tables import numbers


class Renumbering(Service):
    """What became of people's numbers. Safe for threads."""

    @changes("number.renumber", Capability.CORRECT)
    def renumber(
        self,
        work: Work,
        reference: str,
        number: str,
        reason: str,
        *,
        day: date | None = None,
        source: Source = Source.CIVIL_STATUS,
        evidence: str = "",
        version: int | None = None,
    ) -> Person:
        """Cancel somebody's personal number and set another one (Decree 70/2024).

        The cancelled number still leads to the person, and the QR of a new card repeats it.

        Parameters
        ----------
        number : str
            The new one; drawn for this, or free.
        reason : str
            Why: it is in the history, sealed.

        Raises
        ------
        AlreadyInRegisterError
            The new number is somebody's.
        FieldError
            There was no number, it is the same one, or it does not come after the one before.
        """
        if not reason.strip():
            raise FieldError("reason", "missing")
        record = held(work, reference, version)
        before = record.citizen.value("number")
        if before is None:
            raise FieldError("number", "there is none that could be cancelled")
        made = claim(
            "number", number, source, day or work.session.today(),
            recorded=work.session.today(), evidence=evidence, unit=work.actor.unit,
        )  # fmt: skip
        if made.value == before:
            raise FieldError("number", "is the one that is to be cancelled")
        after = records.append(work, record, Said((made,), (), reason[:200]), kind=RENUMBER)
        if after.citizen.value("number") != made.value:
            raise FieldError("number", "the day or the source does not come after the one before")
        return as_person(after)

    @reads("number.history")
    def history(self, work: Work, reference: str) -> NumberHistory:
        """Every number somebody has had, oldest first: cancelled, closed by death, in force."""
        record = held(work, reference, None)
        return history_of(record, _states(work, record))


def history_of(record: Record, states: dict[str, str]) -> NumberHistory:
    """The numbers out of the claims, with the states of their rows."""
    citizen = record.citizen
    died = citizen.value("death")
    end = died.latest if isinstance(died, PartialDate) else None
    found: list[HeldNumber] = []
    for field, paper in (("cmnd9", Paper.CMND9), ("number", Paper.PERSONAL)):
        first: dict[str, date] = {}
        for one in citizen.history(field):
            if isinstance(one.value, str):
                first[one.value] = min(one.effective, first.get(one.value, one.effective))
        held_now = citizen.value(field)
        ordered = sorted(first.items(), key=lambda entry: entry[1])
        for at, (number, since) in enumerate(ordered):
            until = ordered[min(at + 1, len(ordered) - 1)][1]
            ended = end if number == held_now else max(since, until)
            if ended is not None and ended < since:  # set after the death: nothing to say
                ended = since
            found.append(HeldNumber(paper, number, since, ended, states.get(number) == "cancelled"))
    return NumberHistory(citizen.reference, tuple(found))


def _states(work: Work, record: Record) -> dict[str, str]:
    rows = work.connection.execute(
        select(numbers.c.token, numbers.c.state, numbers.c.key, numbers.c.sealed).where(
            numbers.c.person == record.id
        )
    ).all()
    return {
        work.vault.open(row.key, row.sealed, "numbers", bytes(row.token)).decode(): row.state
        for row in rows
    }
