"""What MOSIP sends of a person (CBEFF XML) -> the fingers in it, as templates."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from civid.errors import FormatError, ImageError, TemplateError
from civid.exchange.mosip.words import Reason, RefusedError
from civid.fingerprint import records
from civid.fingerprint.extract import extract
from civid.fingerprint.image import read_image
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.formats._door import sniffed
from civid.formats._images import images_inside
from civid.formats.cbeff import mosip_xml
from civid.position import Position
from civid.search.arrays.slices import thread_count

#: Ten fingers, each a few times.
MAX_FINGERS = 60
_MINUTIAE = b"FMR\0"


def prints_of(
    cbeff: bytes,
    *,
    threads: int | None = None,
    parameters: ExtractionParameters | None = None,
) -> dict[Position, Template]:
    """The fingers of a CBEFF XML of MOSIP.

    Finger images (ISO/IEC 19794-4:2005 and :2011, with JPEG 2000, WSQ or PNG inside, or a bare
    picture) are extracted; minutiae records (ISO/IEC 19794-2) are read. Faces, irises and
    exceptions are passed over, a print without any minutiae is left out, and of two of one finger
    the one with the better quality is kept.

    Parameters
    ----------
    cbeff : bytes
        At most 64 MiB of XML, with at most 60 prints of fingers.
    threads : int, optional
        To decode and extract with; as many as the process may use, unless given.
    parameters : ExtractionParameters, optional
        By which minutiae are found in images, as for `civid.extract`.

    Returns
    -------
    dict of Position to Template
        May be empty: a person without fingers that can be read is a person.

    Raises
    ------
    FormatError
        No such XML, nothing in it at all, or a print that cannot be read.

    Notes
    -----
    Safe to call from several threads. Decoding and extraction release the GIL.
    """
    try:
        return _prints(cbeff, thread_count(threads), parameters)
    except RefusedError as refused:
        what = "holds nothing" if refused.reason is Reason.NO_DATA else "cannot be read"
        raise FormatError(what, field="CBEFF") from None


def prints_or_reason(
    cbeff: bytes, threads: int | None, parameters: ExtractionParameters | None = None
) -> dict[Position, Template]:
    """The same; `RefusedError` with the failure reason: 11 there is nothing in it, 16 invalid."""
    return _prints(cbeff, thread_count(threads), parameters)


def _prints(
    cbeff: bytes, threads: int, parameters: ExtractionParameters | None
) -> dict[Position, Template]:
    if not bytes(cbeff).strip():
        raise RefusedError(Reason.NO_DATA)
    try:
        blocks = [one for one in _blocks(mosip_xml.parse(cbeff).segments) if one.data]
        if not blocks:
            raise RefusedError(Reason.NO_DATA)
        fingers = [one for one in blocks if _is_finger(one)]
        if len(fingers) > MAX_FINGERS:
            raise RefusedError(Reason.INVALID_CBEFF)
        if threads == 1 or len(fingers) < 2:
            found = [_finger(one, parameters) for one in fingers]
        else:
            with ThreadPoolExecutor(min(threads, len(fingers))) as pool:
                found = list(pool.map(_finger, fingers, repeat(parameters)))
    except (FormatError, ImageError, TemplateError):
        raise RefusedError(Reason.INVALID_CBEFF) from None
    best: dict[Position, Template] = {}
    for position, template in found:
        there = best.get(position)
        if len(template) and (there is None or template.quality > there.quality):
            best[position] = template
    return best


def _blocks(segments: tuple[mosip_xml.Bir, ...]) -> Iterator[mosip_xml.Bir]:
    for one in segments:
        if not one.is_exception:
            yield one
        yield from _blocks(one.birs)


def _is_finger(bir: mosip_xml.Bir) -> bool:
    """By its type; where it has none, by the number of its format, or by what the block is."""
    block = bir.block
    if block is not None and block.types:
        return "Finger" in block.types
    return (bir.data or b"")[:4] in (b"FIR\0", _MINUTIAE)


def _finger(
    bir: mosip_xml.Bir, parameters: ExtractionParameters | None
) -> tuple[Position, Template]:
    data = bir.data or b""
    position: int = mosip_xml.position(bir)
    if data[:4] == _MINUTIAE:
        position = position or records.prints(data)[0].position
        template = Template.from_bytes(data)
    else:
        found = sniffed(data)
        inside = images_inside(found, data) if found is not None and not position else ()
        position = position or (inside[0].position if inside else 0)
        template = extract(read_image(data), parameters)
    known = Position(position) if position in set(Position) else Position.UNKNOWN
    return known, template
