"""What finger image records of all editions share: kinds of image data, units, checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from civid.errors import CividError, FormatError
from civid.formats._fields import inside, trace
from civid.formats._reader import Finding, Reader
from civid.formats.minutiae.common import check_range, locate

MAGIC = b"FIR\0"
#: Two raw slaps of 1000 ppi have 20 MB; as much as a picture may have.
MAX_RECORD_BYTES = 64 << 20
PPI, PER_CM = 1, 2
#: Single fingers, slaps, palms: what every edition knows.
POSITIONS = (*range(11), 13, 14, 15, *range(20, 37))
_MAX_DEPTH = 16
#: What is scanned at a resolution in inches has to be stated in whole pixels per centimetre.
_NOMINAL = {49: 125.0, 98: 250.0, 197: 500.0, 295: 750.0, 394: 1000.0}
#: Ten times coarser and finer than prints are scanned: such a number is no resolution.
_PPI_LIMITS = (50, 10_000)


class Payload(StrEnum):
    """How the pixels of an image are stored; each edition has its own code numbers for these."""

    RAW = "raw"
    PACKED = "packed"
    WSQ = "WSQ"
    JPEG = "JPEG"
    JPEG2000 = "JPEG 2000"
    JPEG2000_LOSSLESS = "JPEG 2000 lossless"
    PNG = "PNG"


_BEGINNINGS = (
    (b"\xff\xa0", Payload.WSQ),
    (b"\xff\xd8\xff", Payload.JPEG),
    (b"\x89PNG\r\n\x1a\n", Payload.PNG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Payload.JPEG2000),
    (b"\xff\x4f\xff\x51", Payload.JPEG2000),
)


class Announced(NamedTuple):
    """What a record says about one of its images.

    ``payload`` is None for a code that the edition does not know; ``ppi`` is across and down, in
    pixels per inch whatever the unit in the record.
    """

    payload: Payload | None
    width: int
    height: int
    depth: int
    ppi: tuple[float, float]


def to_ppi(resolution: tuple[int, int], scale_units: int) -> tuple[float, float]:
    """Pixels per inch of what a record states in its units.

    >>> to_ppi((197, 200), PER_CM)
    (500.0, 508.0)
    """
    across, down = resolution
    if scale_units != PER_CM:
        return float(across), float(down)
    return _NOMINAL.get(across, across * 2.54), _NOMINAL.get(down, down * 2.54)


def looks_like(image: bytes) -> Payload | None:
    """The kind of picture that image data begin like; None for pixels as they are."""
    return next((kind for start, kind in _BEGINNINGS if image.startswith(start)), None)


def raw_sizes(announced: Announced) -> tuple[int, ...]:
    """Bytes that uncompressed pixels take; packed rows may or may not begin on a byte.

    >>> raw_sizes(Announced(Payload.PACKED, 5, 3, 1, (500, 500)))
    (2, 3)
    """
    width, height, depth = announced.width, announced.height, announced.depth
    if announced.payload is Payload.PACKED:
        return (width * height * depth + 7) // 8, (width * depth + 7) // 8 * height
    return (width * height * (2 if depth > 8 else 1),)


def check_image(image: bytes, announced: Announced, view: int) -> Iterator[Finding]:
    """A finding if uncompressed pixels are more or fewer than announced."""
    if announced.payload not in (Payload.RAW, Payload.PACKED):
        return
    sizes = raw_sizes(announced)
    if len(image) not in sizes:
        text = f"{len(image)} bytes; the announced size takes {sizes[0]}"
        yield Finding("image data", text, view=view)


def check_kind(image: bytes, announced: Announced, view: int) -> Iterator[Finding]:
    """A finding if compressed image data begin like another kind than announced."""
    payload = announced.payload
    if payload in (None, Payload.RAW, Payload.PACKED):
        return
    wanted = Payload.JPEG2000 if payload is Payload.JPEG2000_LOSSLESS else payload
    found = looks_like(image)
    if found is not wanted:
        text = f"should be {wanted}, looks like {found or 'no picture'}"
        yield Finding("image data", text, view=view)


def check_scale(
    scale_units: int,
    scan: tuple[int, int],
    image: tuple[int, int],
    depth: int,
    view: int | None = None,
) -> Iterator[Finding]:
    """Findings about units, resolutions and depth."""
    if scale_units not in (PPI, PER_CM):
        yield Finding("scale units", f"{scale_units} should be 1 or 2", view=view)
    for axis, scanned, value in zip("xy", scan, image, strict=True):
        yield from check_range(f"{axis} scan resolution", scanned, 1, 0xFFFF, view)
        yield from check_range(f"{axis} image resolution", value, 1, 0xFFFF, view)
        ppi = to_ppi((value, value), scale_units)[0]
        if not _PPI_LIMITS[0] <= ppi <= _PPI_LIMITS[1]:
            text = f"{ppi:.0f} ppi is no resolution of a print"
            yield Finding(f"{axis} image resolution", text, view=view)
        elif value > scanned:
            text = f"{value} is finer than the scan, {scanned}"
            yield Finding(f"{axis} image resolution", text, view=view)
    yield from check_range("pixel depth", depth, 1, _MAX_DEPTH, view)


def check_size(width: int, height: int, view: int) -> Iterator[Finding]:
    """Findings about the size of an image."""
    yield from check_range("horizontal line length", width, 1, 0xFFFF, view)
    yield from check_range("vertical line length", height, 1, 0xFFFF, view)


def read_magic(reader: Reader, version: bytes) -> None:
    """ "FIR" and this version; what else the bytes may be is named in the error."""
    if reader.data[:8] == MAGIC + version:
        reader.take(4, "format identifier")
        reader.take(4, "version")
        return
    raise refusal(reader.data, f"{reader.name} format identifier", MAGIC + version)


def refusal(data: bytes, field: str, wanted: bytes = MAGIC) -> FormatError:
    """The error that says what bytes are that are no record of the edition wanted."""
    from civid.formats._detect import detect  # on use: it asks the modules of this room

    kind = _other_edition(data) or detect(data)
    text = f"this is {kind}" if kind else f"should be {wanted!r}"
    return FormatError(text, offset=0, field=field)


def _other_edition(data: bytes) -> str | None:
    if data[:4] != MAGIC:
        return None
    if data[4:8] == b"025\0":
        return "ANSI/INCITS 381-2009, whose layout is not public: it is not read"
    known = {b"010\0": "edition 010 (2004, 2005)", b"020\0": "edition 020 (2011)"}
    return f"a finger image record, {known.get(data[4:8], 'of an unknown edition')}"


def check_length(reader: Reader, length: int) -> None:
    """Complain if the header's length, at byte 8 in every edition, is not that of the data."""
    if length != reader.end:
        text = f"{length} bytes are announced, {reader.end} are there"
        reader.complain("length of record", text, 8)


