"""Incipient ridges: thin broken lines in the middle of valleys."""

from __future__ import annotations

import numpy as np

from civid.lab.synthetic.learning.effects.scene import Scene


def apply(scene: Scene) -> None:
    """Raise the bottom of valleys where the finger has them."""
    strength = scene.condition.skin.incipient
    if not strength:
        return
    stream = scene.stream("incipient")
    here = scene.under(scene.finger.skin.incipient)
    bottom = np.clip((-scene.relief - np.float32(0.72)) * np.float32(1 / 0.28), 0, 1)
    height = strength * stream.uniform(0.6, 1.6)
    scene.relief += np.float32(height) * here * bottom
