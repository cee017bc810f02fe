"""One capture of a frame: its prints, what the engine says of them, and both as sealed bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from civid.errors import FieldError, RegisterDamagedError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.minutiae import MAX_MINUTIAE
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.quality import examine as examine_print
from civid.fingerprint.reasons import Reason
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register.enrolment.frames import Frame
from civid.search.arrays.encoding import decode, encode

_HEAD = struct.Struct(">BHHfBII")
_LEVEL = 1  # of zlib; leaves 71 % of a synthetic print, and higher levels leave the same


@dataclass(frozen=True, slots=True, repr=False)
class Print:
    """One finger of a capture.

    Attributes
    ----------
    position : Position
        Which finger.
    image : FingerImage
        As it came from the scanner.
    template : Template
        Its minutiae.
    quality : int
        0 to 100.
    reasons : tuple of Reason
        What is wrong with it; known only right after the capture.
    """

    position: Position
    image: FingerImage
    template: Template
    quality: int
    reasons: tuple[Reason, ...] = ()

    @property
    def minutiae(self) -> int:
        """How many."""
        return len(self.template)

    def __repr__(self) -> str:
        return f"<Print of quality {self.quality}>"


@dataclass(frozen=True, slots=True)
class Note:
    """What is kept of a finger of every capture, and may be read without a key."""

    position: Position
    quality: int
    minutiae: int
    reasons: tuple[Reason, ...]

    @property
    def is_print(self) -> bool:
        """Whether there was a print at all."""
        return Reason.NO_PRINT not in self.reasons


def examine(
    frame: Frame,
    images: Mapping[Position, FingerImage],
    missing: Collection[int],
    parameters: ExtractionParameters | None = None,
) -> tuple[Print, ...]:
    """Extract and judge the prints of a frame.

    Raises
    ------
    FieldError
        A finger is missing in it that was not said to be, or is there that should not.
    ImageError
        As `civid.extract`.
    """
    wanted = frame.wanted(missing)
    given = {Position(position): image for position, image in images.items()}
    if set(given) != set(wanted):
        raise FieldError("frame", "not the fingers of this frame, apart from the missing ones")
    taken = []
    for position in wanted:
        template, report = examine_print(given[position], parameters)
        taken.append(Print(position, given[position], template, report.quality, report.reasons))
    return tuple(taken)


def notes_text(prints: Iterable[Print]) -> str:
    """Notes as they are stored, quality and minutiae: ``2=55/31:too-dry,off-centre;3=61/40``.

    >>> notes_text(()), notes("2=55/31:too-dry;3=61/40")[0].reasons
    ('', (<Reason.TOO_DRY: 'too-dry'>,))
    """
    return ";".join(
        f"{int(one.position)}={one.quality}/{len(one.template)}"
        + (":" + ",".join(one.reasons) if one.reasons else "")
        for one in prints
    )


def notes(text: str) -> tuple[Note, ...]:
    """The notes of `notes_text`."""
    found = []
    for part in filter(None, text.split(";")):
        head, _, reasons = part.partition(":")
        position, _, figures = head.partition("=")
        quality, _, minutiae = figures.partition("/")
        why = tuple(Reason(one) for one in reasons.split(",") if one)
        # Before civid noted minutiae, nothing was judged by them.
        count = int(minutiae) if minutiae else MAX_MINUTIAE
        found.append(Note(Position(int(position)), int(quality), count, why))
    return tuple(found)


def pack(prints: Iterable[Print]) -> bytes:
    """Prints of a capture as bytes: images without loss, and templates."""
    parts = []
    for one in prints:
        height, width = one.image.pixels.shape
        template = encode(one.template)
        pixels = zlib.compress(one.image.pixels.tobytes(), _LEVEL)
        parts += [
            _HEAD.pack(one.position, width, height, one.image.dpi, one.quality, len(template),
                       len(pixels)),
            template,
            pixels,
        ]  # fmt: skip
    return b"".join(parts)


def unpack(data: bytes) -> tuple[Print, ...]:
    """The prints of `pack`."""
    found, at = [], 0
    try:
        while at < len(data):
            position, width, height, dpi, quality, first, second = _HEAD.unpack_from(data, at)
            at += _HEAD.size
            template = decode(data[at : at + first])
            pixels = np.frombuffer(
                zlib.decompress(data[at + first : at + first + second]), np.uint8
            )
            at += first + second
            image = FingerImage(pixels.reshape(height, width), dpi)
            found.append(Print(Position(position), image, template, quality))
    except (struct.error, zlib.error, ValueError):
        raise RegisterDamagedError("a capture cannot be read") from None
    return tuple(found)
