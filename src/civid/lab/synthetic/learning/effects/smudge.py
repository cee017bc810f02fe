"""Smudges: the finger slips, and a patch of the print is drawn out along the slip."""

from __future__ import annotations

import math

import numpy as np

from civid.lab.synthetic import exact
from civid.lab.synthetic.learning.effects.scene import Scene
from civid.lab.synthetic.learning.fields import ramp


def apply(scene: Scene) -> None:
    """Mix the ink with itself along a short way, in patches."""
    strength = scene.condition.surface.smudge
    if not strength:
        return
    stream = scene.stream("smudge")
    way = scene.millimetre * stream.uniform(0.3, 1.3)
    angle = stream.uniform(0, math.pi)
    dx, dy = way * exact.cosine(angle), way * exact.sine(angle)
    patch = ramp((scene.noise(stream, 3.2) + np.float32(1.1 * strength - 0.9)) * np.float32(0.8))
    drawn = np.zeros(scene.shape, np.float32)
    steps = 6
    for k in range(steps):
        moved = (round(dy * (k + 1) / steps), round(dx * (k + 1) / steps))
        drawn += np.roll(scene.ink, moved, (0, 1))
    drawn *= np.float32(1 / steps)
    full = np.maximum(drawn, np.float32(0.55) * scene.ink)
    scene.ink += np.minimum(patch, np.float32(0.95)) * (full - scene.ink)
