"""The ASN.1 of an ISO/IEC 39794-4:2019 finger image record."""

from __future__ import annotations

from collections.abc import Iterator

from civid.formats._reader import Finding
from civid.formats.iso39794.choices import CodeChoice
from civid.formats.iso39794.common import (
    DATE_TIME,
    EXTENDED_DATA,
    PAD,
    POINTS,
    QUALITIES,
    REGISTRY_ID,
    SCORE,
    VERSION,
)
from civid.formats.iso39794.finger_blocks import (
    Annotation,
    Device,
    Record,
    Representation,
    SamplingRate,
    Segment,
    Segmentation,
)
from civid.formats.iso39794.finger_codes import (
    IMAGE_FORMATS,
    IMPRESSIONS,
    POSITIONS,
    REASONS,
    TECHNOLOGIES,
    UNITS,
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
from civid.formats.iso39794.structures import Member, Sequence, SequenceOf

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
RECORD = Sequence(
    Record,
    Member(0, "versionBlock", "version", VERSION),
    Member(1, "representationBlocks", "representations", SequenceOf(REPRESENTATION)),
)
