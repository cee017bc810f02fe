"""Fields that follow one another: read at one go, or one by one where that tells more."""

from __future__ import annotations

import struct

from civid.formats._reader import Reader

_LETTERS = {1: "B", 2: "H", 4: "I"}


class Fixed:
    """Numbers of fixed sizes, by their names in the standard.

    >>> Fixed(("image width", 2), ("image height", 2)).read(Reader(bytes((1, 2, 3, 4))))
    (258, 772)
    """

    __slots__ = ("fields", "form", "offsets")

    def __init__(self, *fields: tuple[str, int]) -> None:
        self.fields = fields
        self.form = struct.Struct(">" + "".join(_LETTERS[size] for _, size in fields))
        at, offsets = 0, []
        for name, size in fields:
            offsets.append((name, at))
            at += size
        self.offsets = tuple(offsets)

    def read(self, reader: Reader) -> tuple[int, ...]:
        """The numbers; `FormatError` names the first that is missing."""
        start, places = reader.pos, reader.places
        stop = start + self.form.size
        if reader.trace is not None or stop > reader.end:
            return tuple([reader.number(size, name) for name, size in self.fields])
        for name, offset in self.offsets:
            places[name] = start + offset
        reader.pos = stop
        return self.form.unpack_from(reader.data, start)