def take_image(reader: Reader, size: int, section: str, field: str) -> bytes:
    """Image data; fewer bytes than this field announces are taken with a complaint."""
    start = reader.pos
    if size > reader.left:
        text = f"{size} bytes are announced, {reader.left} are there"
        reader.complain(field, text, reader.places[field])
        size = reader.left
    image = reader.take(size, "image data")
    if trace() is not None and looks_like(image) is Payload.WSQ:
        from civid.formats.image_files import wsq

        with inside(section, 0), inside("image data", start), suppress(CividError):
            wsq.parse(image)
    return image


def note_all(
    reader: Reader,
    findings: Sequence[Finding],
    header: Mapping[str, int],
    views: Sequence[Mapping[str, int]],
) -> None:
    """Findings about what was read, with their places and the name of the format."""
    for finding in findings:
        reader.note(named(reader.name, locate(finding, header, views)))


def named(name: str, finding: Finding) -> Finding:
    """The same with the name of the format before the field."""
    return replace(finding, field=f"{name} {finding.field}")


def check_type(record: object, wanted: type) -> None:
    """`FormatError` for what is no record of this edition."""
    if not isinstance(record, wanted):
        name = f"{wanted.__module__.rpartition('.')[2]}.{wanted.__name__}"
        raise FormatError(f"a {name} is wanted, not {type(record).__name__}", field="record")
