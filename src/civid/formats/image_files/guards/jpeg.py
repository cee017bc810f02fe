"""JPEG: segments, which Pillow reads one by one before the first scan, and the scans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from civid.errors import ImageError
from civid.formats.image_files import exif

#: A progressive JPEG of a camera has about ten scans; each one costs a pass over the image.
_MAX_SCANS = 64
#: Passes over one megapixel.
_MAX_SCANNED = 256
#: Comments and application segments; those of a photograph are a few dozen.
_MAX_SEGMENTS = 1024
#: Segments of one kind that Pillow takes apart byte by byte or joins: 4 MiB of Exif data.
_MAX_OF_A_KIND = 64
#: Bytes of fill in one place, and before all markers together.
_MAX_FILL = 4096
_FILL = b"\xff" * (_MAX_FILL + 1)
_RUN = re.compile(rb"\xff+")
#: Coded data goes on until one; FF 00 is data, restarts are in it, fill is skipped.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_EOI, _SOS, _EXIF = 0xD9, 0xDA, 0xE1


def check(data: bytes) -> None:
    """No endless scans, segments or fill, no exploding Exif data."""
    parts = []
    for marker, at, end in _segments(data):
        if marker == _EXIF and data.startswith(b"Exif\0\0", at):
            parts.append(data[at + 6 : end])
    if parts:
        try:
            exif.weigh(b"".join(parts))  # Pillow joins them, too
        except ImageError as error:
            raise ImageError(f"in the Exif data, {error}") from None


def check_scans(data: bytes, width: int, height: int) -> None:
    """The scans of a large image are fewer."""
    megapixels = width * height / 1e6
    scans = sum(marker == _SOS for marker, _, _ in _segments(data))
    if scans * megapixels > max(_MAX_SCANNED, 16 * megapixels):
        raise ImageError("the JPEG data is damaged: too many scans for an image of this size")


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the body of all segments of the first image."""
    at, fill = 2, 0
    seen: Counter[int] = Counter()
    while at + 4 <= len(data):
        run = _RUN.match(data, at, at + _MAX_FILL + 2)
        if run is None:
            raise ImageError("the JPEG data is damaged")
        fill += run.end() - at - 1
        at = run.end() + 1
        marker = data[at - 1] if at <= len(data) else 0xFF
        if marker == _EOI and seen[_SOS]:
            return
        length = int.from_bytes(data[at : at + 2], "big")
        if fill > _MAX_FILL or not _has_length(marker) or length < 2:
            raise ImageError("the JPEG data is damaged")
        seen[marker] += 1
        _check_count(marker, seen)
        yield marker, at + 2, min(at + length, len(data))
        at += length
        if marker == _SOS:
            found = _MARKER.search(data, at)
            end = found.start() if found else len(data)
            if data.find(_FILL, at, end) >= 0:
                raise ImageError("the JPEG data is damaged: it is filled up")
            at = end


def _has_length(marker: int) -> bool:
    """Frames, tables, scans, application data, comments."""
    return (0xC0 <= marker <= 0xEF and not 0xD0 <= marker <= 0xD9) or marker == 0xFE


def _check_count(marker: int, seen: Counter[int]) -> None:
    if seen[_SOS] > _MAX_SCANS:
        raise ImageError("the JPEG data is damaged: too many scans")
    most = 4 * _MAX_SCANS if seen[_SOS] and 0xC0 <= marker < 0xE0 else _MAX_OF_A_KIND
    of_a_kind = marker in (_EXIF, 0xED) or marker < 0xE0
    if sum(seen.values()) > _MAX_SEGMENTS or (of_a_kind and seen[marker] > most):
        raise ImageError("the JPEG data is damaged: too many segments")
