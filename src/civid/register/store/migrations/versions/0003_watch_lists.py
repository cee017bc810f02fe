"""Tables of watch-lists: whom an authority looks for, and what they are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nothing that was there changes."""
    op.create_table(
        "watched",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column(
            "unit",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("ended_reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("fingers", sa.SmallInteger(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_watched_kind", "watched", ["kind", "id"], unique=False)
    op.create_table(
        "watch_keys",
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column("birth_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("token", "birth_year", "entry"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_watch_keys_entry", "watch_keys", ["entry"], unique=False)
