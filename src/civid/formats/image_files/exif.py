"""TIFF directories, as in TIFF files and in the Exif data of JPEG and PNG: guard and look-up.

Pillow reads the data of every tag of a directory into memory. Tags may all point at the same
bytes, so a file of one megabyte can ask for fifty gigabytes; `weigh` finds that first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

from civid.errors import ImageError

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
#: Bytes and texts: Pillow keeps them as they are, of all others it makes one object a value.
_WHOLE = frozenset((1, 2, 7))
#: Of whole numbers without a sign; counts and offsets are nothing else.
_NUMBERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
#: Tags whose value is the offset of another directory that Pillow follows.
_POINTERS = frozenset((0x014A, 0x8769, 0x8825, 0xA005))
_ORIENTATION = 0x0112
#: Tags of a whole file, sub-directories included; scanners write a few dozen.
_MAX_TAGS = 4096
#: Numbers in them: three of 16 bits a colour, or an offset and a size a strip, with much to spare.
_MAX_VALUES = 1 << 19


class Tag(NamedTuple):
    """One entry of a directory; ``at`` is where its values stand."""

    tag: int
    kind: int
    values: int
    at: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The first directory of a file."""

    orientation: int
    more_pages: bool
    order: str
    tags: tuple[Tag, ...]

    def find(self, tag: int) -> list[Tag]:
        """The entries of this tag; one, or none."""
        return [one for one in self.tags if one.tag == tag]

    def count(self, tag: int) -> int:
        """How many values it has."""
        return sum(one.values for one in self.find(tag))

    def numbers(self, data: bytes, tag: int) -> tuple[int, ...]:
        """Its values, where they are whole numbers that the file holds; else none."""
        for one in self.find(tag):
            layout = f"{self.order}{one.values}{_NUMBERS.get(one.kind, 'x')}"
            if one.at + struct.calcsize(layout) <= len(data):
                return struct.unpack_from(layout, data, one.at)
        return ()


def weigh(data: bytes) -> Directory:
    """Walk the directories that Pillow will read.

    Raises
    ------
    ImageError
        The directory is damaged, or its tags ask for more than the file can hold.
    """
    order = {b"II": "little", b"MM": "big"}.get(data[:2])
    if order is None:
        raise ImageError("the TIFF header is damaged")
    little = order == "little"

    def number(at: int, size: int) -> int:
        field = data[at : at + size]
        if at < 0 or len(field) < size:
            raise ImageError("the TIFF directory is damaged or cut short")
        return int.from_bytes(field, "little" if little else "big")

    big = number(2, 2) == 43
    word, entry_size, count_size = (8, 20, 8) if big else (4, 12, 2)
    first = number(8 if big else 4, word)
    queue, seen = [first], set()
    orientation, following, tags, weight, objects = 1, 0, 0, 0, 0
    entries = []
    while queue:
        start = queue.pop()
        if start in seen:
            continue
        seen.add(start)
        count = number(start, count_size)
        tags += count
        if tags > _MAX_TAGS or len(seen) > _MAX_TAGS:
            raise ImageError("the TIFF directory is damaged: too many tags")
        for index in range(count):
            at = start + count_size + index * entry_size
            tag, kind, values = number(at, 2), number(at + 2, 2), number(at + 4, word)
            size = _SIZES.get(kind, 1) * values
            if size > word:
                weight += size
            objects += values if kind in _SIZES and kind not in _WHOLE else 0
            if weight > 2 * len(data) + 0x10000:
                raise ImageError("the TIFF directory is damaged: its tags overlap")
            if objects > _MAX_VALUES:
                raise ImageError("the TIFF directory is damaged: too many values")
            value_at = at + 4 + word
            if tag in _POINTERS and values == 1:
                queue.append(number(value_at, _SIZES.get(kind, word) if kind != 1 else word))
            if start == first:
                place = value_at if size <= word else number(value_at, word)
                entries.append(Tag(tag, kind, values, place))
                if tag == _ORIENTATION:
                    orientation = number(value_at, 2)
        if start == first:
            following = number(start + count_size + count * entry_size, word)
    return Directory(
        orientation=orientation if 1 <= orientation <= 8 else 1,
        more_pages=following != 0,
        order="<" if little else ">",
        tags=tuple(entries),
    )


def exif_orientation(exif: bytes | None) -> int:
    """Orientation 1..8 in an Exif block; 1 where there is none or it cannot be read."""
    if not exif:
        return 1
    try:
        return weigh(exif.removeprefix(b"Exif\0\0")).orientation
    except ImageError:
        return 1
