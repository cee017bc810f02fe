"""Write tables as CSV and XLSX, for people who open them in a spreadsheet.

In CSV a cell that would be computed on opening gets an apostrophe before it, which
`civid.campaign.sheets.read` takes away again (`civid.spreadsheets`); in XLSX it is stored as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from civid.campaign.words import Language, shown_value
from civid.errors import CampaignError
from civid.extras import need
from civid.spreadsheets import harmless

Cell = str | int | Decimal | date | None
_MOST_ROWS = 1_048_575  # of XLSX, without the titles
_LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Written:
    """A table to be written: its name, titles and rows."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, name: str, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Written:
        """A table; `CampaignError` when a row has more or fewer cells than there are titles."""
        made = tuple(map(tuple, rows))
        for number, row in enumerate(made, 2):
            if len(row) != len(titles):
                message = f"{len(row)} cells for {len(titles)} titles"
                raise CampaignError(message, code="row-width", row=number)
        return cls(name, tuple(titles), made)


def write_csv(table: Written, language: Language | str | None = None) -> bytes:
    """CSV in UTF-8, with the mark that Excel needs to read Vietnamese.

    Parameters
    ----------
    language : Language, optional
        Write numbers and days as this language does, for people; None: plain, for programs.
        Vietnamese numbers hold commas, so cells are then separated by semicolons.

    >>> write_csv(Written.of("x", ["n"], [[1234]]), "vi").decode("utf-8-sig")
    'n\\r\\n1.234\\r\\n'
    """
    file = io.StringIO(newline="")
    vietnamese = language is not None and Language(language) is Language.VI
    writer = csv.writer(file, delimiter=";" if vietnamese else ",")
    writer.writerow(map(harmless, table.titles))
    writer.writerows([_text(cell, language) for cell in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig", errors="backslashreplace")


def _text(cell: Cell, language: Language | str | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if language is None:
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    return shown_value(cell, language)


def write_xlsx(tables: Sequence[Written]) -> bytes:
    """A workbook, a sheet a table; numbers stay numbers and days stay days.

    Raises
    ------
    UnavailableError
        Without the extra ``civid[campaign]``.
    CampaignError
        More rows than a sheet holds (``too-many-rows``).
    """
    openpyxl = need("openpyxl", "writing XLSX", "campaign")
    book = openpyxl.Workbook(write_only=False)
    book.remove(book.active)
    for number, table in enumerate(tables, 1):
        if len(table.rows) > _MOST_ROWS:
            raise CampaignError(f"over {_MOST_ROWS} rows", code="too-many-rows")
        sheet = book.create_sheet(_sheet_name(table.name, number))
        sheet.freeze_panes = "A2"
        for at, title in enumerate(table.titles, 1):
            _put(sheet.cell(1, at), title)
            sheet.cell(1, at).font = openpyxl.styles.Font(bold=True)
        for line, row in enumerate(table.rows, 2):
            for at, cell in enumerate(row, 1):
                _put(sheet.cell(line, at), cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _put(place: Any, cell: Cell) -> None:
    if isinstance(cell, str):
        place.value = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in cell)[
            :_LONGEST_CELL
        ]
        place.data_type = "s"
        if harmless(cell) != cell:
            place.quotePrefix = True
        return
    place.value = cell
    if isinstance(cell, date):
        place.number_format = "dd/mm/yyyy"
    elif isinstance(cell, int):
        place.number_format = "#,##0"


def _sheet_name(name: str, number: int) -> str:
    kept = "".join("_" if c in r"[]:*?/\'" or not c.isprintable() else c for c in name)
    return f"{number} {kept}"[:31]
