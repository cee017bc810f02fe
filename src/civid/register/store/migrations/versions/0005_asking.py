"""Tables of asking: requests between units, consents, counts of fields not asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.LargeBinary(length=16)
_UNIT = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables; nothing that was there changes."""
    _requests()
    op.create_table(
        "consent_terms",
        sa.Column("grant", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("grant", "person", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consent_terms_person", "consent_terms", ["person"], unique=False)
    op.create_table(
        "prefill_counts",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "unit", "procedure", "form"),
        sqlite_with_rowid=False,
    )


def _requests() -> None:
    op.create_table(
        "unit_requests",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("asks", _UNIT, nullable=False),
        sa.Column("partner", sa.String(length=64), server_default="", nullable=False),
        sa.Column("asked", _UNIT, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=64), server_default="", nullable=False),
        sa.Column("sent", sa.String(length=10), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("closed", sa.String(length=10), nullable=True),
        sa.Column("reminded", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    for side in ("asked", "asks"):
        op.create_index(
            f"ix_unit_requests_{side}", "unit_requests", [side, "state", "due"], unique=False
        )
    op.create_index(
        "ix_unit_requests_person",
        "unit_requests",
        ["person"],
        unique=False,
        sqlite_where=sa.text("person IS NOT NULL"),
        postgresql_where=sa.text("person IS NOT NULL"),
    )
    op.create_table(
        "unit_request_events",
        sa.Column("request", _ID, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("request", "seq"),
        sqlite_with_rowid=False,
    )
