"""Every constant of the synthetic galleries, and where it comes from."""

from __future__ import annotations

from typing import NamedTuple


class GalleryModel(NamedTuple):
    core_y: float = 55.0
    delta_near: float = 70.0
    delta_far: float = 125.0
    delta_high: float = 120.0
    delta_low: float = 200.0
    density: float = 0.45e-3
    crowding: float = 0.35
    core_crowd: float = 0.6
    apart_low: float = 5.0
    apart_high: float = 10.0
    endings: float = 0.57
    polarity: float = 100.0
    inward: float = 0.45
    middle: float = 110.0
    partners: float = 0.4
    partner_near: float = 10.0
    partner_far: float = 60.0
    partner_aside: float = 6.0
    facing: float = 0.5
    one_sided: float = 0.85
    jitter: float = 0.06
    wander: float = 0.12
    wave_low: float = 70.0
    wave_high: float = 250.0
    drift: float = 0.08
    arches: float = 0.037
    tented: float = 0.029
    whorls: float = 0.279
    ulnar: float = 0.94
    ulnar_index: float = 0.75
    alike: float = 0.4
    half_width: float = 112.0
    half_height: float = 160.0
    subject_size: float = 0.08
    own_size: float = 0.05
    press_size: float = 0.08
    aspect: float = 0.08
    own_shift: float = 12.0
    press_shift: float = 14.0
    own_turn: float = 0.06
    press_turn: float = 0.12
    lost: float = 0.12
    lost_poor: float = 0.45
    spurious: float = 0.03
    spurious_poor: float = 0.15
    border: float = 0.6
    flip: float = 0.01
    stretch: float = 2.0
    shake: float = 1.3
    shake_angle: float = 0.05
    loose: float = 1.0
