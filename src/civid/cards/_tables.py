"""The tables of the package: CSV files with era and source, read once."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of ``data/<name>.csv``; every cell is a stripped string."""
    text = files("civid.cards").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(
        {key: (value or "").strip() for key, value in row.items()}
        for row in csv.DictReader(text.splitlines())
    )
