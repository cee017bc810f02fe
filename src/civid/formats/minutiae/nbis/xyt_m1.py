"""NBIS ``.xyt`` as ``mindtct -m1`` writes it: y downwards, theta in units of two degrees.

The lines are those of `civid.formats.minutiae.nbis.xyt`, and the record is the same; which of the
two a file is, it does not say.

>>> parse(b"10 20 135 55\\n")
Record(1 minutiae, m1=True)
"""

from __future__ import annotations

from civid.formats._reader import Finding
from civid.formats.minutiae.nbis import xyt
from civid.formats.minutiae.nbis.xyt import Record, XytMinutia, build, sniff, validate

KEY = "xyt-m1"
NAME = "NBIS xyt of -m1 (text of minutiae)"


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a file; see `civid.formats.minutiae.nbis.xyt.parse`.

    Raises
    ------
    FormatError
        A line is not three or four numbers. It has the byte offset.
    """
    return xyt.parse(data, strict=strict, m1=True)


__all__ = ["Finding", "Record", "XytMinutia", "build", "parse", "sniff", "validate"]
