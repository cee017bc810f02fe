"""New people by the thousand, and new acts of people whom the other system named before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from civid.errors import AlreadyInRegisterError, ChangedMeanwhileError
from civid.people.citizen import Claim
from civid.register.bulk import dwelling
from civid.register.bulk.outcome import Refused
from civid.register.bulk.row import Incoming
from civid.register.population import records, unions
from civid.register.population.claims import Said
from civid.register.population.lookup import NumberKind
from civid.register.population.records import Record
from civid.register.session import Work
from civid.register.store.failures import TryAgain
from civid.register.store.fill import fill
from civid.register.store.prepared import Prepared
from civid.register.store.tables import acts, names, numbers, persons, sources

if TYPE_CHECKING:
    from civid.register.bulk.batch import Done

KIND = "import"

_RENEW = Prepared(
    update(sources)
    .where(sources.c.source == bindparam("system"), sources.c.external == bindparam("who"))
    .values(digest=bindparam("said"))
)


def add(
    work: Work, source: str, new: Sequence[tuple[Incoming, bytes]], taken: set[bytes]
) -> None:  # fmt: skip
    """Write new people; `taken` are tokens of numbers that were reserved and are theirs already."""
    vault, now, actor = work.vault, work.now, work.actor
    heads, said, held, found, from_source = [], [], [], [], []
    for one, person in new:
        heads.append((person, one.unit, records.ACTIVE, 1, None, now))
        key, sealed = vault.seal(one.data, "acts", person, 1)
        said.append((person, 1, now, KIND, actor.name, actor.unit, source, key, sealed))
        for kind, token, digits in one.numbers:
            if token in taken:
                continue
            key, sealed = vault.seal(digits.encode(), "numbers", token)
            cell = digits[:6] if kind is NumberKind.PERSONAL else None
            held.append((int(kind), token, person, "active", cell, key, sealed))
        found += [(name, one.birth_year, person) for name in one.names]
        from_source.append((source, one.external, person, one.digest))
    # In the order of their keys: neighbours then are written to the same pages.
    for table, columns, rows, key_of in (
        (persons, ("id", "unit", "state", "version", "merged_into", "changed"), heads, 0),
        (
            acts,
            ("person", "seq", "at", "kind", "actor", "unit", "source", "key", "sealed"),
            said,
            0,
        ),
        (numbers, ("kind", "token", "person", "state", "cell", "key", "sealed"), held, 1),
        (names, ("token", "birth_year", "person"), found, 0),
        (sources, ("source", "external", "person", "digest"), from_source, 1),
    ):
        fill(work.connection, table, columns, sorted(rows, key=lambda row: row[key_of]))
    dwelling.settle(work, [(one, person, False) for one, person in new])


def change(work: Work, source: str, moved: Sequence[tuple[Incoming, bytes]], done: Done) -> None:
    """Write acts of what is new about people that the system named before."""
    found = {
        one.id: one
        for one in records.load_many(work.connection, work.vault, [who for _, who in moved])
    }
    spoken = _spoken(work, source, list(found))
    written = []
    for one, person in moved:
        record = found[person]
        if record.state == records.MERGED or record.is_joined:
            record = unions.entry(work.connection, work.vault, record.id)
        if record.state == records.ERASED:
            done.refused.append(Refused(one.row, "erased"))
            continue
        if not work.actor.covers(record.unit):
            done.refused.append(Refused(one.row, "outside_scope"))
            continue
        fresh = _fresh(record, spoken.get(record.id, set()), one)
        unit = one.unit if one.unit != record.unit else None
        _RENEW(work.connection, system=source, who=one.external, said=one.digest)
        if not fresh and unit is None:
            done.same += 1
            continue
        try:
            records.append(work, record, Said(fresh), kind=KIND, source=source, unit=unit)
        except (AlreadyInRegisterError, ChangedMeanwhileError):  # since we looked
            raise TryAgain from None
        work.about(record.id)
        done.changed += 1
        if any(claim.field in ("residence_file", "relation") for claim in fresh):
            written.append((one, record.id, True))
    dwelling.settle(work, written)


def _spoken(work: Work, source: str, people: Sequence[bytes]) -> dict[bytes, set[int]]:
    """Which acts of somebody came from this system."""
    found: dict[bytes, set[int]] = {}
    rows = work.connection.execute(
        select(acts.c.person, acts.c.seq).where(acts.c.person.in_(people), acts.c.source == source)
    )
    for person, seq in rows:
        found.setdefault(bytes(person), set()).add(seq)
    return found


def _fresh(record: Record, spoken: set[int], one: Incoming) -> tuple[Claim, ...]:
    """What the system says and did not say last: silence about a field takes nothing back."""
    last = {
        claim.field: claim for seq, said in record.acts if seq in spoken for claim in said.claims
    }
    return tuple(
        claim
        for claim in one.said.claims
        if (before := last.get(claim.field)) is None
        or (before.recorded_as, before.source, before.evidence)
        != (claim.recorded_as, claim.source, claim.evidence)
        or (one.dated and before.effective != claim.effective)
    )
