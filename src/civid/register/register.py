"""A register: opened from a folder or a server, and the services that it offers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from civid.errors import FieldError
from civid.register import making
from civid.register.actor import Actor, actor_of
from civid.register.identity.gallery_link import FOLDER, GalleryLink
from civid.register.keyring import KeyRing, RegisterKeys
from civid.register.session import Session, utc_now
from civid.register.store import migrate
from civid.register.store.database import Database, is_url
from civid.search.segments.keys import KeyProvider

if TYPE_CHECKING:
    from datetime import date

    from civid.cards.regimes import Area, Procedure
    from civid.people.working_days import Calendar
    from civid.register.audit.service import Audit
    from civid.register.backup.taking import BackupReport
    from civid.register.bulk.service import Bulk
    from civid.register.cases.service import Cases
    from civid.register.check.report import CheckReport
    from civid.register.enrolment.enrolment import Enrolment
    from civid.register.enrolment.plan import Plan
    from civid.register.identity.cards import Cards
    from civid.register.identity.dossiers import Dossiers
    from civid.register.identity.prints import Prints
    from civid.register.merge.pack import PackReport
    from civid.register.merge.report import MergeReport
    from civid.register.merge.unit_logs import UnitLogs
    from civid.register.population.find import Finder
    from civid.register.population.households.service import Households
    from civid.register.population.papers.forms import Forms
    from civid.register.population.papers.slips import Slips
    from civid.register.population.people import People
    from civid.register.population.person import Page, Person
    from civid.register.population.renumbering import Renumbering
    from civid.register.population.residence import Residence
    from civid.register.protection.service import Protection


class Register:
    """People, their prints, dossiers and cards; nothing is ever overwritten.

    Safe for threads; several processes may open one register. Make it with `open`, close it with
    `close` or a ``with`` statement.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         len(register.find(name="Nguyễn Thị An"))
    0
    """

    def __init__(self, session: Session):
        self._session = session

    @classmethod
    def open(
        cls,
        path_or_url: str | os.PathLike[str],
        *,
        keys: KeyProvider | RegisterKeys | None = None,
        actor: Actor | str | None = None,
        create: bool = False,
        gallery: str | os.PathLike[str] | None = None,
        timeout: float = 30.0,
        clock: Callable[[], int] = utc_now,
    ) -> Self:
        """Open a register.

        Parameters
        ----------
        path_or_url : path or str
            A folder (SQLite, nothing to start), or ``postgresql://user@host/name``.
        keys : KeyProvider or RegisterKeys, optional
            Encrypts names, numbers and prints; must be given again at every opening.
        actor : Actor or str, optional
            Who acts: rights and the audit log depend on it. A name alone, or nothing, has every
            capability: whoever can open the folder could read it anyway.
        create : bool
            Make a register where there is none.
        gallery : path, optional
            Folder of the prints; beside the register unless given. On a server it has to be given,
            or there are no prints.
        timeout : float
            Seconds to wait for others who write.
        clock : callable
            Microseconds since 1970, UTC; for tests.

        Raises
        ------
        RegisterFormatError
            No register, or one of another version.
        RegisterKeyError
            It is encrypted, and the key is missing or another one.
        RegisterStorageError
            The folder cannot be read, or the server not be reached.
        """
        where = os.fsdecode(path_or_url)
        given = keys if isinstance(keys, RegisterKeys) or keys is None else RegisterKeys(keys)
        provider = None if given is None else given.register
        if not is_url(where):
            making.prepare_folder(Path(where), create=create)
        database = Database(where, timeout=timeout)
        try:
            if create:
                making.make(database, provider, clock())
            with database.reading() as connection:
                migrate.check(connection)
                ring = KeyRing(database, provider)
                vault = ring.vault(connection)
            place = Path(gallery) if gallery is not None else None
            if place is None and database.folder is not None:
                place = database.folder / FOLDER
            gallery_keys = None if given is None else given.gallery or given.register
            link = GalleryLink(place, gallery_keys)
        except BaseException:
            database.close()
            raise
        return cls(Session(database, vault, actor_of(actor), clock, link, ring))

    def acting_as(self, actor: Actor | str) -> Register:
        """The same open register for another actor or purpose; close only one of them."""
        return type(self)(self._session.acting_as(actor_of(actor)))

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self._session.actor

    @property
    def encrypted(self) -> bool:
        """Whether names, numbers and prints are sealed."""
        return self._session.vault.encrypted

    def close(self) -> None:
        """Close connections and gallery."""
        self._session.link.close()
        self._session.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        kind = "SQLite" if self._session.database.is_sqlite else "PostgreSQL"
        return f"<Register on {kind}>"

    # ---- services

    @property
    def people(self) -> People:
        """People: add, record, retract, history."""
        from civid.register.population.people import People

        return People(self._session)

    @property
    def households(self) -> Households:
        """Households: members, heads, splits, history."""
        from civid.register.population.households.service import Households

        return Households(self._session)

    @property
    def forms(self) -> Forms:
        """Forms DC01 and DC02: recorded, applied, waiting."""
        from civid.register.population.papers.forms import Forms

        return Forms(self._session)

    @property
    def slips(self) -> Slips:
        """Verification slips between units."""
        from civid.register.population.papers.slips import Slips

        return Slips(self._session)

    @property
    def residence(self) -> Residence:
        """Where people live, and what the law asks for by when."""
        from civid.register.population.residence import Residence

        return Residence(self._session)

    @property
    def renumbering(self) -> Renumbering:
        """What became of people's numbers; cancelling one and setting another."""
        from civid.register.population.renumbering import Renumbering

        return Renumbering(self._session)

    @property
    def prints(self) -> Prints:
        """Prints: enrol, identify, verify."""
        from civid.register.identity.prints import Prints

        return Prints(self._session)

    @property
    def dossiers(self) -> Dossiers:
        """Dossiers: open, take from state to state, overdue, ageing."""
        from civid.register.identity.dossiers import Dossiers

        return Dossiers(self._session)

    @property
    def cards(self) -> Cards:
        """Cards and older papers: issue, lose, withdraw, replace, hand in."""
        from civid.register.identity.cards import Cards

        return Cards(self._session)

    @property
    def cases(self) -> Cases:
        """Cases: corrections, possible duplicates, conflicts; their queues."""
        from civid.register.cases.service import Cases

        return Cases(self._session)

    @property
    def protection(self) -> Protection:
        """Keys, legal holds, retention, erasure with proof, export of one record."""
        from civid.register.protection.service import Protection

        return Protection(self._session)

    @property
    def bulk(self) -> Bulk:
        """Millions at once: synchronise, import, survey, number."""
        from civid.register.bulk.service import Bulk

        return Bulk(self._session)

    @property
    def audit(self) -> Audit:
        """The audit log."""
        from civid.register.audit.service import Audit

        return Audit(self._session)

    def check(
        self,
        *,
        repair: bool = False,
        anchor: tuple[int, str] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> CheckReport:
        """Prove that register and gallery agree, and name what does not; see `Check.run`."""
        from civid.register.check.service import Check

        return Check(self._session).run(repair=repair, anchor=anchor, on_progress=on_progress)

    def backup(
        self,
        to: str | os.PathLike[str],
        *,
        keep: int | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> BackupReport:
        """Add a copy of this moment to a backup, while others work; see `Backups.backup`."""
        from civid.register.backup.taking import Backups

        return Backups(self._session).backup(to, keep=keep, on_progress=on_progress)

    @property
    def _finder(self) -> Finder:
        from civid.register.population.find import Finder

        return Finder(self._session)

    # ---- what is asked most

    def person(self, number: str) -> Person:
        """Somebody by any number they have or had; see `People.by_number`."""
        return self.people.by_number(number)

    def find(
        self,
        *,
        number: str | None = None,
        name: str | None = None,
        birth: int | str | date | None = None,
        household: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """People by number, name and birth, or household; see `Finder.find`."""
        return self._finder.find(
            number=number, name=name, birth=birth, household=household, limit=limit, after=after
        )

    def enrolment(
        self,
        person: Person | str | None = None,
        *,
        dossier: str | None = None,
        procedure: Procedure | str = "first",
        unit: str | None = None,
        filed: date | None = None,
        area: Area | str = "city",
        plan: Plan | None = None,
        calendar: Calendar | None = None,
    ) -> Enrolment:
        """Enrol somebody at a counter, or go on where an enrolment stood.

        Parameters
        ----------
        person : Person or str, optional
            Who: as the register knows them, by reference, or by any number. Opens a dossier.
        dossier : str, optional
            Reference of a dossier to go on with, after a crash or at the next station.
        procedure, unit, filed, area, plan, calendar
            Of a new dossier; see `civid.register.identity.dossiers.Dossiers.open`.

        Raises
        ------
        FieldError
            Not exactly one of person and dossier.
        AlreadyInRegisterError
            Another dossier of this person is open; both stations are told.
        """
        from civid.register.enrolment.enrolment import Enrolment

        if (person is None) == (dossier is None):
            raise FieldError("enrolment", "give a person, or the dossier to go on with")
        if dossier is None:
            assert person is not None
            if not isinstance(person, str):
                reference = person.reference
            elif len(person) == 32:
                reference = person
            else:
                reference = self.person(person).reference
            dossier = self.dossiers.open(
                reference,
                procedure=procedure,
                unit=unit,
                filed=filed,
                area=area,
                plan=plan,
                calendar=calendar,
            ).reference
        return Enrolment(self._session, dossier)

    # ---- mobile units

    @property
    def unit_logs(self) -> UnitLogs:
        """Audit logs of the mobile units that were merged."""
        from civid.register.merge.unit_logs import UnitLogs

        return UnitLogs(self._session)

    def pack(
        self,
        folder: str | os.PathLike[str],
        *,
        unit: str,
        people: Iterable[str] | None = None,
        keys: KeyProvider | RegisterKeys | None = None,
        prints: bool = True,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> PackReport:
        """Make a mobile unit's own register; see `civid.register.merge.pack.Packing.pack`."""
        from civid.register.merge.pack import Packing

        return Packing(self._session).pack(
            folder, unit=unit, people=people, keys=keys, prints=prints, on_progress=on_progress
        )

    def merge(
        self,
        folder: str | os.PathLike[str],
        *,
        keys: KeyProvider | RegisterKeys | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> MergeReport:
        """Take over what a mobile unit did; see `civid.register.merge.merging.Merging.merge`."""
        from civid.register.merge.merging import Merging

        return Merging(self._session).merge(folder, keys=keys, on_progress=on_progress)
