"""Pictures: every minutia is where it should be, in the colour and shape of its kind."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage
from civid.fingerprint.scores.odds import odds
from civid.fingerprint.template import Template
from civid.pictures import pair_joined, stages, template_over_print
from civid.pictures.canvas import BLUE, PURPLE, VERMILION, Colour
from civid.pictures.colours import heat

BLANK = FingerImage(np.full((240, 200), 255, np.uint8), 500.0)
ZOOM, MARGIN = 2, 16


@dataclass
class Result:
    score: float = 41.0
    pairs: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))


def template(*rows: tuple[float, ...]) -> Template:
    return Template(list(rows), quality=50, width=200, height=240)


def count(picture: Image.Image, colour: Colour, box: tuple[int, int, int, int]) -> int:
    """Pixels of nearly this colour in a box of the picture."""
    pixels = np.asarray(picture.crop(box)).astype(int)
    return int((np.abs(pixels - colour).max(axis=2) < 40).sum())


def coloured(picture: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Pixels of a box that are not grey."""
    pixels = np.asarray(picture.crop(box)).astype(int)
    return int((np.ptp(pixels, axis=2) > 60).sum())


def around(x: float, y: float, radius: int = 12) -> tuple[int, int, int, int]:
    """A box of the picture about a place in px at 500 dpi."""
    left, top = round(MARGIN + x * ZOOM), round(MARGIN + y * ZOOM)
    return left - radius, top - radius, left + radius, top + radius


@pytest.mark.parametrize(("kind", "colour"), [(0, PURPLE), (1, BLUE), (2, VERMILION)])
def test_a_minutia_is_drawn_in_place_with_its_kind(kind: int, colour: Colour) -> None:
    picture = template_over_print(BLANK, template((60, 150, 0.0, kind, 90)))
    assert count(picture, colour, around(60, 150)) > 30
    everywhere = count(picture, colour, (MARGIN, MARGIN, MARGIN + 400, MARGIN + 480))
    assert everywhere == count(picture, colour, around(60, 150, radius=30))


def test_the_stroke_points_where_the_angle_says() -> None:
    # pi / 2 is up: y grows downwards, angles counter-clockwise.
    picture = template_over_print(BLANK, template((100, 120, np.pi / 2, 1, 90)))
    left, top = MARGIN + 100 * ZOOM, MARGIN + 120 * ZOOM
    above = count(picture, BLUE, (left - 3, top - 20, left + 4, top - 10))
    below = count(picture, BLUE, (left - 3, top + 10, left + 4, top + 20))
    assert above > 5
    assert below == 0


def test_the_print_lies_under_its_minutiae_at_any_resolution() -> None:
    pixels = np.full((480, 400), 255, np.uint8)
    pixels[180:220, 180:220] = 0  # at 1000 dpi: 90..110 at 500 dpi
    picture = template_over_print(FingerImage(pixels, 1000.0), template())
    dark = np.asarray(picture.convert("L")) < 150
    rows, columns = np.nonzero(dark[: MARGIN + 470, : MARGIN + 390][MARGIN + 2 :, MARGIN + 2 :])
    assert (rows.mean() / ZOOM, columns.mean() / ZOOM) == pytest.approx((99, 99), abs=2)


def test_paired_minutiae_are_joined_and_others_are_not() -> None:
    a = template((50, 60, 0, 1, 90), (150, 200, 0, 2, 90))
    b = template((60, 60, 0, 1, 90), (20, 20, 0, 2, 90))
    joined = pair_joined(BLANK, a, BLANK, b, Result(pairs=np.array([[0, 0]])))
    alone = pair_joined(BLANK, a, BLANK, b, Result())
    middle = joined.width // 2
    gap = (middle - 10, MARGIN, middle + 10, MARGIN + 480)
    assert coloured(joined, gap) >= 20
    assert coloured(alone, gap) == 0
    assert alone.size == joined.size


def test_prints_of_other_sizes_and_records_without_image_are_drawn() -> None:
    small = Template([(10, 10, 0, 1, 9)], quality=1, width=60, height=50)
    picture = pair_joined(None, small, BLANK, template(), Result())
    assert picture.width >= 800
    large = Template([], quality=1, width=9000, height=12000)
    assert max(template_over_print(None, large).size) < 1600


def test_every_stage_is_on_the_sheet() -> None:
    wave = 127 + 120 * np.sin(np.arange(200) * 2 * np.pi / 9)
    image = FingerImage(np.tile(wave, (240, 1)).astype(np.uint8), 500.0)
    sheet = stages(image)
    found, captured = explain(image)
    assert len(captured) == 11
    cells = 12
    assert sheet.width > 4 * 200
    assert sheet.height > cells / 4 * 240
    assert found.width == 200


def test_stages_of_an_empty_image_are_drawn() -> None:
    assert stages(BLANK).width > 800


@given(st.floats(0, 1, width=32))
def test_the_scale_grows_lighter(value: float) -> None:
    colour = heat(np.array([[0.0, value, 1.0]]), 0, 1)[0].astype(int) @ [299, 587, 114]
    assert colour[0] <= colour[1] <= colour[2]


@settings(max_examples=60)
@given(st.floats(0, 500))
def test_odds_are_words_for_every_score(score: float) -> None:
    words, _, beyond = odds(score).partition("; ")
    assert max(len(words), len(beyond)) < 80
    assert bool(beyond) == (score > 40)
    if 10 <= score <= 40:
        number = int("".join(filter(str.isdigit, words.partition("in ")[2])))
        assert number == pytest.approx(10 ** (score / 10), rel=0.06)
    elif 40 < score <= 89:
        assert "fewer than one in 10,000 pairs " in words
        number = int("".join(filter(str.isdigit, beyond.partition("in ")[2])))
        assert number == pytest.approx(10 ** (score / 10), rel=0.06)
        assert "extrapolated" in beyond
