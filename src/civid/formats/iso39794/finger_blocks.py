"""The blocks of an ISO/IEC 39794-4:2019 finger image record, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.formats._reader import Finding
from civid.formats.iso39794.choices import Coded
from civid.formats.iso39794.common import (
    DateTime,
    ExtendedData,
    Pad,
    Point,
    Quality,
    RegistryId,
    Score,
    Version,
)


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
