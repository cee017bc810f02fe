"""Synthetic slaps, whose truth is known, cut into fingers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from civid.errors import ImageError, ResolutionError
from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.slaps import Box, Fault, Hand, Slap, segment, segment_card
from civid.lab.synthetic import Master, impression
from civid.lab.synthetic.slaps import SyntheticSlap, slap
from civid.position import Position

UNKNOWN = Position.UNKNOWN


def cut(made: SyntheticSlap, **options: object) -> Slap:
    given = {"position": made.code, "missing": made.missing} | options
    return segment(made.image, **given)


def outside(made: SyntheticSlap, found: Slap) -> np.ndarray:
    """How far every side of every box lies outside the true one, px."""
    rows = []
    for true, one in zip(made.fingers, found.fingers, strict=True):
        dx, dy = one.box.x - true.centre[0], one.box.y - true.centre[1]
        across = math.cos(true.angle) * dx - math.sin(true.angle) * dy
        along = math.sin(true.angle) * dx + math.cos(true.angle) * dy
        wide = (one.box.width - true.size[0]) / 2
        tall = (one.box.height - true.size[1]) / 2
        rows.append((wide - across, wide + across, tall - along, tall + along))
    return np.array(rows)


@pytest.mark.parametrize(
    ("seed", "code", "condition"),
    [
        (1, 13, "plain"),
        (2, 14, "plain"),
        (3, 15, "plain"),
        (4, 13, "rotated"),
        (5, 14, "touching"),
        (6, 13, "joints"),
        (7, 14, "paper"),
        (8, 13, "halo"),
        (9, 14, "faint"),
        (10, 13, "child"),
        (11, 14, "bandaged"),
        (12, 13, "missing"),
    ],
)
def test_fingers_are_where_they_were_pressed(
    masters: list[Master], seed: int, code: int, condition: str
) -> None:
    made = slap(seed, code=code, condition=condition, masters=masters)
    found = cut(made)
    assert [one.position for one in found.fingers] == [true.position for true in made.fingers]
    sides = outside(made, found)
    assert sides.min() > -32
    assert sides.max() < 64
    assert found.angle == pytest.approx(made.angle, abs=math.radians(10))


def test_the_hand_is_told_from_the_picture(masters: list[Master]) -> None:
    for code, hand in ((13, Hand.RIGHT), (14, Hand.LEFT)):
        made = slap(21, code=code, masters=masters)
        found = segment(made.image)
        assert (found.hand, found.hand_given) == (hand, False)
        assert found.hand_confidence > 0.95
        assert [one.position for one in found.fingers] == [one.position for one in made.fingers]


def test_the_mirror_image_is_the_other_hand(masters: list[Master]) -> None:
    made = slap(22, code=13, masters=masters)
    mirrored = np.ascontiguousarray(made.image.pixels[:, ::-1])
    assert segment(mirrored, dpi=500).hand is Hand.LEFT
    found = segment(mirrored, dpi=500, position=13)
    # What the caller says is used, and the contradiction is said.
    assert found.hand is Hand.RIGHT
    assert Fault.OTHER_HAND in found.faults
    assert found.fingers[0].position is Position.RIGHT_INDEX
    assert Fault.OTHER_HAND not in segment(made.image, position=13).faults


def test_missing_fingers_are_never_guessed(masters: list[Master]) -> None:
    made = slap(23, code=14, condition="missing", masters=masters)
    assert 2 <= len(made.fingers) < 4
    silent = cut(made, missing=())
    assert {one.position for one in silent.fingers} == {UNKNOWN}
    assert silent.faults >= {Fault.TOO_FEW, Fault.POSITIONS_UNKNOWN}
    assert [one.position for one in cut(made).fingers] == [one.position for one in made.fingers]
    # Fingers of the other hand are no news about this one.
    other = cut(made, missing=(Position.RIGHT_INDEX,))
    assert Fault.TOO_FEW in other.faults
    assert segment(made.image).hand is Hand.UNKNOWN


def test_more_fingers_than_stated(masters: list[Master]) -> None:
    made = slap(24, code=13, masters=masters)
    found = cut(made, missing=(Position.RIGHT_RING,))
    assert found.faults == {Fault.TOO_MANY, Fault.POSITIONS_UNKNOWN}
    assert {one.position for one in found.fingers} == {UNKNOWN}


def test_faults_of_the_picture(masters: list[Master]) -> None:
    assert cut(slap(25, code=13, masters=masters)).findings == ()
    assert Fault.ROTATED in cut(slap(4, code=13, condition="rotated", masters=masters)).faults
    touching = cut(slap(5, code=14, condition="touching", masters=masters))
    assert Fault.TOUCHING in touching.faults
    cut_off = cut(slap(26, code=13, condition="cut", masters=masters))
    marked = [one.finger for one in cut_off.findings if one.fault is Fault.CUT_OFF]
    assert marked
    assert all(isinstance(number, int) for number in marked)


def test_a_cut_finger_is_its_own_print(masters: list[Master]) -> None:
    """Turned and cut, it has the minutiae of what lies there in the picture, and no other."""
    made = slap(27, code=13, condition="rotated", masters=masters)
    plain = []
    for true in made.fingers:
        left, top, right, bottom = Box(*true.centre, *true.size, true.angle).upright
        part = made.image.pixels[max(0, top) : bottom, max(0, left) : right]
        plain.append(extract(FingerImage(np.ascontiguousarray(part), 500.0)))
    for number, one in enumerate(cut(made).fingers):
        template = extract(one.image)
        assert one.quality == template.quality > 40
        assert compare(template, plain[number]).score > 100


def test_the_cut_picture_is_upright(masters: list[Master]) -> None:
    """Cut once more, it stands straight and fills its picture."""
    made = slap(28, code=14, condition="rotated", masters=masters)
    for one in cut(made).fingers:
        again = segment(one.image, position=11)
        assert len(again.fingers) == 1
        assert abs(again.fingers[0].box.angle) < math.radians(8)
        assert again.fingers[0].box.height > 0.85 * one.box.height


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_hand_across_or_upside_down_is_not_named(masters: list[Master], turns: int) -> None:
    made = slap(28, code=13, masters=masters)
    pixels = np.ascontiguousarray(np.rot90(made.image.pixels, turns))
    found = segment(pixels, position=13, dpi=500)
    assert {one.position for one in found.fingers} == {UNKNOWN}
    assert Fault.POSITIONS_UNKNOWN in found.faults


@pytest.mark.parametrize("angle", [-50, 50])
def test_a_hand_far_turned(masters: list[Master], angle: int) -> None:
    from PIL import Image

    made = slap(28, code=13, masters=masters)
    page = Image.fromarray(np.pad(made.image.pixels, 350, mode="edge"))
    turned = np.asarray(page.rotate(angle, fillcolor=240))
    found = segment(turned, position=13, dpi=500)
    assert [one.position for one in found.fingers] == [one.position for one in made.fingers]
    assert found.angle - made.angle == pytest.approx(math.radians(angle), abs=0.2)
    assert Fault.ROTATED in found.faults


@pytest.mark.parametrize("factor", [2, 0.5])
def test_the_resolution_scales_boxes_and_nothing_else(masters: list[Master], factor: float) -> None:
    from PIL import Image

    made = slap(29, code=13, masters=masters)
    height, width = made.image.pixels.shape
    size = round(width * factor), round(height * factor)
    pixels = np.asarray(Image.fromarray(made.image.pixels).resize(size))
    whole, other = cut(made), segment(pixels, position=13, dpi=500 * factor)
    assert len(other.fingers) == len(whole.fingers)
    for a, b in zip(whole.fingers, other.fingers, strict=True):
        assert b.image.dpi == 500 * factor
        assert (b.box.x / factor, b.box.y / factor) == pytest.approx((a.box.x, a.box.y), abs=12)
        assert b.box.width / factor == pytest.approx(a.box.width, abs=24)


@pytest.mark.parametrize("kind", ["white", "black", "noise", "grain", "bars", "weave"])
def test_what_is_no_print_has_no_fingers(kind: str) -> None:
    random = np.random.default_rng(3)
    shape = (900, 1500)
    x, y = np.arange(shape[1])[None], np.arange(shape[0])[:, None]
    pictures = {
        "white": np.full(shape, 250),
        "black": np.zeros(shape),
        "noise": random.integers(0, 256, shape),
        "grain": np.kron(random.integers(0, 256, (300, 500)), np.ones((3, 3))),
        "bars": 127 + 120 * np.sin(2 * np.pi * x / 9) + 0 * y,
        "weave": 127 + 60 * np.sin(2 * np.pi * x / 9) + 60 * np.sin(2 * np.pi * y / 9),
    }
    found = segment(pictures[kind].astype(np.uint8), position=14, dpi=500)
    assert found.fingers == ()
    assert found.faults == {Fault.NO_FINGERS}


def test_a_card_has_four_plain_impressions(masters: list[Master]) -> None:
    dark = np.full((2500, 4000), 245, np.uint8)
    for code, left, width in ((14, 0, 1600), (13, 2400, 1600)):
        made = slap(30, code=code, condition="joints", masters=masters)
        dark[1500:, left : left + width] = made.image.pixels
    for left, seed in ((1600, 1), (2000, 2)):
        thumb = impression(masters[0], seed, difficulty=0.1, size=(500, 400)).image.pixels
        dark[1800:2300, left : left + 400] = thumb
    card = segment_card(FingerImage(dark, 500.0))
    assert [int(position) for position in card] == [14, 12, 11, 13]
    assert [len(found.fingers) for found in card.values()] == [4, 1, 1, 4]
    assert all(
        one.position in (*position.fingers,) and one.box.y > 1500
        for position, found in card.items()
        for one in found.fingers
    )
    with pytest.raises(ImageError, match="8 inches"):
        segment_card(dark[:, :3000], dpi=500)


def test_wrong_arguments() -> None:
    page = np.full((500, 800), 250, np.uint8)
    with pytest.raises(ResolutionError, match="give dpi"):
        segment(page)
    with pytest.raises(ResolutionError, match="200 dpi"):
        segment(page, dpi=150)
    with pytest.raises(ImageError, match="two-dimensional"):
        segment(page.astype(float), dpi=500)
    with pytest.raises(ImageError, match="inches"):
        segment(page[:50], dpi=500)
    with pytest.raises(ImageError, match="inches"):
        segment(np.full((100, 5100), 250, np.uint8), dpi=500)
    with pytest.raises(ValueError, match="99"):
        segment(page, dpi=500, position=99)
    with pytest.raises(ValueError, match="77"):
        segment(page, dpi=500, missing=[77])


def test_nothing_of_a_print_is_in_a_repr(masters: list[Master]) -> None:
    found = cut(slap(25, code=13, masters=masters))
    assert repr(found) == "Slap(4 fingers, right hand)"
    assert repr(found.fingers[0]).startswith("SlapFinger(RIGHT_INDEX, quality ")
    assert Box(1.0, 2.0, 3.0, 4.0, 0.0).corners[0] == (-0.5, 0.0)
