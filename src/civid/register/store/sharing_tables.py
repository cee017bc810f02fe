"""Tables of sharing: what partners may ask, what was asked and answered, and how often.

In the same metadata as the others, so that a migration, a check and a rotation of keys see them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, text

from civid.register.store.tables import Id, Moment, Token, Unit, metadata

_FLAT: dict[str, Any] = {"sqlite_with_rowid": False}

#: What a partner may ask for one purpose; a change is a new version, and no version is changed.
grants = Table(
    "grants",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("partner", String(64), nullable=False),
    Column("purpose", String(64), nullable=False),
    Column("unit", Unit, nullable=False),
    # proposed, active, ended
    Column("state", String(12), nullable=False),
    Column("made", Moment, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("confirmed", Moment),
    Column("confirmed_by", String(64), nullable=False, server_default=""),
    Column("ended", Moment),
    Column("ended_by", String(64), nullable=False, server_default=""),
    Column("ended_reason", String(64), nullable=False, server_default=""),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # One grant in force for a partner and a purpose, whatever happens at the same time.
    Index("ux_grants_active", "partner", "purpose", unique=True,
          sqlite_where=text("state = 'active'"), postgresql_where=text("state = 'active'")),
    **_FLAT,
)  # fmt: skip

#: Who agreed to be asked about under a grant.
consents = Table(
    "consents",
    metadata,
    Column("grant", Id, primary_key=True),
    Column("person", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("given", Moment, nullable=False),
    Column("until", Moment),
    Column("actor", String(64), nullable=False),
    Column("evidence", String(64), nullable=False),
    Column("withdrawn", Moment),
    Column("withdrawn_by", String(64), nullable=False, server_default=""),
    Index("ix_consents_person", "person"),
    **_FLAT,
)

#: Questions that were answered: the answer is given again to whoever repeats the question.
questions = Table(
    "questions",
    metadata,
    Column("partner", String(64), primary_key=True),
    Column("request", Token, primary_key=True),
    Column("digest", Token, nullable=False),
    Column("at", Moment, nullable=False),
    Column("grant", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("person", Id),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_questions_person", "person", sqlite_where=text("person IS NOT NULL"),
          postgresql_where=text("person IS NOT NULL")),
    Index("ix_questions_at", "at"),
    **_FLAT,
)  # fmt: skip

#: How often something was done in a window of time; what it was is a token.
counters = Table(
    "counters",
    metadata,
    Column("token", Token, primary_key=True),
    Column("window", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Index("ix_counters_window", "window"),
    **_FLAT,
)

#: What a partner has learned by guessing about one attribute of one person; sealed.
guesses = Table(
    "guesses",
    metadata,
    Column("token", Token, primary_key=True),
    Column("person", Id),
    Column("since", Moment, nullable=False),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_guesses_person", "person", sqlite_where=text("person IS NOT NULL"),
          postgresql_where=text("person IS NOT NULL")),
    Index("ix_guesses_since", "since"),
    **_FLAT,
)  # fmt: skip

#: Secrets under which a partner's pseudonyms are made; the newest makes new ones.
partner_keys = Table(
    "partner_keys",
    metadata,
    Column("partner", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("made", Moment, nullable=False),
    # From when pseudonyms under it are no longer understood; None while it is the newest.
    Column("until", Moment),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    **_FLAT,
)

#: Names that partners have for people, as tokens: pseudonyms, which stay, and match ids, which end.
aliases = Table(
    "aliases",
    metadata,
    Column("token", Token, primary_key=True),
    Column("partner", String(64), nullable=False),
    Column("person", Id, nullable=False),
    # Version of the partner's key; 0 = a match id.
    Column("version", Integer, nullable=False),
    Column("until", Moment),
    Index("ix_aliases_person", "person"),
    Index("ix_aliases_until", "until", sqlite_where=text("until IS NOT NULL"),
          postgresql_where=text("until IS NOT NULL")),
    **_FLAT,
)  # fmt: skip
