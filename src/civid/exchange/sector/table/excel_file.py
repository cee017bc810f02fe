"""The first sheet of a workbook (XLSX), row by row, in memory that does not grow with its rows.

A workbook is a ZIP archive: how much it unpacks to is looked at before anything is unpacked.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from civid.errors import FormatError
from civid.extras import need

_MOST_UNPACKED = 2 << 30
#: Of one part beside the sheets: texts that cells share are all in memory.
_MOST_SHARED = 512 << 20
_MOST_PARTS = 1000
_MOST_COLUMNS = 256
_LONGEST_CELL = 4096


def excel_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the number that the spreadsheet shows beside them.

    Raises
    ------
    FormatError
        Not a workbook, a damaged one, or one that unpacks to too much.
    UnavailableError
        Without openpyxl.
    """
    openpyxl = need("openpyxl", "a workbook", "campaign")
    book = None
    try:
        _check(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        rows = sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
        for number, cells in enumerate(rows, 1):
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield number, texts
    except FormatError:
        raise
    except OSError as error:
        raise FormatError(f"the file cannot be read ({error.strerror or 'damaged'})") from None
    except Exception as error:  # openpyxl and its XML parsers raise whatever they meet
        raise FormatError("not an XLSX workbook, or a damaged one") from error
    finally:
        if book is not None:
            book.close()


def _check(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    sizes = [part.file_size for part in parts]
    shared = [part.file_size for part in parts if "worksheets/" not in part.filename]
    if len(parts) > _MOST_PARTS or sum(sizes) > _MOST_UNPACKED or max(shared) > _MOST_SHARED:
        raise FormatError("the workbook unpacks to too much")


def _text(cell: Any) -> str:
    """As CSV would have it: whole numbers plain, days as in Vietnam."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        return text[:_LONGEST_CELL]
    if isinstance(cell, (datetime, date)):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(Decimal(repr(cell)))
    return str(cell)
