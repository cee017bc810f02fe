"""The tables of a ledger, and how a ledger is made and recognised."""

from __future__ import annotations

import os
import secrets
import sqlite3
from pathlib import Path

from civid.errors import GalleryDamagedError, GalleryFormatError, GalleryStorageError
from civid.exchange.abis.seals import KEY, PLAIN, Seals, unwrap, wrap
from civid.private_files import make_private
from civid.search.segments.keys import KeyProvider

NAME = "ledger.sqlite3"
#: "civA", in SQLite's header.
APPLICATION = 0x63697641
VERSION = 1

# AUTOINCREMENT: a number is authenticated with a row, and must never stand for another one.
_TABLES = """
CREATE TABLE about (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    ledger BLOB NOT NULL, key BLOB NOT NULL, wrapped_by TEXT NOT NULL,
    serial INTEGER NOT NULL
) STRICT;
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL
) STRICT;
CREATE TABLE encounters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES people (id),
    token BLOB NOT NULL,
    subject TEXT UNIQUE,
    active INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (person, token)
) STRICT;
CREATE INDEX searched ON encounters (id) WHERE active = 1 AND subject IS NOT NULL;
CREATE TABLE galleries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL
) STRICT;
CREATE TABLE members (
    gallery INTEGER NOT NULL REFERENCES galleries (id),
    encounter INTEGER NOT NULL REFERENCES encounters (id),
    PRIMARY KEY (gallery, encounter)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships ON members (encounter);
CREATE TABLE requests (
    token BLOB PRIMARY KEY, digest BLOB NOT NULL, at INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_age ON requests (at);
CREATE TABLE leaving (subject TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""


def connect(folder: Path, *, read_only: bool, timeout: float) -> sqlite3.Connection:
    """Open the file; nothing is made."""
    path = folder / NAME
    how = "ro" if read_only else "rw"
    if read_only and not os.access(folder, os.W_OK) and not (folder / f"{NAME}-wal").exists():
        how = "ro&immutable=1"  # a disk that nobody writes to: SQLite could not make its files
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={how}", uri=True, timeout=timeout,
        isolation_level=None, check_same_thread=False,
    )  # fmt: skip
    try:
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        db.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON")
    except BaseException:
        db.close()
        raise
    return db


def make(folder: Path, provider: KeyProvider | None, timeout: float) -> None:
    """Make a ledger where there is none. Whole or not at all: one transaction."""
    path = folder / NAME
    try:
        make_private(path)
    except OSError as error:
        raise GalleryStorageError(f"the folder cannot be written: {error.strerror}") from None
    db = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        ledger, key = secrets.token_bytes(16), secrets.token_bytes(KEY)
        wrapped, name = wrap(key, provider, ledger)
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA application_id").fetchone()[0] == 0:
            for statement in _TABLES.strip().removesuffix(";").split(";\n"):
                db.execute(statement)
            db.execute("INSERT INTO about VALUES (1, ?, ?, ?, 0)", (ledger, wrapped, name))
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    finally:
        db.close()


def is_unfinished(folder: Path, timeout: float) -> bool:
    """Whether there is no ledger, or only the empty file that a crash left while it was made."""
    path = folder / NAME
    if not path.exists():
        return True
    db = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    try:
        empty = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
        return bool(empty and db.execute("PRAGMA application_id").fetchone()[0] == 0)
    finally:
        db.close()


def recognise(
    db: sqlite3.Connection, provider: KeyProvider | None, *, rewrap: bool
) -> tuple[Seals, int]:
    """Whether this is a ledger that this version can use: its seals, and the serial number.

    Raises
    ------
    GalleryFormatError
        Something else, or made by a newer version.
    GalleryKeyError
        It is encrypted, and the key is missing or another one.
    GalleryDamagedError
        It claims to be one, and is not.
    """
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise GalleryFormatError(f"{NAME} is not a ledger of civid")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise GalleryFormatError(f"the ledger is of version {version}, and this reads {VERSION}")
    row = db.execute("SELECT ledger, key, wrapped_by, serial FROM about").fetchone()
    if row is None:
        raise GalleryDamagedError("the ledger lacks its key")
    ledger, stored, name, serial = row
    key = unwrap(stored, name, provider, ledger)
    if rewrap and provider is not None and provider.current() != name:
        db.execute("UPDATE about SET key = ?, wrapped_by = ?", wrap(key, provider, ledger))
    return Seals(ledger, key, sealing=name != PLAIN), int(serial)
