"""The images of a finger image record as grey pixels with the resolution that the record states."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.image_files import picture
from civid.formats.image_records import common, uncompressed
from civid.formats.image_records.common import Announced, Payload
from civid.formats.image_records.editions import Record, name_of

#: A picture may state its resolution in whole pixels per centimetre or metre.
_SAME_PPI = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class RecordPicture:
    """A decoded image of a record.

    Parameters
    ----------
    kind : str
        What was decoded: "raw", "packed", "WSQ", "PNG", ...
    pixels : (H, W) uint8
        Grey, 0 black.
    resolution : (float, float) or None
        Across and down in pixels per inch, as the record states it, whatever the picture inside
        says; None where the record states 0.
    warnings : tuple of Finding
        Where the record and the picture inside contradict each other.
    """

    kind: str
    pixels: npt.NDArray[np.uint8] = field(repr=False)
    resolution: tuple[float, float] | None
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def decode(record: Record, index: int = 0, *, strict: bool = False) -> RecordPicture:
    """Decode one image of a record.

    Parameters
    ----------
    record : Record
        Of any edition.
    index : int
        Which of its views, from 0.
    strict : bool
        Another kind or size of the picture inside than the record states is an error; otherwise
        it is decoded as it is, with a warning. Another resolution is always a warning: writers
        leave theirs in the picture, and the record goes first.

    Raises
    ------
    FormatError
        No such view, uncompressed pixels are missing, or strict and contradictory.
    ImageError
        The picture inside cannot be decoded.

    Notes
    -----
    Safe to call from several threads.

    >>> from civid.formats.image_records import iso19794_4_2011 as fir
    >>> record = fir.Record((fir.View(bytes(6), position=2, width=3, height=2),))
    >>> decode(record).pixels.shape, decode(record).resolution
    ((2, 3), (500.0, 500.0))
    """
    name = name_of(record)
    if not isinstance(index, int) or not 0 <= index < len(record.views):
        raise FormatError(f"the record has {len(record.views)}", field=f"{name} view")
    image, announced = record.views[index].image, record.announced(index)
    findings = _Findings(name, index, strict)
    for finding in (
        *_check_code(announced, index),
        *common.check_kind(image, announced, index),
        *common.check_image(image, announced, index),
    ):
        findings.add(finding)
    payload = _payload(image, announced)
    if payload in (Payload.RAW, Payload.PACKED):
        picture.check_size(announced.width, announced.height)
        pixels = uncompressed.grey(image, announced._replace(payload=payload))
        kind, stated = str(payload), None
    else:
        inside = picture.decode(image)
        kind, pixels, stated = inside.kind, inside.pixels, inside.resolution
        height, width = pixels.shape
        if (width, height) != (announced.width, announced.height):
            text = (
                f"{announced.width} x {announced.height} px are announced,"
                f" the picture has {width} x {height}"
            )
            findings.add(Finding("image data", text, view=index))
    for finding in _check_resolution(announced, stated, record, index):
        findings.add(finding, always_warning=True)
    resolution = announced.ppi if min(announced.ppi) > 0 else None
    return RecordPicture(kind, pixels, resolution, tuple(findings.warnings))


class _Findings:
    """Raised when strict, else kept."""

    def __init__(self, name: str, index: int, strict: bool) -> None:
        self.name, self.strict = name, strict
        self.warnings: list[Finding] = []

    def add(self, finding: Finding, *, always_warning: bool = False) -> None:
        finding = common.named(self.name, finding)
        if self.strict and not always_warning:
            raise finding.error()
        self.warnings.append(finding)


def _check_code(announced: Announced, index: int) -> list[Finding]:
    text = "is unknown; what the image data look like counts"
    return [] if announced.payload else [Finding("compression algorithm", text, view=index)]


def _payload(image: bytes, announced: Announced) -> Payload:
    """What the image data are: pixels only where the record says so and no picture begins."""
    looks = common.looks_like(image)
    if announced.payload in (Payload.RAW, Payload.PACKED):
        fits = len(image) in common.raw_sizes(announced)
        return announced.payload if fits or looks is None else looks
    if announced.payload is None and looks is None:
        return Payload.RAW
    return looks or announced.payload or Payload.RAW


def _check_resolution(
    announced: Announced, stated: tuple[float, float] | None, record: Record, index: int
) -> list[Finding]:
    """Contradictions about the resolution; the record's is taken in any case."""
    findings = []
    scale = getattr(record.views[index], "scale_units", None) or getattr(record, "scale_units", 1)
    ppi = announced.ppi[0]
    if scale == common.PER_CM and round(ppi / 2.54) in (250, 500, 1000):
        text = f"{ppi / 2.54:.0f} px/cm are {ppi:.0f} ppi; px/inch may be meant"
        findings.append(Finding("scale units", text, view=index))
    if stated and any(
        abs(inner - outer) > _SAME_PPI * outer
        for inner, outer in zip(stated, announced.ppi, strict=True)
    ):
        text = f"the picture inside states {stated[0]:.0f} ppi, the record {ppi:.0f}"
        findings.append(Finding("x image resolution", text, view=index))
    return findings
