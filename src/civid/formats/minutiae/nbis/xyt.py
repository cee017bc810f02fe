"""NBIS ``.xyt``: one minutia a line, ``x y theta quality``, which bozorth3 reads.

Neither the size of the image nor its resolution (500 dpi are meant) nor the type of a minutia is
said, and there are two conventions, which a file does not name:

* NIST's own: y counts upwards from the lower edge (height - y), theta in whole degrees 0..359, and
  points the other way from ISO/IEC 19794-2, out of the ridge;
* ``m1`` (``mindtct -m1``, after ANSI/INCITS 378): y counts downwards, theta in units of two
  degrees, 0..179, as in ANSI/INCITS 378.

>>> parse(b"10 20 270 55\\n").minutiae
(XytMinutia(x=10, y=20, theta=270, quality=55),)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from civid.errors import FormatError
from civid.formats._fields import trace
from civid.formats._reader import Finding
from civid.formats._types import typed
from civid.formats.minutiae.nbis.lines import lines_of

KEY = "xyt"
NAME = "NBIS xyt (text of minutiae)"
#: Coordinates beyond this are no print.
MOST = 1 << 16

_NUMBER = re.compile(r"[+-]?\d{1,6}(?:\.\d{1,9})?")
_LINE = re.compile(rb"\s*[+-]?\d{1,6}(\s+[+-]?\d{1,6}){2,3}\s*")


class XytMinutia(NamedTuple):
    """One minutia in the units of its file; quality 0..100, None where the line has none."""

    x: int
    y: int
    theta: int
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A whole file.

    Parameters
    ----------
    minutiae : tuple of XytMinutia
    m1 : bool
        Which of the two conventions; the file does not say it.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    minutiae: tuple[XytMinutia, ...] = field(default=(), repr=False)
    m1: bool = False
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        return f"Record({len(self.minutiae)} minutiae, m1={self.m1})"


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does the first line hold three or four whole numbers? Never raises.

    Any table of numbers does: what is asked for by its name is surer.
    """
    try:
        head = bytes(memoryview(data)[:256])
    except TypeError:
        return False
    first = head.lstrip(b"\r\n").split(b"\n", 1)[0]
    return bool(_LINE.fullmatch(first)) and len(first) < 200


def parse(
    data: bytes | bytearray | memoryview, *, strict: bool = False, m1: bool = False
) -> Record:
    """Read a file.

    Parameters
    ----------
    data : bytes-like
    strict : bool
        A line with a fraction, without a quality, or with numbers out of range is an error.
        Otherwise fractions are rounded and the numbers kept, with a warning.
    m1 : bool
        It was written with ``-m1``. `looks_like_m1` helps where that is not known.

    Raises
    ------
    FormatError
        A line is not three or four numbers. It has the byte offset.
    """
    notes: list[Finding] = []
    minutiae = []
    kept = trace()
    for number, (offset, text) in enumerate(lines_of(data)):
        words = text.split()
        if not 3 <= len(words) <= 4 or not all(_NUMBER.fullmatch(word) for word in words):
            raise FormatError("not three or four numbers", offset=offset, field=f"line {number}")
        if any("." in word for word in words):
            notes.append(Finding("minutiae", "a fraction is rounded", offset, minutia=number))
        values = [round(float(word)) for word in words]
        if len(values) == 3:
            notes.append(Finding("quality", "there is none", offset, minutia=number))
        minutiae.append(XytMinutia(*values))
        if kept is not None:
            names = ("x coordinate", "y coordinate", "theta", "quality")
            at = 0
            for name, word, value in zip(names, words, values, strict=False):
                at = text.index(word, at)
                kept.add((f"minutia {number}",), name, offset + at, len(word), value)
                at += len(word)
    record = Record(tuple(minutiae), m1)
    notes += validate(record)
    if strict and notes:
        raise notes[0].error()
    return Record(record.minutiae, m1, tuple(notes))


@typed
def validate(record: Record) -> list[Finding]:
    """Everything that no reader of such files expects; empty when it is good."""
    return list(_findings(record))


def _findings(record: Record) -> Iterator[Finding]:
    last = 179 if record.m1 else 359
    limits = ((0, "x coordinate", MOST), (1, "y coordinate", MOST), (2, "theta", last))
    for column, name, high in limits:
        wrong = [
            index
            for index, one in enumerate(record.minutiae)
            if not 0 <= one[column] <= high  # type: ignore[operator]
        ]
        if wrong:
            text = f"{len(wrong)} outside 0..{high}, the first is minutia {wrong[0]}"
            yield Finding(name, text, minutia=wrong[0])
    wrong = [
        index
        for index, one in enumerate(record.minutiae)
        if one.quality is not None and not 0 <= one.quality <= 100
    ]
    if wrong:
        text = f"{len(wrong)} outside 0..100, the first is minutia {wrong[0]}"
        yield Finding("quality", text, minutia=wrong[0])


@typed
def build(record: Record) -> bytes:
    """Write a file.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record):
        raise finding.error()
    lines = [" ".join(str(value) for value in one if value is not None) for one in record.minutiae]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def looks_like_m1(record: Record) -> bool:
    """Whether no theta is above 179. Ask it of a whole set: one print may deceive.

    >>> looks_like_m1(parse(b"10 20 170 55\\n")), looks_like_m1(parse(b"10 20 190 55\\n"))
    (True, False)
    """
    return all(one.theta < 180 for one in record.minutiae)


__all__ = [
    "Finding",
    "Record",
    "XytMinutia",
    "build",
    "looks_like_m1",
    "parse",
    "sniff",
    "validate",
]
