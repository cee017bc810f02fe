"""Who has read my record: what a citizen is told, from the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from civid.register.audit import log
from civid.register.audit.entry import Entry

#: In the detail of an entry: from when the citizen may be told of it, microseconds since 1970.
TOLD = "told"
#: In the detail of an entry: the person came up in somebody else's procedure, and is not told of
#: which unit: that alone can tell them of the other's affairs (a notary, an inheritance).
AS_RELATIVE = "as_relative"


@dataclass(frozen=True, slots=True)
class Access:
    """One time that somebody read or changed a record, or was refused.

    The unit answers for its officers (cán bộ), whose names are for the inspection alone: see
    `Audit.about`.

    Attributes
    ----------
    at : int
        Microseconds since 1970, UTC.
    unit : str
        Unit that acted; empty = the central register, or a procedure of somebody else.
    purpose : str
        Why, as it was given.
    operation : str
        What, such as ``person.read``.
    outcome : str
        ``done``, ``refused`` or ``failed``.
    """

    at: int
    unit: str
    purpose: str
    operation: str
    outcome: str

    @property
    def time(self) -> datetime:
        """When, UTC."""
        return datetime.fromtimestamp(self.at / 1e6, UTC)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {"time": self.time.isoformat()}


def accesses(connection: Connection, person: bytes, now: int) -> tuple[Access, ...]:
    """Of one reference, oldest first; what may be told only later is left out until then."""
    return tuple(
        Access(
            one.at, "" if one.detail.get(AS_RELATIVE) else one.unit, one.purpose, one.operation,
            one.outcome,
        )
        for one in log.about(connection, person)
        if may_be_told(one, now)
    )  # fmt: skip


def may_be_told(entry: Entry, now: int) -> bool:
    """Whether the citizen may learn of an entry; an investigation's question waits for its day."""
    told = entry.detail.get(TOLD, 0)
    return isinstance(told, int) and told <= now
