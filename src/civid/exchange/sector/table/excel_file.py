"""A sheet of a workbook (XLSX), row by row, in memory that does not grow with its rows.

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
#: Texts that cells share are all in memory.
_MOST_SHARED = 512 << 20
#: Of any other part that is read (styles, names ...): it becomes objects, a hundred times as large.
_MOST_OTHER = 16 << 20
#: What people have written does not become so much smaller.
_MOST_PACKED, _LARGE = 200, 16 << 20
#: Of a sheet; a row that claims a number beyond it would be waited for in vain.
_MOST_ROWS = 1_048_576
_MOST_PARTS = 1000
_MOST_COLUMNS = 256
_LONGEST_CELL = 4096


def excel_rows(path: Path, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the number that the spreadsheet shows beside them.

    Parameters
    ----------
    sheet : str, optional
        Its name; the first that is not hidden, unless given.

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
        one = book[sheet] if sheet is not None else _visible(book)[0]
        one.reset_dimensions()  # what a file says of its own size is not believed
        rows = one.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
        for number, cells in enumerate(rows, 1):
            if cells.count(None) == len(cells):
                continue
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


def excel_sheets(path: Path) -> tuple[str, ...]:
    """Names of the sheets that are not hidden, in their order.

    Raises
    ------
    FormatError
        As `excel_rows`.
    """
    openpyxl = need("openpyxl", "a workbook", "campaign")
    book = None
    try:
        _check(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        return tuple(str(sheet.title) for sheet in _visible(book))
    except FormatError:
        raise
    except Exception as error:  # as above
        raise FormatError("not an XLSX workbook, or a damaged one") from error
    finally:
        if book is not None:
            book.close()


def _visible(book: Any) -> list[Any]:
    """The sheets that people see; all where none is."""
    found = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return found or list(book.worksheets)


def _check(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    wrong = len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED
    if wrong or any(map(_is_bomb, parts)):
        raise FormatError("the workbook unpacks to too much")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    size, name = part.file_size, part.filename.lower()
    if size > _LARGE and size > _MOST_PACKED * max(part.compress_size, 1):
        return True
    if not name.endswith((".xml", ".rels")) or "worksheets/" in name:
        return False  # pictures are not unpacked
    return size > (_MOST_SHARED if "sharedstrings" in name else _MOST_OTHER)


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
