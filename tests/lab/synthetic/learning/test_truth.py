"""The truth of a print is what its picture shows, measured by other means."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy.ndimage import binary_erosion, gaussian_filter
from tests.lab.synthetic.learning.made import grown, plain

from civid.errors import CividError
from civid.fingerprint.extract import explain, extract
from civid.lab.synthetic.learning import Condition, Print, Sensor, clean, geometry_kernels, press
from civid.lab.synthetic.learning.geometry import CELL

SEEDS = (1, 2, 5)


def inner(taken: Print, by: int) -> npt.NDArray[np.bool_]:
    """The touched part, less a rim of so many px; the picture's edge is one."""
    return np.asarray(binary_erosion(taken.mask, iterations=by))


def turn(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.abs((a - b + np.pi / 2) % np.pi - np.pi / 2)


def test_the_extractor_finds_the_minutiae_where_they_are() -> None:
    """On clean prints, distorted and turned: within 3 px and 20 degrees, and few others."""
    true = found = near = known = 0
    apart = []
    for seed in SEEDS:
        taken = plain(seed, distortion=1.0, turn=15.0)
        rows, seen = extract(taken.image).minutiae, taken.minutiae
        deep = inner(taken, 16)
        seen_in = deep[np.rint(seen["y"]).astype(int), np.rint(seen["x"]).astype(int)]
        rows_in = deep[np.rint(rows["y"]).astype(int), np.rint(rows["x"]).astype(int)]
        far = np.hypot(seen["x"][:, None] - rows["x"], seen["y"][:, None] - rows["y"])
        angle = np.abs(np.angle(np.exp(1j * (seen["angle"][:, None] - rows["angle"]))))
        far[angle > math.radians(20)] = np.inf
        true += int(seen_in.sum())
        near += int((far.min(1)[seen_in] <= 3).sum())
        found += int(rows_in.sum())
        known += int((far.min(0)[rows_in] <= 5).sum())
        apart += list(far.min(1)[seen_in & (far.min(1) < 8)])
    assert true > 80
    assert near / true > 0.82
    assert known / found > 0.88
    assert np.median(apart) < 2


def test_direction_is_the_pictures() -> None:
    taken = plain(2, distortion=1.0, turn=-30.0)
    grey = taken.image.pixels.astype(float)
    dy, dx = np.gradient(grey)
    double = np.arctan2(
        gaussian_filter(2 * dx * dy, 5), gaussian_filter(dx * dx - dy * dy, 5)
    )  # of the normal, y down
    measured = -double / 2 + np.pi / 2
    errors = turn(measured, taken.truth().orientation().astype(float))[inner(taken, 12)]
    assert np.median(errors) < math.radians(4)
    assert np.quantile(errors, 0.95) < math.radians(12)


def test_period_is_the_extractors() -> None:
    for seed in SEEDS:
        taken = plain(seed)
        measured = explain(taken.image, ("period",))[1]["period"].astype(float)
        side = round(taken.mask.shape[0] / measured.shape[0])
        true = taken.truth().period[side // 2 :: side, side // 2 :: side]
        deep = inner(taken, 12)[side // 2 :: side, side // 2 :: side]
        rows, cols = (min(a, b) for a, b in zip(true.shape, measured.shape, strict=True))
        here = deep[:rows, :cols] & (measured[:rows, :cols] > 0)
        ratio = measured[:rows, :cols][here] / true[:rows, :cols][here]
        assert np.median(ratio) == pytest.approx(1, abs=0.04)


def test_phase_is_the_relief_and_rises_to_the_left() -> None:
    taken = plain(1, distortion=1.0, turn=70.0)
    truth, deep = taken.truth(), inner(taken, 8)
    cosine, sine = truth.phase
    grey = -taken.image.pixels.astype(float)
    assert np.corrcoef(grey[deep], cosine[deep])[0, 1] > 0.93
    assert np.allclose((cosine**2 + sine**2)[taken.mask], 1, atol=1e-4)
    phase = np.arctan2(sine, cosine).astype(float)
    across = np.angle(np.exp(1j * (phase[:-1, 1:] - phase[:-1, :-1])))
    down = np.angle(np.exp(1j * (phase[1:, :-1] - phase[:-1, :-1])))
    direction = truth.orientation()[:-1, :-1]
    rise = -np.sin(direction) * across - np.cos(direction) * down
    here = deep[:-1, :-1] & (truth.amplitude[:-1, :-1] > 0.5)
    ratio = rise[here] * truth.period[:-1, :-1][here] / (2 * np.pi)
    assert np.median(ratio) == pytest.approx(1, abs=0.02)
    assert (ratio > 0.5).mean() > 0.97


def test_minutiae_go_through_the_map_and_back() -> None:
    taken = plain(2, distortion=2.0, turn=25.0)
    true = taken.finger.minutiae[taken.source]
    for seen, (u, v, angle, _) in zip(taken.minutiae, true, strict=True):
        x, y = float(seen["x"]), float(seen["y"])
        back = geometry_kernels.place(x, y, taken.map.lattice, float(CELL))
        assert back[:2] == pytest.approx((u, v), abs=2e-3)
        # A short step along the angle on the print is a step along it on the finger.
        step = geometry_kernels.place(
            x + 0.1 * math.cos(seen["angle"]),
            y - 0.1 * math.sin(seen["angle"]),
            taken.map.lattice,
            float(CELL),
        )
        assert math.atan2(-(step[1] - back[1]), step[0] - back[0]) % (2 * math.pi) == pytest.approx(
            angle, abs=0.02
        )


def test_slopes_of_the_map_are_its_differences() -> None:
    lattice = plain(2, distortion=2.0, turn=25.0).map.lattice
    rng = np.random.default_rng(1)
    for x, y in rng.uniform(20, 330, (20, 2)):
        _, _, ux, uy, vx, vy = geometry_kernels.place(x, y, lattice, float(CELL))
        right = geometry_kernels.place(x + 1e-4, y, lattice, float(CELL))
        left = geometry_kernels.place(x - 1e-4, y, lattice, float(CELL))
        low = geometry_kernels.place(x, y + 1e-4, lattice, float(CELL))
        high = geometry_kernels.place(x, y - 1e-4, lattice, float(CELL))
        assert ((right[0] - left[0]) / 2e-4, (right[1] - left[1]) / 2e-4) == pytest.approx(
            (ux, vx), abs=1e-5
        )
        assert ((low[0] - high[0]) / 2e-4, (low[1] - high[1]) / 2e-4) == pytest.approx(
            (uy, vy), abs=1e-5
        )


def test_truth_scales_with_the_resolution() -> None:
    low, high = plain(5), plain(5, dpi=1000.0)
    at = {int(k): n for n, k in enumerate(high.source)}
    both = [(n, at[int(k)]) for n, k in enumerate(low.source) if int(k) in at]
    assert len(both) > 20
    for axis in ("x", "y"):
        first = low.minutiae[axis][[n for n, _ in both]].astype(float)
        second = high.minutiae[axis][[n for _, n in both]].astype(float)
        assert np.allclose(2 * first + 0.5, second, atol=0.6)
    periods = [np.median(one.truth().period[inner(one, 10)]) for one in (low, high)]
    assert periods[1] / periods[0] == pytest.approx(2, rel=0.02)


def test_a_smaller_sensor_sees_a_part_of_the_same() -> None:
    whole = Condition(sensor=Sensor(height=420, width=360))
    part = replace(whole, sensor=Sensor(height=300, width=240))
    large, small = (press(grown(1), clean(taken), 4) for taken in (whole, part))
    cut = large.image.pixels[60:360, 60:300]
    # Control points lie elsewhere, so the last digit may differ.
    assert np.abs(cut.astype(int) - small.image.pixels).max() <= 3
    assert set(small.source.tolist()) <= set(large.source.tolist())
    where = {int(k): n for n, k in enumerate(large.source)}
    same = [where[int(k)] for k in small.source]
    assert np.allclose(large.minutiae["x"][same] - 60, small.minutiae["x"], atol=0.05)


def test_truth_is_empty_where_nothing_touches() -> None:
    taken = plain(1)
    truth = taken.truth()
    for plane in (*truth.direction, truth.period, *truth.phase, truth.amplitude):
        assert not plane[~taken.mask].any()
    assert (truth.period[taken.mask] > 3).all()
    assert taken.mask[
        np.rint(taken.minutiae["y"]).astype(int), np.rint(taken.minutiae["x"]).astype(int)
    ].all()


def test_a_coarser_truth_is_every_eighth_pixel() -> None:
    taken = plain(1)
    fine, coarse = taken.truth(), taken.truth(8)
    assert np.array_equal(coarse.mask, fine.mask[4::8, 4::8])
    assert np.array_equal(coarse.direction, fine.direction[:, 4::8, 4::8])
    assert np.array_equal(coarse.period, fine.period[4::8, 4::8])
    with pytest.raises(CividError, match="step"):
        taken.truth(0)
