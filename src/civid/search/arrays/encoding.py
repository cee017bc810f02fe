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
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.fingerprint.scores.extractors import extractor_number, is_measured
from civid.fingerprint.template import MINUTIA_DTYPE, Template

#: A subject as it is stored: position and encoded template of each finger, positions ascending.
EncodedFingers = Sequence[tuple[int, bytes]]

VERSION = 2
_WITHOUT_EXTRACTOR = 1
_HEADER = struct.Struct("<BBHHB")
_PACKED = np.dtype(
    [("x", "<f4"), ("y", "<f4"), ("angle", "<f4"), ("kind", "u1"), ("quality", "u1")]
)
#: In memory the same fields lie in the same order, and something behind them that pads.
_FIELDS = f"V{_PACKED.itemsize}"
_PADDED = np.dtype({"names": ["fields"], "formats": [_FIELDS], "itemsize": MINUTIA_DTYPE.itemsize})


class Encoded(NamedTuple):
    """Many templates: the bytes of each, and what they hold as the C library takes it."""

    records: list[bytes]
    #: (templates,) int64
    counts: npt.NDArray[np.int64]
    #: `MINUTIA_DTYPE`, one template after another.
    minutiae: npt.NDArray[Any]
    #: (templates,) uint8: `extractor_number` of who found them.
    extractors: npt.NDArray[np.uint8]
    #: (templates,) uint8: 1 = not `is_measured`.
    unmeasured: npt.NDArray[np.uint8]


def encode(template: Template) -> bytes:
    """The bytes of a template."""
    return encode_many([template]).records[0]


def encode_many(templates: Sequence[Template]) -> Encoded:
    """The same of many: the fields of all their minutiae are moved together in one step."""
    made: list[Any] = [template.minutiae for template in templates]
    counts = [len(one) for one in made]
    minutiae = np.frombuffer(b"".join(made), MINUTIA_DTYPE)
    body = minutiae.view(_PADDED)["fields"].tobytes()
    names = {name: _tail(name) for name in {template.extractor for template in templates}}
    records, start = [], 0
    for template, number in zip(templates, counts, strict=True):
        end = start + number * _PACKED.itemsize
        tail = names[template.extractor]
        version = VERSION if tail else _WITHOUT_EXTRACTOR
        head = _HEADER.pack(version, template.quality, template.width, template.height, number)
        records.append(head + body[start:end] + tail)
        start = end
    by = [template.extractor for template in templates]
    return Encoded(records, np.array(counts, np.int64), minutiae, numbers_of(by), unmeasured_of(by))


def _tail(extractor: str) -> bytes:
    name = extractor.encode("ascii")
    return bytes((len(name),)) + name if name else b""


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


def extractors(records: Sequence[bytes]) -> list[str]:
    """Who made many checked records."""
    return [extractor(record) for record in records]


def numbers_of(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Extractors as the C library takes them: `extractor_number` of each."""
    return np.fromiter(map(extractor_number, names), np.uint8, len(names))


def unmeasured_of(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    """1 = scores of this extractor are no false match rates."""
    return np.fromiter((not is_measured(name) for name in names), np.uint8, len(names))


def minutiae(records: Sequence[bytes]) -> npt.NDArray[Any]:
    """The minutiae of many checked records, one after another, as the C library takes them."""
    body = b"".join([record[_HEADER.size : _end(record)] for record in records])
    packed = np.frombuffer(body, _FIELDS)
    out = np.zeros(len(packed), MINUTIA_DTYPE)
    out.view(_PADDED)["fields"] = packed
    return out
