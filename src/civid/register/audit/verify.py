"""Is the log whole: no entry changed, taken out, put in or cut off?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from civid.errors import RegisterDamagedError
from civid.register.audit.entry import BEGINNING, chained, placed
from civid.register.store.audit_tables import audit, audit_head, audit_subjects

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
            select(audit.c.seq, audit.c.entry, audit.c.hash)
            .where(audit.c.seq > seen)
            .order_by(audit.c.seq)
            .limit(_PAGE)
        ).all()
        for seq, text, digest in rows:
            if not _is_row(seq, text, digest):
                problems.append(f"what stands behind entry {seen} is not of the kind of an entry")
                rows = []  # nothing behind it has a place
                break
            if seq != seen + 1:
                problems.append(f"entries {seen + 1} to {seq - 1} are missing")
            if chained(before, text, key) != digest:
                problems.append(f"entry {seq} does not follow the one before, or was changed")
            try:
                place, at, about = placed(text)
            except RegisterDamagedError:
                problems.append(f"entry {seq} cannot be read")
            else:
                if place != seq:
                    problems.append(f"entry {seq} stands in the place of another")
                if at < last_at:
                    problems.append(f"entry {seq} is earlier than the one before")
                last_at = at
                for one in about:
                    marks += _mark(one, seq)
            seen, before = seq, digest
            if anchor is not None and seq == anchor[0]:
                anchored = digest.hex() == anchor[1]
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


def _is_row(seq: object, text: object, digest: object) -> bool:
    """Whether these can be the values of a row; SQLite keeps whatever was put there."""
    return isinstance(seq, int) and isinstance(text, str) and isinstance(digest, bytes)


def _marks(connection: Connection) -> int | None:
    """The sum over the index, which is in another order than the log; None = it cannot be read."""
    rows = connection.execution_options(yield_per=_PAGE).execute(
        select(audit_subjects.c.person, audit_subjects.c.seq)
    )
    try:
        return sum(_mark(bytes(person), seq) for person, seq in rows) % _MARKS
    except (TypeError, AttributeError, OverflowError):
        return None
