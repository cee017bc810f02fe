"""Where a register is, and how one is made: the folder, the tables, its keys, the empty log."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, insert, inspect

from civid.errors import RegisterError, RegisterFormatError, RegisterStorageError
from civid.register.audit import log
from civid.register.ids import new_id
from civid.register.keyring import row_of
from civid.register.store import migrate
from civid.register.store.database import FILE, Database, make_file
from civid.register.store.failures import TakenError
from civid.register.store.tables import keys, meta
from civid.register.vault import new_keys
from civid.search.segments.keys import KeyProvider


def _others(folder: Path) -> bool:
    return any(not one.name.startswith(FILE) for one in folder.iterdir())


def prepare_folder(folder: Path, *, create: bool) -> None:
    """Make the folder and the empty file, or see that they are there.

    Raises
    ------
    RegisterFormatError
        There is no register, or something else is there; or the name can be none of a folder.
    RegisterStorageError
        The folder cannot be made or looked into.
    """
    try:
        there = (folder / FILE).exists()
        if not there and not create:
            raise RegisterFormatError(
                "there is no register here: make one with civid register init"
            )
        if not there and folder.exists() and (not folder.is_dir() or _others(folder)):
            raise RegisterFormatError("a register is made in an empty folder or a new one")
        if create and (not there or (folder / FILE).stat().st_size == 0):  # 0: killed meanwhile
            make_file(folder)
    except RegisterFormatError:
        raise
    except OSError as error:
        raise RegisterStorageError(f"the folder is of no use ({error.strerror})") from None
    except ValueError:  # a NUL, or letters that no name of a file can have
        raise RegisterFormatError("not the name of a folder") from None


def make(database: Database, provider: KeyProvider | None, now: int) -> None:
    """Make the tables, unless another station was faster."""
    try:
        database.write(lambda connection: _make(connection, provider, now))
    except RegisterError as error:
        with database.reading() as connection:
            there = migrate.version(connection) is not None
        if not there and isinstance(error, TakenError):
            raise RegisterError("the tables of the register cannot be made") from None
        if not there or isinstance(error, RegisterFormatError):
            raise


def _make(connection: Connection, provider: KeyProvider | None, now: int) -> None:
    if migrate.version(connection) is not None:
        return
    if inspect(connection).get_table_names():
        if migrate.version(connection) is not None:  # by another station, between two questions
            return
        raise RegisterFormatError("a register is made in an empty database, and others are here")
    migrate.upgrade(connection)
    register = new_id()
    connection.execute(insert(meta), [{"name": "register", "value": register.hex()}])
    made = new_keys(provider, register)
    connection.execute(insert(keys), [row_of(one, now) for one in made])
    log.begin(connection, made[-1].id)
