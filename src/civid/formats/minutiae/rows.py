"""The minutiae themselves, as the records of all standards hold them: rows of five or six bytes."""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from civid.formats._reader import Finding, Reader

MAX_MINUTIAE = 255

_SIX = struct.Struct(">HHBB")
_FIVE = struct.Struct(">HHB")
#: Of the first byte of a row: the type, and the rest of it.
_KIND = bytes(value >> 6 for value in range(256))
_WITHOUT_KIND = bytes(value & 0x3F for value in range(256))


class Minutia(NamedTuple):
    """One minutia in the units of its record.

    ``kind`` 0 other, 1 ridge ending, 2 bifurcation; ``x``, ``y`` px of the record's resolution
    from the top left corner; ``angle`` in the record's steps, counter-clockwise from +x;
    ``quality`` 1..100, 0 = not reported.
    """

    kind: int
    x: int
    y: int
    angle: int
    quality: int = 0


class _Rows(tuple[Minutia, ...]):
    """Minutiae that were read, and the highest number of each column: enough to check them by."""

    highest: tuple[int, int, int, int, int]


#: A minutia of a row of five numbers; half the time of calling the class.
_made: Callable[[tuple[int, ...]], Minutia] = partial(tuple.__new__, Minutia)


@cache
def _rows(count: int, size: int) -> struct.Struct:
    return struct.Struct(">" + ("HHBB" if size == 6 else "HHB") * count)


def read_minutiae(reader: Reader, count: int, *, size: int = 6) -> tuple[Minutia, ...]:
    """`count` minutiae of `size` bytes; column by column, which is what makes it fast."""
    start = reader.pos
    trace, reader.trace = reader.trace, None  # one by one below, and not as a lump
    data = reader.take(count * size, "minutiae")
    reader.trace = trace
    if not count:
        return ()
    firsts, rest = data[0::size], bytearray(data)  # the type is the first two bits of a row
    rest[0::size] = firsts.translate(_WITHOUT_KIND)
    kinds = firsts.translate(_KIND)
    numbers = _rows(count, size).unpack(rest)
    step = 4 if size == 6 else 3
    rows_x, rows_y, angles = numbers[0::step], numbers[1::step], numbers[2::step]
    qualities = numbers[3::4] if size == 6 else (0,) * count
    if max(rows_y) > 0x3FFF:
        wrong = [index for index, value in enumerate(rows_y) if value > 0x3FFF]
        text = f"not 0 in {len(wrong)} minutiae, the first is minutia {wrong[0]}"
        reader.complain("reserved bits", text, start + size * wrong[0] + 2)
        rows_y = tuple([value & 0x3FFF for value in rows_y])
    minutiae = _Rows(map(_made, zip(kinds, rows_x, rows_y, angles, qualities, strict=True)))
    minutiae.highest = (max(kinds), max(rows_x), max(rows_y), max(angles), max(qualities))
    if trace is not None:
        for index, one in enumerate(minutiae):
            path, at = (*reader.path, f"minutia {index}"), start + size * index
            trace.add(path, "minutia type", at, 2, one.kind)
            trace.add(path, "x coordinate", at, 2, one.x)
            trace.add(path, "y coordinate", at + 2, 2, one.y)
            trace.add(path, "minutia angle", at + 4, 1, one.angle)
            if size == 6:
                trace.add(path, "minutia quality", at + 5, 1, one.quality)
    return minutiae


def write_minutiae(minutiae: Sequence[Minutia], *, size: int = 6) -> bytes:
    """The rows of minutiae one after another, 6 bytes each, or 5 without the quality."""
    if size == 5:
        return b"".join([_FIVE.pack(m.kind << 14 | m.x, m.y, m.angle) for m in minutiae])
    return b"".join(
        [_SIX.pack(kind << 14 | x, y, angle, quality) for kind, x, y, angle, quality in minutiae]
    )


def check_minutiae(
    minutiae: Sequence[Minutia], width: int, height: int, view: int, *, angles: int = 256
) -> Iterator[Finding]:
    """One finding for each kind of fault; it names the first minutia that has it."""
    if len(minutiae) > MAX_MINUTIAE:
        text = f"{len(minutiae)}; at most {MAX_MINUTIAE} fit"
        yield Finding("number of minutiae", text, view=view)
    if not minutiae:
        return
    checks = (
        ("minutia type", "of an unknown type", 2),
        ("x coordinate", "beyond the image", min(width, 1 << 14) - 1),
        ("y coordinate", "beyond the image", min(height, 1 << 14) - 1),
        ("minutia angle", f"outside 0..{angles - 1}", angles - 1),
        ("minutia quality", "outside 0..100", 100),
    )
    if isinstance(minutiae, _Rows) and all(  # as read: no number is below 0
        map(operator.le, minutiae.highest, [one[2] for one in checks])
    ):
        return
    for (field, what, high), column in zip(checks, zip(*minutiae, strict=True), strict=True):
        if max(column) <= high and min(column) >= 0:
            continue
        places = [index for index, value in enumerate(column) if not 0 <= value <= high]
        text = f"{len(places)} {what}, the first is minutia {places[0]}"
        yield Finding(field, text, view=view, minutia=places[0])


__all__ = ["MAX_MINUTIAE", "Minutia", "check_minutiae", "read_minutiae", "write_minutiae"]
