"""Statements that are made into SQL once and go to the driver: asked a thousand times a second.

SQLAlchemy keeps compiled statements, but makes the key under which it keeps them anew at every
call, and an object around each cursor and row; for the five statements behind one look-up that was
more work than the look-up. Connections, transactions and errors stay SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

_IDLE = 0  #: libpq's PQTRANS_IDLE


class _Made(NamedTuple):
    """A statement in the words of one kind of database."""

    sql: str
    order: tuple[str, ...] | None  #: names of the values, where the driver wants them in order
    fixed: dict[str, Any]
    row: Callable[[Any], Any] | None  #: None of a statement that gives no rows
    options: dict[str, Any]

    def values(self, given: dict[str, Any]) -> Any:
        """As the driver wants them."""
        given = {**self.fixed, **given} if self.fixed else given
        return given if self.order is None else tuple(map(given.__getitem__, self.order))


class Answer:
    """What a statement gave: rows by name, or how many rows of the table it met."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int):
        self._rows = rows
        self.rowcount = rowcount

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row, None without any."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        """The row, None without any; `MultipleResultsFound` for several."""
        if len(self._rows) > 1:
            raise MultipleResultsFound("several rows where one at most should be")
        return self.first()

    def one(self) -> Any:
        """The row; `NoResultFound` without any."""
        if not self._rows:
            raise NoResultFound("no row where one should be")
        return self.one_or_none()

    def scalars(self) -> list[Any]:
        """The first value of every row."""
        return [row[0] for row in self._rows]


class Along:
    """A statement that goes to a PostgreSQL server together with the first one that only reads.

    The beginning of the transaction, the question and this make one journey, where there would be
    three. Give it to `Database.reading`; it is sent with the first `Prepared` statement, unless
    other statements came before, and never on SQLite.

    Parameters
    ----------
    sql : str
        Without parameters, of one row at most.

    Attributes
    ----------
    row : tuple or None
        What it gave.
    """

    __slots__ = ("_sql", "row")
    OPTION = "civid_along"
    #: As `Database.reading` has the driver begin it.
    _BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def __init__(self, sql: str):
        self._sql = sql
        self.row: tuple[Any, ...] | None = None

    def send(self, raw: Any, made: _Made, values: dict[str, Any]) -> Any:
        """All of it; the cursor of the question."""
        # The driver would wait for the answer to a BEGIN of its own. `Database` takes this back.
        raw.autocommit = True
        with raw.pipeline():
            raw.execute(self._BEGIN)
            cursor = raw.execute(made.sql, made.values(values), **made.options)
            mine = raw.execute(self._sql, binary=True)
        self.row = mine.fetchone()
        return cursor


class Prepared:
    """A statement with named parameters. Safe for threads.

    Values go to the driver as they are: bytes, int, str and None, which SQLite and PostgreSQL take
    and give back alike. All rows are read at once.

    Parameters
    ----------
    statement : Executable
        A select, insert, update or delete; what differs from call to call is ``bindparam``.
    """

    def __init__(self, statement: Executable):
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def _in(self, connection: Connection) -> _Made:
        dialect = connection.dialect
        found = self._made.get(dialect.name)
        if found is None:
            compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)
            order = tuple(compiled.positiontup or ()) if dialect.positional else None
            fixed = {name: one.value for name, one in compiled.binds.items() if not one.required}
            row = None
            if self._statement.is_select:
                columns = self._statement.selected_columns.keys()  # type: ignore[attr-defined]
                kind: Any = namedtuple("Row", columns)  # type: ignore[misc]
                row = kind._make
            options = {"binary": True} if dialect.name == "postgresql" and row else {}
            found = self._made[dialect.name] = _Made(str(compiled), order, fixed, row, options)
        return found

    def __call__(self, connection: Connection, **values: Any) -> Answer:
        """Run it."""
        made = self._in(connection)
        raw: Any = connection.connection.dbapi_connection
        try:
            along = connection.get_execution_options().get(Along.OPTION)
            if along is not None and raw.pgconn.transaction_status == _IDLE:
                cursor = along.send(raw, made, values)
            else:
                cursor = raw.execute(made.sql, made.values(values), **made.options)
            if made.row is None:
                return Answer([], cursor.rowcount)
            rows = [made.row(row) for row in cursor.fetchall()]
            return Answer(rows, len(rows))
        except connection.dialect.loaded_dbapi.Error as error:
            raise_as_sqlalchemy(connection, error)

    def many(self, connection: Connection, rows: list[dict[str, Any]]) -> int:
        """Run it for many rows, nothing for none; how many rows of the table it met."""
        if not rows:
            return 0
        made = self._in(connection)
        raw: Any = connection.connection.dbapi_connection
        with drivers_errors(connection):
            cursor = raw.cursor()
            cursor.executemany(made.sql, list(map(made.values, rows)))
            return int(cursor.rowcount)

    def __repr__(self) -> str:
        return "<Prepared>"


@contextmanager
def drivers_errors(connection: Connection) -> Iterator[None]:
    """Turn errors of the driver into those of SQLAlchemy."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise_as_sqlalchemy(connection, error)


def raise_as_sqlalchemy(connection: Connection, error: Exception) -> NoReturn:
    """Raise what SQLAlchemy would for an error of the driver, without the values of a statement."""
    dialect = connection.dialect
    raw: Any = connection.connection.dbapi_connection
    lost = bool(dialect.is_disconnect(error, raw, None))  # type: ignore[arg-type]
    raise DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    ) from None
