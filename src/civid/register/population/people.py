"""People (công dân): added, read, corrected; every act is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
from civid.register.population import apart, history, records, unions
from civid.register.population.apart import Apart
from civid.register.population.claims import MOST_CLAIMS, Said
from civid.register.population.lookup import NumberKind
from civid.register.population.person import Act, Person
from civid.register.population.records import Record
from civid.register.population.unions import Union
from civid.register.session import Service, Work, changes, reads
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
        found = unions.locate(record, claim)
        if found is None:
            raise FieldError(claim.field, "not a claim of this person")
        where, seq, place = found
        retraction = (seq, place, work.session.today(), reason[:200])
        return as_person(records.append(work, where, Said((), (retraction,)), kind="retract"))

    @changes("person.move", Capability.CORRECT)
    def move(self, work: Work, reference: str, unit: str, *, version: int | None = None) -> Person:
        """Hand a record over to another unit, with all entries that were merged into it."""
        record = held(work, reference, version)
        record = record.root or record
        return as_person(records.append(work, record, Said(), kind="move", unit=unit_code(unit)))

    @reads("person.read")
    def get(self, work: Work, reference: str) -> Person:
        """Somebody by reference; `NotInRegisterError` when there is none."""
        return as_person(_entry(work, from_text(reference)))

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
        found = records.load_by_number(work.connection, work.vault, kind, digits)
        if not found:
            raise NotInRegisterError("nobody in this register has that number")
        ids = [one.id for one in found]
        if len(ids) > 1 and len(unions.roots(work.connection, ids)) > 1:
            raise AlreadyInRegisterError("several people have this number: use find")
        return as_person(_seen(work, unions.entered(work.connection, work.vault, found[0])))

    @reads("person.history")
    def history(self, work: Work, reference: str) -> tuple[Act, ...]:
        """Everything that was ever recorded about somebody, oldest first.

        Of all entries that were merged into one; each act says of which it is.
        """
        person = from_text(reference)
        work.about(person)
        record, rows = history.load(work.connection, work.vault, person)
        record = _seen(work, unions.entered(work.connection, work.vault, record))
        record = record.root or record
        entries = (record, *(one for one, _ in record.joined))
        if [one.id for one in entries] != [person]:
            rows = history.told(work.connection, [one.id for one in entries])
        return history.in_order(entries, rows)

    @reads("person.entries")
    def entries(self, work: Work, reference: str) -> tuple[Person, ...]:
        """All entries of somebody, each as it stands by itself; the one that counts first."""
        record = readable(work, from_text(reference))
        found = (record, *(one for one, _ in record.joined))
        work.about(*(one.id for one in found))
        return tuple(
            Person(to_text(one.id), one.unit, one.state, one.version, one.own, to_text(one.id))
            for one in found
        )

    @changes("person.merge", Capability.ADJUDICATE)
    def merge(self, work: Work, kept: str, merged: str, reason: str) -> Person:
        """Let one entry stand for another one of the same person (hợp nhất).

        Nothing is copied: acts, numbers, prints, dossiers and cards of the merged entry stay with
        it, and whoever asks for it by reference, number, name or print is led to the kept one.
        What is recorded through the merged one from now on is kept with it, and counts for the
        person.

        Parameters
        ----------
        kept, merged : str
            References of two entries, neither of them merged or erased.
        reason : str
            A code.

        Raises
        ------
        TransitionError
            One of them is merged or erased already.
        """
        one, other = from_text(kept), from_text(merged)
        _within(work, one, other)
        return as_person(unions.merge(work, one, other, reason))

    @changes("person.unmerge", Capability.ADJUDICATE)
    def unmerge(self, work: Work, merged: str, reason: str) -> tuple[Person, Person]:
        """Part an entry from the one it was merged into (tách lại); both people are back.

        Returns
        -------
        (Person, Person)
            The one that was kept, and the one that is back; what happened since is on the one
            through whose reference, number or dossier it came.

        Raises
        ------
        TransitionError
            The entry is not merged.
        """
        person = from_text(merged)
        _within(work, person)
        kept, back = unions.unmerge(work, person, reason)
        return as_person(kept), as_person(back)

    @reads("person.unions")
    def unions(self, work: Work, reference: str) -> tuple[Union, ...]:
        """Which entries were merged into which, and parted again, oldest first."""
        record = readable(work, from_text(reference))
        return unions.history(work.connection, unions.entries(work.connection, record.id))

    @changes("person.keep_apart", Capability.ADJUDICATE)
    def keep_apart(
        self, work: Work, one: str, other: str, reason: str, *, until: date
    ) -> tuple[Apart, ...]:
        """Remember that two entries are two people, until a day.

        Raises
        ------
        FieldError
            The day lies in the past, or it is one entry.
        """
        first, second = from_text(one), from_text(other)
        _within(work, first, second)
        apart.keep(work, first, second, until, reason)
        return apart.of(work, [first])

    @changes("person.lift_apart", Capability.ADJUDICATE)
    def lift_apart(self, work: Work, one: str, other: str) -> bool:
        """Take that back; whether there was anything to take back."""
        first, second = from_text(one), from_text(other)
        _within(work, first, second)
        return apart.lift(work, first, second)

    @reads("person.apart")
    def apart(self, work: Work, reference: str) -> tuple[Apart, ...]:
        """Who was ever said to be somebody else than this person, oldest first."""
        record = readable(work, from_text(reference))
        return apart.of(work, unions.entries(work.connection, record.id))


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
    """The person that an entry stands for, within the actor's scope."""
    record = _entry(work, person)
    return record.root or record


def held(work: Work, reference: str, version: int | None) -> Record:
    """An entry to be changed; `version` is that of the person it stands for."""
    record = _entry(work, from_text(reference))
    if version is not None and version != (record.root or record).version:
        raise ChangedMeanwhileError("somebody else changed this person first; read it again")
    return record


def _entry(work: Work, person: bytes) -> Record:
    work.about(person)
    return _seen(work, unions.entry(work.connection, work.vault, person))


def _seen(work: Work, record: Record) -> Record:
    """The same, once the log and the actor's scope have it."""
    work.about(record.id)
    work.within(record.unit)
    if record.root is not None:
        work.about(record.root.id)
        work.within(record.root.unit)
    return record


def _within(work: Work, *people: bytes) -> None:
    for one in people:
        _entry(work, one)


def as_person(record: Record) -> Person:
    """What the API answers: the person that an entry stands for."""
    one = record.root or record
    return Person(
        to_text(one.id), one.unit, one.state, one.version, one.citizen, to_text(record.id)
    )
