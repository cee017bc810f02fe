"""A record of ISO/IEC 19794-4:2011 as one of 2004 or 2005, and what those cannot say."""

from __future__ import annotations

from collections.abc import Sequence

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.image_records import (
    common,
    fixed_record,
    iso19794_4_2005,
    iso19794_4_2011,
    representation,
)
from civid.formats.image_records.common import Payload
from civid.formats.image_records.editions import Record, name_of
from civid.formats.image_records.encoding import level
from civid.formats.image_records.fixed_record import UNDEFINED
from civid.formats.image_records.wavelet import is_reversible

#: What comes nearest to an impression of 2011; those not here keep their number.
_IMPRESSIONS_TO_2005 = {
    **dict.fromkeys((4, 5, 6, 7, 12, 13, 14, 15), 7),
    **{9: 1, 10: 0, 11: 2, 24: 9, 28: 0, 29: 0},
}
#: Of those, codes that say the same there and here.
_SAME_IMPRESSIONS = (4, 24)


def say(lost: list[Finding], field: str, value: object, view: int | None = None) -> None:
    """Write down a value that cannot be said; nothing where there is nothing to say."""
    if value:
        text = f"{value} cannot be said" if isinstance(value, int) else "cannot be said"
        lost.append(Finding(field, text, view=view))


def compression_code(source: Record, index: int, codes: Sequence[Payload]) -> int:
    """The code of the same kind of image data in the other edition."""
    payload = source.announced(index).payload
    if payload is None:
        raise FormatError("is unknown", field=f"{name_of(source)} compression algorithm")
    if payload is Payload.JPEG2000_LOSSLESS and payload not in codes:
        payload = Payload.JPEG2000
    elif payload is Payload.JPEG2000 and Payload.JPEG2000_LOSSLESS in codes:
        lossless = is_reversible(source.views[index].image)
        payload = Payload.JPEG2000_LOSSLESS if lossless else payload
    return codes.index(payload)


def from_2011(
    source: iso19794_4_2011.Record, lost: list[Finding], *, ansi: bool
) -> iso19794_4_2005.Record:
    """The same as a record with one header, which goes to either edition."""
    first = source.views[0]
    code = compression_code(source, 0, fixed_record.COMPRESSIONS)
    positions = [view.position for view in source.views]
    seen: dict[int, int] = {}
    views = []
    for index, view in enumerate(source.views):
        here = compression_code(source, index, fixed_record.COMPRESSIONS)
        same = {
            "compression algorithm": here == code,
            "scale units": view.scale_units == first.scale_units,
            "image resolution": view.image_resolution == first.image_resolution,
            "scan resolution": view.scan_resolution == first.scan_resolution,
            "pixel depth": view.depth == first.depth,
        }
        for field, is_same in same.items():
            if not is_same:
                text = f"view {index} differs from view 0, and the edition has one for all"
                raise FormatError(text, field=f"{iso19794_4_2011.NAME} {field}")
        number = seen[view.position] = seen.get(view.position, 0) + 1
        if view.number != number - 1:
            text = f"{view.number} becomes {number}, counted from 1"
            lost.append(Finding("representation number", text, view=index))
        views.append(
            fixed_record.View(
                image=view.image,
                position=_position(view, index, lost),
                width=view.width,
                height=view.height,
                number=number,
                count=positions.count(view.position),
                quality=_quality(view, index, lost),
                impression=_impression(view, index, lost),
            )
        )
        _say_what_is_lost(view, index, lost)
    ppi = min(common.to_ppi(first.image_resolution, first.scale_units))
    reached = level(ppi, ansi=ansi)
    text = f"set to {reached} from the resolution"
    lost.append(Finding("image acquisition level", text))
    parts = first.image_resolution, first.scan_resolution, first.scale_units, first.depth, reached
    return iso19794_4_2005.Record(tuple(views), code, *parts)


def _position(view: representation.View, index: int, lost: list[Finding]) -> int:
    if view.position in common.POSITIONS:
        return view.position
    say(lost, "finger position", view.position, index)
    return 0


def _impression(view: representation.View, index: int, lost: list[Finding]) -> int:
    code = _IMPRESSIONS_TO_2005.get(view.impression, view.impression)
    if code != view.impression and view.impression not in _SAME_IMPRESSIONS:
        text = f"{view.impression} cannot be said, set to {code}"
        lost.append(Finding("impression type", text, view=index))
    elif view.impression in (7, 9):
        say(lost, "impression type", view.impression, index)
    return code


def _quality(view: representation.View, index: int, lost: list[Finding]) -> int:
    if not view.qualities:
        return UNDEFINED
    first = view.qualities[0]
    say(lost, "quality algorithm vendor", first.vendor, index)
    say(lost, "quality algorithm", first.algorithm, index)
    if len(view.qualities) > 1:
        text = f"{len(view.qualities) - 1} further scores cannot be said"
        lost.append(Finding("quality block", text, view=index))
    if first.score > 100:
        say(lost, "quality block", first.score, index)
        return UNDEFINED
    return first.score


def _say_what_is_lost(view: representation.View, index: int, lost: list[Finding]) -> None:
    if view.compression == representation.COMPRESSIONS.index(Payload.JPEG2000_LOSSLESS):
        say(lost, "compression algorithm", "lossless", index)
    say(lost, "capture date and time", view.captured, index)
    say(lost, "capture device technology ID", view.technology, index)
    say(lost, "capture device vendor ID", view.device_vendor, index)
    say(lost, "capture device type ID", view.device_type, index)
    say(lost, "certification block", view.certifications, index)
    say(lost, "extended data", view.blocks or view.rest, index)
