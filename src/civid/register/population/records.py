"""Reading and writing the rows of people, inside a transaction; no rights are checked here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import (
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    RegisterDamagedError,
)
from civid.people.citizen import Citizen
from civid.register.ids import to_text
from civid.register.population import claims
from civid.register.population.claims import Said
from civid.register.population.lookup import Lookup, NumberKind, is_of, lookup_of, number_token
from civid.register.population.number_states import concerned, settle_numbers
from civid.register.session import Work
from civid.register.store.prepared import Prepared
from civid.register.store.tables import acts, names, numbers, persons
from civid.register.vault import Vault

ACTIVE, ERASED, MERGED = "active", "erased", "merged"
#: Kind of the empty act of a person about whom something was said through an entry merged into it.
THROUGH = "through"
_TABLE = "acts"
_JOINED = persons.alias("other")
#: How many were merged into somebody: counted, so that an index is asked. Of an EXISTS, a
#: PostgreSQL server without statistics makes a list of everybody who was merged, by going through
#: all people.
IS_JOINED = (
    select(func.count()).where(_JOINED.c.merged_into == persons.c.id)
    .scalar_subquery().label("joined")
)  # fmt: skip

_ONE = Prepared(
    select(
        persons.c.unit, persons.c.state, persons.c.version, persons.c.merged_into,
        acts.c.seq, acts.c.key, acts.c.sealed,
        IS_JOINED,
    )
    .outerjoin(acts, acts.c.person == persons.c.id)
    .where(persons.c.id == bindparam("person"))
    .order_by(acts.c.seq)
)  # fmt: skip
#: The same of everybody who has or had a number: one question where there would be two.
_BY_NUMBER = {
    kind: Prepared(
        select(
            persons.c.id, persons.c.unit, persons.c.state, persons.c.version, persons.c.merged_into,
            acts.c.seq, acts.c.key, acts.c.sealed,
            IS_JOINED,
        )
        .join(numbers, numbers.c.person == persons.c.id)
        .outerjoin(acts, acts.c.person == persons.c.id)
        .where(numbers.c.token == bindparam("token"), is_of(kind))
        .order_by(persons.c.id, acts.c.seq)
    )
    for kind in NumberKind
}  # fmt: skip
_HOLDERS = {
    kind: Prepared(
        select(numbers.c.person).where(
            numbers.c.token == bindparam("token"), is_of(kind), numbers.c.person.is_not(None)
        )
    )
    for kind in NumberKind
}


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """An entry as stored: the head, and every act.

    Attributes
    ----------
    joined : tuple of (Record, int)
        Entries merged into this one, and up to which act each was one of its own. Only
        `civid.register.population.unions` fills this, and `root`.
    root : Record or None
        The entry that this one was merged into, in the end.
    is_joined : bool
        Whether entries were merged into this one.
    """

    id: bytes
    unit: str
    state: str
    version: int
    merged_into: bytes | None
    acts: tuple[tuple[int, Said], ...]
    joined: tuple[tuple[Record, int], ...] = ()
    root: Record | None = None
    is_joined: bool = False

    @property
    def own(self) -> Citizen:
        """What the acts of this entry alone say."""
        return claims.citizen(to_text(self.id), self.acts)

    @property
    def citizen(self) -> Citizen:
        """The person: all acts of the root, and those of merged entries since they were merged."""
        if self.root is not None:
            return self.root.citizen
        found = self.own
        for one, since in self.joined:
            own = one.own
            before = [said for seq, said in one.acts if seq <= since]
            claimed = sum(len(said.claims) for said in before)
            retracted = sum(len(said.retracted) for said in before)
            found = replace(
                found, claims=found.claims + own.claims[claimed:],
                retractions=found.retractions + own.retractions[retracted:],
            )  # fmt: skip
        return found

    def __repr__(self) -> str:
        return f"<Record of {len(self.acts)} acts>"


def load(connection: Connection, vault: Vault, person: bytes) -> Record:
    """One person; `NotInRegisterError` when there is none."""
    rows = _ONE(connection, person=person).all()
    if not rows:
        raise NotInRegisterError("no such person in this register")
    return record_of(vault, person, rows)


def load_by_number(
    connection: Connection, vault: Vault, kind: NumberKind, number: str
) -> list[Record]:
    """Everybody who has or had a number, as `load` has them; several for a CMND given out twice."""
    rows = _BY_NUMBER[kind](connection, token=number_token(vault, kind, number)).all()
    return [
        record_of(vault, person, list(found))
        for person, found in groupby(rows, lambda row: bytes(row.id))
    ]


def record_of(vault: Vault, person: bytes, rows: Sequence[Row[Any]]) -> Record:
    """A person out of rows that have the head's columns, `IS_JOINED`, and those of an act each."""
    head = rows[0]
    if not isinstance(head.version, int) or not isinstance(head.unit, str):
        raise RegisterDamagedError("the head of a person cannot be read")
    said = tuple(
        (row.seq, claims.decode(vault.open(row.key, row.sealed, _TABLE, person, row.seq)))
        for row in rows
        if row.seq is not None
    )
    into = head.merged_into and bytes(head.merged_into)
    return Record(
        person, head.unit, head.state, head.version, into, said, is_joined=bool(head.joined)
    )


