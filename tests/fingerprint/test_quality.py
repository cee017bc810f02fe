"""`assess`: the right reason for what is known to be wrong, and none for good prints."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import ImageError
from civid.fingerprint.extract import extract
from civid.fingerprint.figures import Figures
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.quality import LIMITS, QualityReport, _reasons, assess, examine
from civid.fingerprint.reasons import Reason
from civid.lab import synthetic

Pixels = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def masters() -> dict[int, synthetic.Master]:
    return {seed: synthetic.master(seed) for seed in (1, 2, 3)}


@pytest.fixture(scope="module")
def careful(masters: dict[int, synthetic.Master]) -> list[Pixels]:
    """Ten careful captures on a sensor of 300 x 400 px."""
    return [
        synthetic.impression(masters[1 + seed % 3], seed, difficulty=0.1).image.pixels
        for seed in range(10)
    ]


def report(pixels: npt.ArrayLike) -> QualityReport:
    whole = np.clip(np.rint(np.asarray(pixels, float)), 0, 255).astype(np.uint8)
    return assess(FingerImage(whole, 500.0))


def test_good_prints_have_no_reasons(careful: list[Pixels]) -> None:
    for pixels in careful:
        found = report(pixels)
        assert found.quality >= LIMITS.good
        assert found.reasons == ()
        assert 100 < found.area_mm2 < 310


def test_dry_fingers(masters: dict[int, synthetic.Master]) -> None:
    """The first ten seeds of this finger that draw a moisture below -0.45."""
    reports = []
    for seed in (0, 3, 8, 12, 13, 16, 27, 32, 35, 36):
        pressed = synthetic.impression(masters[1], seed, difficulty=0.8)
        assert pressed.moisture < -0.45
        reports.append(assess(pressed.image))
    assert sum(Reason.TOO_DRY in one.reasons for one in reports) >= 9
    assert not any(Reason.TOO_WET in one.reasons for one in reports)


def test_wet_fingers(masters: dict[int, synthetic.Master]) -> None:
    """All seeds below 30 of two fingers that draw a moisture above 0.45."""
    reports = []
    seeds = {2: (1, 3, 10, 13, 15, 19, 22), 3: (12, 17, 19, 24, 25, 27)}
    for finger, seed in [(2, seed) for seed in seeds[2]] + [(3, seed) for seed in seeds[3]]:
        pressed = synthetic.impression(masters[finger], seed, difficulty=0.8)
        assert pressed.moisture > 0.44
        reports.append(assess(pressed.image))
    poor = [one for one in reports if one.quality < LIMITS.good]
    assert len(poor) >= 7
    assert sum(Reason.TOO_WET in one.reasons for one in poor) >= 0.8 * len(poor)
    assert not any(Reason.TOO_DRY in one.reasons for one in reports)


def test_small_prints(careful: list[Pixels]) -> None:
    y, x = np.indices(careful[0].shape)
    touched = np.hypot(y - 200, x - 150) < 60
    reports = [report(np.where(touched, pixels, 250)) for pixels in careful]
    assert all(one.area_mm2 < LIMITS.area[1] for one in reports)
    assert sum(one.reasons[:1] == (Reason.TOO_SMALL,) for one in reports) >= 9


@pytest.mark.parametrize(("down", "right"), [(0, 150), (0, -150), (-180, 0), (180, 0)])
def test_prints_beside_the_glass(careful: list[Pixels], down: int, right: int) -> None:
    height, width = careful[0].shape
    for pixels in careful:
        wide = np.pad(pixels, 200, constant_values=250)
        top, left = 200 - down, 200 - right
        found = report(wide[top : top + height, left : left + width])
        assert Reason.OFF_CENTRE in found.reasons
        assert np.sign(found.offset[0 if right else 1]) == np.sign(right or down)


def test_room_around_a_print_is_no_fault(careful: list[Pixels]) -> None:
    for pixels in careful[:3]:
        found = report(np.pad(pixels, ((0, 300), (0, 400)), constant_values=250))
        assert max(map(abs, found.offset)) > LIMITS.offset[1]
        assert Reason.OFF_CENTRE not in found.reasons


def test_faint_prints(careful: list[Pixels]) -> None:
    for pixels in careful:
        clear = report(pixels).contrast
        faint = report(240 + (pixels.astype(float) - 255) * 5 / clear)
        assert faint.contrast == pytest.approx(5, abs=0.5)
        assert faint.reasons == (Reason.LOW_CONTRAST,)


def test_prints_set_down_twice(careful: list[Pixels]) -> None:
    """Two touches over each other: ridges in two directions, with full contrast."""
    reports = [
        report(np.minimum(pixels, np.roll(pixels[::-1, ::-1], (9, 5), (0, 1))))
        for pixels in careful
    ]
    poor = [one for one in reports if one.quality < LIMITS.good]
    assert len(poor) >= 5
    assert sum(Reason.SMEARED in one.reasons for one in poor) >= 0.7 * len(poor)


def hostile() -> dict[str, Pixels]:
    random = np.random.default_rng(7)
    shape = (300, 260)
    coarse = random.normal(128, 40, (50, 44)).repeat(6, 0).repeat(6, 1)[:300, :260]
    return {
        "white": np.full(shape, 255, np.uint8),
        "black": np.zeros(shape, np.uint8),
        "noise": random.integers(0, 256, shape, np.uint8),
        "coarse noise": np.clip(coarse, 0, 255).astype(np.uint8),
        "grating": np.rint(127 + 100 * np.cos(np.indices(shape)[1] * 0.7)).astype(np.uint8),
        "one dot": np.pad(np.zeros((1, 1), np.uint8), 60, constant_values=255),
        "smallest": random.integers(0, 256, (48, 48), np.uint8),
    }


@pytest.mark.parametrize("name", hostile())
def test_images_without_a_print(name: str) -> None:
    found = report(hostile()[name])
    assert found.reasons == (Reason.NO_PRINT,)
    figures = dataclasses.astuple(found)
    assert all(np.isfinite(one).all() for one in figures if isinstance(one, (int, float)))


def test_what_extract_refuses_is_refused() -> None:
    with pytest.raises(ImageError):
        assess(FingerImage(np.zeros((20, 20), np.uint8), 500.0))


def test_it_says_what_extract_says(careful: list[Pixels]) -> None:
    image = FingerImage(careful[0], 500.0)
    template, found = examine(image)
    assert np.array_equal(template.minutiae, extract(image).minutiae)
    assert (found.quality, found.minutiae) == (template.quality, len(template))
    assert found == assess(image)


def test_area_is_that_of_the_finger_at_any_resolution(careful: list[Pixels]) -> None:
    double = FingerImage(careful[0].repeat(2, 0).repeat(2, 1), 1000.0)
    assert assess(double).area_mm2 == pytest.approx(report(careful[0]).area_mm2, rel=0.05)


@pytest.mark.parametrize("reason", Reason)
def test_advice(reason: Reason) -> None:
    sentences = {reason.advice("en"), reason.advice("vi")}
    assert len(sentences) == 2
    assert all(20 < len(one) < 80 and one.endswith(".") for one in sentences)
    with pytest.raises(ValueError, match="no advice in 'fr'"):
        reason.advice("fr")


def test_prints_pressed_dry_and_wet(data: Path) -> None:
    """FVC2004 DB1: fingers were dried and moistened on purpose; most of the poor are explained."""
    paths = sorted((data / "prints" / "FVC2004" / "DB1_B").glob("*.png"))[::2]
    reports = [assess(read_image(path)) for path in paths]
    poor = [one for one in reports if one.quality < LIMITS.good]
    assert sum(bool(one.reasons) for one in poor) >= 0.7 * len(poor)
    assert not any(one.reasons for one in reports if one.quality >= 70)
    kinds = {reason for one in reports for reason in one.reasons}
    assert {Reason.TOO_DRY, Reason.TOO_WET} <= kinds
    assert Reason.NO_PRINT not in kinds


def test_two_fingers_in_one_image_are_no_finger(careful: list[Pixels]) -> None:
    height = min(pixels.shape[0] for pixels in careful[:2])
    both = np.hstack([pixels[:height] for pixels in careful[:2]])
    assert assess(FingerImage(both, 500)).reasons[0] is Reason.NOT_ONE_FINGER


def test_a_print_larger_than_any_finger_is_none(careful: list[Pixels]) -> None:
    many = np.tile(careful[0][120:280, 80:220], (7, 7))
    assert assess(FingerImage(many, 500)).reasons[0] is Reason.NOT_ONE_FINGER


@pytest.mark.parametrize("name", ["FVC2002/DB3_B", "FVC2004/DB3_B", "UareU"])
def test_every_poor_print_has_a_reason_and_none_is_dry_and_wet(data: Path, name: str) -> None:
    paths = sorted((data / "prints" / name).glob("*.*"))[::12]
    if not paths:
        pytest.skip(f"no {name}")
    for path in paths:
        report = assess(read_image(path, dpi=500))
        assert not {Reason.TOO_DRY, Reason.TOO_WET} <= set(report.reasons)
        assert report.reasons or report.quality >= 40
        assert Reason.NOT_ONE_FINGER not in report.reasons


@given(
    st.integers(0, 100), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 60),
    st.floats(0, 400), st.floats(0, 1),
)  # fmt: skip
def test_no_advice_contradicts_another(
    quality: int, dark: float, broken: float, valley: float, contrast: float, area: float,
    coherence: float,
) -> None:  # fmt: skip
    """Whatever the figures are, nobody is told to press more firmly and more lightly."""
    figures = Figures(area, dark, broken, valley, contrast, coherence=coherence)
    found = _reasons(quality, figures)
    told = " ".join(one.advice() for one in found)
    assert not ("lightly" in told and "firmly" in told)
    assert not ("Moisten" in told and "dry" in told)
    assert len(set(found)) == len(found)
    if quality < LIMITS.poor:
        assert found
    if Reason.NO_PRINT in found:
        assert found == (Reason.NO_PRINT,)
