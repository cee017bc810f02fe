"""What came of simulated days, each figure with its interval."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over days and its 95 % interval (of the mean, from the days' own spread)."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, days: NDArray[np.float64]) -> Estimate:
        """From one value a day; one day alone has no interval but itself."""
        mean = float(np.mean(days))
        half = 1.96 * float(np.std(days, ddof=1)) / sqrt(len(days)) if len(days) > 1 else 0.0
        return cls(mean, mean - half, mean + half)

    def __str__(self) -> str:
        return f"{self.mean:,.1f} ({self.low:,.1f} to {self.high:,.1f})"


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """One step over the days.

    Attributes
    ----------
    key, vietnamese : str
        Which one.
    utilisation : Estimate
        Share of the opening hours in which its servers were taken, breakdowns under a citizen
        included (mức sử dụng); above 1 when work goes on after closing.
    wait : Estimate
        Mean wait before it, seconds.
    queue : Estimate
        Longest queue of a day before it.
    """

    key: str
    vietnamese: str
    utilisation: Estimate
    wait: Estimate
    queue: Estimate


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of simulated days.

    Attributes
    ----------
    days : int
        How many.
    came, finished : Estimate
        Citizens of a day, and how many were through by closing time.
    handling : Estimate
        Minutes that officers spend with a citizen.
    minutes, minutes_90 : Estimate
        Time from arrival to the exit: mean, and what nine in ten stay below.
    overtime : Estimate
        Minutes after closing until the last one had left.
    unsent : Estimate
        The most dossiers of a day that waited for the network.
    steps : tuple of StepOutcome
        In order.
    officers : tuple of Estimate
        Share of the opening hours in which each shared officer was busy or walking.
    bottleneck : str
        The step whose servers are busiest (điểm nghẽn).
    """

    days: int
    came: Estimate
    finished: Estimate
    handling: Estimate
    minutes: Estimate
    minutes_90: Estimate
    overtime: Estimate
    unsent: Estimate
    steps: tuple[StepOutcome, ...]
    officers: tuple[Estimate, ...]
    bottleneck: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)
