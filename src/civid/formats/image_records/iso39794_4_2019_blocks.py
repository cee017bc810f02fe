"""The blocks of an ISO/IEC 39794-4:2019 finger image record, and their ASN.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from civid.formats._reader import Finding
from civid.formats.image_records.iso39794_4_2019_codes import (
    IMAGE_FORMATS,
    IMPRESSIONS,
    POSITIONS,
    REASONS,
    TECHNOLOGIES,
    UNITS,
)
from civid.formats.iso39794.common import (
    DATE_TIME,
    EXTENDED_DATA,
    PAD,
    POINTS,
    QUALITIES,
    REGISTRY_ID,
    SCORE,
    VERSION,
    DateTime,
    ExtendedData,
    Pad,
    Point,
    Quality,
    RegistryId,
    Score,
    Version,
)
from civid.formats.iso39794.primitives import (
    Boolean,
    Enumerated,
    Integer,
    Octets,
    Place,
    VisibleText,
    fault,
)
from civid.formats.iso39794.structures import CodeChoice, Coded, Member, Sequence, SequenceOf

#: How the files of each image format begin.
_BEGINNINGS: dict[int, tuple[bytes, ...]] = {
    0: (b"P5", b"P2"),
    1: (b"\xff\xa0",),
    2: (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"),
    3: (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"),
    4: (b"\x89PNG\r\n\x1a\n",),
}

#: Text types other than VisibleString: UTF8String, PrintableString, IA5String.
_OTHER_TEXTS = frozenset({0x0C, 0x13, 0x16})


@dataclass(frozen=True, slots=True)
class Device:
    """CaptureDeviceBlock; ``technology`` by `TECHNOLOGIES`."""

    model: RegistryId
    technology: Coded | None = None
    certifications: tuple[RegistryId, ...] | None = None
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SamplingRate:
    """SpatialSamplingRateBlock: samples on an inch (``unit`` 0) or a centimetre (1)."""

    samples: int
    unit: int = 0

    @property
    def per_inch(self) -> float:
        """The rate in px/inch.

        >>> SamplingRate(200, 1).per_inch
        508.0
        """
        return self.samples * 2.54 if self.unit == 1 else float(self.samples)


@dataclass(frozen=True, slots=True)
class Segment:
    """SegmentBlock: where one finger is in an image of several.

    Parameters
    ----------
    position : Coded
        By `POSITIONS`.
    corners : tuple of Point
        Corners that enclose it, px.
    orientation : int or None
        0 to 255.
    qualities : tuple of Quality or None
    confidence : int, Coded or None
        0 to 100, or an error.
    """

    position: Coded
    corners: tuple[Point, ...]
    orientation: int | None = None
    qualities: tuple[Quality, ...] | None = None
    confidence: Score | None = None
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Segmentation:
    """SegmentationBlock: the segments that an algorithm found."""

    algorithm: RegistryId
    segments: tuple[Segment, ...]
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Annotation:
    """AnnotationBlock: a finger by `POSITIONS`, and why it is not there, by `REASONS`."""

    position: Coded
    reason: Coded
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Representation:
    """RepresentationBlock: one image; None = the block is not in the record.

    Parameters
    ----------
    position, impression, image_format : Coded
        By `POSITIONS`, `IMPRESSIONS` and `IMAGE_FORMATS`.
    image : bytes
        The whole image file.
    captured : DateTime or None
    device : Device or None
    qualities : tuple of Quality or None
    sampling : SamplingRate or None
    position_computed : bool or None
        The capture system found the position by itself.
    original_rotation : int or None
        Degrees, 0 to 359.
    rotated_to_vertical, lossily_compressed : bool or None
        Was the image rotated, was it ever compressed with a loss.
    segmentations, annotations, pad, comments, vendor_data : optional
        Blocks in the order of the record.
    extensions : tuple of bytes
        Elements that this edition does not know, each whole and in DER.
    """

    position: Coded
    impression: Coded
    image_format: Coded
    image: bytes = field(repr=False)
    captured: DateTime | None = field(default=None, repr=False)
    device: Device | None = None
    qualities: tuple[Quality, ...] | None = None
    sampling: SamplingRate | None = None
    position_computed: bool | None = None
    original_rotation: int | None = None
    rotated_to_vertical: bool | None = None
    lossily_compressed: bool | None = None
    segmentations: tuple[Segmentation, ...] | None = None
    annotations: tuple[Annotation, ...] | None = None
    pad: Pad | None = None
    comments: tuple[str, ...] | None = field(default=None, repr=False)
    vendor_data: tuple[ExtendedData, ...] | None = field(default=None, repr=False)
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


def _begins_as_said(value: Representation, place: Place) -> Iterator[Finding]:
    if value.image_format.extended:
        return  # the fallback is only the nearest format
    code = value.image_format.code
    if code in _BEGINNINGS and not value.image.startswith(_BEGINNINGS[code]):
        yield fault((*place, "imageData"), f"does not begin as {IMAGE_FORMATS[code]} does")


_POSITION = CodeChoice(POSITIONS)
_DEVICE = Sequence(
    Device,
    Member(0, "modelIdBlock", "model", REGISTRY_ID),
    Member(1, "technologyId", "technology", CodeChoice(TECHNOLOGIES), optional=True),
    Member(2, "certificationIdBlocks", "certifications", SequenceOf(REGISTRY_ID), optional=True),
)
_SAMPLING = Sequence(
    SamplingRate,
    Member(0, "samplesPerUnit", "samples", Integer(0, 65535)),
    Member(1, "unitDimension", "unit", Enumerated(UNITS)),
    extensible=False,
)
_SEGMENT = Sequence(
    Segment,
    Member(0, "position", "position", _POSITION),
    Member(1, "enclosingCoordinatesBlock", "corners", POINTS),
    Member(2, "orientation", "orientation", Integer(0, 255), optional=True),
    Member(3, "qualityBlocks", "qualities", QUALITIES, optional=True),
    Member(4, "confidence", "confidence", SCORE, optional=True),
)
_SEGMENTATION = Sequence(
    Segmentation,
    Member(0, "algorithmIdBlock", "algorithm", REGISTRY_ID),
    Member(1, "segmentBlocks", "segments", SequenceOf(_SEGMENT)),
)
_ANNOTATION = Sequence(
    Annotation,
    Member(0, "position", "position", _POSITION),
    Member(1, "reason", "reason", CodeChoice(REASONS)),
)
_COMMENTS = SequenceOf(VisibleText(), also=_OTHER_TEXTS)
REPRESENTATION = Sequence(
    Representation,
    Member(0, "position", "position", _POSITION),
    Member(1, "impression", "impression", CodeChoice(IMPRESSIONS)),
    Member(2, "imageDataFormat", "image_format", CodeChoice(IMAGE_FORMATS)),
    Member(3, "imageData", "image", Octets()),
    Member(4, "captureDateTimeBlock", "captured", DATE_TIME, optional=True),
    Member(5, "captureDeviceBlock", "device", _DEVICE, optional=True),
    Member(6, "qualityBlocks", "qualities", QUALITIES, optional=True),
    Member(7, "spatialSamplingRateBlock", "sampling", _SAMPLING, optional=True),
    Member(8, "positionComputedByCaptureSystem", "position_computed", Boolean(), optional=True),
    Member(9, "originalRotation", "original_rotation", Integer(0, 359), optional=True),
    Member(10, "imageRotatedToVertical", "rotated_to_vertical", Boolean(), optional=True),
    Member(11, "imageHasBeenLossilyCompressed", "lossily_compressed", Boolean(), optional=True),
    Member(12, "segmentationBlocks", "segmentations", SequenceOf(_SEGMENTATION), optional=True),
    Member(13, "annotationBlocks", "annotations", SequenceOf(_ANNOTATION), optional=True),
    Member(14, "pADDataBlock", "pad", PAD, optional=True),
    Member(15, "commentBlocks", "comments", _COMMENTS, optional=True),
    Member(16, "vendorSpecificDataBlocks", "vendor_data", EXTENDED_DATA, optional=True),
    more=_begins_as_said,
)


@dataclass(frozen=True, slots=True)
class Record:
    """FingerImageDataBlock: a whole record.

    Parameters
    ----------
    representations : tuple of Representation
    version : Version
    extensions : tuple of bytes
        Elements that this edition does not know, each whole and in DER.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    representations: tuple[Representation, ...]
    version: Version = field(default_factory=Version)
    extensions: tuple[bytes, ...] = field(default=(), repr=False)
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


RECORD = Sequence(
    Record,
    Member(0, "versionBlock", "version", VERSION),
    Member(1, "representationBlocks", "representations", SequenceOf(REPRESENTATION)),
)
