"""People (công dân): added, read, corrected; every act is kept."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from civid.errors import (
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    NumberError,
)
from civid.people import cmnd9, personal_number
from civid.people.citizen import Claim
from civid.register.actor import Capability
from civid.register.ids import from_text, new_id, to_text
from civid.register.population import records
from civid.register.population.claims import MOST_CLAIMS, Said
from civid.register.population.lookup import NumberKind
from civid.register.population.person import Act, Person
from civid.register.population.records import Record
from civid.register.session import Service, Work, changes, reads
from civid.register.store.tables import acts
from civid.register.units import unit_code


class People(Service):
    """People of a register. Safe for threads.

    >>> from civid.register import Register
    >>> from civid.people.citizen import Source, claim
    >>> from datetime import date
    >>> import tempfile
    >>> day = date(2021, 3, 1)
    >>> said = [claim("name", "Nguyễn Thị An", Source.CIVIL_STATUS, day),
    ...         claim("number", "046301123456", Source.CIVIL_STATUS, day)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         made = register.people.add(said, unit="46/474")
    ...         register.person("046301123456").reference == made.reference
    True
    """

    @changes("person.add", Capability.ENROL)
    def add(
        self, work: Work, claims: Iterable[Claim], *, unit: str, source: str = "",
    ) -> Person:  # fmt: skip
        """Add somebody.

        Parameters
        ----------
        claims : iterable of Claim
            At least a name.
        unit : str
            Unit that keeps the record.
        source : str
            System or form that it comes from.

        Raises
        ------
        AlreadyInRegisterError
            The personal number belongs to somebody here.
        FieldError
            No name, or not claims.
        AccessRefusedError
            The unit lies outside the actor's scope.
        """
        work.within(unit_code(unit))
        said = Said(checked(claims))
        if not any(one.field == "name" for one in said.claims):
            raise FieldError("name", "a person cannot be added without one")
        person = new_id()
        records.add(work, person, unit, said, kind="add", source=source)
        work.about(person)
        return as_person(Record(person, unit, records.ACTIVE, 1, None, ((1, said),)))

    @changes("person.record", Capability.CORRECT)
    def record(
        self, work: Work, reference: str, claims: Iterable[Claim], *, version: int | None = None,
        kind: str = "correct", source: str = "",
    ) -> Person:  # fmt: skip
        """Add claims about somebody: what life changed, or what was wrong before.

        Parameters
        ----------
        reference : str
            Of the person.
        version : int, optional
            The version that was read: refuse when there is a later one.

        Raises
        ------
        ChangedMeanwhileError
            Somebody else was first.
        """
        record = held(work, reference, version)
        said = Said(checked(claims))
        if not said.claims:
            raise FieldError("claims", "nothing to record")
        return as_person(records.append(work, record, said, kind=kind, source=source))

    @changes("person.retract", Capability.CORRECT)
    def retract(
        self, work: Work, reference: str, claim: Claim, reason: str, *, version: int | None = None
    ) -> Person:
        """Mark a claim as wrong; it stays in the history and no longer counts.

        Raises
        ------
        FieldError
            This person has no such claim, or there is no reason.
        """
        if not reason.strip():
            raise FieldError("reason", "missing")
        record = held(work, reference, version)
        for seq, said in record.acts:
            if claim in said.claims:
                place = said.claims.index(claim)
                retraction = (seq, place, work.session.today(), reason[:200])
                made = records.append(work, record, Said((), (retraction,)), kind="retract")
                return as_person(made)
        raise FieldError(claim.field, "not a claim of this person")

    @changes("person.move", Capability.CORRECT)
    def move(self, work: Work, reference: str, unit: str, *, version: int | None = None) -> Person:
        """Hand a record over to another unit."""
        record = held(work, reference, version)
        return as_person(records.append(work, record, Said(), kind="move", unit=unit_code(unit)))

    @reads("person.read")
    def get(self, work: Work, reference: str) -> Person:
        """Somebody by reference; `NotInRegisterError` when there is none."""
        return as_person(held(work, reference, None))

    @reads("person.read")
    def by_number(self, work: Work, number: str) -> Person:
        """Somebody by any number they have or had: 12 digits, or a CMND of nine.

        Raises
        ------
        NumberError
            A number of neither kind.
        NotInRegisterError
            Nobody has it.
        AlreadyInRegisterError
            A CMND that several people have: `find` lists them.
        """
        kind, digits = number_of(number)
        found = records.holders(work.connection, work.vault, kind, digits)
        if not found:
            raise NotInRegisterError("nobody in this register has that number")
        if len(found) > 1:
            raise AlreadyInRegisterError("several people have this number: use find")
        return as_person(readable(work, found[0]))

    @reads("person.history")
    def history(self, work: Work, reference: str) -> tuple[Act, ...]:
        """Everything that was ever recorded about somebody, oldest first."""
        record = held(work, reference, None)
        rows = work.connection.execute(
            select(acts).where(acts.c.person == record.id).order_by(acts.c.seq)
        )
        fields = {
            seq: tuple(sorted({one.field for one in said.claims})) for seq, said in record.acts
        }
        return tuple(
            Act(row.seq, row.at, row.kind, row.actor, row.unit, row.source, fields[row.seq])
            for row in rows
        )


def checked(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims, few enough; `FieldError` for anything else."""
    made = tuple(claims)
    if len(made) > MOST_CLAIMS:
        raise FieldError("claims", f"more than {MOST_CLAIMS}")
    if not all(isinstance(one, Claim) for one in made):
        raise FieldError("claims", "not claims")
    return made


def number_of(text: str) -> tuple[NumberKind, str]:
    """Kind and digits of a number as somebody wrote it; `NumberError` for anything else."""
    digits = personal_number.compact(text)
    if len(digits) == 9 and cmnd9.is_valid(digits):
        return NumberKind.CMND9, digits
    if len(digits) == 12 and digits.isascii() and digits.isdigit():
        return NumberKind.PERSONAL, digits
    raise NumberError("number", "neither 9 nor 12 digits")


def readable(work: Work, person: bytes) -> Record:
    work.about(person)
    record = records.load(work.connection, work.vault, person)
    work.within(record.unit)
    if record.state == records.MERGED and record.merged_into is not None:
        return readable(work, record.merged_into)
    return record


def held(work: Work, reference: str, version: int | None) -> Record:
    record = readable(work, from_text(reference))
    if version is not None and version != record.version:
        raise ChangedMeanwhileError("somebody else changed this person first; read it again")
    return record


def as_person(record: Record) -> Person:
    return Person(to_text(record.id), record.unit, record.state, record.version, record.citizen)
