"""BER-TLV with definite lengths (ISO/IEC 7816-4 section 5.2.2), bounded in size and depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from civid.errors import FormatError
from civid.people.kinds import bytes_of

#: Chip files have at most 64 KiB by their 16-bit offsets; extended reads allow more.
MAX_BYTES = 4 << 20
#: More elements in one file, or deeper ones, are no data group.
MAX_ELEMENTS = 20_000
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Tlv:
    """One element: its tag, its value, and where both stand in the file."""

    tag: int
    value: bytes = field(repr=False)
    offset: int  #: of the tag
    start: int  #: of the value

    @property
    def constructed(self) -> bool:
        """Whether the value is a sequence of elements by its tag."""
        first = self.tag >> (8 if self.tag > 0xFF else 0) >> (8 if self.tag > 0xFFFF else 0)
        return bool(first & 0x20)


def read_one(data: bytes, at: int, end: int, name: str, base: int = 0) -> tuple[Tlv, int]:
    """The element at ``at``, and where the next one starts.

    Raises
    ------
    FormatError
        It is cut off, its length lies, or its tag has more than three bytes.
    """
    offset = at
    if end - at < 2:
        raise FormatError("is cut off", offset=base + end, field=name)
    tag, length = data[at], data[at + 1]
    at += 2
    if tag & 0x1F == 0x1F:
        tag, length, at = _long_tag(data, offset, end, name, base)
    if length >= 0x80:
        if length == 0x80:
            raise FormatError("an indefinite length", offset=base + at - 1, field=name)
        size = length & 0x7F
        if size > 4 or size > end - at:
            raise FormatError("a length that cannot be", offset=base + at - 1, field=name)
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    after = at + length
    if after > end:
        raise FormatError(
            f"{length} bytes are announced, {end - at} are there", offset=base + at, field=name
        )
    return Tlv(tag, data[at:after], base + offset, base + at), after


def _long_tag(data: bytes, at: int, end: int, name: str, base: int) -> tuple[int, int, int]:
    # A tag of two or three bytes; with its first length byte and the place behind that.
    tag = data[at]
    for place in range(at + 1, at + 4):
        if place + 1 >= end:
            raise FormatError("is cut off", offset=base + end, field=name)
        tag = tag << 8 | data[place]
        if not data[place] & 0x80 and tag <= 0xFFFFFF:
            return tag, data[place + 1], place + 2
    raise FormatError("a tag of more than three bytes", offset=base + at, field=name)


def read_all(data: bytes, name: str, base: int = 0) -> Iterator[Tlv]:
    """The elements that follow one another in ``data``; ``base`` is its place in the file."""
    at = 0
    for _ in range(MAX_ELEMENTS):
        if at == len(data):
            return
        element, at = read_one(data, at, len(data), name, base)
        yield element
    raise FormatError(f"more than {MAX_ELEMENTS} elements", offset=base, field=name)


def children(parent: Tlv, name: str) -> Iterator[Tlv]:
    """The elements inside a constructed one."""
    return read_all(parent.value, name, parent.start)


def unwrap(data: bytes | bytearray | memoryview, tag: int, name: str) -> Tlv:
    """The one element that a file consists of.

    Raises
    ------
    FormatError
        Too large, another tag, cut off, or with bytes behind the end.
    """
    try:
        view = memoryview(data)
    except TypeError:
        view = memoryview(bytes_of(data, name))
    if view.nbytes > MAX_BYTES:
        raise FormatError(f"more than {MAX_BYTES} bytes are no chip file", field=name)
    raw = view.tobytes()
    element, end = read_one(raw, 0, len(raw), name)
    if element.tag != tag:
        raise FormatError(f"starts with tag {element.tag:X}, not {tag:X}", offset=0, field=name)
    if end != len(raw):
        raise FormatError(f"{len(raw) - end} bytes follow its end", offset=end, field=name)
    return element


def only(elements: Iterator[Tlv], tag: int, name: str) -> Tlv:
    """The first of these elements, which has to have this tag."""
    element = next(elements, None)
    if element is None or element.tag != tag:
        offset = None if element is None else element.offset
        raise FormatError(f"tag {tag:X} is missing", offset=offset, field=name)
    return element


def check_nesting(data: bytes, name: str) -> None:
    """Refuse data that nests too deep or has too many elements, before a recursive reader.

    Indefinite lengths, which some countries sign with, are followed too.
    """
    ends: list[int | None] = [len(data)]  # of the open elements; None = until two zero bytes
    at = seen = 0
    while ends:
        end = ends[-1]
        if at == end:
            ends.pop()
            continue
        if end is None and data[at : at + 2] == b"\0\0":
            ends.pop()
            at += 2
            continue
        limit = next(one for one in reversed(ends) if one is not None)
        seen += 1
        if seen > MAX_ELEMENTS or len(ends) > MAX_DEPTH:
            raise FormatError("nests too deep", offset=at, field=name)
        start = _indefinite(data, at, limit)
        if start is not None:
            ends.append(None)
            at = start
            continue
        element, after = read_one(data, at, limit, name)
        if element.constructed:
            ends.append(after)
            at = element.start
        else:
            at = after


def _indefinite(data: bytes, at: int, end: int) -> int | None:
    # Where the value of a constructed element of indefinite length starts; None = it is another.
    head = data[at : min(at + 2, end)]
    constructed = len(head) == 2 and head[0] & 0x20 and head[0] & 0x1F != 0x1F
    return at + 2 if constructed and head[1] == 0x80 else None


def build(tag: int, *values: bytes) -> bytes:
    """One element with a definite length of the shortest form.

    >>> build(0x5F1F, b"AB").hex()
    '5f1f024142'
    """
    value = b"".join(values)
    head = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    size = len(value)
    if size < 0x80:
        return head + bytes([size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return head + bytes([0x80 | len(length)]) + length + value
