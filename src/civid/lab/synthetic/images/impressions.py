"""One impression of a finger, as an optical sensor at 500 dpi sees it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MINUTIA_DTYPE
from civid.lab.synthetic import exact
from civid.lab.synthetic.images import impression_kernels, noise
from civid.lab.synthetic.images.masters import MIDDLE_X, MIDDLE_Y, Master
from civid.lab.synthetic.images.pattern import Pattern
from civid.lab.synthetic.streams import Seed, Stream, SyntheticError

#: Height and width of an impression, px.
SIZE = (400, 300)
#: A true minutia is visible where the finger is pressed at least this much (0..1) ...
VISIBLE = 0.14
#: ... and this far from the edge of the picture, px.
MARGIN = 6


@dataclass(frozen=True, slots=True, eq=False)
class Impression:
    """A print with its truth. Immutable; safe to share between threads.

    Parameters
    ----------
    image : FingerImage
        Dark ridges on light ground, 500 dpi.
    minutiae : (N,) of `civid.fingerprint.template.MINUTIA_DTYPE`
        The master's minutiae that this impression shows, moved as the skin was.
    source : (N,) int64
        Their index in ``master.minutiae``.
    pattern : Pattern
        Class of the finger.
    difficulty : float
        As asked for.
    moisture : float
        -1 (dry) .. 1 (wet).
    """

    image: FingerImage
    minutiae: npt.NDArray[Any]
    source: npt.NDArray[np.int64]
    pattern: Pattern
    difficulty: float
    moisture: float

    def __repr__(self) -> str:
        return (
            f"Impression({self.pattern.value}, {len(self.minutiae)} minutiae,"
            f" difficulty {self.difficulty:g}, {self.image!r})"
        )


def impression(
    finger: Master,
    seed: Seed,
    *,
    difficulty: float = 0.3,
    size: tuple[int, int] = SIZE,
) -> Impression:
    """Press a finger on the sensor.

    Parameters
    ----------
    finger : Master
        From `master`.
    seed : int or numpy.random.SeedSequence
        The same seed and finger give the same picture, on every machine.
    difficulty : float
        0 (a careful, clean capture) .. 1 (turned, dragged, partial, dry or wet, noisy).
    size : (int, int)
        Height and width of the picture, px; each 96 to 1024.

    Raises
    ------
    SyntheticError
        An argument is outside its range.

    Examples
    --------
    >>> from civid.lab import synthetic
    >>> finger = synthetic.master(1)
    >>> synthetic.impression(finger, 1).image
    FingerImage(300x400 px, 500 dpi)
    """
    check_capture(difficulty, size)
    # The finger is part of the key, so that one seed presses every finger in its own way.
    stream = Stream(seed, 1, finger.serial)
    hard = float(difficulty)
    pose = _draw_pose(stream, hard, size)
    contact = _draw_contact(stream, hard)
    moisture = min(1.0, max(-1.0, stream.normal(0.04, 0.10 + 0.46 * hard)))
    look = np.array(
        [
            moisture,
            0.06 + 0.26 * hard,
            0.16 + 0.60 * hard,
            0.11 + 0.22 * hard,
            stream.uniform(0.2, 0.7),
            stream.uniform(0.3, 1.0) * (0.6 + 0.4 * hard),
            0.05 + 0.03 * hard,
        ]
    )
    fine = noise.smooth(stream, *size, 1.5)
    coarse = noise.smooth(stream, *size, 4.5)
    slow = noise.smooth(stream, *size, 42.0)
    ink = np.empty(size)
    impression_kernels.render(
        finger.ridges,
        finger.inside,
        finger.pores,
        finger.creases,
        pose,
        contact,
        look,
        fine,
        coarse,
        slow,
        ink,
    )
    pixels = _expose(stream, hard, moisture, ink)
    minutiae, source = _seen(finger, pose, contact, size)
    return Impression(FingerImage(pixels, 500.0), minutiae, source, finger.pattern, hard, moisture)


def check_capture(difficulty: float, size: tuple[int, int]) -> None:
    """Raise SyntheticError where `impression` would."""
    if not 0 <= difficulty <= 1:
        raise SyntheticError("difficulty must be 0..1")
    if len(size) != 2 or not all(isinstance(n, int) and 96 <= n <= 1024 for n in size):
        raise SyntheticError("size must be (height, width), each a whole number 96..1024")


def _draw_pose(stream: Stream, hard: float, size: tuple[int, int]) -> npt.NDArray[np.float64]:
    height, width = size
    turn = stream.normal(0, 0.05 + 0.2 * hard)
    sway = 4 + 18 * hard
    # What sticks to the glass, and how the rest is dragged and twisted.
    drag = stream.uniform(0, 3 + 21 * hard)
    drag_to = stream.uniform(-math.pi, math.pi)
    torsion = stream.normal(0, 0.02 + 0.09 * hard)
    return np.array(
        [
            (width - 1) / 2 + stream.normal(0, sway),
            (height - 1) / 2 + stream.normal(0, sway),
            exact.cosine(turn),
            exact.sine(turn),
            MIDDLE_X,
            MIDDLE_Y,
            MIDDLE_X + stream.normal(0, 16),
            MIDDLE_Y + stream.normal(0, 22),
            stream.uniform(28, 55),
            stream.uniform(38, 75),
            drag * exact.cosine(drag_to),
            drag * exact.sine(drag_to),
            exact.cosine(torsion),
            exact.sine(torsion),
            stream.uniform(1.3, 2.6),
        ]
    )


def _draw_contact(stream: Stream, hard: float) -> npt.NDArray[np.float64]:
    """Centre of the contact on the master, half width, half height of its tip and of its foot."""
    press = 1 - (0.12 + 0.40 * hard) * stream.uniform(0, 1)
    return np.array(
        [
            MIDDLE_X + stream.normal(0, 5 + 22 * hard),
            MIDDLE_Y + stream.normal(6, 9 + 32 * hard),
            stream.uniform(128, 150) * press,
            stream.uniform(150, 185) * press,
            stream.uniform(185, 240) * press,
        ]
    )


def _expose(
    stream: Stream, hard: float, moisture: float, ink: npt.NDArray[np.float64]
) -> npt.NDArray[np.uint8]:
    height, width = ink.shape
    blur = stream.uniform(0.12, 0.17 + 0.08 * hard)
    dark = stream.uniform(18, 70) - 12 * moisture
    # The empty glass: nearly white, lit a little unevenly, never quite clean.
    light = stream.uniform(238, 256)
    ground = light + (1.5 + 3 * hard) * noise.smooth(stream, height, width, 90.0)
    grain = (1.0 + 3.0 * hard) * stream.noise(height, width)
    out = np.empty((height, width), np.uint8)
    impression_kernels.expose(ink, blur, dark, ground, grain, out)
    return out


def _seen(
    finger: Master,
    pose: npt.NDArray[np.float64],
    contact: npt.NDArray[np.float64],
    size: tuple[int, int],
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """The master's minutiae that lie in the picture and under pressure."""
    truth = finger.minutiae
    points = np.stack([truth["x"], truth["y"], truth["angle"]], axis=1).astype(np.float64)
    moved = np.empty((len(points), 4))
    impression_kernels.from_master(points, pose, moved)
    pressed = np.array(
        [impression_kernels.contact_at(u, v, contact, 0.0) for u, v, _ in points], np.float64
    )
    height, width = size
    with np.errstate(invalid="ignore"):
        kept = (
            (pressed >= VISIBLE)
            & (moved[:, 0] >= MARGIN)
            & (moved[:, 1] >= MARGIN)
            & (moved[:, 0] <= width - 1 - MARGIN)
            & (moved[:, 1] <= height - 1 - MARGIN)
        )
    source = np.flatnonzero(kept)
    seen = np.zeros(len(source), MINUTIA_DTYPE)
    seen["x"], seen["y"] = moved[source, 0], moved[source, 1]
    angles = [exact.arctangent2(-dy, dx) % (2 * math.pi) for dx, dy in moved[source, 2:]]
    seen["angle"] = np.mod(np.array(angles, np.float32), np.float32(2 * math.pi))
    seen["kind"], seen["quality"] = truth["kind"][source], truth["quality"][source]
    seen.setflags(write=False)
    source.setflags(write=False)
    return seen, source
