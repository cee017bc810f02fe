"""Tables of asking: requests between units, what people agreed to, fields not asked again.

In the same metadata as the others, so that a migration, a check and a rotation of keys see them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, text

from civid.register.store.tables import Day, Id, Moment, Unit, metadata

_FLAT: dict[str, Any] = {"sqlite_with_rowid": False}

#: What one unit asks of another; the sealed body holds question and answer.
unit_requests = Table(
    "unit_requests",
    metadata,
    Column("id", Id, primary_key=True),
    # None: it is about a matter, or about somebody who is not in the register.
    Column("person", Id),
    Column("kind", String(16), nullable=False),
    Column("asks", Unit, nullable=False),
    # The partner for whom the unit asks; empty = for itself.
    Column("partner", String(64), nullable=False, server_default=""),
    Column("asked", Unit, nullable=False),
    Column("state", String(12), nullable=False),
    # Who works on it in the asked unit.
    Column("owner", String(64), nullable=False, server_default=""),
    Column("sent", Day, nullable=False),
    Column("due", Day, nullable=False),
    Column("closed", Day),
    Column("reminded", Day),
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_unit_requests_asked", "asked", "state", "due"),
    Index("ix_unit_requests_asks", "asks", "state", "due"),
    Index("ix_unit_requests_person", "person", sqlite_where=text("person IS NOT NULL"),
          postgresql_where=text("person IS NOT NULL")),
    **_FLAT,
)  # fmt: skip

unit_request_events = Table(
    "unit_request_events",
    metadata,
    Column("request", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("step", String(16), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("reason", String(64), nullable=False, server_default=""),
    **_FLAT,
)

#: What somebody agreed to, and how; beside the row of `consents` that says until when.
consent_terms = Table(
    "consent_terms",
    metadata,
    Column("grant", Id, primary_key=True),
    Column("person", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # Of the grant: a later one that gives more is not what was agreed to.
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_consent_terms_person", "person"),
    **_FLAT,
)

#: Fields that people were not asked again; about nobody.
prefill_counts = Table(
    "prefill_counts",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("unit", Unit, primary_key=True),
    Column("procedure", String(64), primary_key=True),
    Column("form", String(64), primary_key=True),
    Column("people", Integer, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("confirmed", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    **_FLAT,
)
