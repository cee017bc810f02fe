"""Boxes, positions and what is said of faults."""

from __future__ import annotations

import math

import pytest

from civid.fingerprint.slaps import Box, Fault, SlapPosition
from civid.position import Position


def test_codes_are_those_of_ansi_nist() -> None:
    assert [int(position) for position in SlapPosition] == [11, 12, 13, 14, 15]
    assert SlapPosition(13).fingers == (2, 3, 4, 5)
    assert SlapPosition(14).fingers == (10, 9, 8, 7)  # the left hand's little finger is on the left
    assert SlapPosition(15).fingers == (Position.LEFT_THUMB, Position.RIGHT_THUMB)


def test_corners_of_a_finger_that_leans_left() -> None:
    """A quarter turn counter-clockwise: the finger points to the left."""
    box = Box(100.0, 50.0, 20.0, 60.0, math.pi / 2)
    top_left, top_right, bottom_right, bottom_left = box.corners
    assert top_left == pytest.approx((70.0, 60.0))
    assert top_right == pytest.approx((70.0, 40.0))
    assert bottom_right == pytest.approx((130.0, 40.0))
    assert bottom_left == pytest.approx((130.0, 60.0))
    assert box.upright == (70, 40, 130, 60)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_advice_in_both_languages(fault: Fault) -> None:
    english, vietnamese = fault.advice(), fault.advice("vi")
    assert english.endswith(".")
    assert vietnamese.endswith(".")
    assert english != vietnamese
