"""What the network of fields sees."""

from __future__ import annotations

import numpy as np
import pytest
from tests.lab.synthetic.learning.made import plain

from civid.fingerprint.image import FingerImage
from civid.lab.train.features import BANK, DIRECTIONS, PERIODS, features, place, turned


def waves(angle: float, period: float, side: int = 240) -> FingerImage:
    """Ridges in one direction, radians counter-clockwise."""
    y, x = np.mgrid[:side, :side]
    across = x * np.sin(angle) + y * np.cos(angle)
    return FingerImage(
        np.rint(128 - 100 * np.cos(2 * np.pi * across / period)).astype(np.uint8), 500.0
    )


@pytest.mark.parametrize("k", range(0, DIRECTIONS, 3))
@pytest.mark.parametrize("which", [1, 2])
def test_the_bank_knows_direction_and_period(k: int, which: int) -> None:
    seen = features(waves(np.pi * k / DIRECTIONS, PERIODS[which])).astype(np.float32)
    bank = seen[:BANK].reshape(len(PERIODS), DIRECTIONS, *seen.shape[1:])[:, :, 8:-8, 8:-8]
    mean = bank.mean((2, 3))
    assert np.unravel_index(mean.argmax(), mean.shape) == (which, k)
    inside = seen[:, 8:-8, 8:-8].mean((1, 2))
    for name in ("seen", "enhanced"):
        vector = inside[place(f"{name}_cosine")], inside[place(f"{name}_sine")]
        turn = np.angle(
            np.exp(1j * (np.arctan2(vector[1], vector[0]) - 2 * np.pi * k / DIRECTIONS))
        )
        assert abs(turn) < 0.1
    assert np.exp(inside[place("period")]) * 9 == pytest.approx(PERIODS[which], rel=0.05)


@pytest.mark.parametrize("how", range(8))
def test_features_turn_with_their_picture(how: int) -> None:
    """Those of the turned picture are the turned ones, but at blocks that hang over."""
    pixels = plain().image.pixels[:320, :320]
    none = np.zeros((4, 40, 40), np.float32)
    expected, _ = turned(features(FingerImage(pixels, 500.0)).astype(np.float32), none, how)
    picture = pixels
    if how & 1:
        picture = picture[:, ::-1]
    if how & 2:
        picture = np.rot90(picture)
    if how & 4:
        picture = picture[::-1, ::-1]
    found = features(FingerImage(np.ascontiguousarray(picture), 500.0)).astype(np.float32)
    for part in (slice(0, BANK), slice(place("seen_cosine"), place("seen_sine") + 1),
                 slice(place("cosine"), place("sine") + 1)):  # fmt: skip
        off = np.abs(found[part] - expected[part])[:, 4:-4, 4:-4]
        assert np.median(off) < 0.03


def test_truth_turns_with_features() -> None:
    """A quarter turn and its three successors come back."""
    seen = features(plain().image).astype(np.float32)
    truth = np.arange(4 * seen[0].size, dtype=np.float32).reshape(4, *seen.shape[1:])
    maps, true = seen, truth
    for _ in range(4):
        maps, true = turned(maps, true, 2)
    np.testing.assert_array_equal(maps, seen)
    np.testing.assert_array_equal(true, truth)
    mirrored = turned(*turned(seen, truth, 1), 1)
    np.testing.assert_array_equal(mirrored[0], seen)
    np.testing.assert_array_equal(mirrored[1], truth)
