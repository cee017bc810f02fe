"""CSV that no spreadsheet computes: what begins as a formula gets an apostrophe (CWE-1236)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

#: What spreadsheets take for the beginning of a formula, full-width forms included.
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def harmless(text: str) -> str:
    """A text that no spreadsheet computes; the rule of `civid.campaign.sheets`.

    >>> harmless("=1+1"), harmless("  @SUM(A1)"), harmless("Đạ Huoai")
    ("'=1+1", "'  @SUM(A1)", 'Đạ Huoai')
    """
    first = text.lstrip(" \u00a0\u3000")[:1]
    return f"'{text}" if first in FORMULA or text[:1] == "'" else text


def write(file: TextIO, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Titles and rows with commas between."""
    writer = csv.writer(file)
    writer.writerow(map(harmless, titles))
    writer.writerows(map(harmless, row) for row in rows)
