"""Whom to compare: by number first, then by name and birth, then by household, last by prints."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from civid.dedup.decision.policy import Policy
from civid.dedup.decision.record import Record
from civid.errors import FieldError
from civid.fingerprint.template import Template
from civid.people.dates import DateAgreement, PartialDate, agreement
from civid.position import Position
from civid.register import Register
from civid.register.population.person import Person
from civid.search.fingers import Fingers

NUMBER, NAME, HOUSEHOLD, PRINTS, FINGER = "number", "name", "household", "prints", "one finger"
#: Somebody whom a case of the register names.
CASE = "case"

#: A name that more than a thousand share with their birth year is no use for blocking.
_PAGE, _PAGES = 200, 5


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

    def __contains__(self, reference: object) -> bool:
        return reference in self._settled or reference in self.people


def by_data(register: Register, one: Record, policy: Policy, found: Found) -> None:
    """The cheap half: everything that has an index."""
    most = policy.most_candidates
    for number in (*filter(None, (one.number,)), *sorted(one.cmnd9)):
        with suppress(FieldError):
            for person in register.find(number=number).people:
                found.add(person, NUMBER)
    if one.birth is not None:
        for name in one.names:
            for person in _named(register, name, one.birth)[:most]:
                found.add(person, NAME)
    if one.household:
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


def by_prints(
    register: Register, fingers: dict[Position, Template], policy: Policy, found: Found
) -> None:
    """Search among everybody: all fingers together, then with labels exchanged."""
    hits = _identify(register, fingers, policy, found, PRINTS, swapped=False)
    if policy.swapped and not hits:
        _identify(register, fingers, policy, found, PRINTS, swapped=True)


def by_each_finger(
    register: Register, fingers: dict[Position, Template], policy: Policy, found: Found
) -> None:
    """Search among everybody with every finger alone; one alone has been searched for."""
    if policy.each_finger and len(fingers) > 1:
        for place, template in fingers.items():
            _identify(register, {place: template}, policy, found, FINGER, swapped=False)


def _identify(
    register: Register, fingers: Fingers, policy: Policy, found: Found, way: str, *, swapped: bool
) -> int:
    # One finger is searched for as often as there are fingers: a stricter limit for each.
    share = policy.search_fpir / (10 if way == FINGER else 1)
    hits = register.prints.identify(
        fingers, most=policy.most_candidates, max_fpir=share, swapped=swapped
    )
    for hit in hits:
        person = found.people.get(hit.reference)
        if person is not None or hit.reference not in found:
            found.add(person or register.people.get(hit.reference), way)
    return len(hits)
