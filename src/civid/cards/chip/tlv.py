"""BER-TLV with definite lengths (ISO/IEC 7816-4 section 5.2.2), bounded in size and depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from civid.errors import FormatError

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
        return bool(_first_byte(self.tag) & 0x20)


def _first_byte(tag: int) -> int:
    while tag > 0xFF:
        tag >>= 8
    return tag


def read_one(data: bytes, at: int, end: int, name: str, base: int = 0) -> tuple[Tlv, int]:
    """The element at ``at``, and where the next one starts.

    Raises
    ------
    FormatError
        It is cut off, its length lies, or its tag has more than three bytes.
    """
    offset = at
    tag = _byte(data, at, end, name, base)
    at += 1
    if tag & 0x1F == 0x1F:
        for _ in range(3):
            more = _byte(data, at, end, name, base)
            at += 1
            tag = tag << 8 | more
            if not more & 0x80:
                break
        if tag > 0xFFFFFF:
            raise FormatError("a tag of more than three bytes", offset=base + offset, field=name)
    length = _byte(data, at, end, name, base)
    at += 1
    if length == 0x80:
        raise FormatError("an indefinite length", offset=base + at - 1, field=name)
    if length > 0x80:
        size = length & 0x7F
        if size > 4 or size > end - at:
            raise FormatError("a length that cannot be", offset=base + at - 1, field=name)
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    if length > end - at:
        raise FormatError(
            f"{length} bytes are announced, {end - at} are there", offset=base + at, field=name
        )
    return Tlv(tag, data[at : at + length], base + offset, base + at), at + length


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
    view = memoryview(data)
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
    if data[at] & 0x20 and data[at] & 0x1F != 0x1F and data[at + 1 : at + 2] == b"\x80":
        return min(at + 2, end)
    return None


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


def _byte(data: bytes, at: int, end: int, name: str, base: int) -> int:
    if at >= end:
        raise FormatError("is cut off", offset=base + at, field=name)
    return data[at]
