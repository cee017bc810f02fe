"""How two sets of fingers are compared: as labelled, or not trusting the labels."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from civid._native import ffi, lib
from civid.errors import SearchError
from civid.fingerprint.comparison_parameters import STANDARD as COMPARED_AS_MEASURED
from civid.fingerprint.comparison_parameters import ComparisonParameters
from civid.fingerprint.native_parameters import native_or_null
from civid.search.parameters.fusing import STANDARD as FUSED_AS_MEASURED
from civid.search.parameters.fusing import FusionParameters


@dataclass(frozen=True, slots=True)
class Rules:
    """What a backend passes on to C (``civid_rules_t``). ``docs/explain/fusion.md`` tells more.

    Parameters
    ----------
    swapped : bool
        Positions may be labelled wrong: also try the hands mixed, two fingers exchanged, and any
        order. The score pays for the choice; up to a hundred comparisons a subject.
    hopeless, decided : float
        Compare the two fingers with the most minutiae first, and no more where their fused score
        is at most `hopeless` or at least `decided`. Off as long as both keep their defaults.
    comparison, fusion
        How two fingers are compared, and the scores of several made one.

    Raises
    ------
    SearchError
        hopeless is not below decided, or an early end is wanted of `swapped`, which has none.

    >>> Rules(swapped=True)
    Rules(swapped=True, hopeless=-inf, decided=inf)
    """

    swapped: bool = False
    hopeless: float = -math.inf
    decided: float = math.inf
    comparison: ComparisonParameters = field(default=COMPARED_AS_MEASURED, repr=False)
    fusion: FusionParameters = field(default=FUSED_AS_MEASURED, repr=False)
    #: The ``civid_rules_t *``, and what it points to.
    _native: tuple[Any, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.hopeless < self.decided:
            raise SearchError("hopeless must be less than decided")
        if self.swapped and self.decides:
            raise SearchError("swapped fingers cannot be decided by two of them")
        flags = lib.CIVID_MATCH_SWAPPED * self.swapped | lib.CIVID_MATCH_DECIDE * self.decides
        parts = native_or_null(self.comparison), native_or_null(self.fusion)
        made = ffi.new("civid_rules_t *", (flags, self.decided, self.hopeless, *parts))
        # Kept here, not let go after each call: what then runs first would swallow a Ctrl-C.
        object.__setattr__(self, "_native", (made, *parts))

    @property
    def decides(self) -> bool:
        """Is there an early end?"""
        return (self.hopeless, self.decided) != (-math.inf, math.inf)

    def pointer(self) -> Any:
        """A ``civid_rules_t *`` that lives as long as these rules."""
        return self._native[0]


#: As labelled, every finger.
LABELLED = Rules()
