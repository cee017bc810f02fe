"""People: readable acts, versions without a gap, numbers and names that follow from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from civid.errors import FieldError, RegisterDamagedError
from civid.register.check.report import Findings, What
from civid.register.ids import to_text
from civid.register.population import claims, records
from civid.register.population.claims import Said
from civid.register.population.lookup import Lookup, NumberKind, is_of, lookup_of, number_token
from civid.register.store.tables import acts, names, numbers, persons, units
from civid.register.units import unit_code
from civid.register.vault import Vault


@dataclass(slots=True)
class Wrong:
    """Lookup rows of one person that do not follow from the acts."""

    numbers_missing: set[tuple[NumberKind, str]] = field(default_factory=set)
    numbers_extra: set[bytes] = field(default_factory=set)  #: tokens of CMND
    names_missing: set[tuple[bytes, int, bytes]] = field(default_factory=set)
    names_extra: set[tuple[bytes, int, bytes]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(
            self.numbers_missing or self.numbers_extra or self.names_missing or self.names_extra
        )


def look(
    connection: Connection, vault: Vault, heads: Sequence[Row[Any]], found: Findings
) -> dict[bytes, Wrong]:
    """Look at a page of people; returns those whose lookup rows can be repaired."""
    ids = [bytes(one.id) for one in heads]
    said = _acts(connection, vault, ids, found)
    held_names: defaultdict[bytes, set[tuple[bytes, int, bytes]]] = defaultdict(set)
    for row in connection.execute(select(names).where(names.c.person.in_(ids))):
        person = bytes(row.person)
        held_names[person].add((bytes(row.token), row.birth_year, person))
    held_numbers: defaultdict[bytes, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(numbers).where(numbers.c.person.in_(ids))):
        held_numbers[bytes(row.person)].append(row)
    known = set(connection.execute(select(units.c.code)).scalars())
    targets = [one.merged_into for one in heads if one.merged_into is not None]
    there = set(map(bytes, connection.execute(
        select(persons.c.id).where(persons.c.id.in_(targets))
    ).scalars()))  # fmt: skip
    repairable = {}
    for head in heads:
        person = bytes(head.id)
        where = to_text(person)
        found.counts["people"] += 1
        if not _is_unit(head.unit, known):
            found.add(What.UNIT, where)
        if head.merged_into is not None and bytes(head.merged_into) not in there:
            found.add(What.MERGED_INTO_NOBODY, where)
        if not _whole(head, said[person], found):
            continue
        if head.state == records.ERASED:
            if held_names[person] or held_numbers[person]:
                found.add(What.NOT_ERASED, where)
            continue
        wrong = _lookup(
            vault, person, said[person], held_names[person], held_numbers[person], found
        )
        if wrong.numbers_missing:
            for one in _of_others(connection, vault, wrong.numbers_missing):
                wrong.numbers_missing.discard(one)
                found.add(What.NUMBER_OF_ANOTHER, where)
        if wrong:
            repairable[person] = wrong
    return repairable


def _acts(
    connection: Connection, vault: Vault, ids: list[bytes], found: Findings
) -> dict[bytes, dict[int, Said | None]]:
    said: dict[bytes, dict[int, Said | None]] = {one: {} for one in ids}
    rows = connection.execute(
        select(acts.c.person, acts.c.seq, acts.c.key, acts.c.sealed)
        .where(acts.c.person.in_(ids))
        .order_by(acts.c.person, acts.c.seq)
    )
    for row in rows:
        person = bytes(row.person)
        found.counts["acts"] += 1
        try:
            data = vault.open(row.key, row.sealed, "acts", person, row.seq)
            said[person][row.seq] = claims.decode(data)
        except (RegisterDamagedError, FieldError):
            said[person][row.seq] = None
            found.add(What.ACT_UNREADABLE, to_text(person), detail=f"act {row.seq}")
    return said


def _whole(head: Row[Any], said: dict[int, Said | None], found: Findings) -> bool:
    """Is every act there and readable? Of an erased person only the last is left."""
    where = to_text(head.id)
    first = head.version if head.state == records.ERASED else 1
    missing = [seq for seq in range(first, head.version + 1) if seq not in said]
    if missing == [head.version] or any(seq > head.version for seq in said):
        found.add(What.VERSION, where)
        return False
    if missing:
        found.add(What.ACT_MISSING, where, detail=f"act {missing[0]}")
        return False
    if head.state == records.ERASED and len(said) > 1:
        found.add(What.NOT_ERASED, where)
        return False
    return all(one is not None for one in said.values())


def _is_unit(unit: str, known: set[str]) -> bool:
    try:
        unit_code(unit)
    except FieldError:
        return False
    parts = unit.split("/")
    return not known or any("/".join(parts[:n]) in known for n in range(1, len(parts) + 1))


def _lookup(
    vault: Vault, person: bytes, said: dict[int, Said | None],
    held_names: set[tuple[bytes, int, bytes]], held_numbers: list[Row[Any]], found: Findings,
) -> Wrong:  # fmt: skip
    wrong = Wrong()
    whole = [(seq, one) for seq, one in said.items() if one is not None]
    where = to_text(person)
    try:
        lookup = lookup_of(claims.citizen("", whole))
    except RegisterDamagedError:
        found.add(What.ACT_UNREADABLE, where, detail="a retraction of what is not there")
        return wrong
    tokens = {number_token(vault, kind, digits): (kind, digits) for kind, digits in lookup.numbers}
    ever = {number_token(vault, *one) for one in _ever(whole)}
    held = {bytes(row.token): row for row in held_numbers}
    wrong.numbers_missing = {one for token, one in tokens.items() if token not in held}
    for token, row in held.items():
        if token in tokens or (row.kind == NumberKind.PERSONAL and token in ever):
            continue
        if row.kind != NumberKind.PERSONAL:
            wrong.numbers_extra.add(token)
        elif row.state == "active":
            found.add(What.NUMBER_NOT_CLAIMED, where)
    expected = lookup.name_rows(vault, person)
    wrong.names_missing, wrong.names_extra = expected - held_names, held_names - expected
    return wrong


def _of_others(
    connection: Connection, vault: Vault, missing: set[tuple[NumberKind, str]]
) -> list[tuple[NumberKind, str]]:
    """Personal numbers among these that cannot lead to this person any more."""
    tokens = {number_token(vault, *one): one for one in missing if one[0] is NumberKind.PERSONAL}
    rows = connection.execute(
        select(numbers.c.token).where(
            numbers.c.token.in_(list(tokens)), is_of(NumberKind.PERSONAL),
            ~(numbers.c.person.is_(None) & (numbers.c.state == "reserved")),
        )
    )  # fmt: skip
    return [tokens[bytes(one)] for one in rows.scalars()]


def _ever(said: list[tuple[int, Said]]) -> frozenset[tuple[NumberKind, str]]:
    """Numbers that were claimed, also those whose claim was retracted since."""
    made = [(seq, Said(one.claims)) for seq, one in said]
    found: Lookup = lookup_of(claims.citizen("", made))
    return found.numbers
