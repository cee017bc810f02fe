"""What a database says went wrong, as errors of civid; never with the values of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)

from civid.errors import (
    RegisterDamagedError,
    RegisterError,
    RegisterFormatError,
    RegisterLockedError,
    RegisterStorageError,
)

#: SQLSTATE of a transaction that may simply be tried again: serialization, deadlock.
_AGAIN = frozenset({"40001", "40P01"})
_FULL = frozenset({"53100"})
_READ_ONLY = frozenset({"25006"})
_NOT_ALLOWED = frozenset({"42501", "28000", "28P01"})
_TIMEOUT = frozenset({"55P03", "57014"})


_DAMAGED = "the database file is damaged: restore it from a backup"


class TakenError(RegisterError):
    """A key was there already, and whoever wrote did not expect it; nothing was changed.

    What the database says of it holds the whole row, and is left out.
    """


class TryAgain(Exception):
    """The transaction lost against another one and may be tried again."""


def _sqlite(error: DBAPIError) -> RegisterError:
    code = getattr(error.orig, "sqlite_errorname", "") or ""
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return RegisterLockedError("others were writing for too long; nothing was changed")
    if code.startswith("SQLITE_FULL"):
        return RegisterStorageError("the disk is full; nothing was changed: make room and repeat")
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return RegisterStorageError(
            "the register cannot be written; nothing was changed: even reading is written into its "
            "log, so give this user the right to write to its folder"
        )
    if code.startswith("SQLITE_CANTOPEN"):
        return RegisterStorageError(
            "the register's file cannot be opened: its folder must be there, with room, and this "
            "user must have the right to write to it"
        )
    if code.startswith("SQLITE_IOERR"):
        return RegisterStorageError(
            "the disk reports an error; nothing was changed: look at the disk and its free space"
        )
    if code.startswith("SQLITE_NOTADB"):
        return RegisterFormatError("the file is no register, or is damaged at its beginning")
    if code.startswith("SQLITE_CORRUPT"):
        return RegisterDamagedError(_DAMAGED)
    if not code and "decode" in str(error.orig):
        return RegisterDamagedError(_DAMAGED)
    return RegisterError(f"the database refused a statement ({code or 'unknown'})")


def _postgresql(error: DBAPIError, connecting: bool) -> RegisterError | TryAgain:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _AGAIN:
        return TryAgain(state)
    if state in _TIMEOUT:
        return RegisterLockedError("others were writing for too long; nothing was changed")
    if state in _FULL:
        return RegisterStorageError("the database server's disk is full; nothing was changed")
    if state.startswith("53"):
        return RegisterStorageError(
            f"the database server is short of memory, room or connections (SQLSTATE {state}); "
            "nothing was changed"
        )
    if state.startswith("58"):
        return RegisterStorageError(
            "the database server reports an error of its disk; nothing was changed: look at its log"
        )
    if state.startswith("XX00") and state != "XX000":
        return RegisterDamagedError("a table of the database server is damaged: restore a backup")
    if state in _READ_ONLY:
        return RegisterStorageError("the database is read-only; nothing was changed")
    if state in _NOT_ALLOWED:
        return RegisterStorageError("the database server refuses this user")
    if connecting:
        return RegisterStorageError(
            "the database server cannot be reached, or refuses this user or database; nothing was "
            "changed: start the server, or check the address"
        )
    if error.connection_invalidated or not state or state.startswith(("08", "57P", "25P")):
        return RegisterStorageError(
            "the database server cannot be reached, or the connection was lost; what had no answer "
            "may or may not be done: start the server and read again"
        )
    return RegisterError(f"the database refused a statement (SQLSTATE {state})")


@contextmanager
def explained(*, connecting: bool = False) -> Iterator[None]:
    """Turn errors of SQLAlchemy and of the drivers into errors of civid.

    `IntegrityError` passes: whoever inserts knows what it means there.
    """
    try:
        yield
    except IntegrityError:
        raise
    except UnicodeDecodeError:  # also in a message of SQLite, about what it could not read
        raise RegisterDamagedError(_DAMAGED) from None
    except (OperationalError, InterfaceError, DatabaseError) as error:
        if error.orig is not None and type(error.orig).__module__.startswith("sqlite3"):
            raise _sqlite(error) from None
        raise _postgresql(error, connecting) from None
    except SQLAlchemyError as error:
        raise RegisterError(f"the database could not be used ({type(error).__name__})") from None
