"""Parquet files of other systems, a group of rows at a time; needs pyarrow (``civid[parquet]``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from math import isnan
from typing import Any

from civid.errors import FormatError
from civid.extras import need
from civid.register.bulk.files.mapping import Columns
from civid.register.bulk.outcome import Refused

_CHUNK = 5000
#: Below it every whole number is one that a float can be.
_EXACT = 1 << 53


def read(path: str | os.PathLike[str], columns: Columns) -> Iterator[dict[str, str] | Refused]:
    """Field -> text of every row; only the columns of the mapping are read.

    Whole numbers become their digits (a number that lost its leading zero is refused later, as one
    of 11 digits), days become ``dd/mm/yyyy``, what is missing becomes empty, whichever type the
    program that wrote them chose; a row with anything else is refused.

    Raises
    ------
    FormatError
        The file cannot be read.
    FieldError
        A title of the mapping is not in the file.
    UnavailableError
        pyarrow is not installed.
    """
    parquet = need("pyarrow.parquet", "a Parquet file", "parquet")
    arrow = need("pyarrow", "a Parquet file", "parquet")
    try:
        with parquet.ParquetFile(os.fspath(path)) as file:
            columns.places(file.schema_arrow.names)
            number = 0
            wanted = list(columns.wanted)
            for batch in file.iter_batches(_CHUNK, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield _row(number, row, columns)
    except OSError as error:
        raise FormatError(f"the file cannot be read ({error.strerror or 'damaged'})") from None
    except arrow.ArrowException:
        raise FormatError("not a Parquet file, or a damaged one") from None


def _row(number: int, row: dict[str, Any], columns: Columns) -> dict[str, str] | Refused:
    found = {}
    for title, field in columns.wanted.items():
        text = _text(row[title])
        if text is None:
            return Refused(number, "text", field)
        found[field] = text
    return found


def _text(value: object) -> str | None:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    # What a program made of a column with gaps, or of days: 46301123456.0, 2001-03-05 00:00.
    if isinstance(value, float):
        if isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else None
    if isinstance(value, Decimal):
        return str(int(value)) if abs(value) < _EXACT and value == int(value) else None
    if isinstance(value, datetime) and value.time() != time():
        return None
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return None
