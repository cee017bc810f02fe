"""Values of a type that their column cannot have: SQLite lets anybody put a text for a number."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData

_STORED = {int: "integer", bool: "integer", bytes: "blob", str: "text", float: "real"}


def misfits(connection: Connection, metadata: MetaData) -> tuple[str, ...]:
    """Tables of a SQLite file that hold such a value; every row is read."""
    found = []
    for table in metadata.sorted_tables:
        wrong = " OR ".join(map(_wrong, table.columns))
        if connection.exec_driver_sql(
            f'SELECT 1 FROM "{table.name}" WHERE {wrong} LIMIT 1'
        ).first():
            found.append(table.name)
    return tuple(found)


def _wrong(column: Column[object]) -> str:
    kinds = [_STORED[column.type.python_type], *(["null"] if column.nullable else [])]
    listed = ", ".join(f"'{one}'" for one in kinds)
    return f'typeof("{column.name}") NOT IN ({listed})'
