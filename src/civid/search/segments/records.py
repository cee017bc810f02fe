"""A subject's fingers, and a subject, as bytes: what a row of the tail and a segment hold.

Fingers: their number (1 byte), then of each its position (1), the length of its encoded template
(2) and that (`civid.search.arrays.encoding`). A subject: the length of its id in UTF-8 (2), the
id, its fingers. All numbers little-endian.
"""

from __future__ import annotations

import struct

from civid.errors import GalleryDamagedError
from civid.search.arrays.encoding import EncodedFingers

_FINGER = struct.Struct("<BH")
_LENGTH = struct.Struct("<H")


def pack_fingers(fingers: EncodedFingers) -> bytes:
    """The bytes of a set of fingers."""
    return b"".join(_parts(fingers))


def _parts(fingers: EncodedFingers) -> list[bytes]:
    parts = [bytes((len(fingers),))]
    for position, template in fingers:
        parts += (_FINGER.pack(position, len(template)), template)
    return parts


def unpack_fingers(data: bytes, start: int = 0) -> EncodedFingers:
    """The fingers of `pack_fingers`.

    Raises
    ------
    GalleryDamagedError
        The lengths in it do not fit.
    """
    try:
        fingers, at = [], start + 1
        for _ in range(data[start]):
            position, length = _FINGER.unpack_from(data, at)
            at += _FINGER.size
            fingers.append((position, data[at : at + length]))
            at += length
    except (IndexError, struct.error):
        raise GalleryDamagedError("a stored subject ends too early") from None
    if at != len(data) or not fingers:
        raise GalleryDamagedError("a stored subject has a length that does not fit its fingers")
    return tuple(fingers)


def pack_subject(subject_id: str, fingers: EncodedFingers) -> bytes:
    """The bytes of a subject."""
    name = subject_id.encode()
    return b"".join((_LENGTH.pack(len(name)), name, *_parts(fingers)))


def unpack_subject(data: bytes) -> tuple[str, EncodedFingers]:
    """Id and fingers of `pack_subject`; raises as `unpack_fingers` does."""
    if len(data) < _LENGTH.size:
        raise GalleryDamagedError("a stored subject ends too early")
    end = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    try:
        name = data[_LENGTH.size : end].decode()
    except UnicodeDecodeError:
        raise GalleryDamagedError("a stored subject's id is not text") from None
    return name, unpack_fingers(data, end)
