"""What parameters mean for one search: the rules for C, and what results say of it."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from civid.errors import SearchError
from civid.search import operating_point
from civid.search.arrays.parts import View
from civid.search.backends.rules import Rules
from civid.search.parameters.searching import SEARCH, SearchParameters


class How(NamedTuple):
    """What results say of the search: the name of its parameters, and whether scores are rates."""

    parameters: str
    calibrated: bool


AS_MEASURED: Final = How(SEARCH, True)


def how_of(parameters: SearchParameters) -> How:
    """What results of these parameters say, as far as they decide it."""
    return How(parameters.name, parameters.calibrated)


def rules_of(parameters: SearchParameters, swapped: bool) -> Rules:
    """How two sets of fingers are compared by these parameters."""
    return Rules(swapped=swapped, comparison=parameters.comparison, fusion=parameters.fusion)


def checkpoint_key(parameters: SearchParameters) -> str:
    """Nothing for the defaults, whose checkpoints are older than parameters."""
    told = {name: value for name, value in parameters.changes().items() if name != "method"}
    return f" {told}" if told else ""


def check_score(min_score: float) -> None:
    """Refuse what is no least score: NaN, too, which no score is below.

    Raises
    ------
    SearchError
        It is not finite, or less than 0.
    """
    if not 0 <= min_score < math.inf:
        raise SearchError("min_score must be a finite number, 0 or more")


def least_score(
    min_score: float, max_fpir: float | None, subjects: int, parameters: SearchParameters
) -> float:
    """The least score of a candidate.

    Raises
    ------
    SearchError
        The options make no sense, or want a rate of scores that state none.
    """
    check_score(min_score)
    if max_fpir is None:
        return min_score
    if not parameters.calibrated:
        raise SearchError(
            "max_fpir needs calibrated scores, which other parameters of comparison or fusion than"
            " the defaults have not: give max_fpir=None and a min_score of your own"
        )
    return max(min_score, operating_point.threshold(max_fpir, subjects))


def whole_limit(limit: int | None, view: View) -> int:
    """How many candidates: checked; None = all that there may be."""
    if limit is None:
        return max(view.subjects, 1)
    if not isinstance(limit, int | np.integer) or isinstance(limit, bool) or limit < 1:
        raise SearchError("limit must be a whole number, at least 1")
    return int(limit)
