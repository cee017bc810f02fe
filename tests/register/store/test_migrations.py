"""A register of the first version is brought to this one, and then is like a new one."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, insert
from tests.register.people import number, somebody

from civid.errors import RegisterFormatError
from civid.register import Register
from civid.register.audit import log
from civid.register.ids import new_id
from civid.register.keyring import row_of
from civid.register.store import (
    adjudication_tables,  # noqa: F401 - in the same metadata
    migrate,
    tables,
)
from civid.register.store.database import Database, is_url, make_file
from civid.register.store.tables import keys, meta
from civid.register.vault import new_keys


def first_version(connection: Connection) -> None:
    """A register as the first release made it."""
    from alembic import command

    command.upgrade(migrate._config(connection), "0001")
    register = new_id()
    connection.execute(insert(meta), [{"name": "register", "value": register.hex()}])
    made = new_keys(None, register)
    connection.execute(insert(keys), [row_of(one, 1) for one in made])
    log.begin(connection, made[-1].id)


def test_from_the_first_version(where: str) -> None:
    from pathlib import Path

    if not is_url(where):
        make_file(Path(where))
    database = Database(where)
    try:
        database.write(first_version)
        with pytest.raises(RegisterFormatError, match="older version"):
            Register.open(where)
        database.write(migrate.upgrade)
        database.write(migrate.upgrade)  # again, it is there
        with database.reading() as connection:
            assert migrate.version(connection) == migrate.HEAD
            assert _differences(connection) == []
    finally:
        database.close()
    with Register.open(where) as register:
        one, two = (register.people.add(somebody(which), unit="46") for which in range(2))
        register.people.merge(one.reference, two.reference, "prints.alike")
        assert register.person(number(1)).reference == one.reference
        assert register.check().clean


def _differences(connection: Connection) -> list[object]:
    """What the tables of the code and those of the store do not have in common."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection)
    return list(compare_metadata(context, tables.metadata))
