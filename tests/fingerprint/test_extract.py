"""Extraction: what must hold for every print, and what is known of made ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid import cpu
from civid.fingerprint.extract import EXTRACTOR, explain, extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MAX_MINUTIAE, Template

Pixels = npt.NDArray[np.uint8]
Draw = Callable[..., Pixels]


def found(pixels: Pixels, dpi: float = 500.0, method: str = "auto") -> Template:
    return extract(FingerImage(pixels, dpi), method=method)


def agreement(
    one: Template, x: npt.ArrayLike, y: npt.ArrayLike, angle: npt.ArrayLike, px: float = 4.0
) -> float:
    """Share of the template's minutiae that have one of the others at their place."""
    m = one.minutiae
    near = np.hypot(np.subtract.outer(m["x"], x), np.subtract.outer(m["y"], y)) < px
    turn = np.angle(np.exp(1j * np.subtract.outer(m["angle"], angle)))
    return float((near & (np.abs(turn) < 0.4)).any(axis=1).mean())


def test_a_template_says_who_made_it(sample_print: Draw) -> None:
    assert found(sample_print()).extractor == EXTRACTOR == "civid-neural/1"
    assert found(sample_print(), method="classical").extractor == "civid-classical/1"


@pytest.fixture(scope="module")
def sample(sample_print: Draw) -> Pixels:
    return sample_print()


@pytest.mark.parametrize("period", [6.0, 7.5, 9.0, 11.0, 13.0])
@pytest.mark.parametrize("degrees", [0.0, 20.0, 45.0, 90.0, 133.0, 170.0])
@pytest.mark.parametrize(("method", "off"), [("classical", 2), ("neural", 7)])
def test_period_and_orientation_of_a_grating(
    phase_print: Draw, period: float, degrees: float, method: str, off: float
) -> None:
    """The network has never seen a print without a curve, and bends these a little."""
    pixels = phase_print(256, 240, period, np.deg2rad(degrees))
    wanted = ["period", "orientation", "enhanced"]
    template, stages = explain(FingerImage(pixels, 500.0), wanted, method=method)
    inner = np.s_[5:-5, 5:-5]
    assert np.abs(stages["period"][inner] - period).max() < 0.05 * period
    turn = stages["orientation"][inner] - np.deg2rad(degrees)
    assert np.abs(np.angle(np.exp(2j * turn)) / 2).max() < np.deg2rad(off)
    assert len(template) == 0
    # Ridges are dark, and positive once enhanced.
    ridge = 127.0 - pixels[40:-40, 40:-40]
    assert np.corrcoef(ridge.ravel(), stages["enhanced"][40:-40, 40:-40].ravel())[0, 1] > 0.98


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, 145.0, 200.0, 290.0])
def test_planted_minutia_is_found_where_it_is_and_as_it_points(
    phase_print: Draw, degrees: float, sign: int
) -> None:
    angle = np.deg2rad(degrees)
    template = found(phase_print(220, 220, 9.0, angle, [(110.0, 104.0, sign)]))
    assert len(template) == 1
    minutia = template.minutiae[0]
    assert np.hypot(minutia["x"] - 110, minutia["y"] - 104) < 6
    wanted = angle if sign > 0 else angle + np.pi
    assert abs(np.angle(np.exp(1j * (minutia["angle"] - wanted)))) < np.deg2rad(10)
    assert minutia["kind"] in (1, 2)
    assert minutia["quality"] > 40


def test_finds_most_of_what_was_planted(sample: Pixels) -> None:
    template = found(sample)
    assert 12 <= len(template) <= 26
    assert template.quality > 40


@pytest.mark.parametrize(("right", "down"), [(16, 0), (0, 16), (32, 48)])
def test_two_blocks_of_shift_move_minutiae_exactly(sample: Pixels, right: int, down: int) -> None:
    ground = np.full((440, 400), 250, np.uint8)
    at_origin, shifted = ground.copy(), ground.copy()
    at_origin[24:364, 24:324] = sample
    shifted[24 + down : 364 + down, 24 + right : 324 + right] = sample
    one, two = (found(one, method="classical").minutiae for one in (at_origin, shifted))
    order_one, order_two = (np.lexsort((m["x"], m["y"])) for m in (one, two))
    assert len(one) > 10
    assert np.array_equal(one["x"][order_one] + right, two["x"][order_two])
    assert np.array_equal(one["y"][order_one] + down, two["y"][order_two])
    assert np.array_equal(one["angle"][order_one], two["angle"][order_two])


@pytest.mark.parametrize(("right", "down"), [(1, 0), (3, 5), (13, 30)])
def test_any_shift_moves_minutiae(sample: Pixels, right: int, down: int) -> None:
    ground = np.full((440, 400), 250, np.uint8)
    ground[down : 340 + down, right : 300 + right] = sample
    one, two = found(sample), found(ground)
    m = one.minutiae
    assert agreement(two, m["x"] + right, m["y"] + down, m["angle"]) > 0.8


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_turn_minutiae(sample: Pixels, turns: int) -> None:
    m = found(sample).minutiae
    x, y, angle = m["x"], m["y"], m["angle"]
    width, height = sample.shape[1], sample.shape[0]
    for _ in range(turns):  # np.rot90 turns counter-clockwise
        x, y, angle = y, width - 1 - x, angle + np.pi / 2
        width, height = height, width
    turned = found(np.rot90(sample, turns))
    assert (turned.width, turned.height) == (width, height)
    assert agreement(turned, x, y, angle) > 0.8


