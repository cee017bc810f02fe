"""Copy a register that is in use, and its galleries, as all of them are at one moment.

A change of prints is promised in the register, done in the gallery, and ticked off in the register.
For the moment in which the register and each gallery are held still, nobody writes to the register,
so that nothing is ticked off: whatever the gallery lacks or has too early in the copy is promised
there, and `civid.register.backup.restore` completes it. Copying itself keeps nobody waiting.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from civid.errors import FieldError, RegisterDamagedError, RegisterError, RegisterStorageError
from civid.register.actor import Capability
from civid.register.backup import manifest
from civid.register.backup.manifest import GALLERY_NAME, GalleryPart, RegisterCopy
from civid.register.backup.place import BackupPlace, path_of, told
from civid.register.identity.gallery_link import FOLDER, GalleryLink
from civid.register.session import Service, Work, changes, check_capability
from civid.register.store.audit_tables import audit_head
from civid.register.store.tables import persons
from civid.search.upkeep import databases
from civid.search.upkeep.backing_up import BackupReport as GalleryReport
from civid.search.upkeep.backing_up import taking

Progress = Callable[[int, int], None]
#: Seconds to wait for another backup to the same place.
_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup did.

    Attributes
    ----------
    copy : RegisterCopy
        What it holds since.
    copied_bytes, reused_bytes : int
        Written now; there already from earlier copies.
    removed : tuple of int
        Numbers of copies that were forgotten (``keep``).
    """

    copy: RegisterCopy
    copied_bytes: int
    reused_bytes: int
    removed: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "copy": self.copy.to_dict(), "copied_bytes": self.copied_bytes,
            "reused_bytes": self.reused_bytes, "forgotten": list(self.removed),
        }  # fmt: skip


class Backups(Service):
    """Copies of a register in a folder. Safe for threads, and while others write."""

    def backup(
        self, to: str | os.PathLike[str], *, keep: int | None = None,
        on_progress: Progress | None = None,
    ) -> BackupReport:  # fmt: skip
        """Add a copy of the register, with its gallery and its watch-lists, to a backup.

        The copy is of one moment, and holds all that was acknowledged before the call; others go on
        enrolling and reading. It is flushed, read back from the disk and checked. Killed at any
        time, the backup has the copies that it had. Nothing is opened for it, and the key that
        wraps the register's keys is not copied: keep it elsewhere.

        Parameters
        ----------
        to : path
            The backup: a folder that is one, an empty one, or none. Best on another disk.
        keep : int, optional
            Forget older copies than the last so many. What was erased stays in older copies.
        on_progress : callable
            Called with (done, total) bytes of the part that is being copied.

        Raises
        ------
        AccessRefusedError
            Without the capability to administer; it was logged.
        RegisterError
            The register is on a server: its own tools copy it. Or the backup is another register's.
        RegisterDamagedError
            The register or a gallery is damaged. The backup has the copies that it had.
        RegisterFormatError
            `to` is something else than a backup.
        RegisterLockedError
            Another backup is being written there; or others keep the register busy.
        RegisterStorageError
            There is no room, or something cannot be read or written.
        FieldError
            ``keep`` is less than 1.
        """
        check_capability(self._session, "register.backup", Capability.ADMINISTER)
        if not self._session.database.is_sqlite:
            raise RegisterError(
                "a register on a PostgreSQL server is copied by the server's own tools: a base "
                "backup with its log (pg_basebackup, WAL archive) to any moment, or pg_dump; stop "
                "enrolment, copy the prints with civid gallery backup, and go on. After restoring "
                "both: civid check"
            )
        if keep is not None and (type(keep) is not int or keep < 1):
            raise FieldError("keep", "must be a whole number from 1")
        with told():
            place = BackupPlace(path_of(to), create=True)
            with place.locked(_WAIT):
                return self._into(place, keep, on_progress)

    @changes("register.backup", Capability.ADMINISTER)
    def _note(self, work: Work, number: int) -> None:
        work.detail["copy"] = number

    def _into(
        self, place: BackupPlace, keep: int | None, on_progress: Progress | None
    ) -> BackupReport:
        known = place.copies()
        own = self._session.vault.register.hex()
        if any(one.register != own for one in known):
            raise RegisterError("the backup is of another register: give another folder")
        number = 1 + max((one.number for one in known), default=0)
        self._note(number)  # before, so that the copy says it, too
        with ExitStack() as stack:
            held = self._held(stack, place, on_progress)
            copy = replace(held.copy, number=number)
            size, digest = _copied(held.connection, place.register(number), on_progress)
            reports = {name: finish(None) for name, finish in held.galleries.items()}
        copy = replace(copy, size=size, digest=digest, galleries=tuple(map(_part, reports.items())))
        place.publish(manifest.sealed(copy, self._session.vault))
        removed = place.prune(len(known) + 1 if keep is None else keep)
        return BackupReport(
            copy, size + sum(one.copied_bytes for one in reports.values()),
            sum(one.reused_bytes for one in reports.values()), removed,
        )  # fmt: skip

    def _held(self, stack: ExitStack, place: BackupPlace, on_progress: Progress | None) -> _Held:
        """Register and galleries as they are at one moment, until the stack is left."""
        link, database = self._session.link, self._session.database

        def pin(_: Connection) -> _Held:
            galleries = {
                name: stack.enter_context(
                    taking(path, place.gallery(name), keys=link.keys, on_progress=on_progress)
                )
                for name, path in _galleries(link)
            }
            connection = stack.enter_context(database.reading())
            return _Held(self._head(connection), connection, galleries)

        # Nobody else writes to the register while this transaction is open.
        return database.write(pin)

    def _head(self, connection: Connection) -> RegisterCopy:
        end = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
        people = connection.execute(select(func.count()).select_from(persons)).scalar_one()
        vault = self._session.vault
        return RegisterCopy(
            0, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._session.clock() / 1e6)),
            vault.register.hex(), people, end.seq, bytes(end.hash).hex(), vault.encrypted, 0, "",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Held:
    """What was pinned: a read transaction, and what copies each gallery."""

    copy: RegisterCopy
    connection: Connection
    galleries: dict[str, Callable[[int | None], GalleryReport]]


def _galleries(link: GalleryLink) -> Iterator[tuple[str, Path]]:
    """The register's gallery and those of its watch-lists, as far as they are made.

    One that is being made holds nothing yet that is not promised in the register.
    """
    if link.path is None:
        return
    if link.exists:
        yield FOLDER, link.path
    for path in sorted(link.path.parent.glob("watch-*")):
        if GALLERY_NAME.fullmatch(path.name) and link.beside(path.name).exists:
            yield path.name, path


def _part(given: tuple[str, GalleryReport]) -> GalleryPart:
    name, report = given
    copy = report.copy
    return GalleryPart(name, copy.number, copy.files[0].digest, copy.subjects, copy.nbytes)


def _copied(
    connection: Connection, path: Path, on_progress: Progress | None
) -> tuple[int, str]:  # fmt: skip
    """Write the register's file as a read transaction sees it; -> its size and BLAKE2b-256."""
    source: Any = connection.connection.dbapi_connection
    damaged = RegisterDamagedError("the database file is damaged: see civid check")
    try:
        return databases.copy_proved(source, path, damaged, on_progress)
    except sqlite3.Error as error:
        raise of_sqlite(error) from None


def of_sqlite(error: sqlite3.Error) -> RegisterError:
    """What the driver says about a copy, as an error of a register."""
    name = getattr(error, "sqlite_errorname", "") or "unknown"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return RegisterDamagedError("the database file is damaged: see civid check")
    return RegisterStorageError(f"the copy cannot be read or written ({name})")