def load_many(connection: Connection, vault: Vault, people: Sequence[bytes]) -> list[Record]:
    """People in the order asked for; unknown ones are left out."""
    heads = {
        bytes(row.id): row
        for row in connection.execute(select(persons, IS_JOINED).where(persons.c.id.in_(people)))
    }
    said: dict[bytes, list[tuple[int, Said]]] = {one: [] for one in heads}
    rows = connection.execute(
        select(acts.c.person, acts.c.seq, acts.c.key, acts.c.sealed)
        .where(acts.c.person.in_(list(heads)))
        .order_by(acts.c.person, acts.c.seq)
    )
    for row in rows:
        person = bytes(row.person)
        data = vault.open(row.key, row.sealed, _TABLE, person, row.seq)
        said[person].append((row.seq, claims.decode(data)))
    return [
        Record(
            one, heads[one].unit, heads[one].state, heads[one].version,
            heads[one].merged_into and bytes(heads[one].merged_into), tuple(said[one]),
            is_joined=bool(heads[one].joined),
        )
        for one in people
        if one in heads
    ]  # fmt: skip


def add(work: Work, person: bytes, unit: str, said: Said, *, kind: str, source: str) -> None:
    """A new person with a first act.

    Raises
    ------
    AlreadyInRegisterError
        A personal number belongs to somebody else.
    """
    values = {
        "id": person, "unit": unit, "state": ACTIVE, "version": 1, "merged_into": None,
        "changed": work.now,
    }  # fmt: skip
    try:
        work.connection.execute(insert(persons).values(values))
    except IntegrityError:
        raise AlreadyInRegisterError("this person is in the register already") from None
    _write_act(work, person, 1, said, kind, source)
    keys = lookup_of(claims.citizen("", [(1, said)]))
    add_numbers(work, person, keys.numbers)
    add_names(work, keys.name_rows(work.vault, person))
    if any(one.field == "death" for one in said.claims):
        settle_numbers(work, Record(person, unit, ACTIVE, 1, None, ((1, said),)))


