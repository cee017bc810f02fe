"""Taking over a unit's people: whoever is new, and what was done about those who are here.

An act that changes a field which was changed here, too, since the unit got its copy, is withheld:
its words are kept in a case, and neither side overwrites the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select, update

from civid.people.citizen import Citizen
from civid.register.merge import common, copies
from civid.register.merge.common import ACT, PERSON, Mark
from civid.register.merge.copies import ActCopy, PersonCopy
from civid.register.merge.report import CHANGED, DISPUTED, NEW, SAME
from civid.register.merge.step import CONFLICT, DUPLICATE, Step
from civid.register.population import claims, records
from civid.register.population.claims import Said
from civid.register.population.lookup import NumberKind, is_of, lookup_of, number_token
from civid.register.population.records import Record
from civid.register.store.tables import numbers as numbers_table
from civid.register.store.tables import persons

#: Beside the fields of a citizen: which unit keeps the record.
_UNIT = "unit"
Marks = Mapping[tuple[str, bytes, int], Mark]


@dataclass(frozen=True, slots=True)
class _Both:
    """A person on both sides."""

    here: Record
    there: PersonCopy
    #: Act of the unit -> act here; 0 = withheld.
    places: dict[int, int]
    #: Fields that this register changed since the unit got its copy.
    mine: frozenset[str]


def take_people(
    step: Step, people: Sequence[PersonCopy], base: Mapping[bytes, int], known: Marks
) -> None:
    """Take over what a unit did about people.

    Parameters
    ----------
    base : mapping
        Version of which the unit got a copy; who is not in it was added by the unit.
    known : mapping
        What was merged before.
    """
    work = step.work
    work.about(*(one.id for one in people))
    touched = [one for one in people if _new_acts(one, base, known) or _unknown(one, base, known)]
    ids = [one.id for one in touched]
    here = {one.id: one for one in copies.read(work.connection, work.vault, ids)} if ids else {}
    added = []
    for one in people:
        new = _new_acts(one, base, known)
        if one.id not in here and _unknown(one, base, known):
            added.append(one)
        elif not new:
            step.count("person", SAME)
        else:
            _take(step, one, here.get(one.id), base.get(one.id, 0), known, new)
    _add(step, added)


def _unknown(copy: PersonCopy, base: Mapping[bytes, int], known: Marks) -> bool:
    """Whether a unit added somebody who was not merged yet."""
    return copy.id not in base and (PERSON, copy.id, 0) not in known


def _new_acts(copy: PersonCopy, base: Mapping[bytes, int], known: Marks) -> list[ActCopy]:
    merged = known.get((PERSON, copy.id, 0))
    last = base.get(copy.id, 0) if merged is None else merged.taken
    return [one for one in copy.acts if one.seq > last]


def _take(
    step: Step, copy: PersonCopy, here: PersonCopy | None, base: int, known: Marks,
    new: list[ActCopy],
) -> None:  # fmt: skip
    step.mark(Mark(PERSON, copy.id, taken=copy.version))
    if here is None or here.state != records.ACTIVE:
        _withhold(step, copy, new, ["person.missing" if here is None else "person.not_active"])
        return
    before = {key: one for key, one in known.items() if key[1] == copy.id}
    _join(step, copy, here, base, before, new)


def _add(step: Step, added: Sequence[PersonCopy]) -> None:
    """People whom this register does not know, unless by a number."""
    if not added:
        return
    work = step.work
    numbers = {one.id: lookup_of(one.citizen).numbers for one in added}
    held = _holders(step, {key for keys in numbers.values() for key in keys})
    here, doubts = [], []
    for one in added:
        taken: dict[bytes, list[str]] = {}
        for kind, number in sorted(numbers[one.id]):
            for other in held.get((kind, number), ()):
                if other == one.id:  # the same merge, by somebody else: seen when it is written
                    continue
                if kind is NumberKind.PERSONAL or _born_alike(step, one.citizen, other):
                    taken.setdefault(other, []).append(f"number.{kind.name.lower()}")
        clash = any("number.personal" in codes for codes in taken.values())
        here.append(_without_number(step, one) if clash else one)
        doubts += [(one, other, codes) for other, codes in taken.items()]
        step.mark(Mark(PERSON, one.id, taken=one.version))
        for act in one.acts:
            step.mark(Mark(ACT, one.id, act.seq, taken=act.seq))
        step.count("person", NEW)
    copies.put(work, here)
    for one, other, codes in doubts:
        step.open_case(DUPLICATE, one.unit, codes, person=one.id, other=other)


def _holders(
    step: Step, wanted: Collection[tuple[NumberKind, str]]
) -> dict[tuple[NumberKind, str], list[bytes]]:
    """Who has numbers here already."""
    found: dict[tuple[NumberKind, str], list[bytes]] = {}
    for kind in NumberKind:
        tokens = {number_token(step.work.vault, *key): key for key in wanted if key[0] is kind}
        rows = step.work.connection.execute(
            select(numbers_table.c.token, numbers_table.c.person).where(
                numbers_table.c.token.in_(list(tokens)), is_of(kind),
                numbers_table.c.person.is_not(None),
            )
        )  # fmt: skip
        for row in rows:
            found.setdefault(tokens[bytes(row.token)], []).append(bytes(row.person))
    return found


def _without_number(step: Step, copy: PersonCopy) -> PersonCopy:
    """The same person; the claims of a number that is somebody else's no longer count.

    They stay in the history, and the case says so. A number leads to one person.
    """
    retracted = []
    for act in copy.acts:
        for at, one in enumerate(act.said.claims):
            if one.field == "number" and isinstance(one.value, str) and _taken(step, one.value):
                today = step.work.session.today()
                retracted.append((act.seq, at, today, "the number is somebody else's"))
    actor = step.work.actor
    last = ActCopy(
        copy.version + 1, step.work.now, "merge", actor.name, actor.unit,
        step.lineage.register.hex(), Said((), tuple(retracted)),
    )  # fmt: skip
    return replace(copy, version=last.seq, acts=(*copy.acts, last))


def _taken(step: Step, number: str, by_others_than: bytes | None = None) -> bool:
    found = records.holders(step.work.connection, step.work.vault, NumberKind.PERSONAL, number)
    return any(one != by_others_than for one in found)


def _born_alike(step: Step, citizen: Citizen, other: bytes) -> bool:
    """A CMND was given out twice now and then: born in the same year, it is worth a look."""
    held = records.load(step.work.connection, step.work.vault, other)
    return lookup_of(citizen).birth_year == lookup_of(held.citizen).birth_year


def _join(
    step: Step, copy: PersonCopy, found: PersonCopy, base: int, known: Marks, new: list[ActCopy]
) -> None:
    """Put the unit's acts behind those that are here, but for what contradicts."""
    places = {act.seq: act.seq for act in copy.acts if act.seq <= base}
    places |= {seq: one.taken for (kind, _, seq), one in known.items() if kind == ACT}
    foreign = set(places.values())
    mine = [one for one in found.acts if one.seq > base and one.seq not in foreign]
    by_seq = {one.seq: one for one in found.acts}
    fields = frozenset(name for act in mine for name in _fields(act, by_seq))
    both = _Both(copies.record_of(found), copy, places, fields)
    withheld: list[ActCopy] = []
    codes: list[str] = []
    for act in new:
        wrong = _contradicts(step, both, act)
        if wrong:
            withheld.append(act)
            codes += wrong
            places[act.seq] = 0
        else:
            both = replace(both, here=_append(step, both, act))
            places[act.seq] = both.here.version
        step.mark(Mark(ACT, copy.id, act.seq, taken=places[act.seq]))
    if len(withheld) < len(new):
        step.work.connection.execute(
            update(persons).where(persons.c.id == copy.id).values(changed=step.work.now)
        )
    if withheld:
        _withhold(step, copy, withheld, codes, unit=both.here.unit)
    else:
        step.count("person", CHANGED)


