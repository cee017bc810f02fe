"""What a score says, in words and for machines: what is measured, and what is extrapolated.

One place for screens, JSON and pictures, so that they say the same (``docs/explain/score.md``).
Thread-safe: nothing here has a state.
"""

from __future__ import annotations

import math
from typing import Final, Literal

from civid.errors import TemplateError
from civid.fingerprint.scores.tail_evidence import (
    MEASURED_TO as MEASURED_TO,  # dB; for whoever asks
)

Language = Literal["en", "vi"]

#: Of scores of other parameters than the defaults (of extraction, comparison or fusion), and of
#: extractors whose impostors were never compared.
_UNCALIBRATED: Final = {
    "en": "not calibrated: other parameters or another extractor than were measured; what rate it"
    " stands for is not known",
    "vi": "chưa hiệu chuẩn: tham số hoặc bộ trích xuất khác với những gì đã đo; chưa biết điểm này"
    " ứng với tỷ lệ nào",
}
#: Rarer than that nobody needs to be told.
_RAREST: Final = 1_000_000_000
_WORDS: Final = {
    "en": (
        "as alike as any two prints",
        "{0} in 100 pairs of different fingers score this high",
        "one in {0} pairs of different fingers scores this high",
        "fewer than one in {1} pairs of different fingers scores this high;"
        " extrapolated: one in {0}",
        "fewer than one in {1} pairs of different fingers scores this high;"
        " extrapolated: fewer than one in {0}",
    ),
    "vi": (
        "giống nhau như hai vân tay bất kỳ",
        "cứ {0} trong 100 cặp vân khác ngón giống đến mức này",
        "cứ {0} cặp vân khác ngón có một cặp giống đến mức này",
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


def odds(score: float, language: Language = "en", *, calibrated: bool = True) -> str:
    """What a score says, in words; what follows a semicolon is extrapolated.

    Parameters
    ----------
    score : float
        Comparison or fused score, ``-10 log10`` of a false match rate.
    language : {"en", "vi"}
    calibrated : bool
        Of the result; a score that is not says nothing about rates.

    Raises
    ------
    TemplateError
        There are no words in this language, or the score is no number (NaN).

    >>> odds(30.0)
    'one in 1,000 pairs of different fingers scores this high'
    >>> odds(3.0)
    '50 in 100 pairs of different fingers score this high'
    >>> odds(52.0).partition("; ")[2]
    'extrapolated: one in 160,000'
    >>> odds(30.0, "vi")
    'cứ 1.000 cặp vân khác ngón có một cặp giống đến mức này'
    """
    if language not in _WORDS:
        raise TemplateError(f"scores have words in en and vi, not in {language!r}")
    if math.isnan(score):
        raise TemplateError("a score that is no number has no meaning")
    if not calibrated:
        return _UNCALIBRATED[language]
    always, often, one_in, beyond, far_beyond = _WORDS[language]
    if score < 1:
        return always
    if score < 10:
        return often.format(round(100 * 10 ** (-score / 10)))
    if measured(score):
        return one_in.format(_one_in(score, language))
    limit = _one_in(MEASURED_TO, language)
    if score > 90:
        return far_beyond.format(_grouped(_RAREST, language), limit)
    return beyond.format(_one_in(score, language), limit)


def score_as_json(score: float, *, calibrated: bool = True) -> dict[str, object]:
    """The score, what it means in words, and whether that is measured: for every JSON with scores.

    >>> score_as_json(30.0)["measured"], score_as_json(52.04)["score"]
    (True, 52.04)
    """
    return {
        "score": round(float(score), 3),
        "meaning": odds(float(score), calibrated=calibrated),
        "measured": calibrated and measured(score),
    }


def _one_in(score: float, language: str) -> str:
    often = 10 ** (score / 10)
    return _grouped(round(often, 2 - len(str(int(often)))), language)


def _grouped(number: float, language: str) -> str:
    text = f"{number:,.0f}"
    return text.replace(",", ".") if language == "vi" else text
