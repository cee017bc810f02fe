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
    fine, mid, wide = (stream.uniform(*r) for r in ((0.15, 0.45), (0.18, 0.48), (0.08, 0.28)))
    grain = np.float32(fine) * scene.noise(stream, 0.08)
    grain += np.float32(mid) * scene.noise(stream, 0.2)
    grain += np.float32(wide) * scene.noise(stream, 0.6)
    scene.relief += np.float32(strength) * grain
