"""Where every pixel of a print lies on the finger: place, turn, size, and the skin's give.

The map is a smooth surface (a quadratic B-spline) through a grid of control points 12 px apart, so
that its value and its slope are exact anywhere, and its inverse is found to a thousandth of a
pixel. Truth goes through the same map as the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic import exact
from civid.lab.synthetic.learning import field_kernels, geometry_kernels
from civid.lab.synthetic.learning.conditions import Contact, Sensor
from civid.lab.synthetic.learning.fields import smooth
from civid.lab.synthetic.learning.ridges.patterns import MIDDLE_X, MIDDLE_Y
from civid.lab.synthetic.streams import Stream

#: Distance of the map's control points, px of the print.
CELL = 12


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """Print to finger.

    Parameters
    ----------
    lattice : (rows, cols, 2) float64
        Control points: x, y on the master.
    size : (int, int)
        Height and width of the print, px.
    scale : float
        Pixels of the print for one of the master, before the skin gives.
    turn : float
        Radians, counter-clockwise.
    """

    lattice: npt.NDArray[np.float64]
    size: tuple[int, int]
    scale: float
    turn: float

    def points(self, out: npt.NDArray[np.float32]) -> None:
        """Where each pixel lies on the finger; out: (2, H, W), x and y on the master."""
        for axis in (0, 1):
            lattice = np.ascontiguousarray(self.lattice[..., axis], np.float32)
            field_kernels.spline(lattice, np.float32(CELL), out[axis])

    def back(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Where points of the finger lie on the print.

        Parameters
        ----------
        points : (N, 3) float64
            x, y, angle (counter-clockwise, y down) on the master.

        Returns
        -------
        (N, 3) float64
            The same on the print; not a number where the map does not reach.
        """
        out = np.empty((len(points), 3))
        height, width = self.size
        cosine, sine = exact.cosine(self.turn), exact.sine(self.turn)
        middle = self.lattice[self.lattice.shape[0] // 2, self.lattice.shape[1] // 2]
        start = np.array(
            [
                (self.lattice.shape[1] // 2 - 0.5) * CELL,
                (self.lattice.shape[0] // 2 - 0.5) * CELL,
                *middle,
                self.scale * cosine,
                self.scale * sine,
            ]
        )
        geometry_kernels.invert(points, self.lattice, float(CELL), start, height, width, out)
        return out


def draw_map(stream: Stream, contact: Contact, sensor: Sensor, millimetres: float) -> Map:
    """The map of one capture.

    Parameters
    ----------
    stream : Stream
        Draws the distortion; always as many numbers, so that its strength changes nothing else.
    millimetres : float
        Size of the master's pixel.
    """
    scale = millimetres * sensor.dpi / 25.4
    height, width = sensor.height, sensor.width
    turn = math.radians(contact.turn)
    per_mm = sensor.dpi / 25.4
    strength = contact.distortion
    drag = strength * stream.uniform(0, 16)
    drag_to = stream.uniform(-math.pi, math.pi)
    torsion = strength * stream.normal(0, 0.06)
    pose = np.array(
        [
            ((width - 1) / 2 + contact.right * per_mm) / scale,
            ((height - 1) / 2 - contact.up * per_mm) / scale,
            exact.cosine(turn),
            exact.sine(turn),
            MIDDLE_X,
            MIDDLE_Y,
            MIDDLE_X + contact.aside / millimetres + stream.normal(0, 16),
            MIDDLE_Y - contact.ahead / millimetres + stream.normal(0, 22),
            stream.uniform(28, 60),
            stream.uniform(38, 80),
            drag * exact.cosine(drag_to),
            drag * exact.sine(drag_to),
            exact.cosine(torsion),
            exact.sine(torsion),
            stream.uniform(1.3, 2.6),
        ]
    )
    rows, cols = math.ceil(height / CELL) + 3, math.ceil(width / CELL) + 3
    lattice = np.empty((rows, cols, 2))
    geometry_kernels.fill_lattice(pose, scale, float(CELL), lattice)
    # Skin also stretches unevenly, over some millimetres.
    for axis in (0, 1):
        waves = smooth(stream, rows, cols, 4.2 * scale)
        lattice[..., axis] += strength * 1.3 * waves.astype(np.float64)
    return Map(lattice, (height, width), scale, turn)