@pytest.mark.parametrize("dpi", [400.0, 569.0, 1000.0])
def test_other_resolutions_give_the_same_print(sample: Pixels, dpi: float) -> None:
    from skimage.transform import resize

    size = tuple(round(side * dpi / 500) for side in sample.shape)
    scaled = np.rint(255 * resize(sample, size, order=3, anti_aliasing=dpi < 500)).astype(np.uint8)
    m = found(sample).minutiae
    template = found(scaled, dpi)
    assert abs(template.width - 300) <= 1
    assert abs(template.height - 340) <= 1
    assert agreement(template, m["x"], m["y"], m["angle"]) > 0.75


def test_the_same_bits_again_and_in_threads(sample: Pixels) -> None:
    prints = [FingerImage(np.roll(sample, k, axis=0), 500.0) for k in range(6)]
    alone = [extract(image).minutiae.tolist() for image in prints]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda image: extract(image).minutiae.tolist(), prints * 2))
    assert together == alone * 2


@pytest.mark.parametrize("isa", [name for name in cpu.available() if name != "portable"])
@pytest.mark.parametrize("kind", ["print", "noise", "narrow"])
def test_instruction_sets_give_the_same_bits(sample: Pixels, isa: str, kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (150, 211), dtype=np.uint8)
    pixels = {"print": sample, "noise": noise, "narrow": sample[:60, 40:93]}[kind]
    image = FingerImage(pixels, 500.0)
    results = []
    for name in ("portable", isa):
        with cpu.using(name):
            template, stages = explain(image)
        results.append(stages | {"minutiae": template.minutiae})
    for stage, expected in results[0].items():
        assert np.array_equal(results[1][stage], expected), stage


def test_strides_do_not_matter(sample: Pixels) -> None:
    expected = found(sample).minutiae.tolist()
    wide = np.zeros((340, 600), np.uint8)
    wide[:, ::2] = sample
    assert found(wide[:, ::2]).minutiae.tolist() == expected
    assert found(np.asfortranarray(sample)).minutiae.tolist() == expected
    assert found(sample[::-1, ::-1][::-1, ::-1]).minutiae.tolist() == expected


@pytest.mark.parametrize("level", [0, 1, 127, 254, 255])
def test_blank_images_are_empty_prints(level: int) -> None:
    template = found(np.full((300, 260), level, np.uint8))
    assert (len(template), template.quality) == (0, 0)


def test_noise_is_no_print() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (374, 388), dtype=np.uint8)
    assert found(noise).quality <= 10


def test_step_edges_are_no_print() -> None:
    pixels = np.full((300, 300), 255, np.uint8)
    pixels[100:200, 100:200] = 0
    template = found(pixels)
    assert len(template) <= 2
    assert template.quality <= 10


def test_inverted_print_is_read_as_its_valleys(sample: Pixels) -> None:
    m = found(sample).minutiae
    inverted = found(255 - sample)
    # Every ending of a ridge is a fork of valleys: the same places and directions.
    assert agreement(inverted, m["x"], m["y"], m["angle"], px=9.0) > 0.6


def test_keeps_the_best_255_minutiae(phase_print: Draw) -> None:
    random = np.random.default_rng(3)
    spots = [
        (x + random.uniform(-4, 4), y + random.uniform(-4, 4), 1 if (x + y) // 24 % 2 else -1)
        for x in range(40, 560, 24)
        for y in range(40, 560, 24)
    ]
    template = found(phase_print(600, 600, 8.0, 0.3, spots))
    assert len(template) == MAX_MINUTIAE
    assert (np.diff(template.minutiae["quality"].astype(int)) <= 0).all()


@given(
    width=st.integers(50, 130),
    height=st.integers(50, 130),
    seed=st.integers(0, 2**32 - 1),
    period=st.floats(2, 40),
    noise=st.floats(0, 200),
    dpi=st.sampled_from([500.0, 512.0, 300.0]),
)
def test_any_image_gives_minutiae_inside_it(
    phase_print: Draw, width: int, height: int, seed: int, period: float, noise: float, dpi: float
) -> None:
    random = np.random.default_rng(seed)
    spots = [(random.uniform(0, width), random.uniform(0, height), 1) for _ in range(3)]
    ridges = phase_print(width, height, period, random.uniform(0, 7), spots, bend=0.01)
    pixels = np.clip(ridges + random.normal(0, noise, ridges.shape), 0, 255).astype(np.uint8)
    template = found(pixels, dpi)
    m = template.minutiae
    assert ((m["x"] >= 0) & (m["x"] < template.width)).all()
    assert ((m["y"] >= 0) & (m["y"] < template.height)).all()
    assert ((m["angle"] >= 0) & (m["angle"] < np.float32(2 * np.pi))).all()
    assert np.isin(m["kind"], (1, 2)).all()
    assert ((m["quality"] >= 1) & (m["quality"] <= 100)).all()
