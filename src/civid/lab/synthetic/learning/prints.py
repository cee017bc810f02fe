"""One print of a finger, with the truth of every pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MINUTIA_DTYPE
from civid.lab.synthetic.learning import geometry_kernels
from civid.lab.synthetic.learning.conditions import Condition
from civid.lab.synthetic.learning.effects import (
    compression,
    contact,
    dirt,
    ghost,
    incipient,
    lines,
    moisture,
    pores,
    rough,
    sensors,
    smudge,
    worn,
)
from civid.lab.synthetic.learning.effects.scene import Scene
from civid.lab.synthetic.learning.fields import Plane
from civid.lab.synthetic.learning.fingers import Finger
from civid.lab.synthetic.learning.geometry import CELL, Map, draw_map
from civid.lab.synthetic.streams import Seed, SyntheticError, sequence

#: From skin to ink, in this order.
_SKIN = (worn, incipient, pores, lines, rough)
_PLATEN = (smudge, ghost, dirt)


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A print and what is true of it. Immutable; safe to share between threads.

    Parameters
    ----------
    image : FingerImage
        Dark ridges on light ground, at the sensor's resolution.
    mask : (H, W) bool
        Where the finger touches.
    minutiae : (N,) of `civid.fingerprint.template.MINUTIA_DTYPE`
        In px of the print; those within the mask. Quality is 100: they are certain.
    source : (N,) int64
        Their index in ``finger.minutiae``.
    finger : Finger
        Whose print it is.
    condition : Condition
        How it was taken.
    map : Map
        Where each pixel lies on the finger.
    """

    image: FingerImage
    mask: npt.NDArray[np.bool_]
    minutiae: npt.NDArray[Any]
    source: npt.NDArray[np.int64]
    finger: Finger
    condition: Condition
    map: Map

    def __repr__(self) -> str:
        return f"Print({self.finger.pattern.value}, {len(self.minutiae)} minutiae, {self.image!r})"

    def truth(self, step: int = 1) -> Truth:
        """Fields of every `step`-th pixel, from pixel ``step // 2`` on, made when asked for.

        Raises
        ------
        SyntheticError
            `step` is not 1..64.
        """
        if not 1 <= step <= 64:
            raise SyntheticError("step must be 1..64")
        first = step // 2
        mask = np.ascontiguousarray(self.mask[first::step, first::step])
        out = np.empty((6, *mask.shape), np.float32)
        finger = self.finger
        geometry_kernels.truths(
            finger.field,
            finger.normals,
            finger.waves,
            self.map.lattice,
            float(CELL),
            self.mask,
            first,
            step,
            out,
        )
        for array in (mask, out):
            array.setflags(write=False)
        return Truth(mask, out[0:2], out[2], out[3:5], out[5])


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is true of every pixel; zeros where the finger does not touch.

    Parameters
    ----------
    mask : (H, W) bool
        Where the finger touches.
    direction : (2, H, W) float32
        Cosine and sine of twice the ridge direction (counter-clockwise, y down).
    period : (H, W) float32
        Distance of ridges, px of the print.
    phase : (2, H, W) float32
        Cosine (1: middle of a ridge, -1: middle of a valley) and sine of the phase, which rises to
        the left of the direction taken in [0, pi).
    amplitude : (H, W) float32
        About 1 where ridges run undisturbed; falls to 0 at a minutia, where there is no phase.
    """

    mask: npt.NDArray[np.bool_]
    direction: Plane
    period: Plane
    phase: Plane
    amplitude: Plane

    def orientation(self) -> Plane:
        """Ridge direction in radians, [0, pi), counter-clockwise."""
        angle = np.arctan2(self.direction[1], self.direction[0]) / 2
        turned: Plane = np.mod(angle, np.float32(np.pi))
        return turned


def press(finger: Finger, condition: Condition, seed: Seed) -> Print:
    """Take one print of a finger.

    Parameters
    ----------
    finger : Finger
        From `fingers.finger`.
    condition : Condition
        How; from `sampling.draw_condition`, or by hand.
    seed : int or numpy.random.SeedSequence
        Draws what the condition leaves open. The same seed, finger and condition give the same
        print, on every machine (but for JPEG, which is the installed library's).

    Raises
    ------
    SyntheticError
        The seed is negative.

    Examples
    --------
    >>> from civid.lab.synthetic.learning.fingers import finger
    >>> press(finger(1), Condition(), 1).image
    FingerImage(320x400 px, 500 dpi)
    """
    scene = _scene(finger, condition, sequence(seed, finger.serial))
    for effect in _SKIN:
        effect.apply(scene)
    contact.apply(scene)
    moisture.apply(scene)
    contact.touch(scene)
    scene.ink *= scene.inside
    mask = (scene.press > 0) & (scene.inside > 0)
    for effect in _PLATEN:
        effect.apply(scene)
    pixels = compression.apply(sensors.expose(scene), condition.sensor)
    minutiae, source = _seen(scene, mask)
    mask.setflags(write=False)
    image = FingerImage(pixels, condition.sensor.dpi)
    return Print(image, mask, minutiae, source, finger, condition, scene.map)


def _scene(finger: Finger, condition: Condition, seed: Seed) -> Scene:
    shape = (condition.sensor.height, condition.sensor.width)
    planes = np.empty((5, *shape), np.float32)
    zero = np.zeros(shape, np.float32)
    scene = Scene(
        finger,
        Map(np.empty((0, 0, 2)), shape, 1.0, 0.0),
        condition,
        seed,
        x=planes[0],
        y=planes[1],
        nearest=np.empty(shape, np.int32),
        relief=planes[2],
        inside=planes[4],
        press=zero,
        threshold=zero.copy(),
        film=zero.copy(),
        ink=zero,
    )
    scene.map = draw_map(
        scene.stream("map"), condition.contact, condition.sensor, finger.millimetres
    )
    scene.map.points(planes[:2])
    geometry_kernels.look(finger.field, finger.inside, planes, scene.nearest)
    return scene


def _seen(scene: Scene, mask: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[Any], Any]:
    """The finger's minutiae in px of the print, where it touches."""
    true = scene.finger.minutiae
    moved = scene.map.back(np.ascontiguousarray(true[:, :3]))
    height, width = scene.shape
    with np.errstate(invalid="ignore"):
        cols, rows = np.floor(moved[:, 0] + 0.5), np.floor(moved[:, 1] + 0.5)
        within = (cols >= 0) & (rows >= 0) & (cols < width) & (rows < height)
    source = np.flatnonzero(within)
    touched = mask[rows[source].astype(np.int64), cols[source].astype(np.int64)]
    source = source[touched]
    seen = np.zeros(len(source), MINUTIA_DTYPE)
    seen["x"], seen["y"] = moved[source, 0], moved[source, 1]
    seen["angle"] = np.mod(moved[source, 2].astype(np.float32), np.float32(2 * np.pi))
    seen["kind"], seen["quality"] = true[source, 3], 100
    seen.setflags(write=False)
    source.setflags(write=False)
    return seen, source
