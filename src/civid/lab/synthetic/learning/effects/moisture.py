"""Moisture: dry skin touches in crumbs, wet skin floods its valleys."""

from __future__ import annotations

import numpy as np

from civid.lab.synthetic.learning.effects.scene import Scene
from civid.lab.synthetic.learning.fields import ramp


def apply(scene: Scene) -> None:
    """Threshold and film by moisture, unevenly over the finger."""
    surface = scene.condition.surface
    if not surface.moisture and not surface.uneven:
        return
    stream = scene.stream("moisture")
    slow = scene.noise(stream, 2.6) + np.float32(0.5) * scene.noise(stream, 0.9)
    share = 0.07 + 0.16 * abs(surface.moisture)
    wet = np.float32(surface.moisture) + np.float32(share * surface.uneven) * slow
    dry, flood = np.maximum(-wet, 0), np.maximum(wet, 0)
    if surface.moisture < 0:
        crumbs = scene.noise(stream, 0.13) + np.float32(0.9) * scene.noise(stream, 0.28)
        scene.relief += np.minimum(dry, np.float32(1)) * np.float32(0.5) * crumbs
    scene.threshold += np.float32(0.72) * dry - np.float32(0.75) * flood
    if surface.moisture > 0:
        # Drops bridge valleys in blots; round them lies a grey film.
        blots = ramp(scene.noise(stream, 0.45) * np.float32(0.6) - np.float32(0.55))
        deep = np.maximum(flood - np.float32(0.25), 0)
        scene.relief += np.minimum(np.float32(1.5) * deep * blots, np.float32(1.6))
        scene.film = np.maximum(
            scene.film, np.minimum(np.float32(0.75) * deep * np.clip(scene.press * 3, 0, 1), 0.75)
        )
