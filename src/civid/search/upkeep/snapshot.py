"""A state of a gallery, held still while others write: the database in one read transaction, the
segments by open descriptors. A compaction may delete their names meanwhile, not their bytes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from civid.errors import GalleryDamagedError
from civid.private_files import make_private
from civid.search.segments import format as form
from civid.search.store.contents import read_manifest, read_version
from civid.search.store.files import connection as connections
from civid.search.store.files.folder import segment_name
from civid.search.store.files.opened import OpenFiles
from civid.search.store.layout import Entry
from civid.search.store.sqlite_errors import storage, translating
from civid.search.upkeep import databases

#: How often a compaction may be faster.
_ATTEMPTS = 50
#: A copy with fewer free pages is not written anew.
_FREE = 1024


class Pinned(NamedTuple):
    """A file that stays there as long as its descriptor."""

    name: str
    descriptor: int
    size: int
    #: The segment that it belongs to.
    entry: Entry

    @property
    def is_segment(self) -> bool:
        """The segment itself, and not what lies beside it?"""
        return self.name == segment_name(self.entry.number)


class Snapshot:
    """What `held_still` yields."""

    def __init__(self, connection: sqlite3.Connection, pinned: list[Pinned]):
        self._connection, self.pinned = connection, pinned
        self.database_size, _ = databases.size_of(connection)

    def copy_database(self, path: Path) -> None:
        """Write the database, as it was, to a new file; then others may empty its log again."""
        with translating():
            databases.copy_online(self._connection, path)
            self._connection.execute("ROLLBACK")
            _drop_free_pages(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _drop_free_pages(path: Path) -> None:
    """Write a copy anew without them: after a large tail was folded they are nearly all of it."""
    smaller = path.with_suffix(".less.part")
    with closing(connections.open_copy(path)) as copy:
        pages, free = (
            copy.execute(f"PRAGMA {what}").fetchone()[0]
            for what in ("page_count", "freelist_count")
        )
        if free < _FREE or 4 * free < pages:
            return
        smaller.unlink(missing_ok=True)
        make_private(smaller)
        copy.execute("VACUUM INTO ?", (str(smaller),))
    with closing(sqlite3.connect(smaller, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = WAL")  # as galleries are
    smaller.replace(path)


@contextmanager
def held_still(folder: Path, timeout: float) -> Iterator[Snapshot]:
    """A state that the gallery's writer has acknowledged, or is about to.

    What a reader can see is on the disk: SQLite shows a transaction after its flush.

    Raises
    ------
    GalleryDamagedError
        A segment is missing, or last transactions are.
    GalleryFormatError, GalleryLockedError, GalleryStorageError
        As `Gallery.open` does.
    """
    files = OpenFiles(folder, create=False, read_only=True, timeout=timeout)
    with ExitStack() as stack:
        stack.callback(files.close)
        with storage(), translating():
            pinned = _begin(files, stack)
            snapshot = Snapshot(files.connection, pinned)
        stack.callback(_end, files.connection)
        yield snapshot


def _end(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _begin(files: OpenFiles, stack: ExitStack) -> list[Pinned]:
    connection = files.connection
    for _ in range(_ATTEMPTS):
        files.check()
        acknowledged = files.generation()  # before the snapshot is taken
        connection.execute("BEGIN")
        with ExitStack() as pins:
            try:
                if not files.is_log_database():
                    raise GalleryDamagedError("the gallery's database is damaged")
                entries = () if read_version(connection)[0] == 1 else read_manifest(connection)
                state = connection.execute("SELECT generation FROM state").fetchone()
                if state is None or type(state[0]) is not int or state[0] < acknowledged:
                    raise GalleryDamagedError("the gallery has lost its last transactions")
                pinned = [one for entry in entries for one in _pin(files, entry, pins)]
            except FileNotFoundError:
                connection.execute("ROLLBACK")
                if files.immutable:
                    break
                continue  # a compaction was faster; look again
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            stack.push(pins.pop_all())
            return pinned
    raise GalleryDamagedError("a segment file of the gallery is missing")


def _pin(files: OpenFiles, entry: Entry, pins: ExitStack) -> Iterator[Pinned]:
    """The segment, and whatever else has its name and another ending."""
    name = segment_name(entry.number)
    others = [
        other
        for other in files.folder.names()
        if other.startswith(name.removesuffix("seg")) and other != name
    ]
    for one in (name, *sorted(others)):
        descriptor = files.folder.open(one, os.O_RDONLY)
        pins.callback(os.close, descriptor)
        if one == name and form.root(os.pread(descriptor, form.HEADER, 0)) != entry.root:
            raise GalleryDamagedError(f"{name}: header at byte 0, or not the gallery's own")
        yield Pinned(one, descriptor, os.fstat(descriptor).st_size, entry)
