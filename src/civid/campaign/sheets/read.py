"""Read a table from CSV or XLSX, row by row with its number: nothing is lost or unbounded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from civid.campaign.finding import Finding
from civid.campaign.sheets.excel import is_workbook, workbook_rows
from civid.errors import CampaignError
from civid.people.findings.model import Severity
from civid.spreadsheets import as_meant

#: Largest file: a day of all communes has half a megabyte. In memory it takes ten times as much.
MAX_BYTES = 64 << 20
_LONGEST_CELL = 4096
_MOST_COLUMNS = 256
_MOST_FINDINGS = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the titles are row 1), and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was read.

    Attributes
    ----------
    columns : tuple of str
        Those of ours that the file has.
    rows : tuple of Row
        In the order of the file.
    findings : tuple of Finding
        Rows that have more or fewer cells than there are titles; they are not among the rows.
    name : str
        Of the file, for messages.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    name: str = ""


def read_sheet(
    content: bytes,
    wanted: Mapping[str, Sequence[str]],
    *,
    needed: Sequence[str] = (),
    name: str = "",
) -> Sheet:
    """Read what people wrote: CSV with comma, semicolon or tab, or the first sheet of XLSX.

    Parameters
    ----------
    content : bytes
        UTF-8, with or without its mark, or UTF-16 with it; or a workbook.
    wanted : mapping
        Column -> titles that mean it, in lower case. Other columns are passed over.
    needed : sequence of str
        Columns without which the file makes no sense.

    Raises
    ------
    CampaignError
        Too large (``too-large``), not text (``not-text``), no CSV (``not-csv``) or XLSX
        (``not-xlsx``), or a column that is missing (``no-column``) or there twice
        (``column-twice``).

    >>> found = read_sheet("Mã;Tên\\n067;Lâm Đồng\\n".encode(), {"code": ["code", "mã"]})
    >>> found.rows[0].number, found.rows[0]["code"]
    (2, '067')
    """
    if len(content) > MAX_BYTES:
        raise _refused("too-large", f"over {MAX_BYTES >> 20} MiB", name)
    workbook = is_workbook(content)
    reader = workbook_rows(content, name) if workbook else _csv_rows(content, name)
    rows, findings = list[Row](), list[Finding]()
    number = 0
    try:
        titles = [title.strip().lower() for title in next(reader, [])]
        at = _places(titles, wanted, needed, name)
        for number, cells in enumerate(reader, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if workbook:  # the empty cells at the end of a row are not in the file
                cells = cells + [""] * (len(titles) - len(cells))
            if len(cells) != len(titles):
                if len(findings) >= _MOST_FINDINGS:
                    raise _refused("row-width", "too many rows of the wrong width", name)
                values = {"cells": len(cells), "titles": len(titles)}
                findings.append(
                    Finding("row-width", Severity.ERROR, number, file=name, values=values)
                )
                continue
            kept = {column: _cell(cells[place], name) for column, place in at.items()}
            rows.append(Row(number, kept))
    except csv.Error as error:
        message = f"{name or 'CSV'}: {error}"
        raise CampaignError(message, code="not-csv", row=max(number, 1) + 1) from None
    return Sheet(tuple(at), tuple(rows), tuple(findings), name)


def read_day(text: str) -> date:
    """A day as 2021-06-08 or 08/06/2021; `CampaignError` (``not-a-day``) for anything else.

    >>> read_day("8/6/2021"), read_day("2021-06-08")
    (datetime.date(2021, 6, 8), datetime.date(2021, 6, 8))
    """
    return _day(text.strip())


@lru_cache(4096)  # a file names few days, many times
def _day(shown: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(shown, pattern).date()
        except ValueError:
            continue
        if 1900 <= found.year <= 2100:
            return found
    raise CampaignError("not a day as 2021-06-08 or 08/06/2021", code="not-a-day")


def _csv_rows(content: bytes, name: str) -> Iterator[list[str]]:
    text = _decoded(content, name)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _decoded(content: bytes, name: str) -> str:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        message = "not text in UTF-8; save it as 'CSV UTF-8'"
        raise _refused("not-text", message, name) from None
    if "\0" in text:
        raise _refused("not-text", "not text: it holds NUL", name)
    return text


def _places(
    titles: Sequence[str], wanted: Mapping[str, Sequence[str]], needed: Sequence[str], name: str
) -> dict[str, int]:
    if len(titles) > _MOST_COLUMNS:
        raise _refused("not-csv", f"over {_MOST_COLUMNS} columns", name)
    at = dict[str, int]()
    for column, names in wanted.items():
        found = [place for place, title in enumerate(titles) if title in (column, *names)]
        if len(found) > 1:
            raise _refused("column-twice", f"the column {column} is there twice", name)
        if found:
            at[column] = found[0]
        elif column in needed:
            raise _refused("no-column", f"the column {column} is missing", name)
    return at


def _cell(text: str, name: str) -> str:
    if len(text) > _LONGEST_CELL:
        raise _refused("not-csv", f"a cell of over {_LONGEST_CELL} characters", name)
    return as_meant(text.strip())


def _refused(code: str, message: str, name: str) -> CampaignError:
    return CampaignError(f"{name}: {message}" if name else message, code=code)
