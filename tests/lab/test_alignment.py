"""The rigid motion between two prints: known ones are recovered, undecided ones are not made up."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.fingerprint.compare import compare
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.pictures import pair_explained, pair_joined
from civid.pictures.alignment import align, fit_rigid
from civid.pictures.canvas import BLUE, VERMILION
from civid.pictures.hull import in_hull

ROWS = [(40, 50, 0.3, 1, 90), (150, 60, 1.0, 2, 90), (90, 180, 2.0, 1, 90), (60, 120, 3.0, 2, 90)]


def turned(points: npt.NDArray[np.float64], degrees: float) -> npt.NDArray[np.float64]:
    """Points turned counter-clockwise as seen, y down."""
    z = (points[:, 0] - 1j * points[:, 1]) * np.exp(1j * math.radians(degrees))
    return np.column_stack([z.real, -z.imag])


def template(rows: list[tuple[float, ...]] = ROWS) -> Template:  # type: ignore[assignment]
    return Template(rows, quality=50, width=200, height=240)


@given(
    st.integers(0, 1000),
    st.integers(2, 60),
    st.floats(-179.9, 179.9),
    st.floats(-500, 500),
    st.floats(-500, 500),
)
def test_a_known_motion_is_recovered(
    seed: int, count: int, degrees: float, right: float, down: float
) -> None:
    source = np.random.default_rng(seed).uniform(0, 400, (count, 2))
    target = turned(source, degrees) + np.array([right, down])
    motion = fit_rigid(source, target)
    assert motion is not None
    assert motion.degrees == pytest.approx(degrees, abs=1e-5)
    np.testing.assert_allclose(motion.move(source), target, atol=1e-6)
    np.testing.assert_allclose(motion.inverse().move(target), source, atol=1e-6)
    assert np.linalg.det(motion.matrix) == pytest.approx(1)


@given(st.integers(0, 1000), st.floats(-0.05, 0.05), st.floats(-3, 3), st.floats(-3, 3))
def test_no_motion_nearby_fits_better(seed: int, turn: float, right: float, down: float) -> None:
    rng = np.random.default_rng(seed)
    source = rng.uniform(0, 400, (20, 2))
    target = turned(source, 25) + rng.normal(0, 5, source.shape)
    motion = fit_rigid(source, target)
    assert motion is not None
    moved = motion.move(source)
    other = turned(moved - 200, math.degrees(turn)) + 200 + (right, down)
    assert np.sum((moved - target) ** 2) <= np.sum((other - target) ** 2) + 1e-6


def test_a_mirror_image_is_turned_and_never_reflected() -> None:
    source = np.array([(0.0, 0.0), (100.0, 0.0), (100.0, 30.0)])
    motion = fit_rigid(source, source * (-1, 1))
    assert motion is not None
    assert np.linalg.det(motion.matrix) == pytest.approx(1)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (np.empty((0, 2)), np.empty((0, 2))),
        ([(3, 4)], [(5, 6)]),
        ([(3, 4)] * 5, [(5, 6)] * 5),
        ([(0, 0), (9, 0)], [(5, 6), (5, 6)]),
        # A square and its mirror image: each turn is as bad as any other.
        ([(1, 1), (-1, 1), (-1, -1), (1, -1)], [(1, -1), (-1, -1), (-1, 1), (1, 1)]),
    ],
)
def test_where_the_turn_is_open_there_is_no_motion(
    source: npt.ArrayLike, target: npt.ArrayLike
) -> None:
    assert fit_rigid(source, target) is None


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ([(0, 0), (1, 1)], [(0, 0)]),
        ([0, 1], [0, 1]),
        ([(0, 0, 0)] * 3, [(0, 0, 0)] * 3),
        ([(0, 0), (np.nan, 1)], [(0, 0), (1, 1)]),
        ([(0, 0), (1, 1)], [(0, 0), (np.inf, 1)]),
    ],
)
def test_what_are_no_points_is_refused(source: npt.ArrayLike, target: npt.ArrayLike) -> None:
    with pytest.raises(ValueError, match=r"shape|finite"):
        fit_rigid(source, target)


def test_figures_of_records() -> None:
    moved = [(x + 20, y - 10, *rest) for x, y, *rest in ROWS]
    # (95, 90) of the first lies within the hull of the second, (10, 230) does not.
    first = template([*ROWS, (95, 90, 0, 1, 90), (10, 230, 0, 1, 90)])
    found = align(None, first, None, template(moved), [(i, i) for i in range(4)])
    assert found is not None
    assert found.motion.degrees == pytest.approx(0, abs=1e-6)
    assert found.shift.tolist() == pytest.approx([-20, 10])
    assert found.rms == pytest.approx(0, abs=1e-5)
    assert found.inside == (5, 4)
    assert found.paired_share == pytest.approx(8 / 9)


def test_what_is_left_over_is_measured() -> None:
    first = template([(0, 0, 0, 1, 9), (100, 0, 0, 1, 9)])
    second = template([(3, 0, 0, 1, 9), (97, 0, 0, 1, 9)])
    found = align(None, first, None, second, [(0, 0), (1, 1)])
    assert found is not None
    np.testing.assert_allclose(found.leftover, [(3, 0), (-3, 0)], atol=1e-6)
    assert found.rms == pytest.approx(3)


def test_the_overlap_is_where_both_are_print() -> None:
    wave = np.tile(127 + 120 * np.sin(np.arange(200) * 2 * np.pi / 9), (240, 1))
    half = wave.copy()
    half[:, 100:] = 255
    whole, left = (FingerImage(one.astype(np.uint8), 500.0) for one in (wave, half))
    first = template(
        [(40, 60, 0, 1, 9), (60, 150, 0, 1, 9), (50, 100, 0, 1, 9), (170, 100, 0, 1, 9)]
    )
    second = template([(40, 60, 0, 1, 9), (60, 150, 0, 1, 9)])
    found = align(whole, first, left, second, [(0, 0), (1, 1)])
    assert found is not None
    assert found.inside == (3, 2)
    everywhere = align(whole, first, whole, second, [(0, 0), (1, 1)])
    assert everywhere is not None
    assert everywhere.inside == (4, 2)


@pytest.mark.parametrize("pairs", [[], [(0, 0)], [(0, 0), (0, 0)]])
def test_too_few_pairs_align_nothing(pairs: list[tuple[int, int]]) -> None:
    assert align(None, template(), None, template(), pairs) is None


@pytest.mark.parametrize("corners", [[], [(1, 1)], [(0, 0), (1, 1), (2, 2)]])
def test_a_hull_without_area_holds_nothing(corners: list[tuple[float, float]]) -> None:
    assert not in_hull(np.array([(1.0, 1.0)]), np.array(corners, float).reshape(-1, 2)).any()


def test_each_print_is_drawn_in_its_colour() -> None:
    wave = np.tile(127 + 120 * np.sin(np.arange(200) * 2 * np.pi / 9), (240, 1))
    image = FingerImage(wave.astype(np.uint8), 500.0)
    comparison = compare(template(), template())
    found = align(image, template(), image, template(), [(i, i) for i in range(4)])
    above = pair_joined(image, template(), image, template(), comparison)

    def seen(a: FingerImage | None, b: FingerImage | None) -> list[int]:
        picture = pair_explained(a, template(), b, template(), comparison, found)
        below = np.asarray(picture.crop((0, above.height, *picture.size))).astype(int)
        # Full colour on paper, at the strength of a ridge.
        inks = [255 - 0.55 * (255 - np.array(colour)) for colour in (BLUE, VERMILION)]
        inks.append(inks[0] * inks[1] / 255)
        return [int((np.abs(below - ink).max(axis=2) < 12).sum()) for ink in inks]

    first, second, both = seen(image, None), seen(None, image), seen(image, image)
    assert first[0] > 20_000 > 500 > first[1]
    assert second[1] > 20_000 > 500 > second[0]
    assert both[2] > 20_000  # the same print over itself: ridges of both everywhere
    assert max(both[:2]) < 500


def test_without_an_alignment_the_pairs_are_drawn_alone() -> None:
    comparison = compare(template([]), template())
    sides = None, template([]), None, template()
    above = pair_joined(*sides, comparison)
    picture = pair_explained(*sides, comparison, None)
    assert 20 < picture.height - above.height < 100
    assert picture.crop((0, 0, *above.size)).tobytes() == above.tobytes()
