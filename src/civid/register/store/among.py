"""Which of many keys are there: questions with thousands of values, made without much work.

SQLAlchemy's ``IN`` takes a value at a time through its types; for 5,000 rows that was a tenth of a
batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

#: Most values in one question: SQLite allows 32,766 parameters, PostgreSQL twice as many.
_ASKED = 2000
T = TypeVar("T")


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Values in pieces that one question can hold."""
    for at in range(0, len(values), _ASKED):
        yield values[at : at + _ASKED]


def among(
    connection: Connection, asked: str, values: Sequence[bytes], *fixed: object
) -> Iterator[Any]:
    """Rows of a question about many keys.

    Parameters
    ----------
    asked : str
        SQL that ends with the column that is to be among the values; ``?`` for what is fixed.
    """
    mark = "?" if connection.dialect.positional else "%s"
    asked = asked.replace("?", mark)
    for some in parts(values):
        marks = ", ".join([mark] * len(some))
        yield from connection.exec_driver_sql(f"{asked} IN ({marks})", (*fixed, *some))
