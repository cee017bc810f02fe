"""The audit logs of mobile units: kept here as they were written, and verified here.

Their folders do not come back for ever; who has read somebody's record in the field has to be
answered all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from civid.errors import NotInRegisterError
from civid.register.actor import Capability
from civid.register.audit import AuditReport
from civid.register.audit.entry import BEGINNING, Entry, chained
from civid.register.ids import from_text, to_text
from civid.register.merge.lineage import Lineage
from civid.register.session import Service, Work, reads
from civid.register.store.audit_tables import audit, unit_audit, unit_audit_subjects
from civid.register.store.audit_tables import unit_logs as logs
from civid.register.store.tables import persons

_TABLE = "unit_logs"
_PAGE = 5000


@dataclass(frozen=True, slots=True)
class UnitLog:
    """The log of a unit's register, as far as it was merged.

    Attributes
    ----------
    register, unit : str
        Id of the register, and whose it was.
    entries : int
    head : str
        Hash of the last one, hexadecimal.
    """

    register: str
    unit: str
    entries: int
    head: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def keep(work: Work, there: Work, lineage: Lineage, report: AuditReport) -> None:
    """Take over what a unit's log says since the last merge; it was verified before."""
    register = lineage.register
    held = work.connection.execute(
        select(logs.c.entries).where(logs.c.register == register)
    ).scalar_one_or_none()
    last = held or 0
    while last < report.entries:
        rows = there.connection.execute(
            select(audit).where(audit.c.seq > last).order_by(audit.c.seq).limit(_PAGE)
        ).all()
        if not rows:
            break
        work.connection.execute(
            insert(unit_audit),
            [
                {"register": register, "seq": row.seq, "entry": row.entry, "hash": row.hash}
                for row in rows
            ],
        )
        about = [
            {"person": from_text(person), "register": register, "seq": row.seq}
            for row in rows
            for person in Entry.parse(row.entry).subjects
        ]
        if about:
            work.connection.execute(insert(unit_audit_subjects), about)
        last = rows[-1].seq
    key, sealed = work.vault.seal(there.vault.audit_key(), _TABLE, register)
    work.connection.execute(delete(logs).where(logs.c.register == register))
    work.connection.execute(
        insert(logs).values(
            register=register, unit=lineage.unit, entries=report.entries,
            head=bytes.fromhex(report.head), key=key, sealed=sealed,
        )
    )  # fmt: skip


class UnitLogs(Service):
    """Audit logs of mobile units that were merged. Safe for threads."""

    @reads("unit_log.list", Capability.ADMINISTER)
    def logs(self, work: Work) -> tuple[UnitLog, ...]:
        """Every unit's register that was merged."""
        rows = work.connection.execute(select(logs).order_by(logs.c.register))
        return tuple(_log(row) for row in rows if work.actor.covers(row.unit))

    @reads("unit_log.verify", Capability.ADMINISTER)
    def verify(self, work: Work, register: str) -> AuditReport:
        """Compute a unit's log anew, as far as it was merged; `NotInRegisterError` for none."""
        wanted = from_text(register)
        row = work.connection.execute(select(logs).where(logs.c.register == wanted)).one_or_none()
        if row is None:
            raise NotInRegisterError("no register of this id was merged")
        work.within(row.unit)
        key = work.vault.open(row.key, row.sealed, _TABLE, wanted)
        problems: list[str] = []
        seen, before = 0, BEGINNING
        rows = work.connection.execute(
            select(unit_audit).where(unit_audit.c.register == wanted).order_by(unit_audit.c.seq)
        )
        for one in rows:
            if one.seq != seen + 1:
                problems.append(f"entries {seen + 1} to {one.seq - 1} are missing")
            if chained(before, one.entry, key) != one.hash:
                problems.append(f"entry {one.seq} does not follow the one before, or was changed")
            seen, before = one.seq, one.hash
        if (seen, before) != (row.entries, row.head):
            problems.append("the end of the log is not where the register says")
        return AuditReport(seen, before.hex(), tuple(problems))

    @reads("unit_log.about", Capability.ADMINISTER)
    def about(self, work: Work, person: str) -> tuple[Entry, ...]:
        """Who has read or changed somebody's record in the field, oldest first by unit.

        Officers are named: for the inspection, as those of `Audit.about` are.

        Raises
        ------
        NotInRegisterError
            No such person.
        AccessRefusedError
            The record belongs to a unit outside the actor's scope.
        """
        wanted = from_text(person)
        work.about(wanted)
        unit = work.connection.execute(
            select(persons.c.unit).where(persons.c.id == wanted)
        ).scalar_one_or_none()
        if unit is None:
            raise NotInRegisterError("no such person in this register")
        work.within(unit)
        rows = work.connection.execute(
            select(unit_audit.c.entry)
            .join(
                unit_audit_subjects,
                (unit_audit_subjects.c.register == unit_audit.c.register)
                & (unit_audit_subjects.c.seq == unit_audit.c.seq),
            )
            .where(unit_audit_subjects.c.person == wanted)
            .order_by(unit_audit.c.register, unit_audit.c.seq)
        )
        return tuple(Entry.parse(row.entry) for row in rows)


def _log(row: Any) -> UnitLog:
    return UnitLog(to_text(row.register), row.unit, row.entries, bytes(row.head).hex())
