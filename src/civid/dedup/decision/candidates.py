"""Whom to compare: by number first, then by name and birth, then by household, last by prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from civid.dedup.decision.policy import Policy
from civid.dedup.decision.record import Record
from civid.dedup.decision.rules import FIND, FINGER, HOUSEHOLD, NAME, NUMBER, PRINTS, SWAPPED
from civid.errors import FieldError
from civid.fingerprint.template import Template
from civid.people.dates import DateAgreement, PartialDate, agreement
from civid.position import Position
from civid.register import Register
from civid.register.population.person import Person

#: A name that more than a thousand share with their birth year is no use for blocking.
_PAGE, _PAGES = 200, 5


class Reader(Protocol):
    """Who reads people by reference."""

    def people(self, references: Sequence[str]) -> tuple[Person, ...]:
        """Those who are in the register still."""


class Found:
    """People found so far, and what led to each."""

    def __init__(self, settled: Iterable[str]):
        self.people: dict[str, Person] = {}
        self.ways: dict[str, list[str]] = {}
        self._settled = frozenset(settled)

    def add(self, person: Person, way: str) -> None:
        """Note somebody, unless the pair is settled."""
        if person.reference in self._settled:
            return
        self.people.setdefault(person.reference, person)
        ways = self.ways.setdefault(person.reference, [])
        if way not in ways:
            ways.append(way)

    def add_all(self, hits: Iterable[str], way: str, reader: Reader) -> None:
        """Note people by reference; those that are not known yet are read, all at once."""
        wanted = [one for one in dict.fromkeys(hits) if one not in self._settled]
        missing = [one for one in wanted if one not in self.people]
        new = {one.reference: one for one in reader.people(missing)} if missing else {}
        for reference in wanted:
            person = self.people.get(reference) or new.pop(reference, None)
            if person is not None:  # erased in this moment
                self.add(person, way)
        for person in new.values():  # whom an entry was merged into
            self.add(person, way)


def by_data(register: Register, one: Record, policy: Policy, found: Found) -> None:
    """The cheap half: everything that has an index."""
    most = policy.most_candidates
    numbers = (*filter(None, (one.number,)), *sorted(one.cmnd9))
    for number in numbers if policy.on(FIND[NUMBER]) else ():
        with suppress(FieldError):
            for person in register.find(number=number).people:
                found.add(person, NUMBER)
    if one.birth is not None and policy.on(FIND[NAME]):
        for name in one.names:
            for person in _named(register, name, one.birth)[:most]:
                found.add(person, NAME)
    if one.household and policy.on(FIND[HOUSEHOLD]):
        for person in register.find(household=one.household).people[:most]:
            found.add(person, HOUSEHOLD)


def _named(register: Register, name: str, birth: PartialDate) -> list[Person]:
    """People of that name and birth year, those first whose day of birth agrees best."""
    people: list[Person] = []
    after: str | None = None
    for _ in range(_PAGES):
        page = register.find(name=name, birth=birth.year, limit=_PAGE, after=after)
        people += page.people
        if (after := page.after) is None:
            break
    order = list(DateAgreement)

    def worse(person: Person) -> int:
        return order.index(agreement(birth, person.birth)) if person.birth else len(order)

    return sorted(people, key=worse)


class Look(NamedTuple):
    """One search among everybody: with which fingers, how, and how rare a candidate must be."""

    way: str
    fingers: dict[Position, Template]
    swapped: bool
    share: float


def looks(fingers: dict[Position, Template], policy: Policy) -> Iterator[tuple[Look, ...]]:
    """Searches in their order, those that belong together as one.

    All fingers together; with labels exchanged, if nobody of those goes further; each alone. One
    finger has been searched for by then.
    """
    share = policy.search_fpir
    if policy.on(FIND[PRINTS]):
        yield (Look(PRINTS, fingers, False, share),)
    if policy.swapped and policy.on(FIND[SWAPPED]):
        yield (Look(SWAPPED, fingers, True, share),)
    if policy.each_finger and len(fingers) > 1 and policy.on(FIND[FINGER]):
        # One finger is searched for as often as there are fingers: a stricter limit for each.
        yield tuple(Look(FINGER, {place: one}, False, share / 10) for place, one in fingers.items())
