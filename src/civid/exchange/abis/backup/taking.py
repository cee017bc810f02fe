"""Copy an engine that is in use: ledger and gallery as they are at one moment.

A change happens when the ledger commits; what the gallery has too early or too late then is told by
names and rows of the ledger (`civid.exchange.abis.changing`). For the moment in which both are held
still, nobody writes to the ledger. So the two are as a crash would have left them between two
changes, and opening a restored copy mends it in the same way. Copying itself keeps nobody waiting.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from civid.errors import GalleryDamagedError, GalleryError
from civid.exchange.abis import tables
from civid.exchange.abis.abis import GALLERY
from civid.exchange.abis.backup import manifest
from civid.exchange.abis.backup.manifest import TOKENS, AbisCopy, file_name
from civid.exchange.abis.backup.place import AbisBackup
from civid.exchange.abis.ledger import Ledger, typed
from civid.exchange.abis.rows import Rows
from civid.private_files import replacing
from civid.search.arrays.slices import Progress
from civid.search.segments.keys import KeyProvider
from civid.search.store.files.arguments import checked_folder, checked_timeout, naming
from civid.search.store.sqlite_errors import storage
from civid.search.upkeep import databases
from civid.search.upkeep.backing_up import BackupReport as GalleryReport
from civid.search.upkeep.backing_up import taking
from civid.search.upkeep.backup_folder import BackupFolder
from civid.search.upkeep.manifest import CopiedFile

#: Seconds that the gallery may take to be held still: those who change something wait meanwhile.
_STILL = 1.0


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup did.

    Attributes
    ----------
    copy : AbisCopy
        What it holds since.
    copied_bytes, reused_bytes : int
        Written now; there already from earlier copies.
    removed : tuple of int
        Numbers of copies that were forgotten (``keep``).
    """

    copy: AbisCopy
    copied_bytes: int
    reused_bytes: int
    removed: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "copy": self.copy.to_dict(), "copied_bytes": self.copied_bytes,
            "reused_bytes": self.reused_bytes, "forgotten": list(self.removed),
        }  # fmt: skip


def backup(
    folder: str | os.PathLike[str],
    to: str | os.PathLike[str],
    *,
    keys: KeyProvider | None = None,
    keep: int | None = None,
    timeout: float = 30.0,
    on_progress: Progress | None = None,
) -> BackupReport:
    """Add a copy of an engine's folder to a backup, while others enrol, delete and search.

    The copy is of one moment, and holds all that was acknowledged before the call. It is flushed,
    read back from the disk and checked; segments of prints that earlier copies hold are not copied
    again. Killed at any time, the backup has the copies that it had, and the next call goes on.
    Keys are not copied: keep them elsewhere. Neither are the log of a service, its tasks, nor what
    a worker has in hand.

    Parameters
    ----------
    folder : path
        Of the engine, as of ``civid serve`` or ``civid abis``.
    to : path
        The backup: a folder that is one, an empty one, or none. Best on another disk.
    keys : KeyProvider, optional
        Of an encrypted engine.
    keep : int, optional
        Forget older copies than the last so many. What was deleted stays in older copies.
    timeout : float
        Seconds to wait for a long change of others, and for another backup to the same place.
    on_progress : callable
        Called with (done, total) bytes of the part that is being copied.

    Raises
    ------
    GalleryFormatError
        `folder` is no engine's, or `to` is something else than a backup of one.
    GalleryDamagedError
        Ledger or gallery, or what the backup has of it, is damaged.
    GalleryKeyError
        It is encrypted, and the keys are missing or others.
    GalleryLockedError
        Another backup is being written there; or others keep the ledger busy.
    GalleryStorageError
        There is no room, or something cannot be read or written.
    GalleryError
        The backup is of another engine, or ``keep`` is less than 1.

    >>> import tempfile
    >>> from civid.exchange.abis import Abis
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Abis.open(f"{folder}/office", create=True) as engine:  # in use
    ...         _ = engine.insert("79A1", {})
    ...         report = backup(f"{folder}/office", f"{folder}/copies")
    >>> report.copy.number, report.copy.people
    (1, 1)
    """
    if keep is not None and (type(keep) is not int or keep < 1):
        raise GalleryError("keep must be a whole number from 1")
    source, target = checked_folder(folder), checked_folder(to)
    seconds = checked_timeout(timeout)
    with naming(source):  # before anything is made
        ledger = Ledger(source, keys, create=False, read_only=True, timeout=seconds)
    try:
        with naming(target):
            place = AbisBackup(target, create=True)
            with place.locked(seconds):
                return _Taking(source, place, ledger, keys, seconds, on_progress).run(keep)
    finally:
        ledger.close()


