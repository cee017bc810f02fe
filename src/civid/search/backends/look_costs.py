"""What first looks and comparisons cost: ``benchmarks/search/look_costs.py --write``."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LookCost:
    """Processor time of one thread, medians over searches of one gallery.

    Attributes
    ----------
    machine, isa, date : str
        Where and when.
    fingers, subjects, searches : int
        Fingers of probe and subjects, size of the gallery, how many searches.
    scan_us, lists_us : float
        Microseconds of a first look a subject of the gallery, by scan and by lists.
    compare_us : float
        A comparison in full of a subject, its templates unpacked.
    """

    machine: str
    isa: str
    date: str
    fingers: int
    subjects: int
    searches: int
    scan_us: float
    lists_us: float
    compare_us: float


COSTS: Final[tuple[LookCost, ...]] = (
    LookCost("AMD EPYC", "avx2", "2026-11-30", 1, 65536, 16, 0.859, 0.315, 79.2),
    LookCost("AMD EPYC", "avx2", "2026-11-30", 2, 65536, 16, 0.951, 0.286, 113.0),
    LookCost("AMD EPYC", "portable", "2026-11-30", 1, 65536, 16, 3.08, 0.356, 170.0),
    LookCost("AMD EPYC", "portable", "2026-11-30", 2, 65536, 16, 3.79, 0.321, 299.0),
)
