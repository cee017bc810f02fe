"""Tables of a register, the same on SQLite and PostgreSQL.

What a person is, is kept as acts that are only ever added (`acts`): everything else can be made
from them again. Ids are 16 random bytes that begin with the time, so that a mobile unit makes its
own and a merge never renumbers. What identifies somebody is sealed (`civid.register.vault`); what
is looked up is a keyed token of it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

Id = LargeBinary(16)
Token = LargeBinary(16)
#: Microseconds since 1970, UTC.
Moment = BigInteger
#: ISO day, so that it sorts and reads the same everywhere.
Day = String(10)
#: A unit; ordered by its bytes everywhere, so that an index serves "this unit and those below it".
Unit = String(64).with_variant(String(64, collation="C"), "postgresql")
_FLAT: dict[str, Any] = {"sqlite_with_rowid": False}

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    **_FLAT,
)

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("purpose", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("wrapped_by", String(64), nullable=False),
    Column("made", Moment, nullable=False),
)

persons = Table(
    "persons",
    metadata,
    Column("id", Id, primary_key=True),
    Column("unit", Unit, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("merged_into", Id),
    Column("changed", Moment, nullable=False),
    Index("ix_persons_unit", "unit", "id"),
    Index("ix_persons_merged", "merged_into", sqlite_where=text("merged_into IS NOT NULL"),
          postgresql_where=text("merged_into IS NOT NULL")),
    **_FLAT,
)  # fmt: skip

acts = Table(
    "acts",
    metadata,
    Column("person", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    **_FLAT,
)

numbers = Table(
    "numbers",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", SmallInteger, nullable=False),
    Column("token", Token, nullable=False),
    Column("person", Id),
    Column("request", Token),
    Column("state", String(12), nullable=False),
    Column("cell", String(6)),
    Column("replaced_by", Token),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # A personal number is given once and for ever; a CMND was given out twice now and then.
    Index(
        "ux_numbers_personal",
        "token",
        unique=True,
        sqlite_where=text("kind = 1"),
        postgresql_where=text("kind = 1"),
    ),
    Index("ix_numbers_other", "token", sqlite_where=text("kind <> 1"),
          postgresql_where=text("kind <> 1")),
    Index("ix_numbers_person", "person", sqlite_where=text("person IS NOT NULL"),
          postgresql_where=text("person IS NOT NULL")),
    Index("ux_numbers_request", "request", unique=True, sqlite_where=text("request IS NOT NULL"),
          postgresql_where=text("request IS NOT NULL")),
)  # fmt: skip

names = Table(
    "names",
    metadata,
    Column("token", Token, primary_key=True),
    Column("birth_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("person", Id, primary_key=True),
    **_FLAT,
)

households = Table(
    "households",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", Token, nullable=False),
    Column("unit", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ux_households_code", "code", unique=True),
    Index("ix_households_unit", "unit", "id"),
    **_FLAT,
)

members = Table(
    "members",
    metadata,
    Column("household", Id, primary_key=True),
    Column("person", Id, primary_key=True),
    # A new row each time that somebody comes, or becomes another relation of the head.
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("since", Day, nullable=False),
    Column("relation", String(64), nullable=False),
    Column("until", Day),
    Column("reason", String(200), nullable=False, server_default=""),
    Index("ix_members_person", "person"),
    **_FLAT,
)

forms = Table(
    "forms",
    metadata,
    Column("id", Id, primary_key=True),
    # None: it waits, and whom it is about is not known yet.
    Column("person", Id),
    Column("code", String(8), nullable=False),
    Column("circular", String(40), nullable=False),
    Column("filled", Day, nullable=False),
    Column("state", String(16), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("collector", String(64), nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_forms_person", "person"),
    Index("ix_forms_unit", "state", "unit", "id"),
    **_FLAT,
)

slips = Table(
    "slips",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, nullable=False),
    Column("asks", String(64), nullable=False),
    Column("asked", String(64), nullable=False),
    Column("state", String(24), nullable=False),
    Column("sent", Day),
    Column("due", Day),
    Column("answered", Day),
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_slips_asked", "asked", "state", "due"),
    Index("ix_slips_person", "person"),
    **_FLAT,
)

#: Cases: corrections, conflicts of a merge, possible duplicates; what a person has to decide.
cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("unit", Unit, nullable=False),
    Column("person", Id),
    Column("other", Id),
    Column("dossier", Id),
    Column("owner", String(64), nullable=False, server_default=""),
    Column("opened", Moment, nullable=False),
    Column("due", Day),
    Column("closed", Moment),
    Column("reason", String(64), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_cases_queue", "state", "kind", "unit"),
    Index("ix_cases_person", "person"),
    Index("ix_cases_other", "other"),
    Index("ix_cases_dossier", "dossier"),
    **_FLAT,
)

#: Who is which subject of the gallery; sealed under a key of its own.
prints = Table(
    "prints",
    metadata,
    Column("person", Id, primary_key=True),
    Column("subject", Token, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("fingers", SmallInteger, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ux_prints_subject", "subject", unique=True),
    **_FLAT,
)

#: What is promised to the gallery, written before it is done there: how a subject shall be in the
#: end. A later promise takes the place of an earlier one, so that no clock has to order them.
intents = Table(
    "intents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject", Token, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("person", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ux_intents_subject", "subject", unique=True),
    **_FLAT,
)

#: Legal holds: whose record must be kept whatever a rule or a wish says.
holds = Table(
    "holds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Day),
    Column("released", Moment),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_holds_person", "person"),
    **_FLAT,
)

#: For how many days what is kept, and by which law.
retention = Table(
    "retention",
    metadata,
    Column("what", String(24), primary_key=True),
    Column("days", Integer, nullable=False),
    Column("basis", String(200), nullable=False),
    **_FLAT,
)

#: Under which name another system knows a person, and what it last said (bulk, merge).
sources = Table(
    "sources",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("external", Token, primary_key=True),
    Column("person", Id, nullable=False),
    Column("digest", Token, nullable=False),
    Index("ix_sources_person", "person"),
    **_FLAT,
)

runs = Table(
    "runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("source", String(200), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("counts", Text, nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Index("ix_runs_source", "kind", "source"),
    **_FLAT,
)

#: What this register and another one have in common: the last state of a record that both had.
#: In a mobile unit's: of what it was given. In the one it came from: of what was merged.
common = Table(
    "common",
    metadata,
    Column("register", Id, primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("taken", Integer, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    **_FLAT,
)

units = Table(
    "units",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(24), nullable=False, server_default=""),
    **_FLAT,
)
