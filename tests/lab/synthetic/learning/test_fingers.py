"""Fingers: what their phase says, and who has which."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from tests.lab.synthetic.learning.made import grown

from civid.errors import CividError
from civid.lab.synthetic.learning import Finger, PatternClass, Person, draw_person, finger
from civid.lab.synthetic.learning.people import draw_period
from civid.lab.synthetic.learning.ridges.patterns import HEIGHT, SHARES, WIDTH, draw_class
from civid.lab.synthetic.streams import Stream
from civid.position import Position

SINGULAR = {
    PatternClass.ARCH: (0, 0),
    PatternClass.TENTED_ARCH: (1, 1),
    PatternClass.LEFT_LOOP: (1, 1),
    PatternClass.RIGHT_LOOP: (1, 1),
    PatternClass.WHORL: (2, 2),
    PatternClass.DOUBLE_LOOP: (2, 2),
}


@pytest.fixture(params=list(PatternClass), ids=lambda pattern: pattern.value)
def each(request: pytest.FixtureRequest) -> Finger:
    return grown(5, request.param)


def directions(made: Finger) -> npt.NDArray[np.float64]:
    """Twice the direction of the ridges as they grew, every second pixel."""
    return np.arctan2(made.waves[..., 1], made.waves[..., 0]).astype(np.float64)


def winding(double: npt.NDArray[np.float64], x: float, y: float, radius: float) -> float:
    """How often the direction turns along a circle, with the sense of y up."""
    around = np.linspace(0, 2 * np.pi, 121)
    cols = np.rint((x + radius * np.cos(around)) / 2).astype(int)
    rows = np.rint((y - radius * np.sin(around)) / 2).astype(int)
    turned = np.angle(np.exp(1j * np.diff(double[rows, cols]))).sum()
    return -float(turned) / (4 * math.pi)


def test_the_grown_ridges_turn_about_cores_and_deltas(each: Finger) -> None:
    assert (len(each.cores), len(each.deltas)) == SINGULAR[each.pattern]
    points = [(*core, 0.5) for core in each.cores] + [(*delta, -0.5) for delta in each.deltas]
    for k, (x, y, index) in enumerate(points):
        others = [math.dist((x, y), other[:2]) for j, other in enumerate(points) if j != k]
        radius = min([16.0, *(0.5 * distance for distance in others)])
        if radius < 10:  # ridges 9 px apart cannot show two points that near
            continue
        assert winding(directions(each), x, y, radius) == pytest.approx(index, abs=1e-3)


def test_round_every_minutia_the_phase_makes_one_turn(each: Finger) -> None:
    """Counted anew: unwrapped along a circle, in the sense of one normal."""
    turns = []
    for x, y, angle, kind in each.minutiae:
        if kind == 2:  # a fork's zero is ahead of it
            wave = each.waves[int(y) // 2, int(x) // 2, 2]
            x, y = (
                x + 0.3 * 2 * math.pi / wave * math.cos(angle),
                y - 0.3 * 2 * math.pi / wave * math.sin(angle),
            )
        around = np.linspace(0, 2 * np.pi, 49)
        cols = np.rint(x + 3 * np.cos(around)).astype(int)
        rows = np.rint(y - 3 * np.sin(around)).astype(int)
        nx, ny = each.normals[round(y), round(x)]
        same = each.normals[rows, cols] @ np.array([nx, ny])
        phase = np.arctan2(
            each.field[rows, cols, 1] * np.where(same >= 0, 1, -1), each.field[rows, cols, 0]
        )
        turns.append(abs(np.angle(np.exp(1j * np.diff(phase))).sum()) / (2 * math.pi))
    # A neighbour of the other sense inside the circle makes it none.
    assert np.isclose(turns, 1, atol=1e-3).mean() > 0.93


def test_ridges_begin_and_fork_in_the_sense_of_the_angle(each: Finger) -> None:
    """Ahead of an ending is ridge and behind it none; the other way round at a fork."""
    right = []
    for x, y, angle, kind in each.minutiae:
        steps = np.arange(3, 8)
        ahead, behind = (
            each.field[
                np.rint(y - sign * steps * math.sin(angle)).astype(int),
                np.rint(x + sign * steps * math.cos(angle)).astype(int),
                0,
            ].mean()
            for sign in (1, -1)
        )
        right.append(ahead > behind if kind == 1 else ahead < behind)
    assert np.mean(right) > 0.95


def test_counts_are_those_of_fingers() -> None:
    made = [grown(5, pattern) for pattern in PatternClass]
    counts = [len(one.minutiae) for one in made]
    assert 45 <= np.mean(counts) <= 110
    kinds = np.concatenate([one.minutiae[:, 3] for one in made])
    assert 0.35 < (kinds == 1).mean() < 0.65
    nearest = []
    for one in made:
        points = one.minutiae[:, :2]
        far = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        np.fill_diagonal(far, np.inf)
        nearest.append(np.median(far.min(1)))
    assert 14 < np.median(nearest) < 32


def test_ridges_are_nine_pixels_apart(each: Finger) -> None:
    period = 2 * np.pi / each.waves[..., 2][each.inside[::2, ::2]]
    assert np.median(period) == pytest.approx(9.0, rel=0.08)
    assert 6.0 < np.quantile(period, 0.02) < np.quantile(period, 0.98) < 13.5


def test_the_same_seed_gives_the_same_finger() -> None:
    first, second = finger(5, pattern="whorl"), grown(5, PatternClass.WHORL)
    for name in ("field", "normals", "waves", "minutiae", "inside"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
    assert first.skin.pores.tobytes() == second.skin.pores.tobytes()
    assert finger(6, pattern="whorl").field.tobytes() != first.field.tobytes()
    assert first.field.shape == (HEIGHT, WIDTH, 2)
    assert not first.field.flags.writeable


def test_pores_lie_on_ridges(each: Finger) -> None:
    cols, rows = np.rint(each.skin.pores[:, :2]).astype(int).T
    assert (each.field[rows, cols, 0] > 0).mean() > 0.95
    area = each.inside.sum() * each.millimetres**2
    assert 2 < len(each.skin.pores) / area < 9  # a square millimetre


def test_classes_come_as_on_that_finger() -> None:
    for position, row in ((Position.RIGHT_THUMB, 0), (Position.LEFT_INDEX, 1)):
        drawn = [draw_class(Stream(seed, int(position)), position) for seed in range(3000)]
        share = SHARES[row][4] / sum(SHARES[row])
        slack = 5 * math.sqrt(share * (1 - share) / len(drawn))
        assert drawn.count(PatternClass.WHORL) / len(drawn) == pytest.approx(share, abs=slack)
        loops = [drawn.count(PatternClass.RIGHT_LOOP), drawn.count(PatternClass.LEFT_LOOP)]
        assert (loops[0] > loops[1]) is (position is Position.RIGHT_THUMB)


def test_age_sex_and_finger_decide_on_the_size() -> None:
    def mean(person: Person, position: Position = Position.RIGHT_MIDDLE) -> float:
        return float(np.mean([draw_period(Stream(k), person, position) for k in range(200)]))

    assert mean(Person(age=6)) < 0.75 * mean(Person(age=30))
    assert mean(Person(female=True)) < mean(Person(female=False))
    assert mean(Person(), Position.LEFT_LITTLE) < mean(Person(), Position.LEFT_THUMB)


def test_work_and_age_leave_traces() -> None:
    def marked(person: Person) -> list[float]:
        made = [finger(seed, person=person).skin for seed in range(3)]
        return [float(np.mean([getattr(one, name).mean() for one in made]))
                for name in ("creases", "worn")]  # fmt: skip

    young, old = marked(Person(25, toil=0.0)), marked(Person(80, toil=0.9))
    assert old[0] > 1.2 * young[0]
    assert old[1] > young[1] + 0.2


def test_people_are_of_all_kinds() -> None:
    people = [draw_person(Stream(k)) for k in range(500)]
    assert {person.female for person in people} == {True, False}
    assert min(person.age for person in people) < 10
    assert max(person.age for person in people) > 80


@pytest.mark.parametrize(
    "arguments",
    [{"seed": -1}, {"seed": 1, "pattern": "zigzag"}, {"seed": 1, "variation": 3.0}],
    ids=str,
)
def test_refuses_what_it_cannot_grow(arguments: dict[str, object]) -> None:
    with pytest.raises(CividError) as caught:
        finger(**arguments)  # type: ignore[arg-type]
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("wrong", [{"age": -1}, {"age": 200}, {"toil": 2}], ids=str)
def test_nobody_is_like_that(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Person(**wrong)  # type: ignore[arg-type]


def test_repr_tells_no_pixels() -> None:
    assert "array" not in repr(grown())
