"""Writes DER (ISO/IEC 8825-1 clause 10): definite lengths, each number in its shortest form."""

from __future__ import annotations

from civid.formats.iso39794.ber import Element


def element(tag: int, *contents: bytes) -> bytes:
    """One element; the tag is its identifier octets as one number.

    >>> element(0xA1, element(0x80, integer(300))).hex()
    'a1048002012c'
    """
    value = b"".join(contents)
    head = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    size = len(value)
    if size < 0x80:
        return head + bytes((size,)) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return head + bytes((0x80 | len(length),)) + length + value


def integer(value: int) -> bytes:
    """The contents of an INTEGER or ENUMERATED.

    >>> integer(0).hex(), integer(128).hex(), integer(-129).hex()
    ('00', '0080', 'ff7f')
    """
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return value.to_bytes(size, "big", signed=True)


def canonical(data: bytes, of: Element) -> bytes:
    """An element that was read, with the lengths of DER; the contents stay as they are."""
    if of.children is None:
        return element(of.tag, data[of.start : of.end])
    return element(of.tag, *(canonical(data, child) for child in of.children))
