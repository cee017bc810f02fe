"""Read a register from CSV in chunks, for an agency that looks at its own table (khảo sát)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import TextIO

from civid.errors import FieldError
from civid.people.findings.columns import COLUMNS
from civid.people.findings.table import Table
from civid.people.kinds import text_of

#: Longest value of our columns that is read; nothing in a register is longer.
MAX_VALUE = 4096
#: Of one table, whatever its rows: a row of a register has some 300.
MAX_CHARACTERS = 1 << 25
#: Longest line; a file without line ends is not read into memory to find that out.
MAX_LINE = 1 << 24


def read_csv(
    file: TextIO,
    as_of: date,
    columns: Mapping[str, str] | None = None,
    *,
    chunk: int = 50_000,
    delimiter: str = ",",
) -> Iterator[Table]:
    """Read tables of `chunk` rows.

    Parameters
    ----------
    file : text file
        Opened with ``newline=""`` and the right encoding; the first line has the titles.
    as_of : date
        Day the register is judged by.
    columns : mapping, optional
        Column of `COLUMNS` -> title in the file. Left out: titles are the columns' own names.
        Other columns of the file are passed over and not kept.
    chunk : int
        Rows a table; fewer where they are very long.
    delimiter : str
        Between values.

    Raises
    ------
    FieldError
        When a title is missing or there twice, a row has too few or too many values, or one of
        ours is far too long.

    >>> import io
    >>> file = io.StringIO("Họ tên,Số\\nLê An,046301123456\\n")
    >>> [t.size for t in read_csv(file, date(2021, 7, 1), {"name": "Họ tên", "number": "Số"})]
    [1]
    """
    if not hasattr(file, "readline"):
        raise FieldError("file", "should be an open text file, is no file")
    reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
    try:
        titles = next(reader, [])
        titles = [title.strip().lstrip("\ufeff") for title in titles]
        wanted = dict(columns) if columns is not None else {n: n for n in titles if n in COLUMNS}
        missing = [name for name, title in wanted.items() if title not in titles]
        if missing or not wanted:
            raise FieldError("columns", f"not in the file: {', '.join(missing) or 'any of ours'}")
        twice = [title for title in wanted.values() if titles.count(title) > 1]
        if twice:
            raise FieldError("columns", f"twice in the file: {', '.join(twice)}")
        at = [titles.index(title) for title in wanted.values()]
        line = 1
        while rows := _chunk(_values(islice(reader, chunk), at, len(titles), line)):
            line += len(rows)
            yield Table(dict(zip(wanted, zip(*rows, strict=True), strict=True)), as_of)
    except csv.Error as error:
        raise FieldError("csv", f"line {reader.line_num}: {error}") from None


def _chunk(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The next rows; fewer than asked for where they are very long."""
    kept, characters = [], 0
    for row in rows:
        kept.append(row)
        characters += sum(map(len, row))
        if characters > MAX_CHARACTERS:
            break
    return kept


def _lines(file: TextIO) -> Iterator[str]:
    while line := text_of(file.readline(MAX_LINE), "file"):
        if len(line) >= MAX_LINE:
            raise FieldError("csv", f"a line of over {MAX_LINE} characters")
        yield line


def _values(
    rows: Iterable[list[str]], at: list[int], width: int, line: int
) -> Iterator[tuple[str, ...]]:
    """Of each row only what is wanted, so that a wide file costs no more than a narrow one."""
    for row in rows:
        line += 1
        if len(row) != width:
            raise FieldError("row", f"{line}: {len(row)} values for {width} titles")
        kept = tuple(row[place] for place in at)
        if max(map(len, kept)) > MAX_VALUE:
            raise FieldError("row", f"{line}: a value of over {MAX_VALUE} characters")
        yield kept
