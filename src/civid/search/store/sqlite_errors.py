"""What went wrong inside SQLite, in the words of civid."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from civid.errors import GalleryDamagedError, GalleryError, GalleryLockedError, GalleryStorageError

# https://www.sqlite.org/rescode.html; extended codes keep the primary one in the low byte.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_STORAGE = {
    sqlite3.SQLITE_FULL: "no space is left",
    sqlite3.SQLITE_IOERR: "reading or writing failed",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_CANTOPEN: "a file cannot be opened",
    sqlite3.SQLITE_PERM: "access is not allowed",
    sqlite3.SQLITE_AUTH: "access is not allowed",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
    sqlite3.SQLITE_NOLFS: "the disk cannot hold a file of this size",
    sqlite3.SQLITE_PROTOCOL: "the file system does not lock files",
}
#: These look like trouble of the disk, but tell of a file that ends too early or makes no sense.
_DAMAGE = {
    sqlite3.SQLITE_IOERR_SHORT_READ,
    getattr(sqlite3, "SQLITE_IOERR_CORRUPTFS", 8458),
    getattr(sqlite3, "SQLITE_IOERR_DATA", 8202),
}


def translated(error: sqlite3.Error) -> GalleryError:
    """The typed error of a SQLite error."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code & 0xFF in _LOCKED:
        return GalleryLockedError("another process keeps the gallery busy")
    if code & 0xFF in _STORAGE and code not in _DAMAGE:
        return GalleryStorageError(f"the gallery's disk: {_STORAGE[code & 0xFF]}")
    return GalleryDamagedError("the gallery's database is damaged")


@contextmanager
def translating() -> Iterator[None]:
    """Let no `sqlite3.Error` out."""
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error) from error
    except UnicodeError as error:
        # The message of an SQLite error quotes the damaged schema.
        raise GalleryDamagedError("the gallery's database is damaged") from error
    except MemoryError as error:
        # A damaged length field can ask for more than there is.
        raise GalleryStorageError("there is not enough memory") from error


@contextmanager
def storage() -> Iterator[None]:
    """Let no bare `OSError` of a segment's file out."""
    try:
        yield
    except OSError as error:
        if isinstance(error, GalleryError):
            raise
        raise GalleryStorageError(f"the gallery's disk: {error.strerror}") from error
