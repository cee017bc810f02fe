"""Impressions: reproducible, harder as asked, and with a truth that fits the picture."""

from __future__ import annotations

import hashlib
import math
from functools import cache

import numpy as np
import pytest

from civid.errors import CividError
from civid.lab import synthetic
from civid.lab.synthetic import Master
from civid.lab.synthetic.images import impression_kernels
from civid.lab.synthetic.images.impressions import _draw_pose
from civid.lab.synthetic.streams import Stream


@cache
def finger(seed: int = 3) -> Master:
    return synthetic.master(seed)


def test_is_a_picture_of_dark_ridges_on_light_ground() -> None:
    pressed = synthetic.impression(finger(), 1, difficulty=0.1)
    pixels = pressed.image.pixels
    assert pixels.shape == (400, 300)
    assert pixels.dtype == np.uint8
    assert pressed.image.dpi == 500
    assert np.median(pixels[:12]) > 225  # the empty glass above the finger
    middle = pixels[140:260, 90:210]
    assert 0.3 < (middle < 128).mean() < 0.75
    assert np.percentile(middle, 5) < 90
    assert np.percentile(middle, 95) > 200


def test_size_is_the_caller_s() -> None:
    pressed = synthetic.impression(finger(), 1, size=(200, 160))
    assert pressed.image.pixels.shape == (200, 160)
    assert (pressed.minutiae["x"] < 160).all()
    assert (pressed.minutiae["y"] < 200).all()


def test_same_seed_same_bytes_other_seed_other_bytes() -> None:
    first, again, other = (synthetic.impression(finger(), seed) for seed in (1, 1, 2))
    assert first.image.pixels.tobytes() == again.image.pixels.tobytes()
    assert first.minutiae.tobytes() == again.minutiae.tobytes()
    assert first.image.pixels.tobytes() != other.image.pixels.tobytes()


def test_the_bytes_are_the_same_on_every_machine() -> None:
    """Written on x86-64 with AVX-512, and the same there with Numba and NumPy held to SSE2.

    A change of the generator on purpose changes it: print the new digest and say so in the log.
    """
    master = synthetic.master(2026, pattern="right loop")
    pressed = synthetic.impression(master, 1, difficulty=0.7)
    digest = hashlib.sha256()
    for name in ("ridges", "inside", "flow", "period", "pores", "creases", "minutiae"):
        digest.update(getattr(master, name).tobytes())
    digest.update(pressed.image.pixels.tobytes())
    digest.update(pressed.minutiae.tobytes())
    assert digest.hexdigest()[:32] == "1c3e611d2eaf6324c6881c8170bcdcb0"


def test_one_seed_presses_two_fingers_differently() -> None:
    one, two = (synthetic.impression(finger(k), 9, difficulty=0.5) for k in (3, 4))
    assert one.moisture != two.moisture


def test_truth_lies_on_the_ridges_of_the_picture() -> None:
    """Skeleton of the clean picture as an independent judge of where the minutiae are."""
    from skimage.filters import gaussian
    from skimage.morphology import skeletonize

    near, total = 0, 0
    for seed in (3, 4, 5):
        pressed = synthetic.impression(finger(seed), 1, difficulty=0.0)
        ridges = gaussian(pressed.image.pixels.astype(float), 1.5) < 140
        skeleton = np.pad(skeletonize(ridges), 1).astype(int)
        # Sum of the eight neighbours: one at an ending, three or more at a fork.
        around = sum(
            np.roll(skeleton, (dy, dx), (0, 1))
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
            if dy or dx
        )
        special = skeleton.astype(bool) & ((around == 1) | (around >= 3))
        rows, cols = np.nonzero(special[1:-1, 1:-1])
        for minutia in pressed.minutiae:
            distance = np.hypot(cols - minutia["x"], rows - minutia["y"]).min()
            near += distance <= 6
            total += 1
    assert total > 60
    # The same share of random places would have one within 6 px about three times in ten.
    assert near / total > 0.85


