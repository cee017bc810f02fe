"""What was handed in is of the kind that is wanted, or one error says what was wanted.

Numbers are text: one that a program keeps as int or float has lost its zeros, and NaN of a data
frame is no empty text.
"""

from __future__ import annotations

from datetime import date, datetime

from civid.errors import FieldError, FormatError


def text_of(value: object, field: str) -> str:
    """The text; `FieldError` for anything else."""
    if isinstance(value, str):
        return value
    raise FieldError(field, f"should be text (str), is {_kind(value)}{_hint(value)}")


def day_of(value: object, field: str) -> date:
    """The day; `FieldError` for anything else, and for a time of day, whose zone nobody knows."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise FieldError(field, f"should be a day (datetime.date), is {_kind(value)}")


def bytes_of(value: object, field: str) -> bytes:
    """The bytes; `FormatError` for anything else, such as a path."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    raise FormatError(f"should be the bytes of the file, is {_kind(value)}", field=field)


def _kind(value: object) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"


def _hint(value: object) -> str:
    numbers = isinstance(value, (int, float)) and not isinstance(value, bool)
    return ": a number kept so has lost its zeros" if numbers else ""
