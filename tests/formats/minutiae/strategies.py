"""Minutiae in the neutral form, made up, for properties."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.convert import (
    MinutiaeSet,
    NeutralCore,
    NeutralDelta,
    NeutralMinutia,
    NeutralView,
)
from civid.formats.minutiae.extended import RidgeCount, RidgeCounts, ZonalQuality

WIDTH, HEIGHT = 300, 400
ANGLE = st.floats(0, 2 * math.pi, exclude_max=True)
X, Y = st.floats(0, WIDTH - 1), st.floats(0, HEIGHT - 1)
MINUTIA = st.builds(
    NeutralMinutia, kind=st.integers(1, 2), x=X, y=Y, angle=ANGLE, quality=st.integers(0, 100)
)


@st.composite
def views(draw: st.DrawFn, *, least: int = 0, most: int = 12) -> NeutralView:
    """A view with everything that the neutral form has."""
    minutiae = tuple(draw(st.lists(MINUTIA, min_size=least, max_size=most)))
    index = st.integers(0, max(0, len(minutiae) - 1))
    rows = st.lists(st.builds(RidgeCount, index, index, st.integers(0, 200)), max_size=9)
    counts = RidgeCounts(draw(st.integers(0, 2)), tuple(draw(rows)) if minutiae else ())
    core = st.builds(NeutralCore, X, Y, ANGLE)
    delta = st.builds(NeutralDelta, X, Y, st.tuples(ANGLE, ANGLE, ANGLE))
    zones = ZonalQuality(100, 100, 4, bytes(draw(st.permutations(range(12)))))
    return NeutralView(
        minutiae,
        WIDTH,
        HEIGHT,
        197,
        197,
        position=draw(st.integers(0, 10)),
        impression=draw(st.sampled_from([0, 1, 2, 3, 8])),
        quality=draw(st.integers(0, 100)),
        cores=tuple(draw(st.lists(core, max_size=3))),
        deltas=tuple(draw(st.lists(delta, max_size=3))),
        ridge_counts=counts if counts.counts else None,
        zones=draw(st.none() | st.just(zones)),
        blocks=draw(st.just(()) | st.just((ExtendedBlock(0x0101, b"abc"),))),
    )


SETS = st.builds(MinutiaeSet, st.tuples(views()))
