"""Tables of adjudication: who was joined with whom, who is kept apart, cases and their rulings.

In the same metadata as the others, so that a migration, a check and a rotation of keys see them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    text,
)

from civid.register.store.tables import Day, Id, Moment, Unit, metadata

_FLAT: dict[str, Any] = {"sqlite_with_rowid": False}

#: Two entries of one person: which was joined to which, by whom, and until when.
unions = Table(
    "unions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kept", Id, nullable=False),
    Column("merged", Id, nullable=False),
    # Version of the merged entry then: later acts of it count for both.
    Column("since", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("reason", String(64), nullable=False),
    # None while the two are one.
    Column("ended", Moment),
    Column("ended_by", String(64), nullable=False, server_default=""),
    Column("ended_reason", String(64), nullable=False, server_default=""),
    # The case that said so, if there was one.
    Column("adjudication", Id),
    Index("ux_unions_merged", "merged", unique=True, sqlite_where=text("ended IS NULL"),
          postgresql_where=text("ended IS NULL")),
    Index("ix_unions_kept", "kept"),
    **_FLAT,
)  # fmt: skip

#: Two people who are not one, until a day: they are not asked about again before.
apart = Table(
    "apart",
    metadata,
    Column("low", Id, primary_key=True),
    Column("high", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("until", Day, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("ended", Moment),
    Column("adjudication", Id),
    Index("ix_apart_high", "high"),
    **_FLAT,
)

#: Cases of possible duplicates with all that was found; the sealed body holds the evidence.
adjudications = Table(
    "adjudications",
    metadata,
    Column("id", Id, primary_key=True),
    # A person; or the token of claims that belong to nobody in the register yet.
    Column("subject", Id, nullable=False),
    Column("dossier", Id),
    Column("unit", Unit, nullable=False),
    Column("state", String(12), nullable=False),
    Column("batch", String(64), nullable=False, server_default=""),
    # Whose it is now, since when, and the ticket that goes with it.
    Column("officer", String(64), nullable=False, server_default=""),
    Column("assigned", Moment),
    Column("ticket", LargeBinary(8)),
    Column("not_before", Moment, nullable=False),
    Column("postponed", SmallInteger, nullable=False),
    Column("rulings", SmallInteger, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("closed", Moment),
    Column("outcome", String(24), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # One open case per officer, whatever happens at the same time.
    Index("ux_adjudications_officer", "officer", unique=True, sqlite_where=text("officer <> ''"),
          postgresql_where=text("officer <> ''")),
    Index("ix_adjudications_queue", "state", "unit", "not_before"),
    Index("ix_adjudications_subject", "subject"),
    Index("ix_adjudications_dossier", "dossier"),
    **_FLAT,
)  # fmt: skip

#: Whom a case is about, beside its subject.
suspects = Table(
    "suspects",
    metadata,
    Column("adjudication", Id, primary_key=True),
    Column("person", Id, primary_key=True),
    Column("place", SmallInteger, nullable=False),
    Index("ix_suspects_person", "person"),
    **_FLAT,
)

#: Pairs that an open case is about: a second case about one of them cannot be.
open_pairs = Table(
    "open_pairs",
    metadata,
    Column("low", Id, primary_key=True),
    Column("high", Id, primary_key=True),
    Column("adjudication", Id, nullable=False),
    Index("ix_open_pairs_adjudication", "adjudication"),
    **_FLAT,
)

#: What each officer said, sealed: nobody reads the first ruling before the last.
rulings = Table(
    "rulings",
    metadata,
    Column("adjudication", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("began", Moment, nullable=False),
    Column("officer", String(64), nullable=False),
    Column("station", String(64), nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # Rulings are independent: one of each officer.
    Index("ux_rulings_officer", "adjudication", "officer", unique=True),
    Index("ix_rulings_officer", "officer", "at"),
    **_FLAT,
)

adjudication_events = Table(
    "adjudication_events",
    metadata,
    Column("adjudication", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(24), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("reason", String(64), nullable=False, server_default=""),
    **_FLAT,
)
