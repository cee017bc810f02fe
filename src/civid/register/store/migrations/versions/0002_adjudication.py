"""Tables of adjudication: unions, people kept apart, cases with their rulings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.LargeBinary(length=16)


def upgrade() -> None:
    """Make the tables; nothing that was there changes."""
    op.create_table(
        "unions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kept", _ID, nullable=False),
        sa.Column("merged", _ID, nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("ended_reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("adjudication", _ID, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_unions_kept", "unions", ["kept"], unique=False)
    op.create_index(
        "ux_unions_merged",
        "unions",
        ["merged"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "apart",
        sa.Column("low", _ID, nullable=False),
        sa.Column("high", _ID, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("adjudication", _ID, nullable=True),
        sa.PrimaryKeyConstraint("low", "high", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_apart_high", "apart", ["high"], unique=False)
    op.create_table(
        "adjudications",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subject", _ID, nullable=False),
        sa.Column("dossier", _ID, nullable=True),
        sa.Column(
            "unit",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("batch", sa.String(length=64), server_default="", nullable=False),
        sa.Column("officer", sa.String(length=64), server_default="", nullable=False),
        sa.Column("assigned", sa.BigInteger(), nullable=True),
        sa.Column("ticket", sa.LargeBinary(length=8), nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("postponed", sa.SmallInteger(), nullable=False),
        sa.Column("rulings", sa.SmallInteger(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=24), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_adjudications_queue", "adjudications", ["state", "unit", "not_before"], unique=False
    )
    op.create_index("ix_adjudications_subject", "adjudications", ["subject"], unique=False)
    op.create_index("ix_adjudications_dossier", "adjudications", ["dossier"], unique=False)
    op.create_index(
        "ux_adjudications_officer",
        "adjudications",
        ["officer"],
        unique=True,
        sqlite_where=sa.text("officer <> ''"),
        postgresql_where=sa.text("officer <> ''"),
    )
    op.create_table(
        "suspects",
        sa.Column("adjudication", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("adjudication", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_suspects_person", "suspects", ["person"], unique=False)
    op.create_table(
        "open_pairs",
        sa.Column("low", _ID, nullable=False),
        sa.Column("high", _ID, nullable=False),
        sa.Column("adjudication", _ID, nullable=False),
        sa.PrimaryKeyConstraint("low", "high"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_open_pairs_adjudication", "open_pairs", ["adjudication"], unique=False)
    op.create_table(
        "rulings",
        sa.Column("adjudication", _ID, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("adjudication", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ux_rulings_officer", "rulings", ["adjudication", "officer"], unique=True)
    op.create_index("ix_rulings_officer", "rulings", ["officer", "at"], unique=False)
    op.create_table(
        "adjudication_events",
        sa.Column("adjudication", _ID, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("adjudication", "seq"),
        sqlite_with_rowid=False,
    )
