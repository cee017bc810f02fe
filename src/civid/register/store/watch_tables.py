"""Tables of watch-lists: whom an authority looks for, on what basis, and what they are found by.

In the same metadata as the others, so that a migration, a check and a rotation of keys see them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, String, Table

from civid.register.store.tables import Day, Id, Moment, Token, Unit, metadata

_FLAT: dict[str, Any] = {"sqlite_with_rowid": False}

watched = Table(
    "watched",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    # Whose queue hits go into.
    Column("unit", Unit, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    # Last day on which the order is in force; None = until it is ended.
    Column("until", Day),
    Column("ended", Moment),
    Column("ended_by", String(64), nullable=False, server_default=""),
    Column("ended_reason", String(200), nullable=False, server_default=""),
    # Whether there are prints; they lie sealed with the rest, and in the gallery of the list.
    Column("fingers", SmallInteger, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_watched_kind", "kind", "id"),
    **_FLAT,
)

watch_keys = Table(
    "watch_keys",
    metadata,
    Column("token", Token, primary_key=True),
    Column("birth_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("entry", Id, primary_key=True),
    Index("ix_watch_keys_entry", "entry"),
    **_FLAT,
)
