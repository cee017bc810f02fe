"""Templates as bytes in a gallery's store: version 1 or 2, little-endian, lossless.

====== ===== ==========================================
offset bytes field
====== ===== ==========================================
0      1     version, 1 or 2
1      1     quality, 0..100
2      2     width, px at 500 dpi
4      2     height, px at 500 dpi
6      1     number of minutiae
7      14 n  x, y, angle (float32), kind, quality (uint8)
then         version 2 only: length (1) and ASCII name of the
             extractor
====== ===== ==========================================

A template whose extractor is not known is written in version 1, as all were until November 2026.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.fingerprint.template import MINUTIA_DTYPE, Template

#: A subject as it is stored: position and encoded template of each finger, positions ascending.
EncodedFingers = Sequence[tuple[int, bytes]]

VERSION = 2
_WITHOUT_EXTRACTOR = 1
_HEADER = struct.Struct("<BBHHB")
_PACKED = np.dtype(
    [("x", "<f4"), ("y", "<f4"), ("angle", "<f4"), ("kind", "u1"), ("quality", "u1")]
)


def encode(template: Template) -> bytes:
    """The bytes of a template."""
    made, extractor = template.minutiae, template.extractor.encode("ascii")
    count = len(made)
    # The fields lie as in memory, without what pads an element there.
    rows = np.ndarray(
        (count, _PACKED.itemsize), np.uint8, made, strides=(MINUTIA_DTYPE.itemsize, 1)
    )
    version = VERSION if extractor else _WITHOUT_EXTRACTOR
    head = _HEADER.pack(version, template.quality, template.width, template.height, count)
    tail = bytes((len(extractor),)) + extractor if extractor else b""
    return head + rows.tobytes() + tail


def count(data: bytes) -> int:
    """How many minutiae these bytes hold; checks version and length.

    Raises
    ------
    GalleryFormatError
        Written by another version of civid.
    GalleryDamagedError
        The length is not what the header says.
    """
    if len(data) < _HEADER.size:
        raise GalleryDamagedError("a stored template is too short")
    if data[0] not in (_WITHOUT_EXTRACTOR, VERSION):
        raise GalleryFormatError(
            f"a stored template has version {data[0]}; this civid reads version 1 to {VERSION}"
        )
    number = data[6]
    end = _end(data)
    if data[0] == VERSION:
        end += 1 + data[end] if end < len(data) else 1
    if len(data) != end:
        raise GalleryDamagedError("a stored template has a length that does not fit its count")
    return number


def _end(data: bytes) -> int:
    """Where the minutiae end."""
    return _HEADER.size + data[6] * _PACKED.itemsize


def decode(data: bytes) -> Template:
    """The template of `encode`."""
    count(data)
    _, quality, width, height, _ = _HEADER.unpack_from(data)
    return Template(minutiae([data]), quality, width, height, extractor(data))


def extractor(data: bytes) -> str:
    """Who made a template of checked length; "" = not known."""
    name = data[_end(data) + 1 :] if data[0] == VERSION else b""
    try:
        return bytes(name).decode("ascii")
    except UnicodeDecodeError:
        raise GalleryDamagedError("a stored template's extractor is not ASCII") from None


def minutiae(records: Sequence[bytes]) -> npt.NDArray[Any]:
    """The minutiae of many checked records, one after another, as the C library takes them."""
    body = b"".join([record[_HEADER.size : _end(record)] for record in records])
    packed = np.frombuffer(body, np.uint8).reshape(-1, _PACKED.itemsize)
    out = np.zeros(len(packed), MINUTIA_DTYPE)
    rows = out.view(np.uint8).reshape(len(packed), MINUTIA_DTYPE.itemsize)
    rows[:, : _PACKED.itemsize] = packed
    return out
