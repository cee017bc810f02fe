"""Migrations (alembic): one file a step, in `versions`; never changed once released."""
