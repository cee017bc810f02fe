"""The folder of a durable gallery: is it one, make one, connect to its database.

====================== ==================================================================
file                   what
====================== ==================================================================
``gallery.civid``      the commit counter (`commit_counter`); it makes a folder a gallery
``gallery.sqlite3``    the database, in WAL mode (``-wal`` and ``-shm`` beside it in use)
``gallery-*.seg``      segments (`civid.search.segments.format`); ``.tmp`` = one being written
``gallery.lock``       empty; the writer holds a lock on it
====================== ==================================================================
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.search.segments.keys import KeyProvider
from civid.search.segments.segment import Segment
from civid.search.store import commit_counter as commit_counter
from civid.search.store import layout
from civid.search.store.sqlite_errors import translating

WITNESS, DATABASE, LOCK = "gallery.civid", "gallery.sqlite3", "gallery.lock"

#: SQLite makes its -shm file even to read; these say that it could not.
_NO_SHARED_MEMORY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}


def look(folder: Path, *, create: bool) -> None:
    """Refuse what is neither a gallery nor an empty place for one.

    Raises
    ------
    GalleryFormatError
        What was found instead.
    """
    if not folder.exists():
        if not create:
            raise GalleryFormatError("there is no gallery: the folder does not exist")
        return
    if not folder.is_dir():
        raise GalleryFormatError("a gallery is a folder; this is a file")
    if (folder / WITNESS).exists():
        generation(folder)
        return
    others = sum(1 for entry in folder.iterdir() if entry.name != LOCK)
    if others:
        raise GalleryFormatError(
            f"the folder is not a gallery: it has no {WITNESS}, but {others} other entries"
        )
    if not create:
        raise GalleryFormatError("the folder is not a gallery: it is empty")


def generation(folder: Path) -> int:
    """Of the commit counter; `commit counter.CREATING` when the creation was not finished."""
    path = folder / WITNESS
    if not path.exists():
        return commit_counter.CREATING
    if path.stat().st_size < commit_counter.SIZE and not (folder / DATABASE).exists():
        return commit_counter.CREATING  # killed before the first byte of the database was written
    return commit_counter.read(path)


def create(folder: Path) -> None:
    """Make an empty gallery; killed half-way, the next writer starts over."""
    mark = commit_counter.CommitCounter(folder / WITNESS)
    try:
        mark.create(commit_counter.CREATING)
        for suffix in ("", "-wal", "-shm", "-journal"):
            (folder / (DATABASE + suffix)).unlink(missing_ok=True)
        # SQLite would let others read it; its log takes over these rights.
        os.close(os.open(folder / DATABASE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        with translating():
            connection = sqlite3.connect(folder / DATABASE, isolation_level=None)
            try:
                connection.execute(f"PRAGMA application_id = {layout.APPLICATION_ID}")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                for statement in layout.SCHEMA:
                    connection.execute(statement)
                connection.execute(layout.WRITE_STATE, layout.State().row())
                connection.execute("COMMIT")
            finally:
                connection.close()
        _sync(folder)
        mark.write(0)
    finally:
        mark.close()


def segment_path(folder: Path, number: int) -> Path:
    """Where a segment lies."""
    return folder / f"gallery-{number:08}.seg"


def publish(unfinished: Path, path: Path, keys: KeyProvider | None) -> Segment:
    """Give a written segment its name for good, and open it."""
    try:
        unfinished.rename(path)
        _sync(path.parent)
        return Segment.open(path, keys)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise


def sweep(folder: Path, numbers: Set[int]) -> None:
    """Remove segments that no manifest names: what a killed process was about."""
    kept = {segment_path(folder, number).name for number in numbers}
    with suppress(OSError):
        for path in folder.glob("gallery-*"):
            if path.suffix == ".tmp" or (path.suffix == ".seg" and path.name not in kept):
                path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def is_log_database(folder: Path) -> bool:
    """Does the database's header say SQLite, with a write-ahead log?

    Other numbers there (https://www.sqlite.org/fileformat.html, offsets 18 and 19) make SQLite
    pass over the log, or refuse to write.
    """
    with (folder / DATABASE).open("rb") as file:
        header = file.read(20)
    return header.startswith(b"SQLite format 3\0") and header[18:] == b"\x02\x02"


def connect(folder: Path, *, read_only: bool, timeout: float) -> tuple[sqlite3.Connection, bool]:
    """A connection, and whether the database is read as one that nobody can change."""
    path = folder / DATABASE
    if not path.exists():
        raise GalleryDamagedError("the gallery's database file is missing")
    connection = _open(path, "mode=ro" if read_only else "mode=rw", timeout)
    try:
        if not read_only:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            # In a folder that cannot be written, and where no log is waiting, the database file
            # alone is the whole truth.
            log = path.with_name(DATABASE + "-wal")
            waiting = log.exists() and log.stat().st_size > 0
            if not read_only or waiting or error.sqlite_errorcode & 0xFF not in _NO_SHARED_MEMORY:
                raise
            connection.close()
            return _open(path, "mode=ro&immutable=1", timeout), True
    except BaseException:
        connection.close()
        raise
    return connection, False


def _open(path: Path, options: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{options}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, layout.MAX_FIELD)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")  # a page that cannot be read is an error, no SIGBUS
    connection.execute("PRAGMA temp_store = MEMORY")  # nothing biometric in /tmp
    return connection
