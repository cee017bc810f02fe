"""People as they are carried from one register to another: head and acts, opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, select

from civid.people.citizen import Citizen
from civid.register.actor import Actor
from civid.register.population import claims, records
from civid.register.population.claims import Said
from civid.register.population.lookup import lookup_of
from civid.register.population.number_states import concerned, settle_numbers
from civid.register.population.records import Record
from civid.register.session import Work
from civid.register.store.tables import acts, persons
from civid.register.vault import Vault


@dataclass(frozen=True, slots=True, repr=False)
class ActCopy:
    """One act, and who did it when."""

    seq: int
    at: int
    kind: str
    actor: str
    unit: str
    source: str
    said: Said

    def __repr__(self) -> str:
        return f"<ActCopy {self.seq}>"


@dataclass(frozen=True, slots=True, repr=False)
class PersonCopy:
    """A person of one register, for another one."""

    id: bytes
    unit: str
    state: str
    version: int
    merged_into: bytes | None
    acts: tuple[ActCopy, ...]

    @property
    def citizen(self) -> Citizen:
        """The person out of all acts."""
        return claims.citizen("", [(one.seq, one.said) for one in self.acts])

    def __repr__(self) -> str:
        return f"<PersonCopy of {len(self.acts)} acts>"


def read(connection: Connection, vault: Vault, people: Sequence[bytes]) -> list[PersonCopy]:
    """People in the order asked for; unknown ones are left out."""
    heads = {
        bytes(row.id): row
        for row in connection.execute(select(persons).where(persons.c.id.in_(people)))
    }
    found: dict[bytes, list[ActCopy]] = {one: [] for one in heads}
    rows = connection.execute(
        select(acts).where(acts.c.person.in_(list(heads))).order_by(acts.c.person, acts.c.seq)
    )
    for row in rows:
        person = bytes(row.person)
        said = claims.decode(vault.open(row.key, row.sealed, "acts", person, row.seq))
        found[person].append(
            ActCopy(row.seq, row.at, row.kind, row.actor, row.unit, row.source, said)
        )
    return [
        PersonCopy(
            one, heads[one].unit, heads[one].state, heads[one].version,
            heads[one].merged_into and bytes(heads[one].merged_into), tuple(found[one]),
        )
        for one in people
        if one in heads
    ]  # fmt: skip


def put(work: Work, copies: Sequence[PersonCopy]) -> None:
    """Write people who are not here, with their acts as they were done.

    Raises
    ------
    AlreadyInRegisterError
        A personal number belongs to somebody here.
    """
    if not copies:
        return
    work.connection.execute(
        insert(persons),
        [
            {"id": one.id, "unit": one.unit, "state": one.state, "version": one.version,
             "merged_into": one.merged_into, "changed": work.now}
            for one in copies
        ],
    )  # fmt: skip
    work.connection.execute(
        insert(acts), [_row(work, one.id, act) for one in copies for act in one.acts]
    )
    found = {one.id: lookup_of(one.citizen) for one in copies}
    names = [row for one, keys in found.items() for row in keys.name_rows(work.vault, one)]
    records.add_names(work, names)
    for one in copies:
        records.add_numbers(work, one.id, found[one.id].numbers)
        if any(concerned(act.said) for act in one.acts[1:]) or _died(one.acts[0]):
            settle_numbers(work, record_of(one))


def _died(act: ActCopy) -> bool:
    return any(one.field == "death" for one in act.said.claims)


def _row(work: Work, person: bytes, act: ActCopy) -> dict[str, object]:
    key, sealed = work.vault.seal(claims.encode(act.said), "acts", person, act.seq)
    return {
        "person": person, "seq": act.seq, "at": act.at, "kind": act.kind, "actor": act.actor,
        "unit": act.unit, "source": act.source, "key": key, "sealed": sealed,
    }  # fmt: skip


def record_of(copy: PersonCopy) -> Record:
    """The same person as the services have it."""
    said = tuple((one.seq, one.said) for one in copy.acts)
    return Record(copy.id, copy.unit, copy.state, copy.version, copy.merged_into, said)


def as_done(work: Work, act: ActCopy) -> Work:
    """The same transaction, in which an act stands with the one who did it, and when."""
    actor = Actor(act.actor, unit=act.unit)
    return replace(work, session=work.session.acting_as(actor), now=act.at)
