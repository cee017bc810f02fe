"""Turns DER into other BER of the same values, as another writer may send it."""

from __future__ import annotations

from civid.formats.iso39794 import ber
from civid.formats.iso39794.ber import Element


def read(data: bytes) -> Element:
    return ber.read(data, lambda finding: None)


def _tag(data: bytes, element: Element) -> bytes:
    return element.tag.to_bytes((element.tag.bit_length() + 7) // 8, "big")


def indefinite(data: bytes) -> bytes:
    """Every constructed element with an indefinite length."""

    def write(element: Element) -> bytes:
        if element.children is None:
            return data[element.offset : element.after]
        inside = b"".join(write(child) for child in element.children)
        return _tag(data, element) + b"\x80" + inside + b"\0\0"

    return write(read(data))


def long_lengths(data: bytes) -> bytes:
    """Every length in four bytes."""

    def write(element: Element) -> bytes:
        inside = data[element.start : element.end]
        if element.children is not None:
            inside = b"".join(write(child) for child in element.children)
        return _tag(data, element) + b"\x84" + len(inside).to_bytes(4, "big") + inside

    return write(read(data))
