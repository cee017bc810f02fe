"""Tables of the audit log, of this register and of mobile units that were merged.

In the same metadata as the others, so that a migration, a check and a rotation of keys see them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from civid.register.store.tables import Id, Moment, metadata

_FLAT: dict[str, Any] = {"sqlite_with_rowid": False}

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)

#: Whom an entry is about, to answer "who has read my record".
audit_subjects = Table(
    "audit_subjects",
    metadata,
    Column("person", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    **_FLAT,
)

#: One row: where the chain ends. Writers queue here, for the last moment before they commit, and
#: learn here that a key was changed: who sealed under an older one has to begin again.
audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("newest_key", Integer, nullable=False),
)

#: Audit logs of mobile units that were merged: entries as they were written there, under the
#: unit's key, which is sealed here.
unit_logs = Table(
    "unit_logs",
    metadata,
    Column("register", Id, primary_key=True),
    Column("unit", String(64), nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("head", LargeBinary(32), nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    **_FLAT,
)

unit_audit = Table(
    "unit_audit",
    metadata,
    Column("register", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    **_FLAT,
)

unit_audit_subjects = Table(
    "unit_audit_subjects",
    metadata,
    Column("person", Id, primary_key=True),
    Column("register", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    **_FLAT,
)
