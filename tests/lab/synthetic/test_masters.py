"""Master prints: the flow, the period, the ridges, the truth."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from civid.errors import CividError
from civid.fingerprint.template import MINUTIA_DTYPE
from civid.lab import synthetic
from civid.lab.synthetic import Master, Pattern
from civid.lab.synthetic.images.masters import HEIGHT, STEP, WIDTH
from civid.lab.synthetic.images.pattern import FREQUENCIES, draw_pattern
from civid.lab.synthetic.streams import Stream
from civid.position import Position

SINGULAR = {
    Pattern.ARCH: (0, 0),
    Pattern.TENTED_ARCH: (1, 1),
    Pattern.LEFT_LOOP: (1, 1),
    Pattern.RIGHT_LOOP: (1, 1),
    Pattern.WHORL: (2, 2),
}


@cache
def finger(pattern: Pattern, seed: int = 5) -> Master:
    return synthetic.master(seed, pattern=pattern)


@pytest.fixture(params=list(Pattern), ids=lambda pattern: pattern.value)
def grown(request: pytest.FixtureRequest) -> Master:
    return finger(request.param)


def winding(flow: npt.NDArray[np.float64], x: float, y: float, radius: float) -> float:
    """Poincare index of the direction field along a circle (px of the master)."""
    total, before = 0.0, None
    for t in np.linspace(0, 2 * np.pi, 91):
        row = round((y - radius * math.sin(t)) / STEP)
        col = round((x + radius * math.cos(t)) / STEP)
        angle = flow[row, col]
        if before is not None:
            total += (angle - before + np.pi / 2) % np.pi - np.pi / 2
        before = angle
    return total / (2 * np.pi)


def test_has_the_documented_shapes_and_ranges(grown: Master) -> None:
    size = (HEIGHT, WIDTH)
    assert grown.ridges.shape == grown.inside.shape == grown.pores.shape == size
    assert grown.flow.shape == grown.period.shape == (HEIGHT // STEP, WIDTH // STEP)
    assert grown.ridges.dtype == np.int8
    assert (grown.flow >= 0).all()
    assert (grown.flow < np.pi).all()
    assert not grown.ridges[~grown.inside].any()
    assert (len(grown.cores), len(grown.deltas)) == SINGULAR[grown.pattern]
    assert not any(
        getattr(grown, name).flags.writeable for name in ("ridges", "minutiae", "flow", "pores")
    )


def test_cores_and_deltas_turn_the_flow_by_half(grown: Master) -> None:
    points = [(*core, 0.5) for core in grown.cores] + [(*delta, -0.5) for delta in grown.deltas]
    for k, (x, y, index) in enumerate(points):
        others = [math.dist((x, y), other[:2]) for j, other in enumerate(points) if j != k]
        radius = min([10.0, *(0.6 * distance for distance in others)])
        assert winding(grown.flow, x, y, radius) == pytest.approx(index, abs=1e-6)


def test_an_arch_has_no_singular_point() -> None:
    assert winding(finger(Pattern.ARCH).flow, WIDTH / 2, HEIGHT / 2, 150) == pytest.approx(
        0, abs=1e-6
    )


def test_the_legs_of_a_loop_leave_on_its_side() -> None:
    for pattern, side in ((Pattern.LEFT_LOOP, 1), (Pattern.RIGHT_LOOP, -1)):
        grown = finger(pattern)
        (core,), (delta,) = grown.cores, grown.deltas
        assert (delta[0] - core[0]) * side > 0
        assert delta[1] > core[1]


def test_the_finger_is_filled_with_ridges(grown: Master) -> None:
    """No spot of a ridge period without both black and white."""
    side = 16
    height, width = HEIGHT // side * side, WIDTH // side * side

    def blocks(a: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        return a[:height, :width].reshape(height // side, side, width // side, side)

    whole = blocks(grown.inside).all(axis=(1, 3))
    assert (blocks(grown.ridges).max(axis=(1, 3))[whole] > 30).all()
    assert (blocks(grown.ridges).min(axis=(1, 3))[whole] < -30).all()
    assert 0.42 < (grown.ridges[grown.inside] > 0).mean() < 0.58


def test_grows_the_wanted_period(grown: Master) -> None:
    """The strongest frequency of 64 px windows against the mean of the wanted period in them."""
    side, pad = 64, 512
    window = np.hanning(side)[:, None] * np.hanning(side)[None, :]
    ratios = []
    for top in range(32, HEIGHT - side, 32):
        for left in range(32, WIDTH - side, 32):
            part = (slice(top, top + side), slice(left, left + side))
            if not grown.inside[part].all():
                continue
            spectrum = np.abs(np.fft.fft2(grown.ridges[part] * window, (pad, pad)))
            row, col = np.unravel_index(spectrum.argmax(), spectrum.shape)
            frequency = math.hypot(min(row, pad - row), min(col, pad - col)) / pad
            half = tuple(slice(s.start // STEP, s.stop // STEP) for s in part)
            ratios.append(1 / frequency / grown.period[half].mean())
    assert len(ratios) > 20
    assert np.median(ratios) == pytest.approx(1, abs=0.03)
    # The period varies inside a window, and minutiae bend the ridges.
    assert np.median(np.abs(np.array(ratios) - 1)) < 0.08
    assert np.mean(np.abs(np.array(ratios) - 1) < 0.1) > 0.6


def test_follows_the_wanted_flow(grown: Master) -> None:
    """Structure tensor of the grown ridges against the wanted direction, by least squares."""
    dy, dx = np.gradient(grown.ridges.astype(float))
    side = 16
    errors = []
    for top in range(side, HEIGHT - side, side):
        for left in range(side, WIDTH - side, side):
            part = (slice(top, top + side), slice(left, left + side))
            if not grown.inside[part].all():
                continue
            gx, gy = dx[part], dy[part]
            across = 0.5 * math.atan2(-2 * (gx * gy).sum(), (gx * gx - gy * gy).sum())
            half = tuple(slice(s.start // STEP, s.stop // STEP) for s in part)
            wanted = 0.5 * np.angle(np.exp(2j * grown.flow[half]).mean())
            errors.append(abs((across + np.pi / 2 - wanted + np.pi / 2) % np.pi - np.pi / 2))
    assert np.median(errors) < math.radians(4)


def test_minutiae_are_as_many_as_on_a_finger() -> None:
    counts = [len(finger(pattern).minutiae) for pattern in Pattern]
    counts += [len(synthetic.master(seed).minutiae) for seed in range(5)]
    assert 40 <= np.mean(counts) <= 80
    assert min(counts) >= 25
    kinds = np.concatenate([finger(pattern).minutiae["kind"] for pattern in Pattern])
    assert set(kinds.tolist()) == {1, 2}
    assert 0.35 < (kinds == 1).mean() < 0.7


def test_minutiae_point_along_their_ridge_or_into_their_fork(grown: Master) -> None:
    """Ahead of an ending is ridge, behind it none; the other way round at a fork."""
    assert grown.minutiae.dtype == MINUTIA_DTYPE
    right = []
    for minutia in grown.minutiae:
        x, y, angle = (float(minutia[name]) for name in ("x", "y", "angle"))
        steps = np.arange(3, 8)

        def along(
            sign: int,
            x: float = x,
            y: float = y,
            angle: float = angle,
            steps: npt.NDArray[np.int64] = steps,
        ) -> float:
            rows = np.rint(y - sign * steps * math.sin(angle)).astype(int)
            cols = np.rint(x + sign * steps * math.cos(angle)).astype(int)
            return float(grown.ridges[rows, cols].mean())

        ahead = along(1) - along(-1)
        right.append(ahead > 0 if minutia["kind"] == 1 else ahead < 0)
    assert np.mean(right) > 0.9


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    again = synthetic.master(5, pattern="whorl")
    for name in ("ridges", "inside", "minutiae", "flow", "period", "pores", "creases"):
        assert getattr(again, name).tobytes() == getattr(finger(Pattern.WHORL), name).tobytes()
    other = synthetic.master(6, pattern="whorl")
    assert other.ridges.tobytes() != again.ridges.tobytes()


def test_patterns_come_with_their_natural_frequencies() -> None:
    drawn = [draw_pattern(Stream(seed)) for seed in range(3000)]
    for pattern, share in FREQUENCIES.items():
        # five standard deviations of a binomial share
        slack = 5 * math.sqrt(share * (1 - share) / len(drawn))
        assert drawn.count(pattern) / len(drawn) == pytest.approx(share, abs=slack)


def test_loops_open_to_the_little_finger() -> None:
    for position, ulnar in (
        (Position.RIGHT_RING, Pattern.RIGHT_LOOP),
        (Position.LEFT_RING, Pattern.LEFT_LOOP),
    ):
        drawn = [draw_pattern(Stream(seed), position) for seed in range(300)]
        loops = [p for p in drawn if p in (Pattern.LEFT_LOOP, Pattern.RIGHT_LOOP)]
        assert loops.count(ulnar) > 0.85 * len(loops)


@pytest.mark.parametrize(
    "arguments",
    [{"seed": -1}, {"seed": 1.5}, {"seed": True}, {"seed": 1, "pattern": "zigzag"}],
    ids=str,
)
def test_refuses_what_it_cannot_grow(arguments: dict[str, object]) -> None:
    with pytest.raises(CividError) as caught:
        synthetic.master(**arguments)  # type: ignore[arg-type]
    assert isinstance(caught.value, ValueError)
