"""Pairings that grow outwards: fingers that were pulled aside, and what must not change."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid import Comparison, ComparisonParameters, compare, cpu
from civid.fingerprint.template import MINUTIA_DTYPE, Template

UNGROWN = ComparisonParameters(grow_from=100_000)


def print_of(seed: int, count: int = 45) -> npt.NDArray[np.void]:
    """Minutiae 14 px apart or more, over 300 by 360 px."""
    rng = np.random.default_rng(seed)
    places: list[npt.NDArray[np.float64]] = []
    while len(places) < count:
        place = rng.uniform((100, 100), (400, 460))
        if all(np.hypot(*(place - other)) >= 14 for other in places):
            places.append(place)
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = np.array(places).reshape(-1, 2).T
    minutiae["angle"] = rng.uniform(0, 2 * np.pi, count)
    minutiae["kind"] = rng.integers(1, 3, count)
    minutiae["quality"] = rng.integers(40, 101, count)
    return minutiae


def pulled(minutiae: npt.NDArray[np.void], seed: int, px: float) -> npt.NDArray[np.void]:
    """The lower half dragged along, the more the lower, and turned; some minutiae lost."""
    rng = np.random.default_rng(seed)
    made = minutiae[rng.random(len(minutiae)) > 0.25].copy()
    share = np.clip((made["y"] - 220) / 200, 0, 1)
    made["x"] += px * share + rng.normal(0, 1.5, len(made))
    made["y"] += 0.3 * px * share + rng.normal(0, 1.5, len(made))
    made["angle"] = np.mod(made["angle"] - 0.3 * share + rng.normal(0, 0.1, len(made)), 2 * np.pi)
    return made


def template(minutiae: npt.NDArray[np.void]) -> Template:
    return Template(minutiae, quality=60, width=640, height=640)


def both(seed: int, px: float) -> tuple[Comparison, Comparison]:
    """A print and the same pulled aside, grown and not."""
    first = print_of(seed)
    one, other = template(first), template(pulled(first, seed + 1, px))
    return compare(one, other), compare(one, other, UNGROWN)


def test_a_finger_pulled_aside_finds_more_of_its_pairs() -> None:
    """Forty of them, the lower half up to 80 px off."""
    found = [both(seed, 80.0) for seed in range(0, 80, 2)]
    more = [len(grown.pairs) - len(plain.pairs) for grown, plain in found]
    raised = [grown.raw - plain.raw for grown, plain in found]
    assert min(raised) >= 0
    assert np.mean(more) > 1
    assert np.mean(raised) > 120


def test_pairs_that_growth_adds_are_true() -> None:
    right = added = 0
    for seed in range(0, 80, 2):
        first = print_of(seed)
        kept = np.flatnonzero(np.random.default_rng(seed + 1).random(len(first)) > 0.25)
        one, other = template(first), template(pulled(first, seed + 1, 80.0))
        before = {tuple(pair) for pair in compare(one, other, UNGROWN).pairs.tolist()}
        new = [pair for pair in compare(one, other).pairs.tolist() if tuple(pair) not in before]
        added += len(new)
        right += sum(kept[b] == a for a, b in new)
    assert added > 50
    assert right > 0.9 * added


def test_what_few_strangers_reach_alone_is_grown() -> None:
    """Where it is not, or nothing is won, pairs and similarity are as they were."""
    same = 0
    for seed in range(200):
        one, other = template(print_of(seed)), template(print_of(seed + 1000))
        grown, plain = compare(one, other), compare(one, other, UNGROWN)
        assert grown.raw >= plain.raw
        if plain.raw <= ComparisonParameters().grow_from or grown.raw == plain.raw:
            assert np.array_equal(grown.pairs, plain.pairs)
            same += 1
        lower = compare(one, other, ComparisonParameters(grow_from=0))
        assert lower.raw >= grown.raw
    assert same > 180


def test_strangers_gain_less_than_mates() -> None:
    always = ComparisonParameters(grow_from=0)
    gains = []
    for seed in range(0, 80, 2):
        one, other = template(print_of(seed)), template(print_of(seed + 1001))
        gains.append(compare(one, other, always).raw - compare(one, other, UNGROWN).raw)
    mates = [grown.raw - plain.raw for grown, plain in map(both, range(0, 80, 2), [80.0] * 40)]
    assert np.mean(gains) < 0.5 * np.mean(mates)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 80))
def test_whichever_is_given_first_and_on_every_instruction_set(seed: int, px: float) -> None:
    first = print_of(seed)
    one, other = template(first), template(pulled(first, seed + 1, px))
    forth, back = compare(one, other), compare(other, one)
    assert forth.raw == back.raw
    assert {tuple(pair) for pair in forth.pairs.tolist()} == {
        tuple(pair[::-1]) for pair in back.pairs.tolist()
    }
    for isa in cpu.available():
        with cpu.using(isa):
            again = compare(one, other)
        assert again.raw == forth.raw
        assert np.array_equal(again.pairs, forth.pairs)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_next_to_nothing_grows_to_nothing(count: int) -> None:
    parameters = ComparisonParameters(grow_from=0, grow_cluster=1, grow_support=0.0)
    few = template(print_of(1, count))
    assert compare(few, few, parameters).raw == compare(few, few, UNGROWN).raw
