"""Numbers for people who have none (cấp số định danh hàng loạt), and who gets none, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from civid.errors import AlreadyInRegisterError, ChangedMeanwhileError, NumbersExhaustedError
from civid.people.citizen import Citizen, Source, claim
from civid.people.dates import PartialDate
from civid.people.numbers import Allocator, Candidate, Coverage, NumberRequest, coverage
from civid.people.places.provinces import MERGER, PID_63
from civid.people.places.spelling import find
from civid.people.sex import Sex
from civid.register.ids import to_text
from civid.register.population import records
from civid.register.population.claims import Said
from civid.register.population.ledger import RegisterLedger
from civid.register.population.lookup import NumberKind
from civid.register.population.records import Record
from civid.register.session import Work
from civid.register.store.failures import TryAgain
from civid.register.store.tables import numbers, persons

KIND = "number"
EVIDENCE = "bulk allocation"
READY = "ready"
FULL = "no number left"


@dataclass(frozen=True, slots=True, repr=False)
class Allocated:
    """What a bulk allocation did.

    Attributes
    ----------
    looked_at : int
        People without a number.
    given : int
        Those who got one.
    without : tuple of (reference, reason)
        The others. Reasons as in `civid.people.numbers.Coverage`, and ``no number left``.
    """

    looked_at: int
    given: int
    without: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "looked_at": self.looked_at, "given": self.given,
            "without": [list(one) for one in self.without],
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Allocated {self.given} of {self.looked_at}>"


def lacking(work: Work, unit: str, after: bytes, limit: int) -> list[Record]:
    """Some active people of a unit, and of those below it, who have no personal number."""
    asked = (
        select(persons.c.id)
        .where(_of(unit), ~_numbered(), persons.c.id > after)
        .order_by(persons.c.id)
        .limit(limit)
    )
    found = [bytes(one) for one in work.connection.execute(asked).scalars()]
    return records.load_many(work.connection, work.vault, found)


def counts(work: Work, unit: str) -> tuple[int, int]:
    """Active people of a unit and of those below it, and how many have a number."""
    people = select(func.count()).select_from(persons).where(_of(unit))
    total = work.connection.execute(people).scalar_one()
    return total, work.connection.execute(people.where(_numbered())).scalar_one()


def _of(unit: str) -> ColumnElement[bool]:
    active = persons.c.state == records.ACTIVE
    if not unit:
        return active
    below = persons.c.unit.startswith(unit + "/", autoescape=True)
    return active & or_(persons.c.unit == unit, below)


def _numbered() -> ColumnElement[bool]:
    return (
        select(numbers.c.id)
        .where(numbers.c.person == persons.c.id, numbers.c.kind == int(NumberKind.PERSONAL))
        .exists()
    )


def candidate(work: Work, record: Record) -> Candidate:
    """A person as far as numbering needs."""
    person = record.citizen
    sex, birth = person.value("sex"), person.value("birth")
    return Candidate(
        to_text(record.id), person.text("number"), place_code(person),
        sex if isinstance(sex, Sex) else Sex.UNKNOWN,
        birth.year if isinstance(birth, PartialDate) else None,
    )  # fmt: skip


def place_code(person: Citizen) -> str:
    """Three digits of the place of birth registration; empty where they are not plain.

    By the list of 63, that of every number so far. For births registered since the provinces
    merged no source says which list holds: where both give a name the same code, that is it.
    """
    held = person.current("birth_registration_place")
    last = "" if held is None else held.recorded_as.rpartition(",")[2].strip()
    if held is None or not last:
        return ""
    named = find(last)
    codes = {unit.code for unit in named if unit.list_version == PID_63}
    if held.effective >= MERGER:
        codes &= {"0" + unit.code for unit in named if unit.valid_on(held.effective)}
    return codes.pop() if len(codes) == 1 else ""


def allocate(work: Work, people: Sequence[Record]) -> Allocated:
    """Give numbers to those who can have one.

    The same person draws the same number again, after a crash or when somebody else was faster.
    """
    allocator = Allocator(RegisterLedger(work), work.vault.derived("numbers"))
    wanted = {one.reference: one for one in (candidate(work, record) for record in people)}
    reasons = dict(coverage(wanted.values()).without)
    without: list[tuple[str, str]] = []
    given = 0
    for record in people:
        reference = to_text(record.id)
        one, reason = wanted[reference], reasons.get(reference, READY)
        if reason == READY and one.birth_year is not None:
            request = NumberRequest(reference, one.place_code, one.sex, one.birth_year)
            try:
                number = allocator.reserve(request).number
            except NumbersExhaustedError:
                reason = FULL
            else:
                _record(work, record, number)
                given += 1
                continue
        without.append((reference, reason))
    return Allocated(len(people), given, tuple(without))


def _record(work: Work, record: Record, number: str) -> None:
    day = work.session.today()
    made = claim("number", number, Source.CIVIL_STATUS, day, evidence=EVIDENCE)
    try:
        records.append(work, record, Said((made,)), kind=KIND)
    except (AlreadyInRegisterError, ChangedMeanwhileError):  # somebody else was faster
        raise TryAgain from None
    work.about(record.id)


def covered(work: Work, unit: str, page: int) -> Coverage:
    """Who of a unit has a number, and why the others have none."""
    total, numbered = counts(work, unit)
    without: list[tuple[str, str]] = []
    for people in _pages(work, unit, page):
        without += coverage(candidate(work, one) for one in people).without
        work.about(*(one.id for one in people))
    return Coverage(total, numbered, tuple(without))


def _pages(work: Work, unit: str, page: int) -> Iterator[list[Record]]:
    after = b""
    while people := lacking(work, unit, after, page):
        yield people
        after = people[-1].id
