"""A platen that is never quite clean: specks, hairs, scratches."""

from __future__ import annotations

import math

import numpy as np

from civid.lab.synthetic.learning import field_kernels
from civid.lab.synthetic.learning.effects.scene import Scene


def apply(scene: Scene) -> None:
    """Dark specks and hairs add to the ink, scratches and dust under the finger take from it."""
    strength = scene.condition.surface.dirt
    if not strength:
        return
    stream = scene.stream("dirt")
    height, width = scene.shape
    mm = scene.millimetre
    bad = strength * stream.uniform(0, 1) ** 3
    area = height * width / (mm * mm)
    dark = np.zeros(scene.shape, np.float32)
    light = np.zeros(scene.shape, np.float32)
    for plane, share in ((dark, 0.35), (light, 0.10)):
        count = int(area * share * bad)
        spots = stream.array(count, 4)
        spots[:, 0] *= width
        spots[:, 1] *= height
        spots[:, 2] = mm * (0.02 + 0.10 * spots[:, 2] * spots[:, 2] * spots[:, 2])
        spots[:, 3] = 0.3 + 0.7 * spots[:, 3]
        field_kernels.stamp(spots, plane)
    for plane in (dark, light):
        for _ in range(stream.below(1 + int(4 * bad))):
            field_kernels.stamp_line(
                stream.uniform(0, width),
                stream.uniform(0, height),
                stream.uniform(-math.pi, math.pi),
                stream.normal(0, 0.25) / mm,
                mm * stream.uniform(1, 8),
                mm * stream.uniform(0.02, 0.05),
                stream.uniform(0.3, 0.9),
                plane,
            )
    scene.ink = np.maximum(scene.ink, dark) * (np.float32(1) - light)
