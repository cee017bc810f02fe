"""Copy an SQLite database that is in use, as a read transaction sees it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from civid.private_files import make_private
from civid.search.upkeep import transfer

Progress = Callable[[int, int], None]
#: Pages that are copied in one step.
_PAGES = 4096


def size_of(source: sqlite3.Connection) -> tuple[int, int]:
    """Bytes of a database, and of a page of it."""
    pages, page = (
        source.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size")
    )
    return int(pages * page), int(page)


def copy_online(
    source: sqlite3.Connection, path: Path, on_progress: Progress | None = None
) -> None:
    """Write what an open read transaction sees to a new file that nobody else may read.

    Not flushed. Inside a transaction the copy is not begun anew when others write.
    """
    _, page = size_of(source)

    def tick(_: int, left: int, total: int) -> None:
        if on_progress is not None:
            on_progress((total - left) * page, total * page)

    path.unlink(missing_ok=True)
    make_private(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")  # the caller flushes, all at once
        source.backup(target, pages=_PAGES, progress=tick)


def copy_proved(
    source: sqlite3.Connection, path: Path, damaged: Exception, on_progress: Progress | None = None
) -> tuple[int, str]:
    """The same, flushed, read back from the disk and checked; -> size, and BLAKE2b-256.

    The file has its name when all that is done, and `damaged` is raised when its pages are not in
    order. Raises also `GalleryStorageError` for want of room, `OSError` and `sqlite3.Error`.
    """
    transfer.needs_room(path.parent, size_of(source)[0])
    part = path.with_suffix(".part")
    copy_online(source, part, on_progress)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
        transfer.drop_cache(file.fileno())
        found = os.fstat(file.fileno()).st_size, transfer.digest_of(file.fileno())
    if not in_order(part):
        raise damaged
    part.replace(path)
    return found


def in_order(path: Path) -> bool:
    """Whether SQLite finds all pages and indexes of a file in order that nobody writes to."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)])
