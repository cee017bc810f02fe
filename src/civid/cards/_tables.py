"""The tables of cards: CSV files with era and source."""

from __future__ import annotations

from civid.people.tables import packaged


def rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of ``data/<name>.csv``."""
    return packaged("civid.cards", name)
