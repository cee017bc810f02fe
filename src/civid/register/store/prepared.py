"""Statements that are made into SQL once: what is asked a thousand times a second.

SQLAlchemy keeps compiled statements, but makes the key under which it keeps them anew at every
call; for the five statements behind one look-up that was more work than the look-up.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """A statement with named parameters. Safe for threads.

    Values go to the driver as they are: bytes, int, str and None, which SQLite and PostgreSQL take
    and give back alike.

    Parameters
    ----------
    statement : Executable
        A select, insert, update or delete; what differs from call to call is ``bindparam``.
    """

    def __init__(self, statement: Executable):
        self._statement = statement
        self._made: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def _sql(self, connection: Connection) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
        dialect = connection.dialect
        found = self._made.get(dialect.name)
        if found is None:
            compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)
            order = tuple(compiled.positiontup or ()) if dialect.positional else None
            fixed = {name: one.value for name, one in compiled.binds.items() if not one.required}
            found = self._made[dialect.name] = str(compiled), order, fixed
        return found

    def __call__(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        """Run it."""
        sql, order, fixed = self._sql(connection)
        given = {**fixed, **values} if fixed else values
        if order is None:
            return connection.exec_driver_sql(sql, given)
        return connection.exec_driver_sql(sql, tuple(map(given.__getitem__, order)))

    def many(self, connection: Connection, rows: list[dict[str, Any]]) -> int:
        """Run it for many rows, nothing for none; how many rows of the table it met."""
        if not rows:
            return 0
        sql, order, fixed = self._sql(connection)
        given = [{**fixed, **row} for row in rows]
        if order is None:
            return connection.exec_driver_sql(sql, given).rowcount
        found = connection.exec_driver_sql(
            sql, [tuple(map(row.__getitem__, order)) for row in given]
        )
        return found.rowcount

    def __repr__(self) -> str:
        return "<Prepared>"
