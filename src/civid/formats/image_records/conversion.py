"""A record of one edition from one of another, and what the other cannot say."""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.image_records import (
    ansi381_2004,
    common,
    iso19794_4_2005,
    iso19794_4_2011,
    representation,
)
from civid.formats.image_records.editions import Older, Record, edition, name_of
from civid.formats.image_records.fixed_record import UNDEFINED, FixedRecord
from civid.formats.image_records.older import compression_code, from_2011, say
from civid.formats.minutiae.iso19794_2_2011 import Quality

#: Impression codes of 2004 and 2005 that have another number or meaning in 2011.
_IMPRESSIONS_TO_2011 = {7: 4, 9: 24}


@dataclass(frozen=True, slots=True)
class Converted:
    """A record of the edition asked for.

    Parameters
    ----------
    record : Record
    lost : tuple of Finding
        What the source says and the record cannot, and what was set because the source does not
        say it; field names are those of the source.
    """

    record: Record
    lost: tuple[Finding, ...] = ()


def convert(record: Record, edition_name: str, *, product: tuple[int, int] = (0, 0)) -> Converted:
    """The same images in another edition; image data are not touched.

    Parameters
    ----------
    record : Record
    edition_name : str
        "ISO/IEC 19794-4:2011", "ISO/IEC 19794-4:2005" or "ANSI/INCITS 381-2004".
    product : (int, int)
        CBEFF owner and type of the program that writes, for ANSI/INCITS 381-2004; a record that
        is of it keeps its own.

    Raises
    ------
    FormatError
        No such edition; images that differ in what the edition states once for all; or the source
        departs from its own standard so that the result would from the other.
    ResolutionError
        Below all acquisition levels of 2004 and 2005.

    >>> from civid.formats.image_records import iso19794_4_2011 as fir
    >>> view = fir.View(bytes(6), position=2, width=3, height=2, device_vendor=64, impression=0)
    >>> done = convert(fir.Record((view,)), "ISO/IEC 19794-4:2005")
    >>> for one in done.lost:
    ...     print(one)
    capture device vendor ID: 64 cannot be said
    image acquisition level: set to 30 from the resolution
    """
    module, name = edition(edition_name), name_of(record)
    if name == module.NAME:
        return Converted(record)
    lost: list[Finding] = []
    made: Record
    if isinstance(record, iso19794_4_2011.Record):
        if not record.views:
            raise FormatError("there is none", field=f"{name} number of representations")
        shared = from_2011(record, lost, ansi=module is ansi381_2004)
        made = _ansi(shared, product, lost) if module is ansi381_2004 else _iso_2005(shared, lost)
    elif module is iso19794_4_2011:
        made = _to_2011(record, lost)
    else:
        made = _ansi(record, product, lost) if module is ansi381_2004 else _iso_2005(record, lost)
    for finding in module.validate(made):
        raise common.named(module.NAME, finding).error()
    return Converted(made, tuple(lost))


def _iso_2005(source: FixedRecord, lost: list[Finding]) -> iso19794_4_2005.Record:
    if isinstance(source, ansi381_2004.Record):
        say(lost, "CBEFF product owner", source.product_owner)
        say(lost, "CBEFF product type", source.product_type)
        say(lost, "compliance", source.compliance)
    return iso19794_4_2005.Record(*source.shared(), source.capture_device)


def _ansi(
    source: FixedRecord, product: tuple[int, int], lost: list[Finding]
) -> ansi381_2004.Record:
    shared, device = source.shared(), source.capture_device
    if device > 0xFFF:
        say(lost, "capture device ID", device)
        device = 0
    if shared.level == 35:  # 750 ppi came with ISO
        lost.append(Finding("image acquisition level", "35 cannot be said, set to 30"))
        shared = shared._replace(level=30)
    return ansi381_2004.Record(*shared, device, *product)


def _to_2011(source: Older, lost: list[Finding]) -> iso19794_4_2011.Record:
    say(lost, "image acquisition level", source.level)
    say(lost, "capture device ID", source.capture_device)
    if isinstance(source, ansi381_2004.Record):
        say(lost, "CBEFF product owner", source.product_owner)
        say(lost, "CBEFF product type", source.product_type)
        say(lost, "compliance", source.compliance)
    seen: dict[int, int] = {}
    views = []
    for index, view in enumerate(source.views):
        number = seen.get(view.position, 0)
        seen[view.position] = number + 1
        if view.number != number + 1:
            text = f"view {view.number} of {view.count} becomes {number}, counted from 0"
            lost.append(Finding("view number", text, view=index))
        views.append(
            representation.View(
                image=view.image,
                position=view.position,
                width=view.width,
                height=view.height,
                number=number,
                impression=_IMPRESSIONS_TO_2011.get(view.impression, view.impression),
                compression=compression_code(source, index, representation.COMPRESSIONS),
                image_resolution=source.image_resolution,
                scan_resolution=source.scan_resolution,
                scale_units=source.scale_units,
                depth=source.depth,
                qualities=() if view.quality == UNDEFINED else (Quality(view.quality),),
            )
        )
    return iso19794_4_2011.Record(tuple(views))
