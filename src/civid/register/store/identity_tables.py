"""Tables of dossiers (hồ sơ), their captures, cards and what happened to each.

In the same metadata as the others, so that a migration, a check and a rotation of keys see them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, String, Table

from civid.register.store.tables import Day, Id, Moment, Unit, metadata

_FLAT: dict[str, Any] = {"sqlite_with_rowid": False}

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, nullable=False),
    Column("unit", Unit, nullable=False),
    Column("procedure", String(24), nullable=False),
    Column("area", String(24), nullable=False),
    Column("state", String(32), nullable=False),
    Column("step", String(24), nullable=False),
    Column("filed", Day, nullable=False),
    Column("due", Day, nullable=False),
    Column("entered", Moment, nullable=False),
    # Who has the dossier at the counter, and since when the step is worked at.
    Column("officer", String(64), nullable=False, server_default=""),
    Column("station", String(64), nullable=False, server_default=""),
    Column("began", Moment),
    Column("cause", String(24), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_dossiers_person", "person"),
    Index("ix_dossiers_unit", "unit", "state"),
    Index("ix_dossiers_due", "state", "due", "unit"),
    **_FLAT,
)

dossier_events = Table(
    "dossier_events",
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("step", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("seconds", Integer),
    Column("officer", String(64), nullable=False),
    Column("station", String(64), nullable=False),
    Column("role", String(24), nullable=False, server_default=""),
    Column("reason", String(200), nullable=False, server_default=""),
    Index("ix_dossier_events_step", "step", "at"),
    **_FLAT,
)

captures = Table(
    "captures",
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("frame", String(24), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("quality", SmallInteger),
    Column("reasons", String(400), nullable=False, server_default=""),
    # Of the captures of a frame, the best one keeps its images; of the others stays what was wrong.
    Column("kept", SmallInteger, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    **_FLAT,
)

cards = Table(
    "cards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, nullable=False),
    Column("dossier", Id),
    Column("generation", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("issued", Day, nullable=False),
    Column("expires", Day),
    Column("version", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_cards_person", "person"),
    Index("ix_cards_expiry", "state", "expires"),
    **_FLAT,
)

card_events = Table(
    "card_events",
    metadata,
    Column("card", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("transition", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("role", String(24), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("reason", String(64), nullable=False, server_default=""),
    **_FLAT,
)