def append(
    work: Work, record: Record, said: Said, *, kind: str, source: str = "",
    unit: str | None = None, state: str | None = None,
) -> Record:  # fmt: skip
    """One more act of an entry that was read in this transaction.

    What is said of an entry that was merged stays with it, so that it is on the right one should
    the two be parted again; the person that it was merged into gets an empty act, so that whoever
    read the person before notices.

    Raises
    ------
    ChangedMeanwhileError
        Somebody else wrote an act since.
    AlreadyInRegisterError
        A personal number belongs to somebody else.
    """
    if record.state == ERASED:
        raise NotInRegisterError("this person was erased")
    seq = record.version + 1
    head = {"version": seq, "changed": work.now}
    if unit is not None:
        head["unit"] = unit  # type: ignore[assignment]
    if state is not None:
        head["state"] = state  # type: ignore[assignment]
    done = work.connection.execute(
        update(persons)
        .where(persons.c.id == record.id, persons.c.version == record.version)
        .values(head)
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this person first; read it again")
    _write_act(work, record.id, seq, said, kind, source)
    root = record.root
    after = replace(
        record, unit=record.unit if unit is None else unit,
        state=record.state if state is None else state, version=seq,
        acts=(*record.acts, (seq, said)), root=None,
    )  # fmt: skip
    _move_lookup(work, record.id, lookup_of(record.own), lookup_of(after.own))
    if concerned(said):
        settle_numbers(work, after)
    if root is not None:
        above = append(work, root, Said(), kind=THROUGH, source=source)
        joined = tuple((after if one.id == after.id else one, at) for one, at in above.joined)
        after = replace(after, root=replace(above, joined=joined))
    return after


def _write_act(work: Work, person: bytes, seq: int, said: Said, kind: str, source: str) -> None:
    for field, text, most in (("kind", kind, 16), ("source", source, 64)):
        if not text.isprintable() or len(text) > most:
            raise FieldError(field, f"must be text of at most {most} printable characters")
    key, sealed = work.vault.seal(claims.encode(said), _TABLE, person, seq)
    try:
        work.connection.execute(
            insert(acts).values(
                person=person,
                seq=seq,
                at=work.now,
                kind=kind,
                actor=work.actor.name,
                unit=work.actor.unit,
                source=source,
                key=key,
                sealed=sealed,
            )
        )
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else changed this person first") from None


def _move_lookup(work: Work, person: bytes, before: Lookup, after: Lookup) -> None:
    add_numbers(work, person, after.numbers - before.numbers)
    for kind, number in before.numbers - after.numbers:
        if kind is not NumberKind.PERSONAL:  # a personal number stays used for ever
            token = number_token(work.vault, kind, number)
            work.connection.execute(
                delete(numbers).where(
                    numbers.c.token == token, numbers.c.person == person, is_of(kind)
                )
            )
    old, new = before.name_rows(work.vault, person), after.name_rows(work.vault, person)
    for token, year, _ in old - new:
        work.connection.execute(
            delete(names).where(
                names.c.token == token, names.c.birth_year == year, names.c.person == person
            )
        )
    add_names(work, new - old)


def add_names(work: Work, rows: Iterable[tuple[bytes, int, bytes]]) -> None:
    """Rows by which people are found by name."""
    values = [{"token": t, "birth_year": y, "person": p} for t, y, p in rows]
    if values:
        work.connection.execute(insert(names), values)


def add_numbers(work: Work, person: bytes, found: Iterable[tuple[NumberKind, str]]) -> None:
    """Rows by which somebody is found by number; `AlreadyInRegisterError` for one that is taken."""
    for kind, number in sorted(found):
        token = number_token(work.vault, kind, number)
        if kind is NumberKind.PERSONAL and _take_reserved(work, person, token):
            continue
        key, sealed = work.vault.seal(number.encode(), "numbers", token)
        values = {
            "kind": int(kind), "token": token, "person": person, "state": "active",
            "cell": number[:6] if kind is NumberKind.PERSONAL else None, "key": key,
            "sealed": sealed,
        }  # fmt: skip
        try:
            work.connection.execute(insert(numbers).values(values))
        except IntegrityError:
            raise AlreadyInRegisterError(
                "the personal number belongs to somebody in this register already"
            ) from None


def _take_reserved(work: Work, person: bytes, token: bytes) -> bool:
    """A number that was drawn for somebody and belongs to nobody yet."""
    done = work.connection.execute(
        update(numbers)
        .where(
            numbers.c.token == token, is_of(NumberKind.PERSONAL), numbers.c.person.is_(None),
            numbers.c.state == "reserved",
        )
        .values(person=person, state="active")
    )  # fmt: skip
    return done.rowcount == 1


def holders(connection: Connection, vault: Vault, kind: NumberKind, number: str) -> list[bytes]:
    """Who has or had a number; several for a CMND given out twice. Merged people are followed."""
    token = number_token(vault, kind, number)
    found = _HOLDERS[kind](connection, token=token).scalars()
    return [bytes(one) for one in found]
