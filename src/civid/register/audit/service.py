"""The audit log as a service: read it, verify it, ask who has read somebody's record."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from civid.errors import NotInRegisterError
from civid.register.actor import Capability
from civid.register.audit import log
from civid.register.audit.access import Access, accesses
from civid.register.audit.entry import Entry
from civid.register.audit.verify import AuditReport, verify_chain
from civid.register.ids import from_text
from civid.register.session import Service, Work, reads
from civid.register.store.tables import persons


class Audit(Service):
    """The audit log of a register. Safe for threads."""

    @reads("audit.entries", Capability.ADMINISTER)
    def entries(self, work: Work, *, after: int = 0, limit: int = 1000) -> tuple[Entry, ...]:
        """Entries in order, from the one behind `after` on."""
        return tuple(log.entries(work.connection, after=after, limit=limit))

    @reads("audit.about", Capability.ADMINISTER)
    def about(self, work: Work, reference: str) -> tuple[Entry, ...]:
        """Every entry about somebody, with the names of officers: for the inspection.

        Raises
        ------
        AccessRefusedError
            The record belongs to a unit outside the actor's scope.
        """
        person = from_text(reference)
        work.about(person)
        unit = work.connection.execute(
            select(persons.c.unit).where(persons.c.id == person)
        ).scalar_one_or_none()
        if unit is not None:
            work.within(unit)
        return log.about(work.connection, person)

    @reads("audit.readers")
    def readers(self, work: Work, reference: str) -> tuple[Access, ...]:
        """Who has read or changed somebody's record (ai đã tra cứu): time, unit and purpose.

        What a citizen may be told; officers are not named. Oldest first.

        Raises
        ------
        NotInRegisterError
            No such person.
        AccessRefusedError
            The record belongs to a unit outside the actor's scope.
        """
        person = from_text(reference)
        work.about(person)
        unit = work.connection.execute(
            select(persons.c.unit).where(persons.c.id == person)
        ).scalar_one_or_none()
        if unit is None:
            raise NotInRegisterError("no such person in this register")
        work.within(unit)
        return accesses(work.connection, person, work.now)

    @reads("audit.verify", Capability.ADMINISTER)
    def verify(
        self,
        work: Work,
        *,
        anchor: tuple[int, str] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> AuditReport:
        """Compute the whole log anew; see `verify_chain`."""
        return verify_chain(
            work.connection, work.vault.audit_key(), anchor=anchor, on_progress=on_progress
        )
