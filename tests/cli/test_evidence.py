"""What speaks for a candidate, in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.prints import person

from civid import Gallery, SearchParameters, cpu
from civid.cli.console.evidence import chance, fingers_in_words, threshold_in_words
from civid.cli.language.choice import Language, speaking
from civid.cli.language.sentences import say
from civid.position import Position
from civid.search import FingerEvidence, OperatingPoint
from civid.search.backends import explanation
from civid.search.backends.look_costs import COSTS


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


ENGLISH = re.compile(
    r"\b(the|of|in|by|all|are|is|was|not|none|with|subjects?|fingers?|compared|swapped|likely)\b"
)


@pytest.mark.parametrize("options", [{}, {"swapped": True}])
@pytest.mark.parametrize("parameters", ["auto", "cascade", "index", "exact"])
@pytest.mark.parametrize("people", [1, 12])
def test_how_a_search_was_done_is_said_in_vietnamese(
    options: dict[str, bool], parameters: str, people: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = replace(COSTS[0], machine="M")
    monkeypatch.setattr(explanation, "COSTS", [replace(costs, isa=cpu.active(), fingers=1)])
    gallery = Gallery(parameters=SearchParameters(method=parameters, exact_up_to=5))
    for number in range(people):
        gallery.enroll(str(number), person(number, 2, count=12))
    told = str(gallery.explain(person(1, 2, count=12), 3, **options))
    with speaking(Language.VI):
        said = [say(line) for line in told.splitlines()]
    assert not [line for line in said if ENGLISH.search(line)]
    assert re.findall(r"[\d.,]*\d", "\n".join(said)) == re.findall(r"[\d.,]*\d", told)


def test_a_table_of_candidates_is_said_in_vietnamese() -> None:
    found = [finger(Position.RIGHT_THUMB, Position.LEFT_THUMB)]
    with speaking(Language.VI):
        assert fingers_in_words(found) == "right-thumb -> left-thumb (đảo ngón)"
        assert (
            fingers_in_words([finger(Position.RIGHT_THUMB, Position.RIGHT_THUMB)] * 9) == "9 ngón"
        )
        assert [chance(rate) for rate in (2e-5, 0.8)] == ["1 trên 50,000", "dễ xảy ra"]
        assert threshold_in_words(OperatingPoint.of(1e-2, 50)).startswith("ngưỡng 37,0")
        assert say(threshold_in_words(None)).startswith("điểm được đo")
