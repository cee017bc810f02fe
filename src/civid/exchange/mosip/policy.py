"""What an operator may decide about the answers."""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import FieldError
from civid.fingerprint.parameters import ExtractionParameters


@dataclass(frozen=True, slots=True)
class Policy:
    """How requests are answered where the API leaves it open.

    Parameters
    ----------
    max_results : int
        Candidates of an identify that does not say ``maxResults``; MOSIP's own default is 30.
    most_results : int
        And at most, whatever it says.
    target_fpir : int
        As ``targetFPIR`` where a request has none: -10 log10 of how often a search for a stranger
        may find anybody. MOSIP's own default is 30, once in 1,000 searches.
    min_score : float
        No candidate scores less than this (-10 log10 of the false match rate), whatever a request
        asks for.
    swapped : bool
        Find mixed hands and exchanged fingers as well.
    min_quality : int, optional
        Of a set of fingers one at least must reach this quality, 0 to 100, or the request is
        refused with reason 18. Off unless given.
    skip_unknown : bool
        Pass over ids of a ``gallery`` that are not here, in place of refusing the request with
        reason 12.
    extraction : ExtractionParameters, optional
        By which minutiae are found in images, as for `civid.extract`.

    Raises
    ------
    FieldError
        A number makes no sense.
    """

    max_results: int = 30
    most_results: int = 1000
    target_fpir: int = 30
    min_score: float = 0.0
    swapped: bool = False
    min_quality: int | None = None
    skip_unknown: bool = False
    extraction: ExtractionParameters | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.max_results <= self.most_results <= 10_000:
            raise FieldError("max_results", "must lie between 1 and most_results, that at 10,000")
        if not 1 <= self.target_fpir <= MAX_TARGET:
            raise FieldError("target_fpir", f"must lie between 1 and {MAX_TARGET}")
        if not 0 <= self.min_score < float("inf"):
            raise FieldError("min_score", "must be 0 or more")
        if self.min_quality is not None and not 0 <= self.min_quality <= 100:
            raise FieldError("min_quality", "must lie between 0 and 100")


#: Once in 10^15 searches: beyond this, scores are not calibrated.
MAX_TARGET = 150
