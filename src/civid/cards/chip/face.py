"""ISO/IEC 19794-5:2005 face image records, as they stand in DG2."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from civid.cards.chip._fields import pack
from civid.errors import FormatError

if TYPE_CHECKING:
    from civid.formats._reader import Reader

_MAGIC = b"FAC\x00010\x00"
_HEADER, _BLOCK, _POINT = 14, 32, 8
_MOST_FACES, _MOST_POINTS = 8, 200
JPEG, JPEG2000 = 0, 1


@dataclass(frozen=True, slots=True)
class FeaturePoint:
    """One landmark of the face (MPEG-4 point), in pixels."""

    kind: int
    point: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class FaceImage:
    """One portrait (ảnh khuôn mặt). Everything but the image may be 0 for "not said".

    Attributes
    ----------
    image : bytes
        The JPEG or JPEG 2000 file, untouched.
    width, height : int
        In pixels.
    image_format : int
        0 JPEG, 1 JPEG 2000.
    image_type : int
        0 basic, 1 full frontal, 2 token.
    """

    image: bytes = field(repr=False)
    width: int
    height: int
    image_format: int = JPEG
    image_type: int = 1
    gender: int = field(default=0, repr=False)
    eye_colour: int = field(default=0, repr=False)
    hair_colour: int = field(default=0, repr=False)
    features: int = field(default=0, repr=False)
    expression: int = field(default=0, repr=False)
    pose: bytes = field(default=bytes(3), repr=False)
    pose_uncertainty: bytes = field(default=bytes(3), repr=False)
    points: tuple[FeaturePoint, ...] = field(default=(), repr=False)
    colour_space: int = 1
    source: int = 2
    device: int = 0
    quality: int = 0


def parse(data: bytes) -> tuple[FaceImage, ...]:
    """Read a face record.

    Raises
    ------
    FormatError
        Not such a record, or a length that lies.
    """
    from civid.formats._reader import Reader  # on use: a card needs no record formats

    reader = Reader(data, name="19794-5")
    reader.expect(_MAGIC, "header")
    length = reader.number(4, "length")
    if length != len(data):
        raise FormatError(
            f"{length} bytes are announced, {len(data)} are there", offset=8, field="19794-5 length"
        )
    count = reader.number(2, "number of faces")
    if not 1 <= count <= _MOST_FACES:
        raise FormatError(f"not 1 to {_MOST_FACES} faces", offset=12, field="19794-5 faces")
    faces = tuple(_face(reader) for _ in range(count))
    if reader.pos != len(data):
        raise FormatError("bytes follow the last face", offset=reader.pos, field="19794-5 length")
    return faces


def build(faces: tuple[FaceImage, ...]) -> bytes:
    """Write a face record."""
    if not 1 <= len(faces) <= _MOST_FACES:
        raise FormatError(f"not 1 to {_MOST_FACES} faces", field="19794-5 faces")
    blocks = b"".join(map(_block, faces))
    size = _HEADER + len(blocks)
    return _MAGIC + pack(4, size, "19794-5 length") + pack(2, len(faces), "faces") + blocks


def _face(reader: Reader) -> FaceImage:
    start = reader.pos
    length = reader.number(4, "block length")
    count = reader.number(2, "number of feature points")
    size = length - _BLOCK - _POINT * count
    if count > _MOST_POINTS or size < 0:
        raise FormatError("its length is too small", offset=start, field="19794-5 block length")
    gender, eyes, hair = (reader.number(1, name) for name in ("gender", "eye colour", "hair"))
    features = reader.number(3, "feature mask")
    expression = reader.number(2, "expression")
    pose, uncertainty = reader.take(3, "pose angle"), reader.take(3, "pose uncertainty")
    points = list[FeaturePoint]()
    for _ in range(count):
        kind, point = reader.number(1, "feature point"), reader.number(1, "feature point")
        points.append(
            FeaturePoint(kind, point, reader.number(2, "point x"), reader.number(2, "point y"))
        )
        reader.take(2, "feature point")
    image_type, image_format = reader.number(1, "image type"), reader.number(1, "image data type")
    if image_format not in (JPEG, JPEG2000):
        raise FormatError("neither JPEG nor JPEG 2000", offset=reader.pos - 1, field="19794-5")
    width, height = reader.number(2, "width"), reader.number(2, "height")
    colour, source = reader.number(1, "colour space"), reader.number(1, "source type")
    device, quality = reader.number(2, "device"), reader.number(2, "quality")
    return FaceImage(
        reader.take(size, "image"), width, height, image_format, image_type, gender, eyes, hair,
        features, expression, pose, uncertainty, tuple(points), colour, source, device, quality,
    )  # fmt: skip


def _block(face: FaceImage) -> bytes:
    if len(face.pose) != 3 or len(face.pose_uncertainty) != 3:
        raise FormatError("has three bytes", field="19794-5 pose")
    size = _BLOCK + _POINT * len(face.points) + len(face.image)
    points = b"".join(
        pack(1, one.kind, "point") + pack(1, one.point, "point") + pack(2, one.x, "point x")
        + pack(2, one.y, "point y") + bytes(2)
        for one in face.points
    )  # fmt: skip
    return b"".join(
        [
            pack(4, size, "19794-5 block length"),
            pack(2, len(face.points), "feature points"),
            pack(1, face.gender, "gender"),
            pack(1, face.eye_colour, "eye colour"),
            pack(1, face.hair_colour, "hair colour"),
            pack(3, face.features, "feature mask"),
            pack(2, face.expression, "expression"),
            face.pose,
            face.pose_uncertainty,
            points,
            pack(1, face.image_type, "image type"),
            pack(1, face.image_format, "image data type"),
            pack(2, face.width, "width"),
            pack(2, face.height, "height"),
            pack(1, face.colour_space, "colour space"),
            pack(1, face.source, "source type"),
            pack(2, face.device, "device"),
            pack(2, face.quality, "quality"),
            face.image,
        ]
    )
