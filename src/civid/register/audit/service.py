"""The audit log as a service: read it, verify it, ask who has read somebody's record."""

from __future__ import annotations

from collections.abc import Callable

from civid.register.actor import Capability
from civid.register.audit import log
from civid.register.audit.entry import Entry
from civid.register.audit.verify import AuditReport, verify_chain
from civid.register.ids import from_text
from civid.register.session import Service, Work, reads


class Audit(Service):
    """The audit log of a register. Safe for threads."""

    @reads("audit.entries", Capability.ADMINISTER)
    def entries(self, work: Work, *, after: int = 0, limit: int = 1000) -> tuple[Entry, ...]:
        """Entries in order, from the one behind `after` on."""
        return tuple(log.entries(work.connection, after=after, limit=limit))

    @reads("audit.about")
    def about(self, work: Work, reference: str) -> tuple[Entry, ...]:
        """Who has read or changed somebody's record, when and why (oldest first)."""
        person = from_text(reference)
        work.about(person)
        return log.about(work.connection, person)

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
