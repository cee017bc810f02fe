"""Templates as bytes in a gallery's store: version 1, little-endian, lossless.

====== ===== ==========================================
offset bytes field
====== ===== ==========================================
0      1     version, 1
1      1     quality, 0..100
2      2     width, px at 500 dpi
4      2     height, px at 500 dpi
6      1     number of minutiae
7      14 n  x, y, angle (float32), kind, quality (uint8)
====== ===== ==========================================
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.fingerprint.template import MINUTIA_DTYPE, Template

VERSION = 1
_HEADER = struct.Struct("<BBHHB")
_PACKED = np.dtype(
    [("x", "<f4"), ("y", "<f4"), ("angle", "<f4"), ("kind", "u1"), ("quality", "u1")]
)


def encode(template: Template) -> bytes:
    """The bytes of a template."""
    count = len(template)
    # The fields lie as in memory, without what pads an element there.
    rows = template.minutiae.view(np.uint8).reshape(count, MINUTIA_DTYPE.itemsize)
    head = _HEADER.pack(VERSION, template.quality, template.width, template.height, count)
    return head + rows[:, : _PACKED.itemsize].tobytes()


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
    if data[0] != VERSION:
        raise GalleryFormatError(
            f"a stored template has version {data[0]}; this civid reads version {VERSION}"
        )
    number = data[6]
    if len(data) != _HEADER.size + number * _PACKED.itemsize:
        raise GalleryDamagedError("a stored template has a length that does not fit its count")
    return number


def decode(data: bytes) -> Template:
    """The template of `encode`."""
    count(data)
    _, quality, width, height, _ = _HEADER.unpack_from(data)
    return Template(minutiae([data]), quality, width, height)


def minutiae(records: Sequence[bytes]) -> npt.NDArray[Any]:
    """The minutiae of many checked records, one after another, as the C library takes them."""
    body = b"".join([record[_HEADER.size :] for record in records])
    packed = np.frombuffer(body, np.uint8).reshape(-1, _PACKED.itemsize)
    out = np.zeros(len(packed), MINUTIA_DTYPE)
    rows = out.view(np.uint8).reshape(len(packed), MINUTIA_DTYPE.itemsize)
    rows[:, : _PACKED.itemsize] = packed
    return out
