"""Creases, scars and cuts: skin that does not touch, along lines that stay with the finger."""

from __future__ import annotations

import numpy as np

from civid.lab.synthetic.learning.effects.scene import Scene
from civid.lab.synthetic.learning.fields import Plane

#: How much of the relief's height a line takes at full strength; scars heal and have some ridge
#: left, cuts none.
DEPTHS = {"creases": 2.0, "scars": 1.7, "cuts": 2.8}


def apply(scene: Scene) -> None:
    """Lower the relief along the lines; pressure closes the finer ones a little."""
    skin = scene.condition.skin
    stream = scene.stream("marks")
    seen = {name: stream.uniform(0.35, 1.1) for name in DEPTHS}
    closed = 1 - 0.45 * max(0.0, scene.condition.contact.pressure)
    for name, depth in DEPTHS.items():
        strength = getattr(skin, name) * seen[name] * (closed if name == "creases" else 1.0)
        plane: Plane = getattr(scene.finger.skin, name)
        if strength and plane.any():
            scene.relief -= np.float32(depth * strength) * scene.under(plane)
