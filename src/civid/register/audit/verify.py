"""Is the log whole: no entry changed, taken out, put in or cut off?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from civid.errors import RegisterDamagedError
from civid.register.audit.entry import BEGINNING, Entry, chained
from civid.register.store.tables import audit, audit_head, audit_subjects

_PAGE = 5000
_MARKS = 1 << 256


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What `verify_chain` found.

    Attributes
    ----------
    entries : int
        How many were read.
    head : str
        Hash of the last one, hexadecimal: keep it elsewhere, and give it as an anchor later.
    problems : tuple of str
        What is wrong; empty = the log is whole.
    """

    entries: int
    head: str
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "entries": self.entries, "head": self.head, "whole": self.whole,
            "problems": list(self.problems),
        }  # fmt: skip


def verify_chain(
    connection: Connection,
    key: bytes,
    *,
    anchor: tuple[int, str] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> AuditReport:
    """Read the whole log and compute it anew.

    Parameters
    ----------
    anchor : (int, str), optional
        Number of entries and head of an earlier report, kept outside the register: a log that was
        cut off or replaced by an older copy no longer fits it. Without one, a whole register put
        back to an earlier day is not found.
    """
    end = connection.execute(
        select(audit_head.c.seq, audit_head.c.at, audit_head.c.hash)
    ).one_or_none()
    total = connection.execute(select(func.count()).select_from(audit)).scalar_one()
    problems: list[str] = []
    seen, before, last_at, marks = 0, BEGINNING, 0, 0  # marks: the sum of whom entries are about
    anchored = anchor is None or anchor[0] == 0
    while True:
        rows = connection.execute(
            select(audit).where(audit.c.seq > seen).order_by(audit.c.seq).limit(_PAGE)
        ).all()
        for row in rows:
            if row.seq != seen + 1:
                problems.append(f"entries {seen + 1} to {row.seq - 1} are missing")
            if not isinstance(row.entry, str) or not isinstance(row.hash, bytes):
                problems.append(f"entry {row.seq} is not of the kind of an entry")
                break
            if chained(before, row.entry, key) != row.hash:
                problems.append(f"entry {row.seq} does not follow the one before, or was changed")
            try:
                entry = Entry.parse(row.entry)
            except RegisterDamagedError:
                problems.append(f"entry {row.seq} cannot be read")
            else:
                if entry.seq != row.seq:
                    problems.append(f"entry {row.seq} stands in the place of another")
                if entry.at < last_at:
                    problems.append(f"entry {row.seq} is earlier than the one before")
                last_at = entry.at
                marks += sum(_mark(bytes.fromhex(one), entry.seq) for one in entry.subjects)
            seen, before = row.seq, row.hash
            if anchor is not None and row.seq == anchor[0]:
                anchored = row.hash.hex() == anchor[1]
        if on_progress is not None:
            on_progress(seen, total)
        if len(rows) < _PAGE or len(problems) > 100:
            break
    if end is None or (end.seq, end.at, end.hash) != (seen, last_at, before):
        problems.append("the end of the log is not where the register says")
    if not problems and marks % _MARKS != _marks(connection):
        problems.append("the index of whom entries are about does not fit the entries")
    if not anchored:
        problems.append("the log is not a continuation of the anchored one")
    return AuditReport(seen, before.hex(), tuple(problems))


def _mark(person: bytes, seq: int) -> int:
    return int.from_bytes(hashlib.sha256(person + seq.to_bytes(8, "big")).digest(), "big")


def _marks(connection: Connection) -> int:
    """The sum over the index, which is in another order than the log."""
    rows = connection.execution_options(yield_per=_PAGE).execute(select(audit_subjects))
    return sum(_mark(bytes(row.person), row.seq) for row in rows) % _MARKS