def _append(step: Step, both: _Both, act: ActCopy) -> Record:
    said = Said(
        act.said.claims,
        tuple((both.places[of], at, day, why) for of, at, day, why in act.said.retracted),
        act.said.note,
    )
    unit = both.there.unit if act.kind == "move" else None
    return records.append(
        copies.as_done(step.work, act), both.here, said, kind=act.kind, source=act.source, unit=unit
    )


def _contradicts(step: Step, both: _Both, act: ActCopy) -> list[str]:
    """Codes of what an act would overwrite; empty when it may be taken over."""
    there = both.there.citizen
    here = both.here.citizen
    found = []
    for name in sorted(_fields(act, {one.seq: one for one in both.there.acts}) & both.mine):
        same = (
            both.here.unit == both.there.unit
            if name == _UNIT
            else here.value(name) == there.value(name)
        )
        if not same:
            found.append(f"{name}.changed")
    if any(both.places.get(of, 0) == 0 and of != act.seq for of, *_ in act.said.retracted):
        found.append("act.withheld")  # takes back what was not taken over
    given = [one.value for one in act.said.claims if one.field == "number"]
    if any(isinstance(one, str) and _taken(step, one, both.here.id) for one in given):
        found.append("number.personal")
    return found


def _fields(act: ActCopy, by_seq: Mapping[int, ActCopy]) -> set[str]:
    """Fields that an act speaks of, also by taking something back."""
    found = {one.field for one in act.said.claims}
    for of, at, *_ in act.said.retracted:
        if of in by_seq and at < len(by_seq[of].said.claims):
            found.add(by_seq[of].said.claims[at].field)
    return found | ({_UNIT} if act.kind == "move" else set())


def _withhold(
    step: Step, copy: PersonCopy, acts: list[ActCopy], codes: list[str], unit: str | None = None
) -> None:
    """Keep acts in a case, word by word, with who did them and when."""
    words = [
        {"seq": one.seq, "at": one.at, "kind": one.kind, "actor": one.actor, "unit": one.unit,
         "source": one.source, "said": claims.encode(one.said).decode("utf-8", "surrogatepass")}
        for one in acts
    ]  # fmt: skip
    step.open_case(
        CONFLICT, copy.unit if unit is None else unit, sorted(set(codes)), person=copy.id,
        evidence={"acts": words},
    )  # fmt: skip
    step.count("person", DISPUTED)


def others(step: Step, people: list[bytes]) -> Marks:
    """What was merged before about some people."""
    return common.read(
        step.work.connection, step.lineage.register, (PERSON, ACT, common.PRINTS), people
    )
