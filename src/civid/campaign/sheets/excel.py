"""The first sheet of an XLSX workbook as rows of text, so that it is read like CSV.

A workbook is a ZIP archive: how much it unpacks to is looked at before anything is unpacked.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from civid.errors import CampaignError
from civid.extras import need

_MOST_UNPACKED = 256 << 20
_MOST_PARTS = 1000
_MOST_COLUMNS = 256


def is_workbook(content: bytes) -> bool:
    """Whether it begins as a ZIP archive does."""
    return content[:4] == b"PK\x03\x04"


def workbook_rows(content: bytes, name: str = "") -> Iterator[list[str]]:
    """Rows of the first sheet; cells that were computed give what they showed when saved.

    A formula that was never computed gives itself, so that no column of counts takes it for empty.

    Raises
    ------
    CampaignError
        Not a workbook, or damaged (``not-xlsx``); it unpacks to too much (``too-large``).
    UnavailableError
        Without the extra ``civid[campaign]``.
    """
    where = f"{name}: " if name else ""
    openpyxl = need("openpyxl", "reading XLSX", "campaign")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise CampaignError(f"{where}it unpacks to too much", code="too-large")
        shown, typed = (_rows(openpyxl, content, shown=one) for one in (True, False))
        for row, entered in zip(shown, typed, strict=True):
            # A formula that was never computed shows nothing: it is given as it was typed.
            cells = [_text(other if cell is None else cell)
                     for cell, other in zip(row, entered, strict=True)]  # fmt: skip
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except CampaignError:
        raise
    except Exception as error:  # openpyxl and its XML parsers raise whatever they meet
        message = f"{where}not an XLSX workbook, or damaged"
        raise CampaignError(message, code="not-xlsx") from error


def _rows(openpyxl: Any, content: bytes, *, shown: bool) -> Iterator[tuple[object, ...]]:
    """Rows of the first sheet, computed cells as what they show or as their formula."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=shown)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
    return rows


def _text(cell: object) -> str:
    """As CSV would have it: whole numbers plain, days in ISO."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(Decimal(repr(cell)))
    return str(cell)
