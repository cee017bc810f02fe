"""What a score says, in words and for machines: what is measured, and what is extrapolated.

One place for screens, JSON and pictures, so that they say the same (``docs/explain/score.md``).
Thread-safe: nothing here has a state.
"""

from __future__ import annotations

from typing import Final, Literal

from civid.errors import TemplateError
from civid.fingerprint.scores.tail_evidence import (
    MEASURED_TO as MEASURED_TO,  # dB; for whoever asks
)

Language = Literal["en", "vi"]

#: Rarer than that nobody needs to be told.
_RAREST: Final = 1_000_000_000
_WORDS: Final = {
    "en": (
        "as alike as any two prints",
        "one impostor pair in {0} scores this high",
        "fewer than one impostor pair in {1} scores this high; extrapolated: one in {0}",
        "fewer than one impostor pair in {1} scores this high; extrapolated: fewer than one in {0}",
    ),
    "vi": (
        "giống nhau như hai vân tay bất kỳ",
        "cứ {0} cặp vân của hai ngón khác nhau có một cặp giống đến mức này",
        "chưa tới một trong {1} cặp vân khác ngón giống đến mức này; ngoại suy: một trong {0}",
        "chưa tới một trong {1} cặp vân khác ngón giống đến mức này; ngoại suy: dưới một trong {0}",
    ),
}


def measured(score: float) -> bool:
    """Whether strangers were measured that far; beyond, a score is extrapolated.

    >>> measured(38.0), measured(52.0)
    (True, False)
    """
    return score <= MEASURED_TO


def odds(score: float, language: Language = "en") -> str:
    """What a score says, in words; what follows a semicolon is extrapolated.

    Parameters
    ----------
    score : float
        Comparison or fused score, ``-10 log10`` of a false match rate.
    language : {"en", "vi"}

    Raises
    ------
    TemplateError
        There are no words in this language.

    >>> odds(30.0)
    'one impostor pair in 1,000 scores this high'
    >>> odds(52.0)
    'fewer than one impostor pair in 10,000 scores this high; extrapolated: one in 160,000'
    >>> odds(30.0, "vi")
    'cứ 1.000 cặp vân của hai ngón khác nhau có một cặp giống đến mức này'
    """
    if language not in _WORDS:
        raise TemplateError(f"scores have words in en and vi, not in {language!r}")
    often, one_in, beyond, far_beyond = _WORDS[language]
    if score < 1:
        return often
    if measured(score):
        return one_in.format(_one_in(score, language))
    limit = _one_in(MEASURED_TO, language)
    if score > 90:
        return far_beyond.format(_grouped(_RAREST, language), limit)
    return beyond.format(_one_in(score, language), limit)


def score_as_json(score: float) -> dict[str, object]:
    """The score, what it means in words, and whether that is measured: for every JSON with scores.

    >>> score_as_json(30.0)["measured"], score_as_json(52.04)["score"]
    (True, 52.04)
    """
    return {
        "score": round(float(score), 3),
        "meaning": odds(float(score)),
        "measured": measured(score),
    }


def _one_in(score: float, language: str) -> str:
    often = 10 ** (score / 10)
    if often < 10:
        text = f"{round(often, 1):g}"
        return text.replace(".", ",") if language == "vi" else text
    return _grouped(round(often, 2 - len(str(int(often)))), language)


def _grouped(number: float, language: str) -> str:
    text = f"{number:,.0f}"
    return text.replace(",", ".") if language == "vi" else text
