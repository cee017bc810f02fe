"""What speaks for a candidate, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cli.console.evidence import chance, fingers_in_words
from civid.position import Position
from civid.search import FingerEvidence


def finger(probe: Position, reference: Position) -> FingerEvidence:
    return FingerEvidence(probe, reference, 50.0, 20, 1)


@pytest.mark.parametrize(
    ("rate", "words"),
    [(1e-3, "1 in 1,000"), (1.99e-5, "1 in 50,000"), (0.1, "1 in 10"), (1.0, "likely")],
)
def test_chances_as_people_say_them(rate: float, words: str) -> None:
    assert chance(rate) == words


@given(st.floats(0, 1))
def test_every_chance_has_words(rate: float) -> None:
    assert len(chance(rate)) <= 18


def test_many_fingers_are_counted_and_wrong_labels_named() -> None:
    right, left, unknown = Position.RIGHT_INDEX, Position.LEFT_INDEX, Position.UNKNOWN
    alike = [finger(one, one) for one in list(Position)[1:6]]
    assert fingers_in_words(alike[:2]) == "right-thumb, right-index"
    words = fingers_in_words([*alike, finger(right, left), finger(unknown, left)])
    assert words == "5 fingers, right-index -> left-index (swapped), unknown -> left-index"
