from __future__ import annotations

import math

import numpy as np
import pytest
from tests.search.prints import again, impression, person, template

from civid.fingerprint.compare import compare
from civid.position import Position
from civid.search import Candidate, FingerEvidence, Gallery

INDEX, MIDDLE = Position.RIGHT_INDEX, Position.RIGHT_MIDDLE


def term(probe: Position, reference: Position) -> FingerEvidence:
    return FingerEvidence(probe, reference, 30.0, 12, 1)


def test_fpir_is_that_of_the_gallery() -> None:
    assert Candidate("x", 30.0, (), 1).fpir == pytest.approx(1e-3)
    assert Candidate("x", 90.0, (), 10**6).fpir == pytest.approx(1e-3, rel=1e-3)
    assert Candidate("x", 0.0, (), 5).fpir == 1.0


@pytest.mark.parametrize("score", [100.0, 400.0, 1000.0, 3000.0])
def test_fpir_does_not_underflow(score: float) -> None:
    expected = math.log10(10**6) - score / 10
    assert math.log10(Candidate("x", score, (), 10**6).fpir) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("score", [4000.0, 1e6, 3e38])
def test_fpir_of_the_absurd(score: float) -> None:
    assert Candidate("x", score, (), 10**6).fpir == 0.0


def test_searched_counts_the_living() -> None:
    gallery = Gallery()
    gallery.enroll_many({str(i): person(i) for i in range(6)})
    gallery.remove("2")
    (best,) = gallery.search(person(3), 1)
    assert best.searched == 5


def test_swapped_means_two_known_and_different_labels() -> None:
    assert term(INDEX, MIDDLE).swapped
    assert not term(INDEX, INDEX).swapped
    assert not term(Position.UNKNOWN, INDEX).swapped
    assert Candidate("x", 1.0, (term(INDEX, INDEX), term(INDEX, MIDDLE))).swapped
    assert not Candidate("x", 1.0, (term(INDEX, Position.UNKNOWN),)).swapped


@pytest.mark.parametrize("swapped", [False, True])
def test_pairs_on_request_are_those_of_the_comparison(swapped: bool) -> None:
    fingers = person(1, 2, 3, 7) | {Position.UNKNOWN: template(8)}
    probe = again(fingers, 1)
    if swapped:
        probe[INDEX], probe[MIDDLE] = probe[MIDDLE], probe[INDEX]
    gallery = Gallery()
    gallery.enroll("x", fingers)
    (plain,) = gallery.search(probe, swapped=swapped)
    (candidate,) = gallery.search(probe, swapped=swapped, pairs=True)
    assert candidate == plain
    assert hash(candidate) == hash(plain)
    assert len(candidate.evidence) == 4
    assert candidate.swapped == swapped
    for one, other in zip(candidate.evidence, plain.evidence, strict=True):
        assert other.minutiae is None
        assert one.minutiae is not None
        alone = compare(probe[one.probe_position], fingers[one.reference_position])
        assert one.minutiae.dtype == np.int64
        assert np.array_equal(one.minutiae, alone.pairs)
        assert len(one.minutiae) == one.pairs > 0


def test_pairs_of_the_largest_templates_fit() -> None:
    fingers = {Position(i): template(i, 255) for i in range(11)}
    gallery = Gallery()
    gallery.enroll("x", fingers)
    (candidate,) = gallery.search(fingers, pairs=True)
    for one in candidate.evidence:
        assert one.minutiae is not None
        assert np.array_equal(one.minutiae[:, 0], one.minutiae[:, 1])
    (other,) = gallery.search(impression(fingers[INDEX], 1), pairs=True)
    assert other.evidence[0].minutiae is not None


def test_no_repr_shows_who_it_is_or_where_minutiae_are() -> None:
    gallery = Gallery()
    gallery.enroll("079204000001", person(1))
    (candidate,) = gallery.search(person(1), pairs=True)
    assert "079204000001" not in repr(candidate)
    assert "array" not in repr(candidate.evidence)
