"""Pairs of people of a register who share a number, or a name and birth year: read in steps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby
from typing import Any, NamedTuple

from sqlalchemy import func, select, tuple_

from civid.dedup.decision.evidence import PrintEvidence
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.prints.compared import Prints, evidence
from civid.dedup.decision.record import Record
from civid.dedup.decision.rules import NAME, NUMBER
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register.actor import Capability
from civid.register.identity.prints import owner, subjects_of
from civid.register.ids import from_text, to_text
from civid.register.population import records, unions
from civid.register.session import Service, Work, reads
from civid.register.store.among import parts
from civid.register.store.tables import names, numbers, persons

Pair = tuple[str, str]


class Step(NamedTuple):
    """Some pairs, and where to go on; None = there are no more."""

    pairs: list[Pair]
    after: list[Any] | None


class Sides(NamedTuple):
    """What is compared of some people: pairs of those who stand for them now."""

    pairs: list[Pair]
    records: dict[str, Record]
    prints: dict[Pair, PrintEvidence]


class Blocks(Service):
    """Reads the register in blocks. Safe for threads."""

    @reads("dedup.sweep", Capability.IDENTIFY)
    def by_name(self, work: Work, after: list[Any] | None, limit: int, most: int) -> Step:
        """Pairs of one name (as it sounds) and birth year, `limit` such blocks at a time.

        Blocks of more than `most` people say nothing and are left out.
        """
        query = (
            select(names.c.token, names.c.birth_year)
            .group_by(names.c.token, names.c.birth_year)
            .having(func.count().between(2, most))
            .order_by(names.c.token, names.c.birth_year)
            .limit(limit)
        )
        if after is not None:
            query = query.where(
                tuple_(names.c.token, names.c.birth_year)
                > tuple_(bytes.fromhex(after[0]), int(after[1]))
            )
        keys = [(bytes(row.token), row.birth_year) for row in work.connection.execute(query)]
        pairs: list[Pair] = []
        for part in parts(keys):
            rows = work.connection.execute(
                select(names.c.token, names.c.birth_year, names.c.person)
                .where(tuple_(names.c.token, names.c.birth_year).in_(part))
                .order_by(names.c.token, names.c.birth_year, names.c.person)
            )
            pairs += _pairs(((row.token, row.birth_year), row.person) for row in rows)
        last = [keys[-1][0].hex(), keys[-1][1]] if len(keys) == limit else None
        return Step(_standing(work, pairs), last)

    @reads("dedup.sweep", Capability.IDENTIFY)
    def by_number(self, work: Work, after: list[Any] | None, limit: int, most: int) -> Step:
        """Pairs of people who have or had one number."""
        held = numbers.c.person.is_not(None)
        query = (
            select(numbers.c.token)
            .where(held)
            .group_by(numbers.c.token)
            .having(func.count(numbers.c.person.distinct()).between(2, most))
            .order_by(numbers.c.token)
            .limit(limit)
        )
        if after is not None:
            query = query.where(numbers.c.token > bytes.fromhex(after[0]))
        keys = [bytes(one) for one in work.connection.execute(query).scalars()]
        pairs: list[Pair] = []
        for part in parts(keys):
            rows = work.connection.execute(
                select(numbers.c.token, numbers.c.person)
                .where(numbers.c.token.in_(part), held)
                .distinct()
                .order_by(numbers.c.token, numbers.c.person)
            )
            pairs += _pairs((row.token, row.person) for row in rows)
        pairs = _standing(work, pairs)
        return Step(pairs, [keys[-1].hex()] if len(keys) == limit else None)

    @reads("dedup.sweep", Capability.IDENTIFY)
    def owners(self, work: Work, subjects: Sequence[tuple[str, str]]) -> list[Pair]:
        """Whose prints pairs of subjects of the gallery are; those of nobody are left out."""
        found = []
        for one, two in subjects:
            a, b = owner(work, one), owner(work, two)
            if a is not None and b is not None and a != b:
                found.append((to_text(a), to_text(b)))
        return found

    @reads("dedup.compare", Capability.IDENTIFY)
    def compared(self, work: Work, pairs: Sequence[Pair], policy: Policy) -> Sides:
        """Records and prints of pairs; people erased or outside the scope are left out.

        The pairs may have been read earlier: whoever was merged since is led to the kept entry.
        """
        pairs = _standing(work, list(pairs))
        people = {from_text(one): one for one in dict.fromkeys(x for pair in pairs for x in pair)}
        sides = Sides(pairs, {}, {})
        held: dict[str, list[Prints]] = {}
        gallery = None if self._session.link.path is None else self._session.link.gallery
        for part in parts(list(people)):
            for record in unions.whole_many(work.connection, work.vault, part):
                if record.state != records.ACTIVE or not work.actor.covers(record.unit):
                    continue
                work.about(record.id)
                reference = to_text(record.id)
                sides.records[reference] = Record.of(record.citizen)
                if gallery is not None:
                    subjects = subjects_of(work, record.id)
                    held[reference] = [gallery.get(one) for one in subjects if one in gallery]
        for one, two in pairs:
            each = [
                evidence(a, b, policy) for a in held.get(one, ()) for b in held.get(two, ())
            ]  # of several entries of one person, that which says most
            if each:
                sides.prints[one, two] = max(each, key=lambda found: found.decibans)
        return sides

    @reads("dedup.sweep", Capability.IDENTIFY)
    def changed(self, work: Work, since: int, after: list[Any] | None, limit: int) -> Step:
        """People changed at or after a moment, as pairs with themselves, in order of reference."""
        query = select(persons.c.id).where(
            persons.c.changed >= since, persons.c.state == records.ACTIVE
        )
        if after is not None:
            query = query.where(persons.c.id > from_text(str(after[0])))
        found = [
            to_text(bytes(one))
            for one in work.connection.execute(query.order_by(persons.c.id).limit(limit)).scalars()
        ]
        return Step([(one, one) for one in found], [found[-1]] if len(found) == limit else None)

    @reads("dedup.compare", Capability.IDENTIFY)
    def prints_of(self, work: Work, references: Sequence[str]) -> dict[str, Prints]:
        """Prints of people inside the scope, for a search that stays in this process."""
        gallery = None if self._session.link.path is None else self._session.link.gallery
        found: dict[str, Prints] = {}
        people = {from_text(one): one for one in references}
        for part in parts(list(people)):
            rows = work.connection.execute(
                select(persons.c.id, persons.c.unit).where(persons.c.id.in_(part))
            )
            for row in rows.all():
                person = bytes(row.id)
                if not work.actor.covers(row.unit) or gallery is None:
                    continue
                fingers: dict[Position, Template] = {}
                for subject in subjects_of(work, person):
                    if subject in gallery:
                        fingers = dict(gallery.get(subject)) | fingers
                if fingers:
                    work.about(person)
                    found[people[person]] = fingers
        return found


WAYS = {NUMBER: Blocks.by_number, NAME: Blocks.by_name}


def _standing(work: Work, pairs: list[Pair]) -> list[Pair]:
    """Pairs of people instead of entries; two entries of one person are none."""
    entries = list({from_text(one) for pair in pairs for one in pair})
    people = {
        to_text(one): to_text(root)
        for part in parts(entries)
        for one, root in unions.standing(work.connection, part).items()
    }
    moved = [tuple(sorted(people[one] for one in pair)) for pair in pairs]
    return [(one, two) for one, two in dict.fromkeys(moved) if one != two]


def _pairs(rows: Any) -> list[Pair]:
    found: list[Pair] = []
    for _, block in groupby(rows, key=lambda row: row[0]):
        people = sorted({to_text(bytes(person)) for _, person in block})
        found += combinations(people, 2)
    return found
