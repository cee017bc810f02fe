"""Tagged records: "14.006:804" and so on, with separators between fields, subfields and items.

ANSI/NIST-ITL 1-2011 annex B (traditional encoding). What stands in a field is kept as bytes, so
that a field that nobody knows is written back as it was; `Field.subfields` takes it apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from civid.errors import FormatError
from civid.formats import _given
from civid.formats.ansi_nist.names import field_name

#: Separators of files (records), groups (fields), records (subfields) and units (items).
FS, GS, RS, US = b"\x1c", b"\x1d", b"\x1e", b"\x1f"
#: What stands around values that should not: blanks, zero bytes, a separator before the last.
PADDING = b" \t\r\n\0" + GS
#: Items of one field; an extended feature set may have 9999 minutiae of seven items.
MAX_ITEMS = 200_000
#: Digits of a record's length; programs write up to nine, with zeros before it.
MAX_LENGTH_DIGITS = 20

_EMPTY = ((b"",), (GS,))
_DATE = re.compile(rb"\d{8}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Parameters
    ----------
    number : int
        6 of "14.006".
    value : bytes
        Everything between the colon and the separator that ends the field.
    tag : bytes
        The tag with its colon as it stands, where that is not the usual ``b"14.006:"``.

    Examples
    --------
    >>> Field(22, b"1\\x1f3\\x1e2\\x1f5").subfields()
    ((b'1', b'3'), (b'2', b'5'))
    """

    number: int
    value: bytes = field(repr=False)
    tag: bytes = b""

    def subfields(self) -> tuple[tuple[bytes, ...], ...]:
        """The items of each subfield.

        Raises
        ------
        FormatError
            More items than any field has.
        """
        if self.value.count(US) + self.value.count(RS) >= MAX_ITEMS:
            raise FormatError(f"more than {MAX_ITEMS} items", field=f".{self.number:03d}")
        return tuple(tuple(part.split(US)) for part in self.value.split(RS))


@dataclass(frozen=True, slots=True)
class TaggedRecord:
    """A record of any type that is not binary.

    Parameters
    ----------
    type : int
        1, 2, 9, 10 and above.
    fields : tuple of Field
        In their order, without the length (.001), which is counted when it is written.
    length_tag : bytes
        The tag of the length as it stands, where that is not the usual one.
    length_digits : int
        To so many digits the length is filled up with zeros; 0 = not at all.
    """

    type: int
    fields: tuple[Field, ...] = ()
    length_tag: bytes = b""
    length_digits: int = 0

    def find(self, number: int) -> Field | None:
        """The first field of this number."""
        return next((known for known in self.fields if known.number == number), None)

    def value(self, number: int) -> bytes | None:
        """What stands in the first field of this number, or None where there is none."""
        found = self.find(number)
        return None if found is None else found.value

    def subfields(self, number: int) -> tuple[tuple[bytes, ...], ...]:
        """Subfields of a field but for empty ones; none where there is no such field.

        Raises
        ------
        FormatError
            More items than any field has.
        """
        found = self.find(number)
        if found is None:
            return ()
        return tuple(items for items in found.subfields() if items not in _EMPTY)

    def integer(self, number: int) -> int | None:
        """A field that holds one whole number; None where it is missing or is something else."""
        return whole(self.value(number))

    @property
    def idc(self) -> int | None:
        """Image designation (.002); None where it is missing, and in Type 1, which has none."""
        return None if self.type == 1 else self.integer(2)


def whole(value: bytes | None, low: int = 0, high: int = 10**9) -> int | None:
    """Digits as a number within bounds, else None; what writers pad with is tolerated."""
    stripped = (value or b"").strip(PADDING)
    if not stripped.isdigit() or len(stripped) > 10:
        return None
    number = int(stripped)
    return number if low <= number <= high else None


def usual_tag(record_type: int, number: int) -> bytes:
    """``b"14.006:"``."""
    return b"%d.%03d:" % (record_type, number)


def join(subfields: Iterable[Iterable[object]]) -> bytes:
    r"""Subfields of items as the value of a field.

    >>> join([(1, 3), (2, "XX")])
    b'1\x1f3\x1e2\x1fXX'
    """
    return RS.join(
        US.join(item if isinstance(item, bytes) else str(item).encode() for item in items)
        for items in subfields
    )


def plain(text: str, record_type: int, number: int) -> bytes:
    """A text as the value of a field, in UTF-8.

    Raises
    ------
    FormatError
        It holds a separator.
    """
    value = text.encode()
    if any(one in value for one in (FS, GS, RS, US)):
        raise FormatError("a text cannot hold a separator", field=field_name(record_type, number))
    return value


def build_tagged(record: TaggedRecord) -> bytes:
    """The bytes of a record, its length counted."""
    parts = [(one.tag or usual_tag(record.type, one.number)) + one.value for one in record.fields]
    tag = record.length_tag or usual_tag(record.type, 1)
    rest = len(tag) + 1 + sum(1 + len(part) for part in parts)
    digits = _given.whole(record.length_digits, "length_digits", 0, MAX_LENGTH_DIGITS) or 1
    while len(length := b"%0*d" % (digits, rest + digits)) > digits:
        digits = len(length)
    return GS.join([tag + length, *parts]) + FS


def missing(record_type: int, number: int) -> FormatError:
    """The error of a field that has to be there."""
    return FormatError("is missing or cannot be read", field=field_name(record_type, number))


def date_faults(record: TaggedRecord, number: int) -> Iterator[tuple[int, str]]:
    """Is a field a day that there is, as YYYYMMDD?"""
    value = record.value(number) or b""
    if not is_day(value):
        yield number, "should be a date as YYYYMMDD" if value else "is missing"


def is_day(value: bytes) -> bool:
    """YYYYMMDD, and there is such a day."""
    if not _DATE.fullmatch(value):
        return False
    try:
        date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return False
    return True
