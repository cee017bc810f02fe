"""Conversion between all minutiae formats, by way of one neutral form.

Reading takes a record into a `MinutiaeSet`: pixels as floats, y down, radians. Writing rounds it
into the units of another format. What a format cannot hold is told in findings, never lost without
a word.

>>> from civid.formats.minutiae import ansi378_2004
>>> view = ansi378_2004.View(2, minutiae=(ansi378_2004.Minutia(1, 9, 8, 179),))
>>> data = ansi378_2004.build(ansi378_2004.Record(300, 400, views=(view,)))
>>> made = convert(data, "iso19794-2:2005")
>>> made.record.views[0].minutiae  # 358 degrees are 254.6 steps of 360/256
(Minutia(kind=1, x=9, y=8, angle=255, quality=0),)
>>> [str(finding) for finding in made.findings]
[]
"""

from __future__ import annotations

from typing import Any, NamedTuple

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.minutiae.convert.choosing import strongest
from civid.formats.minutiae.convert.from_records import Read
from civid.formats.minutiae.convert.neutral import (
    PER_CM_500_DPI,
    MinutiaeSet,
    NeutralCore,
    NeutralDelta,
    NeutralMinutia,
    NeutralView,
)
from civid.formats.minutiae.convert.to_records import Written
from civid.formats.minutiae.keys import FORMATS, MinutiaeFormat, format_of, sniffed


class Converted(NamedTuple):
    """The bytes of another format, the record they are, and what it cannot hold."""

    data: bytes
    record: Any
    findings: tuple[Finding, ...] = ()


def read(record: Any, key: str, **options: Any) -> Read:
    """A record in the neutral form.

    Parameters
    ----------
    record
        What ``parse`` of that format gives.
    key : str
        Of the format, as in `FORMATS`.
    **options
        Of formats that do not say everything: ``size=(width, height)`` of the image in px, for
        ``"xyt"``, whose y counts upwards from the lower edge, and for cards.

    Returns
    -------
    Read
        ``minutiae``, a `MinutiaeSet`, and ``findings``.

    Raises
    ------
    FormatError
        There is no such format.
    """
    made: Read = format_of(key).conversion()[0](record, **options)
    return made


def write(minutiae: MinutiaeSet, key: str, **options: Any) -> Written:
    """A record of the neutral form; ``build`` of the format makes bytes of it.

    Positions are rounded to whole units of the target, halves to the even one, and angles to its
    steps; a full turn is 0. Where more minutiae are there than fit, those of the lowest quality go,
    then those farthest from the centre of mass (ISO/IEC 19794-2:2011, 9.3.2).

    Parameters
    ----------
    minutiae : MinutiaeSet
    key : str
        Of the format, as in `FORMATS`.
    **options
        ``per_cm`` of the four record formats: scale to so many px/cm; ``view`` of those that hold
        one print; ``parameters`` of a card: how many minutiae, in which order.

    Returns
    -------
    Written
        ``record``, and ``findings``: what it cannot hold.

    Raises
    ------
    FormatError
        There is no such format, or no view to write.
    """
    made: Written = format_of(key).conversion()[1](minutiae, **options)
    return made


def convert(
    data: bytes | bytearray | memoryview,
    to: str,
    *,
    source: str | None = None,
    reading: dict[str, Any] | None = None,
    **options: Any,
) -> Converted:
    """Bytes of one minutiae format as those of another.

    Parameters
    ----------
    data : bytes-like
    to : str
        Key of the format to write, as in `FORMATS`.
    source : str, optional
        Key of the format of ``data``; needed for cards and for ``"xyt"``, whose bytes do not say
        what they are.
    reading : dict, optional
        Options of `read`.
    **options
        Options of `write`.

    Returns
    -------
    Converted
        Findings are those of parsing, reading and writing, in this order.

    Raises
    ------
    FormatError
        The data is none of the formats, or damaged, or there is nothing to write.
    """
    key = sniffed(data) if source is None else source
    if key is None:
        raise FormatError("no minutiae format that says so itself; give source=", field="format")
    record = format_of(key).module().parse(data)
    found = read(record, key, **(reading or {}))
    made = write(found.minutiae, to, **options)
    content = format_of(to).module().build(made.record)
    return Converted(content, made.record, (*record.warnings, *found.findings, *made.findings))


__all__ = [
    "FORMATS",
    "PER_CM_500_DPI",
    "Converted",
    "MinutiaeFormat",
    "MinutiaeSet",
    "NeutralCore",
    "NeutralDelta",
    "NeutralMinutia",
    "NeutralView",
    "Read",
    "Written",
    "convert",
    "read",
    "strongest",
    "write",
]
