"""The code tables that civid carries: CSV files in ``data``, each with its era and source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table comes from.

    Parameters
    ----------
    table : str
        Name of the CSV file without its ending.
    valid_from, valid_to : str
        ISO dates of the era that the table speaks of; empty where open or not known.
    confidence : str
        ``A`` law text or several independent sources, ``B`` one good source, ``C`` doubtful.
    source : str
        The law, circular or publication.
    """

    table: str
    valid_from: str
    valid_to: str
    confidence: str
    source: str


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Read the table ``data/<table>.csv`` once; every value is a str, leading zeros kept."""
    path = files("civid.people") / "data" / f"{table}.csv"
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def sources() -> dict[str, Source]:
    """Say of every table where it comes from.

    >>> sources()["province_codes_34"].valid_from
    '2025-07-01'
    """
    return {row["table"]: Source(**row) for row in rows("sources")}
