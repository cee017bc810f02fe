"""What may be changed of a search: how it is done, how much is compared, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self

from civid.errors import FieldError
from civid.fingerprint.comparison_parameters import STANDARD as COMPARED_AS_MEASURED
from civid.fingerprint.comparison_parameters import ComparisonParameters
from civid.fingerprint.native_parameters import (
    Number,
    checked_names,
    checked_number,
    named,
)
from civid.search.parameters.fusing import STANDARD as FUSED_AS_MEASURED
from civid.search.parameters.fusing import FusionParameters

#: What results say of a search with nothing changed.
SEARCH: Final = "civid-search/1"
METHODS: Final = ("auto", "exact", "cascade", "index")
_RANGES: Final[dict[str, tuple[type, float, float]]] = {
    "exact_up_to": (int, 0, 10**9),
    "compared_share": (float, 0, 1),
    "compared_share_of_several": (float, 0, 1),
    "compared_least": (int, 1, 10**9),
    "compared_least_of_several": (int, 1, 10**9),
    "fingers": (int, 1, 11),
    "range_size": (int, 64, 65536),
    "oversampling": (float, 1, 1000),
    "turns": (int, 1, 16),
    "cells": (int, 1, 64),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParameters:
    """Parameters of the searches of a gallery: ``Gallery(parameters=SearchParameters(...))``.

    How each step works, and what the defaults lose, is measured in ``docs/explain/search.md`` and
    ``docs/explain/sublinear.md``.

    Parameters
    ----------
    method : {"auto", "exact", "cascade", "index"}
        Exact up to `exact_up_to` subjects and by lists where a gallery has them, else by scan; all
        compared in full; by scan alone; by lists that are also built in memory.
    exact_up_to : int
        0..1e9 subjects up to which ``"auto"`` compares all.
    compared_share, compared_share_of_several : float
        0..1 of the gallery that is compared in full with a probe of one finger, of several.
    compared_least, compared_least_of_several : int
        1..1e9: but never fewer than this.
    fingers : int
        1..11 fingers of a probe that the first look takes, those with most minutiae.
    range_size : int
        64..65536 subjects of one call of the scan; each range keeps its best.
    oversampling : float
        1..1000: a range keeps up to this many times its share.
    turns : int
        1..16 directions, evenly around, in which the first look looks for a probe; the comparison
        in full takes it as it is. 1: prints stand within 45 degrees of how they were enrolled; 4
        finds them however they lie, for three times the time.
    cells : int
        1..64 of the 1,024 cells of the lists that each minutia asks.
    comparison : ComparisonParameters
        Of each comparison in full.
    fusion : FusionParameters
        Of the scores of several fingers.

    Raises
    ------
    FieldError
        A value out of its range, or of another kind; the field is named.

    Notes
    -----
    What changes how many are compared changes who may be missed, but no score. Scores of another
    `comparison` or `fusion` are no false match rates: see `calibrated`. Frozen, so safe to share
    between threads.

    Examples
    --------
    >>> SearchParameters(compared_least=400).name
    'civid-search/1;compared_least=400'
    >>> narrow = SearchParameters(comparison=ComparisonParameters(pair_distance=12))
    >>> narrow.name, narrow.calibrated
    ('civid-search/1;comparison.pair_distance=12', False)
    """

    method: str = "auto"
    exact_up_to: int = 2048
    compared_share: float = 1 / 1000
    compared_share_of_several: float = 1 / 4000
    compared_least: int = 200
    compared_least_of_several: int = 50
    fingers: int = 2
    range_size: int = 8192
    oversampling: float = 4
    turns: int = 1
    cells: int = 32
    comparison: ComparisonParameters = COMPARED_AS_MEASURED
    fusion: FusionParameters = FUSED_AS_MEASURED

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise FieldError("method", f"must be one of {', '.join(METHODS)}")
        for name, (kind, least, most) in _RANGES.items():
            checked_number(name, getattr(self, name), kind, least, most)
        if not isinstance(self.comparison, ComparisonParameters):
            raise FieldError("comparison", "must be ComparisonParameters")
        if not isinstance(self.fusion, FusionParameters):
            raise FieldError("fusion", "must be FusionParameters")

    @property
    def calibrated(self) -> bool:
        """Whether a score is the false match rate that it states: the defaults compare and fuse."""
        return (self.comparison, self.fusion) == (COMPARED_AS_MEASURED, FUSED_AS_MEASURED)

    def changes(self) -> dict[str, Number | str]:
        """The values that are not the defaults; those of parts by dotted names.

        >>> SearchParameters(fusion=FusionParameters(dependence=0.1)).changes()
        {'fusion.dependence': 0.1}
        """
        found: dict[str, Number | str] = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name not in _PARTS and getattr(self, one.name) != one.default
        }
        for part in _PARTS:
            for name, value in getattr(self, part).changes().items():
                found[f"{part}.{name}"] = value
        return found

    def to_dict(self) -> dict[str, Any]:
        """All values by their names, for JSON; parts are objects of their own."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**plain, "comparison": self.comparison.to_dict(), "fusion": self.fusion.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Parameters with these values, and defaults for the rest: what a JSON file holds.

        Raises
        ------
        FieldError
            There is no field of a name, or its value is none.

        >>> SearchParameters.from_dict({"fusion": {"dependence": 0}}).name
        'civid-search/1;fusion.dependence=0'
        """
        given = checked_names(values, [one.name for one in fields(cls)])
        if "comparison" in given:
            given["comparison"] = ComparisonParameters.from_dict(given["comparison"])
        if "fusion" in given:
            given["fusion"] = FusionParameters.from_dict(given["fusion"])
        return cls(**given)

    @property
    def name(self) -> str:
        """What results say, in at most 64 characters: if need be by a digest of the changes."""
        return named(SEARCH, self.changes())


_PARTS: Final = ("comparison", "fusion")

#: The defaults.
STANDARD: Final = SearchParameters()
