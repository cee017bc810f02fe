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
    LookCost("Intel(R) Xeon(R) Processor", "avx2", "2026-11-30", 1, 100000, 16, 0.675, 0.199, 52.8),
    LookCost("Intel(R) Xeon(R) Processor", "avx2", "2026-11-30", 2, 100000, 16, 1.16, 0.145, 119.0),
    LookCost(
        "Intel(R) Xeon(R) Processor", "avx512", "2026-11-30", 1, 100000, 16, 0.262, 0.147, 34.6
    ),
    LookCost(
        "Intel(R) Xeon(R) Processor", "avx512", "2026-11-30", 2, 100000, 16, 0.412, 0.132, 85.3
    ),
    LookCost(
        "Intel(R) Xeon(R) Processor", "portable", "2026-11-30", 1, 100000, 16, 3.21, 0.431, 203.0
    ),
    LookCost(
        "Intel(R) Xeon(R) Processor", "portable", "2026-11-30", 2, 100000, 16, 5.47, 0.181, 461.0
    ),
)
