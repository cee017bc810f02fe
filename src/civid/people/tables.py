"""The code tables that civid carries: CSV files in ``data``, each with its era and source.

`packaged` is the one reader of such files; the tables of cards are read by it too. Files of users
are not: their mistakes are told with the line.
"""

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
    checked : str
        ISO date on which the table was last held against it.
    """

    table: str
    valid_from: str
    valid_to: str
    confidence: str
    source: str
    checked: str


@cache
def packaged(package: str, table: str) -> tuple[dict[str, str], ...]:
    """Read ``data/<table>.csv`` of a package once; every value is a stripped str, zeros kept."""
    path = files(package) / "data" / f"{table}.csv"
    return tuple(
        {title: (value or "").strip() for title, value in row.items()}
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    )


def rows(table: str) -> tuple[dict[str, str], ...]:
    """Read a table of people, ``data/<table>.csv``."""
    return packaged("civid.people", table)


@cache
def sources() -> dict[str, Source]:
    """Say of every table where it comes from.

    >>> sources()["province_codes_34"].valid_from
    '2025-07-01'
    """
    return {row["table"]: Source(**row) for row in rows("sources")}
