"""BER-TLV as far as cards need it: tags of one or two bytes, definite lengths."""

from __future__ import annotations

from civid.formats._reader import Reader

#: Cards hold fewer by far; a template of thousands of empty objects is none.
MAX_OBJECTS = 64


def read_objects(reader: Reader) -> list[tuple[int, int, bytes]]:
    """Tag, offset of the value, and value of every object up to the end; raises `FormatError`."""
    found: list[tuple[int, int, bytes]] = []
    while reader.left:
        start = reader.pos
        tag = reader.u8("tag")
        if tag & 0x1F == 0x1F:
            tag = tag << 8 | reader.u8("tag")
        length = reader.u8("length of an object")
        if length > 0x84 or length == 0x80:
            reader.pos = start
            raise_at(reader, "length of an object", "of more than four bytes, or of none")
        if length > 0x80:
            length = reader.number(length - 0x80, "length of an object")
        place = reader.pos
        found.append((tag, place, reader.take(length, f"object {tag:02X}")))
        if len(found) > MAX_OBJECTS:
            raise_at(reader, "tag", f"more than {MAX_OBJECTS} objects")
    return found


def raise_at(reader: Reader, field: str, message: str) -> None:
    """`FormatError` where the reader is."""
    from civid.errors import FormatError

    raise FormatError(message, offset=reader.pos, field=field)


def write_object(tag: int, value: bytes) -> bytes:
    """One object with the shortest length.

    >>> write_object(0x7F2E, bytes(200)).hex()[:8]
    '7f2e81c8'
    """
    size = len(value)
    head = bytes((size,)) if size < 0x80 else _long(size)
    return tag.to_bytes(2 if tag > 0xFF else 1, "big") + head + value


def _long(size: int) -> bytes:
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 + len(digits),)) + digits