def test_truth_is_the_master_s_moved_by_one_smooth_map() -> None:
    master = finger()
    pressed = synthetic.impression(master, 4, difficulty=0.0)
    origin = master.minutiae[pressed.source]
    assert (pressed.minutiae["kind"] == origin["kind"]).all()
    # Without much distortion all minutiae turn by nearly the same angle.
    turn = np.angle(np.exp(1j * (pressed.minutiae["angle"] - origin["angle"])))
    assert np.ptp(turn) < math.radians(12)
    assert (pressed.minutiae["angle"] >= 0).all()
    assert (pressed.minutiae["angle"] < np.float32(2 * np.pi)).all()


@pytest.mark.parametrize("hard", [0.0, 0.5, 1.0])
def test_the_map_is_inverted_exactly(hard: float) -> None:
    pose = _draw_pose(Stream(8), hard, (400, 300))
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.uniform(40, 310, 50), rng.uniform(40, 420, 50), np.zeros(50)])
    moved = np.empty((50, 4))
    impression_kernels.from_master(points, pose, moved)
    assert np.isfinite(moved).all()
    back = [impression_kernels.to_master(x, y, pose) for x, y in moved[:, :2]]
    np.testing.assert_allclose(back, points[:, :2], atol=1e-6)


@pytest.mark.parametrize("hard", [0.0, 1.0])
def test_angles_follow_the_map(hard: float) -> None:
    """Against the difference of two mapped points, one a little way along the direction."""
    pose = _draw_pose(Stream(21), hard, (400, 300))
    rng = np.random.default_rng(2)
    x, y = rng.uniform(60, 290, 40), rng.uniform(60, 400, 40)
    angle = rng.uniform(0, 2 * np.pi, 40)
    step = 0.05
    start, end = np.empty((40, 4)), np.empty((40, 4))
    impression_kernels.from_master(np.column_stack([x, y, angle]), pose, start)
    ahead = np.column_stack([x + step * np.cos(angle), y - step * np.sin(angle), angle])
    impression_kernels.from_master(ahead, pose, end)
    expected = np.arctan2(-(end[:, 1] - start[:, 1]), end[:, 0] - start[:, 0])
    got = np.arctan2(-start[:, 3], start[:, 2])
    off = np.abs(np.angle(np.exp(1j * (expected - got))))
    assert np.degrees(off).max() < 1


def test_harder_means_less_to_see() -> None:
    easy, hard = (
        np.mean(
            [
                len(synthetic.impression(finger(), seed, difficulty=level).minutiae)
                for seed in range(12)
            ]
        )
        for level in (0.0, 1.0)
    )
    assert hard < 0.9 * easy


def test_moisture_widens_the_ridges() -> None:
    darkness, moisture = [], []
    for seed in range(14):
        pressed = synthetic.impression(finger(), seed, difficulty=0.6)
        darkness.append((pressed.image.pixels[170:230, 120:180] < 150).mean())
        moisture.append(pressed.moisture)
    assert np.corrcoef(darkness, moisture)[0, 1] > 0.5


@pytest.mark.parametrize(
    "arguments",
    [
        {"difficulty": -0.1},
        {"difficulty": 1.1},
        {"difficulty": math.nan},
        {"size": (10, 300)},
        {"size": (400, 20000)},
        {"size": (400,)},
        {"seed": -4},
    ],
    ids=str,
)
def test_refuses_what_no_sensor_does(arguments: dict[str, object]) -> None:
    with pytest.raises(CividError) as caught:
        synthetic.impression(finger(), **{"seed": 1, **arguments})  # type: ignore[arg-type]
    assert isinstance(caught.value, ValueError)


def test_repr_tells_no_pixels() -> None:
    text = repr(synthetic.impression(finger(), 1)) + repr(finger())
    assert "array" not in text
    assert "minutiae" in text
