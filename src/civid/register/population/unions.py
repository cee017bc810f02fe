"""Two entries of one person (hợp nhất hai bản ghi): nothing is copied, nothing moves.

A merged entry keeps its acts, numbers, prints, dossiers and cards; whoever reads it is led to the
entry that it was merged into. What is said through it afterwards is written with it and counts for
the person. Parting the two again moves nothing: what happened since is on the right one already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import (
    ChangedMeanwhileError,
    FieldError,
    RegisterDamagedError,
    TransitionError,
)
from civid.people.citizen import Claim
from civid.register.codes import code
from civid.register.ids import new_id, to_text
from civid.register.population import records
from civid.register.population.claims import Said
from civid.register.population.records import Record
from civid.register.session import Work
from civid.register.store.adjudication_tables import unions
from civid.register.store.tables import persons
from civid.register.vault import Vault

#: Kinds of the acts, on both entries.
MERGE, UNMERGE = "merge_entry", "unmerge_entry"
#: More entries merged one into the next than these are damage.
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Union:
    """That two entries were one person's.

    Attributes
    ----------
    kept, merged : str
        References.
    at, ended : int, int or None
        Microseconds since 1970, UTC; None while they are one.
    actor, reason : str
        Who said so, and the code of why.
    ended_by, ended_reason : str
        The same of parting them again.
    """

    kept: str
    merged: str
    at: int
    actor: str
    reason: str
    ended: int | None = None
    ended_by: str = ""
    ended_reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def root_of(connection: Connection, person: bytes) -> bytes:
    """The entry that stands for a person; the same one, unless it was merged."""
    for _ in range(_LONGEST):
        query = select(persons.c.merged_into).where(persons.c.id == person)
        into = connection.execute(query).scalar_one_or_none()
        if into is None:
            return person
        person = bytes(into)
    raise RegisterDamagedError("entries are merged into each other in a circle")


def roots(connection: Connection, people: Sequence[bytes]) -> list[bytes]:
    """The entries that stand for some people, each once, in the order asked for."""
    return list(dict.fromkeys(standing(connection, people).values()))


def standing(connection: Connection, people: Sequence[bytes]) -> dict[bytes, bytes]:
    """The entry that stands for each of some people, in the order asked for."""
    found = {one: one for one in people}
    left = set(found)
    for _ in range(_LONGEST):
        if not left:
            return found
        rows = connection.execute(
            select(persons.c.id, persons.c.merged_into).where(
                persons.c.id.in_(left), persons.c.merged_into.is_not(None)
            )
        )
        moved = {bytes(row.id): bytes(row.merged_into) for row in rows}
        found = {one: moved.get(now, now) for one, now in found.items()}
        left = set(moved.values())
    raise RegisterDamagedError("entries are merged into each other in a circle")


def entries(connection: Connection, root: bytes) -> list[bytes]:
    """All entries of a person, the root first."""
    found, new = [root], [root]
    while new:
        rows = connection.execute(
            select(persons.c.id).where(persons.c.merged_into.in_(new)).order_by(persons.c.id)
        ).scalars()
        new = [one for one in map(bytes, rows) if one not in found]
        found += new
    return found


def completed(connection: Connection, vault: Vault, record: Record) -> Record:
    """An entry with those that were merged into it."""
    if not record.is_joined:
        return record
    others = entries(connection, record.id)[1:]
    rows = connection.execute(
        select(unions.c.merged, unions.c.since).where(
            unions.c.merged.in_(others), unions.c.ended.is_(None)
        )
    )
    since = {bytes(row.merged): row.since for row in rows}
    joined = records.load_many(connection, vault, others)
    return replace(record, joined=tuple((one, since.get(one.id, one.version)) for one in joined))


def whole(connection: Connection, vault: Vault, person: bytes) -> Record:
    """The person that an entry stands for: its root, with all entries merged into it."""
    root = root_of(connection, person)
    return completed(connection, vault, records.load(connection, vault, root))


def entry(connection: Connection, vault: Vault, person: bytes) -> Record:
    """An entry to write to: with its root when it was merged, else with what was merged into it."""
    return entered(connection, vault, records.load(connection, vault, person))


def entered(connection: Connection, vault: Vault, record: Record) -> Record:
    """The same of an entry that was read already."""
    if record.merged_into is None or record.state != records.MERGED:
        return completed(connection, vault, record)
    return replace(record, root=whole(connection, vault, record.merged_into))


def whole_many(connection: Connection, vault: Vault, people: Sequence[bytes]) -> list[Record]:
    """The people that some entries stand for, each once, in the order asked for."""
    found = records.load_many(connection, vault, people)
    if any(one.state == records.MERGED for one in found):
        found = records.load_many(connection, vault, roots(connection, people))
    return [completed(connection, vault, one) for one in found]


def locate(record: Record, claim: Claim) -> tuple[Record, int, int] | None:
    """Which entry of a person made a claim, in which act, at which place of it.

    The entry asked for comes first: what is taken back through it is its own, as long as it has it.
    """
    root = record.root or record
    for one, since in ((record, 0), (root, 0), *root.joined):
        for seq, said in one.acts:
            if seq > since and claim in said.claims:
                where = one if one in (record, root) else replace(one, root=root)
                return where, seq, said.claims.index(claim)
    return None


def merge(
    work: Work, kept: bytes, merged: bytes, reason: str, adjudication: bytes | None = None
) -> Record:
    """Let one entry stand for another one; see `People.merge`. Returns the person."""
    if kept == merged:
        raise FieldError("merged", "an entry cannot be merged into itself")
    _lock(work, (kept, merged))
    above, below = (records.load(work.connection, work.vault, one) for one in (kept, merged))
    for one in (above, below):
        if one.state != records.ACTIVE:
            raise TransitionError(f"person: an entry that is {one.state} cannot be merged")
    work.about(kept, merged)
    below = records.append(
        work, below, Said(note=to_text(kept)), kind=MERGE, source=to_text(kept),
        state=records.MERGED,
    )  # fmt: skip
    _into(work, merged, kept)
    records.append(work, above, Said(), kind=MERGE, source=to_text(merged))
    values = {
        "id": new_id(), "kept": kept, "merged": merged, "since": below.version, "at": work.now,
        "actor": work.actor.name, "reason": code(reason), "adjudication": adjudication,
    }  # fmt: skip
    try:
        work.connection.execute(insert(unions).values(values))
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else merged this entry first") from None
    return whole(work.connection, work.vault, kept)


def unmerge(work: Work, merged: bytes, reason: str) -> tuple[Record, Record]:
    """Part an entry from the one it was merged into; see `People.unmerge`. Returns both."""
    before = records.load(work.connection, work.vault, merged)
    if before.state != records.MERGED or before.merged_into is None:
        raise TransitionError("person: this entry is not merged into another one")
    kept = before.merged_into
    _lock(work, (kept, merged))
    above, below = (records.load(work.connection, work.vault, one) for one in (kept, merged))
    if below.merged_into != kept:
        raise ChangedMeanwhileError("somebody else parted these entries first")
    work.about(kept, merged)
    records.append(
        work, below, Said(), kind=UNMERGE, source=to_text(kept), state=records.ACTIVE
    )  # fmt: skip
    _into(work, merged, None)
    records.append(work, above, Said(), kind=UNMERGE, source=to_text(merged))
    done = work.connection.execute(
        update(unions)
        .where(unions.c.merged == merged, unions.c.kept == kept, unions.c.ended.is_(None))
        .values(ended=work.now, ended_by=work.actor.name, ended_reason=code(reason))
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else parted these entries first")
    return (
        whole(work.connection, work.vault, kept), whole(work.connection, work.vault, merged)
    )  # fmt: skip


def history(connection: Connection, people: Iterable[bytes]) -> tuple[Union, ...]:
    """Every union that some entries were part of, oldest first."""
    some = list(people)
    rows = connection.execute(
        select(unions)
        .where(unions.c.kept.in_(some) | unions.c.merged.in_(some))
        .order_by(unions.c.id)
    )
    return tuple(
        Union(to_text(one.kept), to_text(one.merged), one.at, one.actor, one.reason, one.ended,
              one.ended_by, one.ended_reason)
        for one in rows
    )  # fmt: skip


def _into(work: Work, merged: bytes, kept: bytes | None) -> None:
    work.connection.execute(update(persons).where(persons.c.id == merged).values(merged_into=kept))


def _lock(work: Work, people: Iterable[bytes]) -> None:
    """In order, so that nobody waits in a circle."""
    query = select(persons.c.id).where(persons.c.id.in_(list(people))).order_by(persons.c.id)
    work.connection.execute(query.with_for_update()).all()
