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
import secrets
import sqlite3
from collections.abc import Set
from pathlib import Path

from civid.errors import GalleryFormatError, GalleryMovedError
from civid.search.segments.keys import KeyProvider
from civid.search.segments.segment import Segment
from civid.search.segments.writer import Written
from civid.search.store import layout
from civid.search.store.files import commit_counter
from civid.search.store.files.connection import DATABASE as DATABASE
from civid.search.store.files.held import HeldFolder, Identity
from civid.search.store.sqlite_errors import translating

WITNESS, LOCK = "gallery.civid", "gallery.lock"
GONE = "a segment that was just written is gone; nothing was changed: open the gallery again"


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
        return
    others = sum(1 for entry in folder.iterdir() if entry.name != LOCK)
    if others:
        raise GalleryFormatError(
            f"the folder is not a gallery: it has no {WITNESS}, but {others} other entries"
        )
    if not create:
        raise GalleryFormatError("the folder is not a gallery: it is empty")


def generation(folder: HeldFolder) -> int:
    """Of the commit counter; `commit counter.CREATING` when the creation was not finished."""
    if not folder.is_there(WITNESS):
        return commit_counter.CREATING
    if folder.stat(WITNESS).st_size < commit_counter.SIZE and not folder.is_there(DATABASE):
        return commit_counter.CREATING  # killed before the first byte of the database was written
    return commit_counter.read(folder.open(WITNESS, os.O_RDONLY))


def create(folder: HeldFolder) -> None:
    """Make an empty gallery; killed half-way, the next writer starts over."""
    mark = commit_counter.CommitCounter(folder.open(WITNESS, os.O_RDWR | os.O_CREAT))
    try:
        mark.create(commit_counter.CREATING)
        for suffix in ("", "-wal", "-shm", "-journal"):
            folder.unlink(DATABASE + suffix)
        # SQLite would let others read it; its log takes over these rights.
        os.close(folder.open(DATABASE, os.O_RDWR | os.O_CREAT))
        folder.check()  # SQLite goes by the path
        with translating():
            connection = sqlite3.connect(folder.real / DATABASE, isolation_level=None)
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
        folder.flush()
        mark.write(0)
    finally:
        mark.close()


def segment_name(number: int) -> str:
    """What a segment's file is called."""
    return f"gallery-{number:08}.seg"


def unfinished_name(number: int) -> str:
    """What one is called that is being written: a name that nobody else writes to."""
    return f"gallery-{number:08}-{secrets.token_hex(4)}.tmp"


def publish(
    folder: HeldFolder, unfinished: str, keys: KeyProvider | None, written: Written
) -> Segment:
    """Give a written segment its name for good, and open it. A taken name is an error."""
    identity, name = Identity(*written.identity), segment_name(written.number)
    folder.check()
    if not folder.is_there(unfinished, identity):
        raise GalleryMovedError(GONE)
    try:
        folder.rename_new(unfinished, name)
        folder.flush()
        segment = Segment.open(name, keys, root=written.root, folder=folder.descriptor)
    except BaseException:
        folder.unlink(name, identity)
        raise
    if segment.identity != identity:
        raise GalleryMovedError(GONE)
    return segment


def strays(folder: HeldFolder, numbers: Set[int]) -> list[str]:
    """Files of segments that no manifest names: what a killed process was about."""
    kept = {segment_name(number) for number in numbers}
    return [
        name
        for name in folder.names()
        if name.startswith("gallery-") and name.endswith((".tmp", ".seg")) and name not in kept
    ]


def sweep(folder: HeldFolder, numbers: Set[int]) -> None:
    """Remove the `strays`.

    Inside a transaction that nobody else can commit in, and whose manifest says `numbers`: what
    another writer has finished meanwhile is in it, or will be missed by that writer before it
    deletes anything.
    """
    folder.check()
    for name in strays(folder, numbers):
        folder.unlink(name)
