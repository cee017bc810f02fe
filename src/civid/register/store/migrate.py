"""From any earlier version of the tables to this one, in one transaction."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from civid.errors import RegisterDamagedError, RegisterFormatError
from civid.extras import need

#: The last step in `migrations/versions`.
HEAD = "0005"
_KNOWN = ("0001", "0002", "0003", "0004", "0005")
_NEWER = "the register was written by a newer version of civid: upgrade civid"
#: Alembic keeps what it is about in its module: one thread at a time.
_ONE_AT_A_TIME = threading.Lock()


def version(connection: Connection) -> str | None:
    """Which step the tables are at; None = there are none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if len(found) > 1:
        raise RegisterDamagedError("the register says that it is of several versions at once")
    return str(found[0]) if found else None


def check(connection: Connection) -> None:
    """Refuse what is no register, and one of a newer or an older version.

    Raises
    ------
    RegisterFormatError
        The message says which it is, and what to do.
    """
    if known(connection) != HEAD:
        raise RegisterFormatError("the register is of an older version: run civid register upgrade")


def known(connection: Connection) -> str:
    """Which step the tables are at; `RegisterFormatError` where there are none, or newer ones."""
    found = version(connection)
    if found is None:
        raise RegisterFormatError("there is no register here: make one with civid register init")
    if found not in _KNOWN:
        raise RegisterFormatError(_NEWER)
    return found


def upgrade(connection: Connection) -> None:
    """Bring the tables to this version; makes them where there are none."""
    found = version(connection)
    if found is not None and found not in _KNOWN:
        raise RegisterFormatError(_NEWER)
    need("alembic", "a register", "register")
    from alembic import command

    with _ONE_AT_A_TIME:
        command.upgrade(_config(connection), HEAD)


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
