"""The stages of the extraction, seen through `explain`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.fingerprint.extract import STAGES, explain, extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MINUTIA_DTYPE

Draw = Callable[..., npt.NDArray[np.uint8]]


@pytest.fixture(scope="module")
def image(sample_print: Draw) -> FingerImage:
    return FingerImage(sample_print(), 500.0)


def test_stages_have_the_shapes_and_types_that_are_promised(image: FingerImage) -> None:
    template, stages = explain(image)
    assert tuple(stages) == STAGES
    full, blocks = (340, 300), (43, 38)
    for name in ("resampled", "mask", "binary", "skeleton"):
        assert (stages[name].shape, stages[name].dtype) == (full, np.uint8), name  # type: ignore[comparison-overlap]
    for name in ("normalized", "enhanced"):
        assert (stages[name].shape, stages[name].dtype) == (full, np.int8), name  # type: ignore[comparison-overlap]
    for name in ("orientation", "coherence", "period"):
        assert (stages[name].shape, stages[name].dtype) == (blocks, np.float32), name  # type: ignore[comparison-overlap]
    assert (stages["quality"].shape, stages["quality"].dtype) == (blocks, np.uint8)  # type: ignore[comparison-overlap]
    assert stages["raw_minutiae"].dtype == MINUTIA_DTYPE
    assert len(stages["raw_minutiae"]) >= len(template)
    assert np.array_equal(stages["resampled"], image.pixels)
    for name in ("mask", "binary", "skeleton"):
        assert set(np.unique(stages[name])) == {0, 255}, name
    assert (stages["orientation"] >= 0).all()
    assert (stages["orientation"] <= np.float32(np.pi)).all()
    assert stages["quality"].max() <= 100


def test_looking_changes_nothing(image: FingerImage) -> None:
    expected = extract(image).minutiae.tolist()
    assert explain(image)[0].minutiae.tolist() == expected
    template, stages = explain(image, ["skeleton", "mask", "skeleton"])
    assert template.minutiae.tolist() == expected
    assert list(stages) == ["skeleton", "mask"]


def test_unknown_stage_is_named(image: FingerImage) -> None:
    with pytest.raises(ValueError, match=r"'minutia'.*skeleton"):
        explain(image, ["minutia"])


def test_mask_covers_the_print_and_not_the_ground(image: FingerImage) -> None:
    mask = explain(image, ["mask"])[1]["mask"] > 0
    y, x = np.mgrid[:340, :300]
    radius = np.hypot((x - 150) / 130, (y - 170) / 150)
    assert mask[radius < 0.88].all()
    assert not mask[radius > 1.15].any()


def pieces(picture: npt.NDArray[np.bool_], connectivity: int) -> int:
    from skimage.measure import label

    return int(label(picture, connectivity=connectivity).max())


@pytest.mark.parametrize("seed", range(4))
def test_thinning_keeps_pieces_and_holes_and_is_one_pixel_wide(
    sample_print: Draw, seed: int
) -> None:
    _, stages = explain(FingerImage(sample_print(seed=seed), 500.0), ["binary", "skeleton"])
    ink, lines = stages["binary"] > 0, stages["skeleton"] > 0
    assert not (lines & ~ink).any()
    assert pieces(lines, 2) == pieces(ink, 2)
    assert pieces(~np.pad(lines, 1), 1) == pieces(~np.pad(ink, 1), 1)
    squares = lines[1:, 1:] & lines[1:, :-1] & lines[:-1, 1:] & lines[:-1, :-1]
    assert not squares.any()


@pytest.mark.parametrize("seed", range(2))
def test_thinning_agrees_with_scikit_image(sample_print: Draw, seed: int) -> None:
    from scipy.ndimage import distance_transform_edt
    from skimage.morphology import skeletonize

    _, stages = explain(FingerImage(sample_print(seed=seed), 500.0), ["binary", "skeleton"])
    ours, theirs = stages["skeleton"] > 0, skeletonize(stages["binary"] > 0)
    for one, other in ((ours, theirs), (theirs, ours)):
        away = distance_transform_edt(~other)[one]
        assert np.quantile(away, 0.98) <= 1.5
        assert away.max() < 6


@given(
    level=st.integers(0, 255),
    width=st.integers(60, 300),
    dpi=st.floats(100, 2000).filter(lambda dpi: abs(dpi - 500) > 1),
)
def test_resampling_keeps_constants(level: int, width: int, dpi: float) -> None:
    side = int(np.ceil(width * dpi / 500))
    _, stages = explain(FingerImage(np.full((side, side), level, np.uint8), dpi), ["resampled"])
    assert (stages["resampled"] == level).all()


@pytest.mark.parametrize("dpi", [200.0, 569.0, 1000.0, 1270.0])
def test_resampling_puts_a_wave_where_it_was(dpi: float) -> None:
    size = int(200 * dpi / 500)
    # Positions in px at 500 dpi of the centres of the pixels.
    at = (np.arange(size) + 0.5) * 500 / dpi - 0.5
    wave = np.broadcast_to(127 + 90 * np.sin(2 * np.pi * at / 14), (size, size))
    _, stages = explain(FingerImage(np.rint(wave).astype(np.uint8), dpi), ["resampled"])
    row = stages["resampled"][50].astype(float)
    expected = 127 + 90 * np.sin(2 * np.pi * np.arange(len(row)) / 14)
    assert np.abs(row - expected)[8:-8].max() < (16 if dpi < 500 else 4)


def test_empty_print_reaches_every_stage() -> None:
    _, stages = explain(FingerImage(np.zeros((64, 64), np.uint8), 500.0))
    assert not stages["mask"].any()
    assert not stages["skeleton"].any()
    assert len(stages["raw_minutiae"]) == 0
