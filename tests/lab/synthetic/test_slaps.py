"""Synthetic slaps: the same for a seed, and true to what is said of them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from civid.lab.synthetic import Master, SyntheticError, master
from civid.lab.synthetic.slaps import Condition, SyntheticSlap, sheet, slap
from civid.position import Position


@pytest.fixture(scope="module")
def masters() -> list[Master]:
    return [master(40), master(41)]


def test_a_seed_gives_one_slap(masters: list[Master]) -> None:
    first, again = (slap(3, code=13, condition="mixed", masters=masters) for _ in range(2))
    assert np.array_equal(first.image.pixels, again.image.pixels)
    assert (first.fingers, first.missing, first.angle) == (
        again.fingers,
        again.missing,
        again.angle,
    )
    other = slap(4, code=13, condition="mixed", masters=masters)
    assert not np.array_equal(first.image.pixels, other.image.pixels)


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        *((13 if number % 2 else 14, condition) for number, condition in enumerate(Condition)),
        (15, Condition.MISSING),
        (15, Condition.TOUCHING),
    ],
)
def test_every_finger_is_there_or_missing(
    masters: list[Master], code: int, condition: Condition
) -> None:
    made = slap(5, code=code, condition=condition, masters=masters)
    expected = {13: {2, 3, 4, 5}, 14: {7, 8, 9, 10}, 15: {1, 6}}[code]
    seen = [finger.position for finger in made.fingers]
    assert set(seen) | set(made.missing) == expected
    assert not set(seen) & set(made.missing)
    assert [finger.centre[0] for finger in made.fingers] == sorted(
        finger.centre[0] for finger in made.fingers
    )


def test_the_ink_is_in_the_boxes(masters: list[Master]) -> None:
    made = slap(6, code=14, masters=masters)
    dark = made.image.pixels < 120
    inside = np.zeros_like(dark)
    for finger in made.fingers:
        inside |= box_mask(made, finger.centre, finger.size, finger.angle)
    assert (dark & inside).sum() > 0.98 * dark.sum()
    assert dark[inside].mean() > 0.2


def box_mask(
    made: SyntheticSlap, centre: tuple[float, float], size: tuple[float, float], angle: float
) -> np.ndarray:
    y, x = np.indices(made.image.pixels.shape) + 0.5
    x, y = x - centre[0], y - centre[1]
    across = math.cos(angle) * x - math.sin(angle) * y
    along = math.sin(angle) * x + math.cos(angle) * y
    return (np.abs(across) <= size[0] / 2) & (np.abs(along) <= size[1] / 2)


def test_right_hands_have_the_index_finger_on_the_left(masters: list[Master]) -> None:
    right = slap(7, code=13, masters=masters).fingers
    assert [finger.position for finger in right] == [
        Position.RIGHT_INDEX,
        Position.RIGHT_MIDDLE,
        Position.RIGHT_RING,
        Position.RIGHT_LITTLE,
    ]
    assert right[1].centre[1] < right[0].centre[1]  # the middle finger reaches furthest up
    assert right[3].centre[1] > right[2].centre[1]


def test_wrong_arguments() -> None:
    with pytest.raises(SyntheticError, match="13, 14 or 15"):
        slap(1, code=11)
    with pytest.raises(SyntheticError, match="plain"):
        slap(1, condition="wet")
    with pytest.raises(SyntheticError, match="seed"):
        slap(-1)


def test_draws_the_picture_of_the_docs(tmp_path: Path, root: Path) -> None:
    assert sheet.main([str(tmp_path / "sheet.png")]) == 0
    with (
        Image.open(tmp_path / "sheet.png") as drawn,
        Image.open(root / "docs" / "pictures" / "slaps.png") as kept,
    ):
        assert drawn.size == kept.size
    assert (tmp_path / "sheet.png").stat().st_size < 300_000
    assert sheet.main([]) == 2
