"""Run by alembic: migrates on the connection that `civid.register.store.migrate` hands over."""

from alembic import context

from civid.register.store import (  # noqa: F401 - same metadata
    adjudication_tables,
    asking_tables,
    audit_tables,
    identity_tables,
    sharing_tables,
    watch_tables,
)
from civid.register.store.tables import metadata


def migrate() -> None:
    """Run the steps that are missing, in the transaction that is open."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
    )
    context.run_migrations()


if hasattr(context, "config"):  # alembic runs this; an import alone does not
    migrate()
