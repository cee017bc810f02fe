"""What a bomb is, and the list of them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

MIB = 1 << 20


class Bomb(NamedTuple):
    """An input within the limits that is meant to cost much."""

    name: str
    build: Callable[[], Any]
    read: Callable[[Any], object]


BOMBS: list[Bomb] = []


def bomb(read: Callable[[Any], object]) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Enter a function that builds one, under its own name."""

    def enter(build: Callable[[], Any]) -> Callable[[], Any]:
        BOMBS.append(Bomb(build.__name__, build, read))
        return build

    return enter


def enter(read: Callable[[Any], object], name: str, build: Callable[..., Any], *of: Any) -> None:
    """Enter one of a family under a name."""
    BOMBS.append(Bomb(name, partial(build, *of), read))


def picture(data: bytes) -> object:
    """As a print is read."""
    from civid import read_image

    return read_image(data, dpi=500)


def photograph(data: bytes) -> object:
    """As a photograph of a card is read."""
    from civid.cards.qr import photo

    return photo.texts(data)


def deflated_raw(size: int) -> bytes:
    """So many zeros, without a head and a checksum: pieces of a megabyte, the same one again."""
    return _deflated_mib() * (size // MIB) + _deflate(bytes(size % MIB), zlib.Z_FINISH)


def deflated(size: int) -> bytes:
    """So many zeros, with zlib's head and checksum."""
    checksum = size % 65521 << 16 | 1
    return b"\x78\xda" + deflated_raw(size) + struct.pack(">I", checksum)


@cache
def _deflated_mib() -> bytes:
    return _deflate(bytes(MIB), zlib.Z_FULL_FLUSH)


def _deflate(data: bytes, end: int) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(data) + packer.flush(end)
