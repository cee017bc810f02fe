"""A print in the making."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.learning.conditions import Condition
from civid.lab.synthetic.learning.fields import Plane, smooth
from civid.lab.synthetic.learning.fingers import Finger
from civid.lab.synthetic.learning.geometry import Map
from civid.lab.synthetic.streams import Seed, Stream

#: Streams by effect; a new one goes to the end.
STREAMS = (
    "map",
    "contact",
    "pores",
    "incipient",
    "rough",
    "moisture",
    "smudge",
    "ghost",
    "dirt",
    "light",
    "noise",
    "marks",
    "pressure",
    "worn",
)


@dataclass(slots=True, eq=False)
class Scene:
    """Planes (H, W) float32 that effects change; of one thread.

    Parameters
    ----------
    finger, map, condition
        Whose print, where, and how.
    seed : Seed
        Root of the effects' streams.
    x, y : Plane
        Where each pixel lies on the master, px.
    nearest : (H, W) int32
        The master's pixel there, row * W + column; 0 beside it.
    relief : Plane
        Height of the skin: 1 on top of a ridge, -1 at the bottom of a valley.
    inside : Plane
        1 on the finger.
    press : Plane
        How hard the skin is pressed: 1 in the middle of the contact, 0 at its rim, less beyond.
    threshold : Plane
        Height from which skin touches.
    film : Plane
        Grey film of moisture, 0..1.
    ink : Plane
        Contact, 0..1; not there before `contact.touch`.
    """

    finger: Finger
    map: Map
    condition: Condition
    seed: Seed
    x: Plane
    y: Plane
    nearest: npt.NDArray[np.int32]
    relief: Plane
    inside: Plane
    press: Plane
    threshold: Plane
    film: Plane
    ink: Plane

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, px."""
        return self.map.size

    @property
    def millimetre(self) -> float:
        """In px of the print."""
        return self.condition.sensor.dpi / 25.4

    def stream(self, effect: str) -> Stream:
        """The stream of one effect, from its start."""
        return Stream(self.seed, 30 + STREAMS.index(effect))

    def noise(self, stream: Stream, millimetres: float) -> Plane:
        """Smooth noise that varies over so much skin."""
        return smooth(stream, *self.shape, millimetres * self.millimetre)

    def under(self, plane: Plane) -> Plane:
        """A plane of the master as it lies under the print (nearest of its pixels)."""
        found: Plane = plane.reshape(-1).take(self.nearest)
        return found
