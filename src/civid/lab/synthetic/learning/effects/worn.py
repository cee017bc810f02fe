"""Worn ridges: the relief is low, and what touches is the skin's own grain."""

from __future__ import annotations

import numpy as np

from civid.lab.synthetic.learning.effects.scene import Scene


def apply(scene: Scene) -> None:
    """Flatten the relief where the finger is worn, and roughen it there."""
    strength = scene.condition.skin.worn
    if not strength or not scene.finger.skin.worn.any():
        return
    stream = scene.stream("worn")
    gone = np.minimum(np.float32(strength) * scene.under(scene.finger.skin.worn), np.float32(0.95))
    grain = scene.noise(stream, 0.12) + np.float32(0.8) * scene.noise(stream, 0.35)
    scene.relief += gone * (np.float32(0.42) * grain - scene.relief)
