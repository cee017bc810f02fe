"""Sweat pores: open ones are bright dots on the ridges, more visible on dry skin."""

from __future__ import annotations

import numpy as np

from civid.lab.synthetic.learning import field_kernels
from civid.lab.synthetic.learning.effects.scene import Scene


def apply(scene: Scene) -> None:
    """Lower the relief at the finger's pores; which are open differs from print to print."""
    strength = scene.condition.skin.pores
    if not strength:
        return
    stream = scene.stream("pores")
    pores = scene.finger.skin.pores
    share, depth = stream.uniform(0.25, 1.0), stream.uniform(0.5, 1.7)
    draws = stream.array(len(pores), 2)
    points = np.zeros((len(pores), 3))
    points[:, :2] = pores[:, :2]
    moved = scene.map.back(points)
    # 0.07 to 0.16 mm across.
    sigma = 0.042 * scene.millimetre * pores[:, 2] * (0.8 + 0.5 * draws[:, 0])
    open_ = np.where(draws[:, 1] < share, depth * strength * (0.6 + 0.6 * draws[:, 0]), 0.0)
    spots = np.stack([moved[:, 0], moved[:, 1], sigma, open_], axis=1)
    holes = np.zeros(scene.shape, np.float32)
    field_kernels.stamp(spots[open_ > 0], holes)
    scene.relief -= holes