class _Taking:
    """One backup on its way."""

    def __init__(
        self, source: Path, place: AbisBackup, ledger: Ledger, keys: KeyProvider | None,
        timeout: float, on_progress: Progress | None,
    ):  # fmt: skip
        self._source, self._place, self._ledger = source, place, ledger
        self._keys, self._timeout, self._on_progress = keys, timeout, on_progress

    def run(self, keep: int | None) -> BackupReport:
        known = self._place.copies()
        number = 1 + max((one.number for one in known), default=0)
        with ExitStack() as stack:
            rows, finish = self._held(stack)
            engine, serial = _about(rows)
            if any(one.engine != engine for one in known):
                raise GalleryError("the backup is of another service: give another folder")
            people = rows.count()
            tokens = self._tokens(number)
            files = [self._copied_ledger(rows.db, number), *tokens]
            report = finish(None)
        prints = report.copy
        made = AbisCopy(
            number, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), engine, serial, people,
            self._ledger.seals.sealing, prints.number, prints.files[0].digest, prints.subjects,
            prints.nbytes, tuple(files),
        )  # fmt: skip
        copy = manifest.sealed(made, self._ledger.seals)
        with storage():
            self._place.publish(copy)
            removed = self._place.prune(len(known) + 1 if keep is None else keep)
        written = sum(one.size for one in files) + report.copied_bytes
        return BackupReport(copy, written, report.reused_bytes, tuple(removed))

    def _held(self, stack: ExitStack) -> tuple[Rows, Callable[[int | None], GalleryReport]]:
        """Ledger and gallery as they are at one moment, until the stack is left."""
        BackupFolder(self._place.gallery, create=True)  # not while others wait
        with self._nobody_writes():
            rows = stack.enter_context(self._ledger.reading())
            _about(rows)  # SQLite takes its snapshot when something is read
            finish = stack.enter_context(
                taking(
                    self._source / GALLERY, self._place.gallery, keys=self._keys,
                    timeout=_STILL, on_progress=self._on_progress,
                )
            )  # fmt: skip
        return rows, finish

    @contextmanager
    def _nobody_writes(self) -> Iterator[None]:
        with naming(self._source), typed():
            db = tables.connect(self._source, read_only=False, timeout=self._timeout)
            with closing(db):
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                finally:
                    with suppress(sqlite3.Error):
                        db.execute("ROLLBACK")

    def _copied_ledger(self, db: sqlite3.Connection, number: int) -> CopiedFile:
        """Write the ledger's file as a read transaction sees it."""
        path = self._place.files / file_name(number, tables.NAME)
        damaged = GalleryDamagedError("the ledger is damaged")
        with storage(), typed():
            size, digest = databases.copy_proved(db, path, damaged, self._on_progress)
        return CopiedFile(tables.NAME, path.name, size, digest)

    def _tokens(self, number: int) -> list[CopiedFile]:
        """Those of a service, if it has any; they are hashes."""
        path = self._place.files / file_name(number, TOKENS)
        with storage():
            try:
                data = (self._source / TOKENS).read_bytes()
            except FileNotFoundError:
                return []
            with replacing(path) as file:
                file.write(data)
        digest = blake2b(data, digest_size=32).hexdigest()
        return [CopiedFile(TOKENS, path.name, len(data), digest)]


def _about(rows: Rows) -> tuple[str, int]:
    """Id and serial number of a ledger."""
    engine, serial = rows.db.execute("SELECT ledger, serial FROM about").fetchone()
    return bytes(engine).hex(), int(serial)
