"""Scores in words: measured and extrapolated kept apart, in two languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import TemplateError
from civid.fingerprint.scores.odds import MEASURED_TO, measured, odds, score_as_json
from civid.fingerprint.scores.tail_evidence import PAIRS, RATIOS, SPREAD

SCORES = st.floats(0, 500)


@given(SCORES)
def test_both_languages_say_the_same(score: float) -> None:
    english, vietnamese = odds(score), odds(score, "vi")
    digits = ["".join(filter(str.isdigit, text)) for text in (english, vietnamese)]
    assert digits[0] == digits[1] or digits[0] == digits[1].lstrip("0")
    beyond = not measured(score)
    assert ("; extrapolated: " in english) == ("; ngoại suy: " in vietnamese) == beyond


@given(SCORES)
def test_json_says_what_the_screen_says(score: float) -> None:
    said = score_as_json(score)
    assert said["meaning"] == odds(score)
    assert said["measured"] == (score <= MEASURED_TO) == measured(score)
    assert said["score"] == pytest.approx(score, abs=5e-4)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(TemplateError, match="'fr'"):
        odds(30.0, "fr")  # type: ignore[arg-type]


def test_the_evidence_is_of_the_size_that_reaches_so_far() -> None:
    """MEASURED_TO needs more than a handful of pairs expected beyond it."""
    assert PAIRS * 10 ** (-MEASURED_TO / 10) > 50
    assert [row[0] for row in RATIOS] == [30.0, 35.0, MEASURED_TO]
    assert all(0 <= low < high for _, low, high in RATIOS)
    assert 0 < SPREAD < 1
