"""A register to take along: packed for a unit, with copies of the people it may meet."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from civid.errors import NotInRegisterError, RegisterFormatError, RegisterStorageError
from civid.register.actor import Capability
from civid.register.audit.entry import DONE
from civid.register.identity.gallery_link import pack as packed_fingers
from civid.register.identity.prints import subject_of
from civid.register.ids import from_text
from civid.register.keyring import RegisterKeys
from civid.register.merge import common, copies, lineage, papers
from civid.register.merge.common import Mark
from civid.register.merge.copies import PersonCopy
from civid.register.merge.packed_prints import give_prints
from civid.register.merge.papers import Paper
from civid.register.register import Register
from civid.register.session import Service, Session, Work, check_capability, reads
from civid.register.store.tables import members, persons
from civid.register.units import unit_code
from civid.search.segments.keys import KeyProvider

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class PackReport:
    """What was packed.

    Attributes
    ----------
    register : str
        Id of the unit's register.
    unit : str
    people, prints, households : int
        How many copies it holds.
    """

    register: str
    unit: str
    people: int
    prints: int
    households: int

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def _free(target: Path) -> bool:
    """Whether there is nothing yet."""
    try:
        return not target.exists() or (target.is_dir() and not any(target.iterdir()))
    except OSError as error:
        raise RegisterStorageError(f"the folder is of no use ({error.strerror})") from None
    except ValueError:
        raise RegisterFormatError("not the name of a folder") from None


class Packing(Service):
    """Registers for mobile units. Safe for threads."""

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
        """Make a unit's own register, to work with where there is no connection.

        Parameters
        ----------
        folder : path
            A new folder.
        unit : str
            Whose it is.
        people : iterable of str, optional
            References of those whom the unit may meet; everybody of the unit, unless given.
        keys : KeyProvider or RegisterKeys, optional
            Seal it; others than those of this register, so that a lost machine opens nothing else.
        prints : bool
            Also give it the prints of these people, where this register has any.

        Raises
        ------
        RegisterFormatError
            There is something in the folder.
        AccessRefusedError
            Without the capability to export, or for people outside the actor's scope.
        NotInRegisterError
            One of the people is not here.
        """
        check_capability(self._session, "register.pack", Capability.EXPORT)
        target = Path(os.fsdecode(folder))
        if not _free(target):
            raise RegisterFormatError("a register is packed into an empty folder or a new one")
        chosen = self._chosen(unit, None if people is None else list(people))
        # Made beside it and renamed at the end: half a register is never found.
        half = target.with_name(target.name + ".part")
        try:
            shutil.rmtree(half, ignore_errors=True)
            with Register.open(
                half, create=True, keys=keys, actor=self._session.actor, clock=self._session.clock
            ) as made:
                report = self._fill(made._session, unit, chosen, prints, on_progress)
            if target.exists():
                target.rmdir()
            half.replace(target)
        except OSError as error:
            raise RegisterStorageError(f"the folder cannot be made ({error.strerror})") from None
        finally:
            shutil.rmtree(half, ignore_errors=True)
        return report

    def _fill(
        self, made: Session, unit: str, chosen: Sequence[bytes], prints: bool,
        on_progress: Callable[[int, int], None] | None,
    ) -> PackReport:  # fmt: skip
        own = self._session.vault.register
        homes: set[bytes] = set()
        given = 0
        for start in range(0, len(chosen), _CHUNK):
            part = chosen[start : start + _CHUNK]
            people, households, fingers = self._copies(part, prints)
            new = [one for one in households.values() if one.id not in homes]
            homes.update(one.id for one in new)
            made.database.write(partial(_write, made, own, people, new))
            given += give_prints(made, own, fingers)
            if on_progress is not None:
                on_progress(start + len(part), len(chosen))
        report = PackReport(made.vault.register.hex(), unit, len(chosen), given, len(homes))
        made.database.write(partial(_end, made, own, report))
        return report

    @reads("register.pack", Capability.EXPORT)
    def _chosen(self, work: Work, unit: str, people: list[str] | None) -> list[bytes]:
        work.within(unit_code(unit))
        if people is None:
            below = persons.c.unit.startswith(unit + "/", autoescape=True)
            query = select(persons.c.id).where(
                (persons.c.unit == unit) | below, persons.c.state == "active"
            )
            return [
                bytes(one)
                for one in work.connection.execute(query.order_by(persons.c.id)).scalars()
            ]
        wanted = sorted({from_text(one) for one in people})
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            rows = work.connection.execute(
                select(persons.c.id, persons.c.unit).where(
                    persons.c.id.in_(part), persons.c.state == "active"
                )
            ).all()
            if len(rows) != len(part):
                raise NotInRegisterError("somebody who was to be packed is not in this register")
            for row in rows:
                work.within(row.unit)
        work.detail["people"] = len(wanted)
        return wanted

    @reads("register.pack", Capability.EXPORT)
    def _copies(
        self, work: Work, people: Sequence[bytes], prints: bool
    ) -> tuple[list[PersonCopy], dict[bytes, Paper], dict[bytes, bytes]]:
        """People, their households and their prints, opened; the log says whose."""
        work.about(*people)
        found = copies.read(work.connection, work.vault, people)
        homes = work.connection.execute(
            select(members.c.household)
            .where(members.c.person.in_(people), members.c.until.is_(None))
            .distinct()
        ).scalars()
        households = papers.read(
            work.connection, work.vault, "household", sorted(bytes(one) for one in homes)
        )
        fingers: dict[bytes, bytes] = {}
        link = self._session.link
        if prints and link.path is not None and link.path.exists():
            for person in people:
                subject = subject_of(work, person)
                if subject is not None and subject in link.gallery:
                    fingers[person] = packed_fingers(link.gallery.get(subject))
        return found, households, fingers


def _write(
    made: Session, own: bytes, people: list[PersonCopy], households: list[Paper],
    connection: Connection,
) -> None:  # fmt: skip
    work = Work(connection, made, made.clock())
    copies.put(work, people)
    papers.add(work, households, work)
    marks = [Mark(common.PERSON, one.id, taken=one.version) for one in people]
    marks += [Mark(one.kind, one.id, digest=one.digest) for one in households]
    common.write(work, own, marks)


def _end(made: Session, own: bytes, report: PackReport, connection: Connection) -> None:
    lineage.write(connection, own, report.unit, made.clock())
    work = Work(connection, made, made.clock())
    work.detail.update(people=report.people, prints=report.prints, source=own.hex())
    work.entry("register.packed", DONE)
