"""DG2: the portrait in the chip (Doc 9303-10 section 4.7.2), an ISO/IEC 19794-5:2005 record."""

from __future__ import annotations

from civid.cards.chip import cbeff, face
from civid.cards.chip.cbeff import FACE, FACE_19794_5, read_blocks, write_blocks
from civid.cards.chip.face import FaceImage
from civid.cards.chip.files import DG_TAGS
from civid.errors import FormatError


def parse(data: bytes) -> tuple[FaceImage, ...]:
    """The portraits of DG2, usually one.

    Raises
    ------
    FormatError
        Not such a file, or another format than ISO/IEC 19794-5:2005.
    """
    faces = list[FaceImage]()
    for block in read_blocks(data, DG_TAGS[2], "DG2"):
        if block.format_type != FACE_19794_5:
            raise FormatError("holds another format than ISO/IEC 19794-5", field="DG2")
        faces += face.parse(block.data)
    return tuple(faces)


def build(portrait: FaceImage) -> bytes:
    """DG2 with one portrait."""
    block = cbeff.BiometricBlock(face.build((portrait,)), FACE, FACE_19794_5)
    return write_blocks(DG_TAGS[2], (block,))
