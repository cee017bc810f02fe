"""A partner's file: CSV in any writing, XLSX or Parquet; its titles, and its rows by number.

The number of a row is the one that a spreadsheet shows beside it. Rows in which no column that is
understood holds anything (empty ones, sums and notes below the table) are nobody, and left out.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from civid.errors import FieldError, FormatError
from civid.exchange.sector.table.encoding import Looked, encoding_of, look, stamp_of
from civid.exchange.sector.table.excel_file import excel_rows, excel_sheets
from civid.exchange.sector.table.headings import chosen, field_of, plain_field
from civid.exchange.sector.table.title_rows import SEARCHED, Titles, find_titles
from civid.extras import need
from civid.people.names.legacy import tcvn3, vni_windows
from civid.register.bulk.files import csv_file, parquet_file
from civid.register.bulk.files.mapping import Columns
from civid.register.bulk.outcome import Refused

#: Row that could not be taken: its number, why, and in which field.
Row = tuple[int, dict[str, str] | Refused]
_WORKBOOK, _PARQUET, _OLD_WORKBOOK = b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
_FONTS: dict[str, Callable[[str], str | None]] = {"tcvn3": tcvn3, "vni": vni_windows}
#: Fields whose rules and repairs want what the file shows.
_AS_SHOWN = frozenset({"name", "number", "cmnd9", "birth"})
_DELIMITERS = (",", ";", "\t", "|")
_MOST_COLUMNS = 4096
#: So many titles that are understood make a sheet the one that is meant.
_SURE, _MOST_SHEETS = 2, 50


@dataclass(frozen=True, slots=True)
class Source:
    """A table that is ready to be read, any number of times.

    Attributes
    ----------
    path : Path
        The file.
    kind : str
        ``csv``, ``xlsx`` or ``parquet``.
    digest : str
        SHA-256 of the file, hexadecimal.
    titles : tuple of str
        All titles of the file.
    columns : dict of str to str
        Title -> field, of those that are read.
    encoding, delimiter : str or None
        Of a CSV file; None where the file's mark or UTF-8 tells.
    has_empty_lines : bool
        A CSV file has lines that hold nothing; numbers of rows do not count them.
    lines : int
        Lines of a CSV file.
    font : str
        ``tcvn3`` or ``vni`` where the titles of a CSV file are those of an old font. Its words are
        read by it; names stay as they show, so that each is found and repaired by its row.
    skipped : int
        Rows that are not empty before the first person: the titles, and what stands above them.
    sheet : str
        Of a workbook: the sheet that is read.
    stamp : tuple of int
        Of the file: a table that is changed while it is read is given up.
    """

    path: Path
    kind: str
    digest: str
    titles: tuple[str, ...]
    columns: dict[str, str]
    encoding: str | None = None
    delimiter: str | None = None
    has_empty_lines: bool = False
    lines: int = 0
    font: str = ""
    skipped: int = 1
    sheet: str = ""
    stamp: tuple[int, ...] = ()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        columns: Mapping[str, str] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        tell: Callable[[int, int], None] | None = None,
    ) -> Source:
        """Find out what a file is.

        Parameters
        ----------
        columns : mapping of str to str, optional
            Title -> field of `civid.people.findings.COLUMNS`; an empty field passes a column over.
            Titles that are not named are guessed.
        encoding, delimiter : str, optional
            Of a CSV file; found out, unless given.
        tell : callable, optional
            Told how many bytes were read, and of how many.

        Raises
        ------
        FormatError
            No such file, not a table, or titles that cannot be read.
        FieldError
            A title or field of ``columns`` that does not exist; no column is understood.
        """
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise FieldError("delimiter", "expected one character, no quote")
        file = Path(path)
        looked = look(file, tell)
        kind = _kind(looked)
        if kind == "csv":
            encoding = encoding or encoding_of(looked)
            found, delimiter = _csv_titles(file, looked, encoding, delimiter)
        else:
            encoding = delimiter = None
        sheet = ""
        if kind == "parquet":
            found = Titles(tuple(_parquet_titles(file)), 1)
        elif kind == "xlsx":
            sheet, found = _excel_titles(file)
        titles = found.titles
        if not any(titles) or len(titles) > _MOST_COLUMNS:
            raise FormatError("the first row of the table has no titles")
        return cls(
            file, kind, looked.digest, titles, chosen(titles, columns), encoding, delimiter,
            kind == "csv" and looked.has_empty_lines, looked.lines if kind == "csv" else 0,
            _font(titles) if kind == "csv" else "", found.skipped, sheet,
            looked.stamp,
        )  # fmt: skip

    def about_rows(self) -> int:
        """About how many rows there are, for a bar; 0 where nobody knows before they are read."""
        if self.kind != "parquet":
            return max(self.lines - self.skipped, 0)
        parquet = need("pyarrow.parquet", "a Parquet file", "parquet")
        return int(parquet.read_metadata(os.fspath(self.path)).num_rows)

    def rows(self) -> Iterator[Row]:
        """Number of the row, and field -> text or why it cannot be taken.

        Raises
        ------
        FormatError
            The file cannot be read, or is not the one any more that was opened.
        """
        self._unchanged()
        for number, row in self._all_rows():
            if isinstance(row, Refused) or any(row.values()):
                yield number, row
        self._unchanged()

    def _unchanged(self) -> None:
        try:
            now = stamp_of(self.path.stat())
        except OSError as error:
            raise FormatError(f"the file cannot be read ({error.strerror})") from None
        if self.stamp and now != self.stamp:
            raise FormatError("the file was changed while it was read: run it again")

    def _all_rows(self) -> Iterator[Row]:
        columns = Columns(self.columns)
        if self.kind == "xlsx":
            yield from self._excel(columns)
            return
        if self.kind == "parquet":
            found = parquet_file.read(self.path, columns)
        else:
            found = csv_file.read(
                self.path, columns, encoding=self.encoding, delimiter=self.delimiter,
                titles=(self.titles, self.skipped),
            )  # fmt: skip
        read = _FONTS.get(self.font)
        for number, row in enumerate(found, self.skipped + 1):
            if read is not None and isinstance(row, dict):
                row = {
                    field: text if field in _AS_SHOWN or text.isascii() else read(text) or text
                    for field, text in row.items()
                }
            yield number, row

    def _excel(self, columns: Columns) -> Iterator[Row]:
        rows = islice(excel_rows(self.path, self.sheet), self.skipped, None)
        places = columns.places(self.titles)
        for number, cells in rows:
            # The empty cells at the end of a row are not in the file.
            texts = cells + [""] * (len(self.titles) - len(cells))
            yield number, {field: texts[at] for field, at in places.items()}


def _font(titles: Sequence[str]) -> str:
    """The old font that more titles are understood by than as they show; empty = none."""

    def known(read: Callable[[str], str | None]) -> int:
        return sum(plain_field(read(one) or one) != "" for one in titles)

    best = max(_FONTS, key=lambda name: known(_FONTS[name]))
    return best if known(_FONTS[best]) > known(lambda one: one) else ""


def _kind(looked: Looked) -> str:
    if looked.start.startswith(_WORKBOOK):
        return "xlsx"
    if looked.start.startswith(_PARQUET):
        return "parquet"
    if looked.start.startswith(_OLD_WORKBOOK):
        raise FormatError("an old workbook (XLS): save it as XLSX or CSV")
    if not looked.size:
        raise FormatError("the file is empty")
    return "csv"


def _excel_titles(path: Path) -> tuple[str, Titles]:
    """The first sheet that people see and whose titles are understood, or else the first."""
    best: tuple[int, str, Titles] = (-1, "", Titles((), 1))
    for name in excel_sheets(path)[:_MOST_SHEETS]:
        with closing(excel_rows(path, name)) as rows:  # type: ignore[type-var]
            found = find_titles([cells for _, cells in islice(rows, SEARCHED)])
        known = min(sum(bool(field_of(title)) for title in found.titles), _SURE)
        if known > best[0]:
            best = known, name, found
    return best[1], best[2]


def _parquet_titles(path: Path) -> list[str]:
    parquet = need("pyarrow.parquet", "a Parquet file", "parquet")
    arrow = need("pyarrow", "a Parquet file", "parquet")
    try:
        return list(parquet.read_schema(os.fspath(path)).names)
    except (OSError, arrow.ArrowException):
        raise FormatError("not a Parquet file, or a damaged one") from None


def _csv_titles(
    path: Path, looked: Looked, encoding: str | None, delimiter: str | None
) -> tuple[Titles, str]:
    """Titles, and the delimiter by which most of them are understood."""
    try:
        text = looked.start.decode(encoding or _marked(looked.start), "surrogateescape")
    except (LookupError, UnicodeError):
        raise FormatError("the file is not text of the encoding it claims") from None
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter, lines = delimiter or lines[0].strip()[-1], lines[1:]
    if not lines:
        raise FormatError("the first row of the table has no titles")
    best: tuple[tuple[int, int], Titles, str] = ((-1, -1), Titles((), 1), ",")
    for one in (delimiter,) if delimiter else _DELIMITERS:
        rows: list[list[str]] = []
        with suppress(csv.Error):
            for cells in islice(csv.reader(lines, delimiter=one), SEARCHED):
                rows.append([cell.strip() for cell in cells])  # noqa: PERF401 (what is read stays)
        found = find_titles(rows)
        titles = found.titles
        known = sum(bool(field_of(title)) for title in titles)
        if (known, len(titles)) > best[0]:
            best = (known, len(titles)), found, one
    return best[1], best[2]


def _marked(start: bytes) -> str:
    if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    return "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
