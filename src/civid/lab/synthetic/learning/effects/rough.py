"""The skin's grain: ridges are frayed and of uneven height, not drawn with a pen."""

from __future__ import annotations

import numpy as np

from civid.lab.synthetic.learning.effects.scene import Scene


def apply(scene: Scene) -> None:
    """Noise of 0.1 to 0.6 mm on the relief."""
    strength = scene.condition.skin.rough
    if not strength:
        return
    stream = scene.stream("rough")
    skin = 0.6 * stream.uniform(0, 1)  # fine skin is fine at every scale, more or less
    ranges = ((0.10, 0.46), (0.10, 0.50), (0.04, 0.29))
    fine, mid, wide = (low + (high - low) * (skin + stream.uniform(0, 0.4)) for low, high in ranges)
    grain = np.float32(fine) * scene.noise(stream, 0.08)
    grain += np.float32(mid) * scene.noise(stream, 0.2)
    grain += np.float32(wide) * scene.noise(stream, 0.6)
    scene.relief += np.float32(strength) * grain
