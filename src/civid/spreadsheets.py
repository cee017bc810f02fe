"""Text in CSV that no spreadsheet computes (CSV injection, CWE-1236).

A cell that begins like a formula is computed when the file is opened, perhaps by somebody with more
rights than its author. Where a cell begins is the reader's choice, not the writer's: Excel set to
Vietnamese parts a file at semicolons, one set to English at commas, and neither minds quotes in the
middle of what it takes for a cell. So each place where a cell may begin is looked at.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

#: What spreadsheets take for the beginning of a formula, also as East Asian keyboards write it.
SIGNS = frozenset("=+-@＝＋－＠")
#: The same where a cell begins for certain.
FORMULA = SIGNS | frozenset("\t\r\n")
_REMEMBERED = 10_000
_SPACES = " \u00a0\u3000"
_SIGN = f"[{_SPACES}]*[=+\\-@＝＋－＠]"
#: Behind what some reader takes for the end of a cell: something that may be computed.
_WITHIN = re.compile(rf"([;,|\t\r\n])(?='*{_SIGN})")
_GUARDED = re.compile(rf"([;,|\t\r\n])'(?='*{_SIGN})")


def harmless(text: str) -> str:
    r"""A text that no spreadsheet computes, wherever it parts cells.

    It gets an apostrophe before what would be computed; `as_meant` takes it away again.

    >>> harmless("=1+1"), harmless("  @SUM(A1)"), harmless("Đạ Huoai")
    ("'=1+1", "'  @SUM(A1)", 'Đạ Huoai')
    >>> harmless("Lê An;=1+1"), harmless("12/3, đường 3-2")
    ("Lê An;'=1+1", '12/3, đường 3-2')
    """
    made = _WITHIN.sub(r"\1'", text)
    first = text.lstrip(_SPACES)[:1]
    return f"'{made}" if first in FORMULA or text[:1] == "'" else made


def as_meant(text: str) -> str:
    """What `harmless` made this of; other text as it is.

    >>> as_meant("'=1+1"), as_meant("Lê An;'=1+1"), as_meant("'Ndu")
    ('=1+1', 'Lê An;=1+1', "'Ndu")
    """
    bare = _GUARDED.sub(r"\1", text)
    for one in (bare[1:], bare) if bare[:1] == "'" else (bare,):
        if harmless(one) == text:
            return one
    return text


class Writable(Protocol):
    """A text file that is open for writing."""

    def write(self, text: str, /) -> object:
        """Add a text."""
        ...


def write_rows(
    file: Writable,
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    line_end: str = "\r\n",
) -> None:
    r"""Add rows to a CSV file; every text in them is made `harmless`, numbers stay as they are.

    >>> import io
    >>> file = io.StringIO()
    >>> write_rows(file, [["=A1", -5]])
    >>> file.getvalue()
    "'=A1,-5\r\n"
    """
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
    seen: dict[str, str] = {}  # tables of many rows have few names, each again and again

    def safe(text: str) -> str:
        made = seen.get(text)
        if made is None:
            if len(seen) >= _REMEMBERED:
                seen.clear()
            made = seen[text] = harmless(text)
        return made

    writer.writerows(
        [safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
