"""Ghosts: what the finger before left on the platen, seen where nothing else touches."""

from __future__ import annotations

import math

import numpy as np

from civid.lab.synthetic.learning import geometry_kernels
from civid.lab.synthetic.learning.conditions import Contact
from civid.lab.synthetic.learning.effects.scene import Scene
from civid.lab.synthetic.learning.fields import ramp
from civid.lab.synthetic.learning.geometry import draw_map


def apply(scene: Scene) -> None:
    """Residue of the finger itself, seen in a mirror: to any network it is another finger's."""
    strength = scene.condition.surface.ghost
    if not strength:
        return
    stream = scene.stream("ghost")
    finger = scene.finger
    place = Contact(
        turn=math.degrees(stream.normal(0, 0.5)),
        right=stream.normal(0, 3.0),
        up=stream.normal(0, 3.0),
    )
    other = draw_map(stream, place, scene.condition.sensor, finger.millimetres)
    out = np.empty((5, *scene.shape), np.float32)
    other.points(out[:2])
    out[0] = np.float32(finger.inside.shape[1] - 1) - out[0]
    geometry_kernels.look(finger.field, finger.inside, out, np.empty(scene.shape, np.int32))
    worn = scene.noise(stream, 2.5) + np.float32(0.5) * scene.noise(stream, 0.25)
    deposit = ramp(np.float32(0.4) + out[2] * np.float32(0.7) + np.float32(0.35) * worn) * out[4]
    deposit *= ramp(np.float32(0.5) + np.float32(0.45) * scene.noise(stream, 3.5))
    faint = np.float32(strength * stream.uniform(0.12, 0.5))
    scene.ink = np.maximum(scene.ink, faint * deposit)
