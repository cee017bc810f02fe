"""CSV files of other systems: any encoding they come in, and no row that spoils the others.

Python's reader gives a whole file up at a quote that is never closed; here a record is looked for
line by line, and where there is none the line is refused and reading goes on with the next.
"""

from __future__ import annotations

import csv
import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from civid.errors import FieldError, FormatError
from civid.register.bulk.files.mapping import Columns
from civid.register.bulk.outcome import Refused

#: Longest record: 40 fields of a citizen at their longest are far shorter.
LONGEST = 1 << 18
MOST_COLUMNS = 4096
#: Most lines that a quoted value goes over.
_MOST_LINES = 20
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
#: Workbooks (also .ods), old workbooks, gzip: what is sent most often in the place of a CSV file.
_OTHERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
#: With this line Excel is told the delimiter; it is no title.
_SEPARATOR = re.compile(r"sep=(.)", re.I)


def read(
    path: str | os.PathLike[str],
    columns: Columns,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    titles: tuple[Sequence[str], int] | None = None,
) -> Iterator[dict[str, str] | Refused]:
    """Field -> text of every row, or why it is refused; rows are counted from 1.

    Parameters
    ----------
    encoding : str, optional
        That of the file's mark, or UTF-8, unless given.
    delimiter : str, optional
        Of comma, semicolon, tab and bar the one that finds the titles, unless given.
    titles : (sequence of str, int), optional
        Where the first record is not that of the titles: what they are, and how many records stand
        before the first row; goes with ``delimiter``.

    Raises
    ------
    FormatError
        The file cannot be opened or decoded, or has far too many columns.
    FieldError
        A title of the mapping is not in the file.
    """
    try:
        with Path(path).open("rb") as raw, _text(raw, encoding) as text:
            yield from _rows(text, columns, delimiter, titles)
    except UnicodeError:
        raise FormatError("the file is not text of the encoding it claims") from None
    except OSError as error:
        raise FormatError(f"the file cannot be read ({error.strerror})") from None


def _text(raw: BinaryIO, encoding: str | None) -> TextIOWrapper:
    start = raw.read(4)
    raw.seek(0)
    if encoding is None:
        if start.startswith(_OTHERS):
            raise FormatError("the file is a workbook or an archive: save it as CSV")
        marked = [name for mark, name in _MARKS if start.startswith(mark)]
        if not marked and b"\0" in start:
            raise FormatError("the file is no CSV, or UTF-16 without its mark: name the encoding")
        encoding = marked[0] if marked else "utf-8"
    # Bytes that are no letters come through as lone surrogates: their row is refused, not the file.
    wide = encoding.lower().startswith(("utf-16", "utf-32"))
    errors = "surrogatepass" if wide else "surrogateescape"
    try:
        return TextIOWrapper(raw, encoding, errors, newline="")
    except LookupError:
        raise FieldError("encoding", "unknown") from None


def _rows(
    file: TextIOWrapper,
    columns: Columns,
    delimiter: str | None,
    given: tuple[Sequence[str], int] | None,
) -> Iterator[dict[str, str] | Refused]:
    records = _records(file)
    title = next(records, "")
    if title and (told := _SEPARATOR.fullmatch(title.lstrip("\ufeff").strip(" "))):
        delimiter, title = delimiter or told[1], next(records, "")
    if title is None:
        raise FormatError("the line of titles is too long, or quoted wrongly")
    if given is not None and delimiter is not None:
        titles = list(given[0])
        for _ in range(given[1] - 1):
            next(records, "")
    else:
        delimiter, titles = _titles(title, columns, delimiter)
    places = columns.places(titles)
    for number, record in enumerate(records, 1):
        values = None if record is None else _values(record, delimiter)
        if values is None:
            yield Refused(number, "quoting")
        elif len(values) != len(titles):
            yield Refused(number, "shape")
        else:
            yield {field: values[at].strip() for field, at in places.items()}


def _titles(title: str, columns: Columns, delimiter: str | None) -> tuple[str, list[str]]:
    best: tuple[int, str, list[str]] = (-1, ",", [])
    for one in _DELIMITERS if delimiter is None else (delimiter,):
        if len(one) != 1 or one in '"\r\n':
            raise FieldError("delimiter", "expected one character, no quote")
        if title.count(one) >= MOST_COLUMNS:
            raise FormatError(f"the file has more than {MOST_COLUMNS} columns")
        titles = [text.strip().lstrip("\ufeff") for text in _values(title, one) or ()]
        found = sum(name in titles for name in columns.wanted)
        if found > best[0]:
            best = found, one, titles
    return best[1], best[2]


def _records(file: TextIOWrapper) -> Iterator[str | None]:
    """Records without their line ends; None for a line that none begins with. No empty lines."""
    waiting: deque[str] = deque()

    def line() -> str:
        return waiting.popleft() if waiting else file.readline(LONGEST + 1)

    while record := line():
        if len(record) > LONGEST:
            while record and not record.endswith(("\n", "\r")):
                record = line()
            yield None
            continue
        if '"' not in record:
            if record := record.rstrip("\r\n"):
                yield record
            continue
        taken = [record]
        while sum(one.count('"') for one in taken) % 2:
            following = line() if len(taken) < _MOST_LINES else ""
            if not following or sum(map(len, taken)) + len(following) > LONGEST:
                # No end of the quote: this line is lost, those behind it are read again.
                waiting.extendleft(reversed([*taken[1:], *filter(None, [following])]))
                taken = []
                break
            taken.append(following)
        yield "".join(taken).rstrip("\r\n") if taken else None


def _values(record: str, delimiter: str) -> list[str] | None:
    if '"' not in record:
        return record.split(delimiter)
    try:
        found = list(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
