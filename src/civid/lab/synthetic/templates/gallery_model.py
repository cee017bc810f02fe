"""Every constant of the synthetic galleries, and where it comes from.

"measured" = chosen so that `benchmarks/accuracy/synthetic_gallery.py` prints for synthetic
templates what it prints for real ones; "pattern" = as `pattern.py` has it, or moved from there to
where the mean directions of real minutiae lie; "scores" = what is left to choose, by the impostor
scores.
"""

from __future__ import annotations

from typing import NamedTuple


class GalleryModel(NamedTuple):
    """Constants of the fingers and of their impressions; px at 500 dpi, radians, shares."""

    # Patterns: shares of Wilson, Candela, Watson (1994); loops lean as in pattern.py.
    arches: float = 0.037
    tented: float = 0.029
    whorls: float = 0.279
    ulnar: float = 0.94
    ulnar_index: float = 0.75
    alike: float = 0.4  # share of fingers whose pattern is that of the subject
    # Singular points (pattern): deviation and height of the core; deltas below and beside it.
    core_x: float = 9.0
    core_y: float = 14.0
    core_high: float = 50.0
    delta_near: float = 60.0
    delta_far: float = 110.0
    delta_high: float = 115.0
    delta_low: float = 190.0
    # Waves on the flow: deviation, radians, and lengths, px (measured: directions by distance).
    wander: float = 0.07
    wave_low: float = 70.0
    wave_high: float = 250.0
    drift: float = 0.05
    # Minutiae: density a px^2 where ridges run parallel (measured: counts), and its variation.
    density: float = 0.55e-4
    densest: float = 45.0  # times that, at most
    crowding: float = 0.05
    crowd_core: float = 2.0
    apart_low: float = 5.0  # hard core (measured: nearest neighbours)
    apart_high: float = 10.0
    # Excess a (rad / px) of divergence; 1 / (period 9 px x density) would be 2,000 (scores).
    polarity: float = 2100.0
    inward: float = 4.0  # excess towards a point `middle` below the core (measured: directions)
    middle: float = 90.0
    # How far the excess decides the direction: a finger's own share, between these (scores).
    sided_low: float = 0.4
    sided_high: float = 1.0
    jitter: float = 0.04
    endings: float = 0.57  # measured
    # Contact (measured: areas, spread of minutiae): half axes; logarithmic deviations.
    half_width: float = 110.0
    half_height: float = 160.0
    subject_size: float = 0.08
    own_size: float = 0.05
    press_size: float = 0.08
    aspect: float = 0.08
    own_shift: float = 12.0
    press_shift: float = 18.0
    own_turn: float = 0.06
    press_turn: float = 0.12
    # Losses, false minutiae and noise of an impression: a base, and what a poor one adds.
    lost: float = 0.05
    lost_poor: float = 0.4
    spurious: float = 0.01
    spurious_poor: float = 0.04
    border: float = 0.6  # share of the false ones that lie at the edge
    flip: float = 0.01
    stretch: float = 2.0
    shake: float = 1.8
    shake_angle: float = 0.05
    loose: float = 0.5
