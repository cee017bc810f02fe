from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search import oracle
from tests.search.prints import again, impression, person, template

from civid import cpu
from civid.position import Position
from civid.search import Gallery, fuse
from civid.search.fingers import Fingers

STOCK = [template(seed, 24) for seed in range(5)]
STOCK += [impression(one, seed) for seed, one in enumerate(STOCK)] + [template(9, 0)]
sets = st.one_of(
    st.sampled_from(STOCK),
    st.dictionaries(
        st.sampled_from(list(Position)), st.sampled_from(STOCK), min_size=1, max_size=4
    ),
)
TEN = list(Position)[1:]
OTHER_HAND = dict(zip(TEN, TEN[5:] + TEN[:5], strict=True))


def found(probe: Fingers, *references: Fingers) -> list[tuple[str, float]]:
    gallery = Gallery()
    gallery.enroll_many({str(i): fingers for i, fingers in enumerate(references)})
    return [(c.subject_id, c.score) for c in gallery.search(probe, None, swapped=True)]


@given(sets, st.lists(sets, max_size=4))
@settings(max_examples=60)
def test_agrees_with_the_oracle(probe: Fingers, references: list[Fingers]) -> None:
    subjects = {str(i): fingers for i, fingers in enumerate(references)}
    answer = dict(found(probe, *references))
    expected = dict(oracle.search(probe, subjects, swapped=True))
    assert answer.keys() == expected.keys()
    for name, score in answer.items():
        assert score == pytest.approx(expected[name], rel=2e-6, abs=2e-5)


@given(sets, sets)
def test_symmetric_to_the_bit(one: Fingers, other: Fingers) -> None:
    assert found(one, other) == found(other, one)


@given(st.permutations(TEN), st.integers(2, 10))
@settings(max_examples=8)
def test_any_order_of_the_fingers_is_found(order: list[Position], count: int) -> None:
    fingers = person(3, *range(1, 11), count=30)
    probe = again(fingers, 1)
    mixed = {order[position - 1]: one for position, one in probe.items()}
    wanted = dict(list(mixed.items())[:count])
    gallery = Gallery()
    gallery.enroll_many({"other": person(4, *range(1, 11), count=30), "same": fingers})
    best = gallery.search(wanted, 1, min_score=40, swapped=True)[0]
    assert best.subject_id == "same"
    assert len(best.evidence) == count
    place = {label: origin for origin, label in zip(TEN, order, strict=True)}
    for term in best.evidence:
        assert term.reference_position == place[term.probe_position]
    assert best.swapped == any(place[label] != label for label in wanted)


def test_right_labels_cost_next_to_nothing() -> None:
    fingers = person(1, 2, 3, 7)
    probe = again(fingers, 1)
    (score,) = [score for _, score in found(probe, fingers)]
    labelled = oracle.score(probe, fingers)
    assert labelled is not None
    assert score == pytest.approx(labelled - 1, abs=1e-4)


def test_mixed_hands_cost_thirteen_and_an_exchange_its_share() -> None:
    fingers = person(1, *range(1, 11))
    probe = again(fingers, 1)
    labelled = oracle.score(probe, fingers)
    assert labelled is not None
    mixed = {OTHER_HAND[position]: one for position, one in probe.items()}
    exchanged = dict(probe) | {TEN[1]: probe[TEN[2]], TEN[2]: probe[TEN[1]]}
    gallery = Gallery()
    gallery.enroll("x", fingers)
    for other, price in ((mixed, 13.0), (exchanged, 16 + 10 * math.log10(45))):
        (candidate,) = gallery.search(other, swapped=True)
        scores = [term.score for term in candidate.evidence]
        assert candidate.score == pytest.approx(fuse(scores) - price, abs=1e-3)
        assert candidate.score > labelled - price - 1e-3
        assert candidate.swapped
        assert not gallery.search(other)[0].swapped
        assert gallery.search(other)[0].score < candidate.score


def test_impostors_gain_nothing() -> None:
    """Whatever way is best for them, the score is worth at least what it says."""
    people = [person(seed, *range(1, 5), count=20) for seed in range(45)]
    gallery = Gallery()
    gallery.enroll_many({str(i): fingers for i, fingers in enumerate(people)})
    scores = [d.score for d in gallery.duplicates(max_fpir=None, swapped=True)]
    assert len(scores) == 990
    for least in (10, 20):
        nominal = len(scores) * 10 ** (-least / 10)
        assert sum(score >= least for score in scores) <= nominal + 4 * math.sqrt(nominal)


def test_fingers_in_no_common_position_are_candidates() -> None:
    fingers = person(1, 2, 3)
    elsewhere = {Position(8): fingers[Position(2)], Position(10): fingers[Position(3)]}
    gallery = Gallery()
    gallery.enroll("x", fingers)
    assert gallery.search(elsewhere) == []
    (candidate,) = gallery.search(elsewhere, swapped=True)
    scores = [term.score for term in candidate.evidence]
    assert candidate.score == pytest.approx(fuse(scores) - 10 - 10 * math.log10(2), abs=1e-3)


def test_duplicates_are_found_too() -> None:
    fingers = person(1, 2, 7)
    gallery = Gallery()
    gallery.enroll("x", fingers)
    gallery.enroll("y", {OTHER_HAND[p]: one for p, one in again(fingers, 1).items()})
    assert list(gallery.duplicates()) == []
    (pair,) = gallery.duplicates(swapped=True)
    assert pair.swapped
    assert (pair.subject, pair.other) == ("x", "y")


def test_every_instruction_set_and_thread_count_gives_the_same() -> None:
    subjects: list[Fingers] = [person(i, 1, 2, 7, count=20) for i in range(12)]
    probe = again(person(5, 1, 7, count=20), 1)
    mixed = {OTHER_HAND[position]: one for position, one in probe.items()}
    answers = set()
    for name in cpu.available():
        with cpu.using(name):
            answers.add(tuple(found(mixed, *subjects)))
    assert len(answers) == 1
