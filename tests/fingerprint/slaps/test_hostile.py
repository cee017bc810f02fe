"""Any picture gives an answer or a typed error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid.errors import ImageError, ResolutionError
from civid.fingerprint.slaps import Fault, Slap, segment
from civid.lab.synthetic import Master
from civid.lab.synthetic.slaps import slap

SIZES = st.integers(1, 420)


@settings(max_examples=25)
@given(
    SIZES,
    SIZES,
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 2, 5, 9, 40]),
    st.sampled_from([150.0, 200.0, 333.3, 500.0, 1000.0]),
    st.sampled_from([None, 11, 12, 13, 14, 15]),
    st.sets(st.integers(0, 10)),
)
def test_any_picture(
    height: int, width: int, seed: int, grain: int, dpi: float, position: int, lost: set[int]
) -> None:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (-(-height // grain), -(-width // grain)), dtype=np.uint8)
    pixels = np.kron(coarse, np.ones((grain, grain), np.uint8))[:height, :width]
    try:
        found = segment(pixels, position=position, dpi=dpi, missing=lost)
    except (ImageError, ResolutionError):
        return
    assert isinstance(found, Slap)
    assert len(found.fingers) <= 4
    assert 0.5 <= found.hand_confidence <= 1
    assert bool(found.fingers) or bool(found.findings)


def test_a_page_full_of_prints_is_bounded() -> None:
    """More prints than a hand has: a choice of at most four, and it is said."""
    from civid.lab.synthetic import impression, master

    one = impression(master(40), 1, difficulty=0.1).image.pixels
    page = np.tile(one, (5, 7))
    found = segment(page, dpi=500, position=13)
    assert len(found.fingers) <= 4
    assert Fault.OTHER_PRINTS in found.faults


def test_a_straight_row_is_no_hand() -> None:
    from civid.lab.synthetic import impression, master

    one = impression(master(40), 1, difficulty=0.1).image.pixels
    found = segment(np.tile(one, (1, 7)), dpi=500, position=13)
    assert len(found.fingers) == 4
    assert Fault.NOT_A_HAND in found.faults
    assert {one.position for one in found.fingers} == {0}


@pytest.mark.parametrize("condition", ["plain", "paper", "halo", "faint", "touching", "child"])
def test_light_ridges_on_dark_ground_are_said(masters: list[Master], condition: str) -> None:
    """The ridges are found all the same; nothing else would tell that they are the valleys."""
    made = slap(21, code=13, condition=condition, masters=masters)
    assert Fault.DARK_GROUND not in segment(made.image, position=13).faults
    found = segment(made.image.inverted(), position=13)
    assert found.fingers
    assert Fault.DARK_GROUND in found.faults


def test_without_a_finger_there_is_no_angle() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1500, 1600), dtype=np.uint8)
    found = segment(noise, dpi=500, position=13)
    assert found.faults == {Fault.NO_FINGERS}
    assert found.angle == 0
