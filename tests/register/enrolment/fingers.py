"""Real images of fingers that nobody has: grown once a run, pressed as often as a test likes."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image

from civid.fingerprint.image import FingerImage
from civid.lab import synthetic
from civid.lab.synthetic.images.masters import Master
from civid.position import Position
from civid.register.enrolment.enrolment import Enrolment
from civid.register.enrolment.frames import FRAMES, Frame

#: A careful capture, and one that is poor by far.
CLEAN, HARD = 0.05, 1.0


@cache
def finger(person: int, position: Position) -> Master:
    """A finger of somebody; takes a third of a second."""
    return synthetic.master(1000 * person + position, position=position)


def pressed(
    person: int, position: Position, seed: int = 1, difficulty: float = CLEAN
) -> FingerImage:
    """An impression of it."""
    return synthetic.impression(finger(person, position), seed, difficulty=difficulty).image


def images(
    person: int, frame: Frame, seed: int = 1, difficulty: float = CLEAN,
    missing: tuple[int, ...] = (),
) -> dict[Position, FingerImage]:  # fmt: skip
    """What a scanner delivers of a frame."""
    return {
        position: pressed(person, position, seed + 2 * frame.rolled, difficulty)
        for position in frame.wanted(missing)
    }


def portrait(width: int = 240, height: int = 360) -> bytes:
    """A picture that may be one, as a file."""
    shades = np.linspace(0, 255, width * height).reshape(height, width).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(shades).save(out, "PNG")
    return out.getvalue()


def blank() -> FingerImage:
    """A capture without a finger on the glass."""
    return FingerImage(np.full((400, 300), 250, np.uint8), 500.0)


def only(enrolment: Enrolment, *kept: Position) -> None:
    """Say that all other fingers are missing: tests of the rest need few prints."""
    for position in Position:
        if position is not Position.UNKNOWN and position not in kept:
            enrolment.missing(position, "worn")


def capture_all(enrolment: Enrolment, person: int, seed: int = 1) -> None:
    """Every frame, once."""
    missing = tuple(enrolment.dossier.missing)
    for frame in FRAMES:
        if frame.wanted(missing):
            enrolment.capture(frame, images(person, frame, seed, missing=missing))
