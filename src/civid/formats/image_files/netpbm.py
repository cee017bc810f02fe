"""PGM, PBM and PPM (netpbm), plain and raw, decoded at once.

Pillow decodes plain files, and raw ones of an unusual range, value by value in Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import ImageError

_HEAD_BYTES = 1 << 16
_NUMBER = re.compile(rb"(?:[ \t\n\v\f\r]++|#[^\r\n]*+(?=[\r\n]))*+(\d{1,10}+)(?=[ \t\n\v\f\r#])")
_COMMENT = re.compile(rb"#[^\r\n]*")
#: Comments among the values of a plain image; who writes any, writes one a row at most.
_MAX_COMMENTS = 65536
_SPACE = b" \t\n\v\f\r"
_DIGITS = b"0123456789"
#: Text that is turned into numbers at a time.
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the pixels, which begin at ``start``."""

    digit: int
    width: int
    height: int
    highest: int
    start: int

    @property
    def plain(self) -> bool:
        return self.digit <= 3

    @property
    def bits(self) -> bool:
        """One bit a pixel, 1 is black."""
        return self.digit in (1, 4)

    @property
    def values(self) -> int:
        """Numbers in the file."""
        return self.width * self.height * (3 if self.digit in (3, 6) else 1)


def parse(data: bytes) -> Head:
    """Read the head.

    Raises
    ------
    ImageError
        It is damaged, or not within the first 64 KiB.
    """
    head, at = data[:_HEAD_BYTES], 2
    digit = head[1] - 0x30
    numbers = []
    for _ in range(2 if digit in (1, 4) else 3):
        found = _NUMBER.match(head, at)
        if found is None:
            raise ImageError("the head of the PGM image is damaged or cut short")
        numbers.append(int(found[1]))
        at = found.end()
    width, height, highest = numbers[0], numbers[1], [*numbers, 1][2]
    if not 0 < highest < 0x10000:
        raise ImageError(f"the head of the PGM image is damaged: {highest} is no highest value")
    return Head(digit, width, height, highest, at + 1)


def decode(data: bytes, head: Head) -> npt.NDArray[Any]:
    """Pixels (H, W) or (H, W, 3): uint8, or int32 0..65535 for grey of more than 8 bits.

    Raises
    ------
    ImageError
        Too few values, or one that is none or too large.
    """
    if head.bits:
        ones = _plain_bits(data, head) if head.plain else _raw_bits(data, head)
        return np.where(ones, 0, 255).astype(np.uint8).reshape(head.height, head.width)
    values = _plain(data, head) if head.plain else _raw(data, head)
    colour = head.values != head.width * head.height
    deep = head.highest > 255 and not colour
    top = 0xFFFF if deep else 255
    if head.highest != top:
        scale = np.minimum(np.rint(np.arange(0x10000) / head.highest * top), top)
        values = scale.astype(np.int32 if deep else np.uint8)[values]
    shape = (head.height, head.width, 3) if colour else (head.height, head.width)
    return values.astype(np.int32 if deep else np.uint8, copy=False).reshape(shape)


def _short() -> ImageError:
    return ImageError("the PGM image is damaged or cut short")


def _without_comments(data: bytes, head: Head) -> bytes:
    if data.count(b"#", head.start) > _MAX_COMMENTS:
        raise ImageError("the PGM image is damaged: too many comments")
    return _COMMENT.sub(b" ", data[head.start :])


def _plain_bits(data: bytes, head: Head) -> npt.NDArray[Any]:
    """Digits; spaces between them may be missing."""
    text = _without_comments(data, head).translate(None, _SPACE)[: head.values]
    if len(text) < head.values or text.translate(None, b"01"):
        raise _short()
    ones: npt.NDArray[Any] = np.frombuffer(text, np.uint8) == ord("1")
    return ones


def _raw_bits(data: bytes, head: Head) -> npt.NDArray[Any]:
    row = -(-head.width // 8)
    packed = _bytes(data, head, row * head.height).reshape(head.height, row)
    return np.unpackbits(packed, axis=1, count=head.width).astype(bool)


def _raw(data: bytes, head: Head) -> npt.NDArray[Any]:
    if head.highest < 256:
        return _bytes(data, head, head.values)
    return _bytes(data, head, 2 * head.values).view(">u2")


def _bytes(data: bytes, head: Head, count: int) -> npt.NDArray[np.uint8]:
    if len(data) - head.start < count:
        raise _short()
    return np.frombuffer(data, np.uint8, count, head.start)


def _plain(data: bytes, head: Head) -> npt.NDArray[Any]:
    """Decimal numbers between spaces."""
    text = _without_comments(data, head)
    values = np.zeros(head.values, np.uint16)
    at = filled = 0
    while filled < head.values and at < len(text):
        end = _end_of_number(text, min(at + _BLOCK, len(text)))
        block, at = text[at:end], end
        if block.translate(None, _SPACE + _DIGITS):
            if filled + len(block.split()) < head.values:
                raise _short()
            # What follows the pixels is nobody's business.
            block = b" ".join(block.split()[: head.values - filled])
            if block.translate(None, _SPACE + _DIGITS):
                raise _short()
        numbers = np.fromstring(block, np.int64, sep=" ")[: head.values - filled]
        if numbers.size and (numbers.max() > head.highest or numbers.min() < 0):
            raise _short()
        values[filled : filled + len(numbers)] = numbers
        filled += len(numbers)
    if filled < head.values:
        raise _short()
    return values


def _end_of_number(text: bytes, at: int) -> int:
    """The next place that stands in no number; one of more than 10 digits is torn."""
    for place in range(at, min(at + 11, len(text))):
        if text[place] in _SPACE:
            return place
    return min(at + 11, len(text))
