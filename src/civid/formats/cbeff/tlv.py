"""Reads BER-TLV with definite lengths (ISO/IEC 7816-4 section 5.2.2), as chips use it.

One level at a time, since the blocks inside are of other standards; `civid.formats.iso39794.ber`
reads the whole tree of a record, `civid.formats.iso39794.der` writes both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from civid.errors import FormatError

#: More elements beside one another are no envelope.
MAX_ELEMENTS = 20_000


@dataclass(frozen=True, slots=True)
class Tlv:
    """One element: its tag, its value, and where both stand in the file."""

    tag: int
    value: bytes = field(repr=False)
    offset: int  #: of the tag
    start: int  #: of the value


def elements(data: bytes, name: str, base: int = 0) -> Iterator[Tlv]:
    """The elements that follow one another; ``base`` is where the bytes stand in the file.

    Raises
    ------
    FormatError
        One is cut off, its length lies, or its tag has more than three bytes.
    """
    at = 0
    for _ in range(MAX_ELEMENTS):
        if at == len(data):
            return
        element, at = _element(data, at, name, base)
        yield element
    raise FormatError(f"more than {MAX_ELEMENTS} elements", offset=base, field=name)


def _element(data: bytes, at: int, name: str, base: int) -> tuple[Tlv, int]:
    def fail(message: str, place: int) -> FormatError:
        return FormatError(message, offset=base + place, field=name)

    offset, end = at, len(data)
    size = 1
    if data[at] & 0x1F == 0x1F:
        size = 2
        while at + size <= end and size < 4 and data[at + size - 1] & 0x80:
            size += 1
    if size > 3:
        raise fail("a tag of more than three bytes", offset)
    if at + size >= end:
        raise fail("is cut off", end)
    tag = int.from_bytes(data[at : at + size], "big")
    at += size
    length = data[at]
    at += 1
    if length >= 0x80:
        size = length & 0x7F
        if not size:
            raise fail("an indefinite length", at - 1)
        if size > 4 or size > end - at:
            raise fail("a length that cannot be", at - 1)
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    after = at + length
    if after > end:
        raise fail(f"{length} bytes are announced, {end - at} are there", at)
    return Tlv(tag, data[at:after], base + offset, base + at), after
