"""MINDTCT's ``.min``: its own report of the minutiae it found, with ridge counts.

A line of the image's size, one of the number of minutiae, and one each::

    Image (w,h) 388 374

    2 Minutiae Detected

       0 :   52,  163 :  8 :  0.149 :BIF : APP :  6 :   54,  157;  3
       1 :   54,  157 : 24 :  0.640 :RIG : DIS :  1

Index; x, y in px from the top left corner, y down; direction in 32 steps of 11.25 degrees,
clockwise from straight up; reliability 0..1; ridge ending or bifurcation; whether it appears or
disappears; the pattern that found it; neighbours with the ridges between. Fields as NBIS writes
them (``dump_minutiae``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from civid.errors import FormatError
from civid.formats._fields import trace
from civid.formats._reader import Finding
from civid.formats._types import typed
from civid.formats.minutiae.nbis.lines import Line, lines_of

KEY = "min"
NAME = "NBIS min (MINDTCT's report of minutiae)"
#: Of directions in a full turn.
DIRECTIONS = 32
#: The pattern that MINDTCT names for minutiae it finds on a loop, not by a pattern.
LOOP = 10
MAX_NEIGHBOURS = 64

_SIZE = re.compile(r"Image \(w,h\) (\d{1,6}) (\d{1,6})\s*")
_COUNT = re.compile(r"(\d{1,6}) Minutiae Detected\s*")
_MINUTIA = re.compile(
    r"\s*(\d{1,6}) :\s*(\d{1,6}),\s*(\d{1,6}) :\s*(\d{1,4}) :\s*(\d{1,3}\.\d{1,9}) :\s*(RIG|BIF) :"
    r"\s*(APP|DIS) :\s*(\d{1,4})\s*((?::\s*\d{1,6},\s*\d{1,6};\s*\d{1,6}\s*){0,64})"
)
#: Of the groups of a line, from the second.
_NAMES = (
    "x coordinate",
    "y coordinate",
    "direction",
    "reliability",
    "minutia type",
    "appearing",
    "feature",
)
_NEIGHBOUR = re.compile(r"(\d+),\s*(\d+);\s*(\d+)")


class Neighbour(NamedTuple):
    """Where a neighbour lies, and how many ridges are between."""

    x: int
    y: int
    ridges: int


class MinMinutia(NamedTuple):
    """One minutia in the units of the report.

    ``direction`` 0..31, ``reliability`` 0..1 in thousandths, ``ending`` or a bifurcation,
    ``appearing`` or disappearing along the scan, ``feature`` number of the pattern.
    """

    x: int
    y: int
    direction: int
    reliability: float
    ending: bool
    appearing: bool = True
    feature: int = LOOP
    neighbours: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A whole report.

    Parameters
    ----------
    width, height : int
        Size of the image in px; 500 dpi are meant.
    minutiae : tuple of MinMinutia
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    width: int
    height: int
    minutiae: tuple[MinMinutia, ...] = field(default=(), repr=False)
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this begin with the size of an image, as MINDTCT writes it? Never raises."""
    try:
        return bytes(memoryview(data)[:12]) == b"Image (w,h) "
    except TypeError:
        return False


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a report.

    Parameters
    ----------
    data : bytes-like
    strict : bool
        A wrong number of minutiae or of an index, or a value out of range is an error; otherwise a
        warning.

    Raises
    ------
    FormatError
        A line is none of such a report. It has the byte offset.
    """
    lines = lines_of(data)
    if not lines:
        raise FormatError("there is nothing", offset=0, field="image size")
    size = _SIZE.fullmatch(lines[0].text)
    if size is None:
        raise FormatError("the image's size is missing", offset=0, field="image size")
    at = lines[1].offset if len(lines) > 1 else lines[0].offset
    count = _COUNT.fullmatch(lines[1].text) if len(lines) > 1 else None
    if count is None:
        raise FormatError("is missing", offset=at, field="number of minutiae")
    notes: list[Finding] = []
    minutiae = [_minutia(line, index, notes) for index, line in enumerate(lines[2:])]
    if int(count[1]) != len(minutiae):
        text = f"{count[1]}, but there are {len(minutiae)}"
        notes.append(Finding("number of minutiae", text, at))
    kept = trace()
    if kept is not None:
        kept.add((), "image width", size.start(1), len(size[1]), int(size[1]))
        kept.add((), "image height", size.start(2), len(size[2]), int(size[2]))
        kept.add((), "number of minutiae", at, len(count[1]), int(count[1]))
    record = Record(int(size[1]), int(size[2]), tuple(minutiae))
    notes += validate(record)
    if strict and notes:
        raise notes[0].error()
    return Record(record.width, record.height, record.minutiae, tuple(notes))


def _minutia(line: Line, index: int, notes: list[Finding]) -> MinMinutia:
    found = _MINUTIA.fullmatch(line.text)
    if found is None:
        raise FormatError("not a line of MINDTCT", offset=line.offset, field=f"minutia {index}")
    if int(found[1]) != index:
        text = f"{found[1]} should be {index}"
        notes.append(Finding("minutia index", text, line.offset, minutia=index))
    kept = trace()
    if kept is not None:
        for group, name in enumerate(_NAMES, 2):
            place, text = line.offset + found.start(group), found[group]
            value: int | str = int(text) if text.isdigit() else text
            kept.add((f"minutia {index}",), name, place, len(text), value)
        near = found[9].rstrip()
        if near:
            place = line.offset + found.start(9)
            kept.add((f"minutia {index}",), "neighbours", place, len(near), near)
    return MinMinutia(
        int(found[2]),
        int(found[3]),
        int(found[4]),
        float(found[5]),
        found[6] == "RIG",
        found[7] == "APP",
        int(found[8]),
        tuple(Neighbour(int(a), int(b), int(c)) for a, b, c in _NEIGHBOUR.findall(found[9])),
    )


@typed
def validate(record: Record) -> list[Finding]:
    """Everything that MINDTCT would not write; empty when it is good."""
    return list(_findings(record))


def _findings(record: Record) -> Iterator[Finding]:
    for name, side in (("image width", record.width), ("image height", record.height)):
        if not 1 <= side <= 999_999:
            yield Finding(name, f"{side} is outside 1..999999")
    places = {(one.x, one.y) for one in record.minutiae}
    checks: tuple[tuple[str, Callable[[MinMinutia], bool]], ...] = (
        ("x coordinate", lambda one: not 0 <= one.x < record.width),
        ("y coordinate", lambda one: not 0 <= one.y < record.height),
        ("direction", lambda one: not 0 <= one.direction < DIRECTIONS),
        ("reliability", lambda one: not 0 <= one.reliability <= 1),
        ("reliability", lambda one: round(one.reliability, 3) != one.reliability),
        ("feature", lambda one: not 0 <= one.feature <= LOOP),
        ("neighbours", lambda one: any(near[:2] not in places for near in one.neighbours)),
        ("neighbours", lambda one: len(one.neighbours) > MAX_NEIGHBOURS),
        ("neighbours", lambda one: any(not 0 <= near.ridges < 10**6 for near in one.neighbours)),
    )
    for name, wrong in checks:
        found = [index for index, one in enumerate(record.minutiae) if wrong(one)]
        if found:
            text = f"{len(found)} cannot be, the first is minutia {found[0]}"
            yield Finding(name, text, minutia=found[0])


@typed
def build(record: Record) -> bytes:
    """Write a report, as MINDTCT does: reliability in thousandths.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record):
        raise finding.error()
    rows = [
        f"Image (w,h) {record.width} {record.height}\n",
        f"\n{len(record.minutiae)} Minutiae Detected\n\n",
    ]
    for index, one in enumerate(record.minutiae):
        kind, way = "RIG" if one.ending else "BIF", "APP" if one.appearing else "DIS"
        row = f"{index:4d} : {one.x:4d}, {one.y:4d} : {one.direction:2d} : {one.reliability:6.3f} :"
        row += f"{kind} : {way} : {one.feature:2d} "
        row += "".join(f": {near.x:4d},{near.y:4d}; {near.ridges:2d} " for near in one.neighbours)
        rows.append(f"{row}\n")
    return "".join(rows).encode("ascii")


__all__ = [
    "Finding",
    "MinMinutia",
    "Neighbour",
    "Record",
    "build",
    "parse",
    "sniff",
    "validate",
]
