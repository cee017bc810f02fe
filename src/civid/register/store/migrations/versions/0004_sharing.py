"""Tables of sharing: grants, consents, questions, counters, guesses, names for people."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.LargeBinary(length=16)


def upgrade() -> None:
    """Make the tables; nothing that was there changes."""
    _rights()
    _asked()
    _names()


def _rights() -> None:
    op.create_table(
        "grants",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("partner", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column(
            "unit",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("confirmed", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("ended_reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ux_grants_active",
        "grants",
        ["partner", "purpose"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "consents",
        sa.Column("grant", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("grant", "person", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consents_person", "consents", ["person"], unique=False)


def _asked() -> None:
    op.create_table(
        "questions",
        sa.Column("partner", sa.String(length=64), nullable=False),
        sa.Column("request", _ID, nullable=False),
        sa.Column("digest", _ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("grant", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", _ID, nullable=True),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "request"),
        sqlite_with_rowid=False,
    )
    _where_known("questions", "person")
    op.create_index("ix_questions_at", "questions", ["at"], unique=False)
    op.create_table(
        "counters",
        sa.Column("token", _ID, nullable=False),
        sa.Column("window", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token", "window"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_counters_window", "counters", ["window"], unique=False)
    op.create_table(
        "guesses",
        sa.Column("token", _ID, nullable=False),
        sa.Column("person", _ID, nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
        sqlite_with_rowid=False,
    )
    _where_known("guesses", "person")
    op.create_index("ix_guesses_since", "guesses", ["since"], unique=False)


def _names() -> None:
    op.create_table(
        "partner_keys",
        sa.Column("partner", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "version"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "aliases",
        sa.Column("token", _ID, nullable=False),
        sa.Column("partner", sa.String(length=64), nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_aliases_person", "aliases", ["person"], unique=False)
    _where_known("aliases", "until")


def _where_known(table: str, column: str) -> None:
    op.create_index(
        f"ix_{table}_{column}",
        table,
        [column],
        unique=False,
        sqlite_where=sa.text(f"{column} IS NOT NULL"),
        postgresql_where=sa.text(f"{column} IS NOT NULL"),
    )
