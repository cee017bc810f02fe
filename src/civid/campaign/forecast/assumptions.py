"""What a forecast assumes where a short history says little. All of it can be changed."""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import FieldError


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Numbers that stand in for experience; a history of some weeks outweighs most of them.

    They were chosen on simulated campaigns of other seeds than those that the coverage is
    measured on (``benchmarks/campaign/forecast.py --tune``).

    Attributes
    ----------
    drift, drift_weight : float
        How far the level of the daily rate wanders in a day, as a standard deviation of its
        logarithm, and how many weeks of history that weighs.
    noise, noise_weight : float
        The same of single days around the level; weighs so many days.
    damping : float
        How much of a trend (ramp-up, fatigue) is left after every day.
    block : int
        Days that are drawn together, so that good and bad days come in runs.
    pause_every : float
        Days between unforeseen suspensions, 0: none; weighs as one suspension.
    pause_days : tuple of int
        How long they last, equally likely; those of the history are added.
    """

    drift: float = 0.02
    drift_weight: float = 4.0
    noise: float = 0.15
    noise_weight: float = 5.0
    damping: float = 0.93
    block: int = 5
    pause_every: float = 90.0
    pause_days: tuple[int, ...] = (4, 7, 10, 14)

    def __post_init__(self) -> None:
        for name, low, high in (
            ("drift", 0, 1), ("drift_weight", 0, 1e12), ("noise", 0, 2), ("noise_weight", 0, 1e12),
            ("damping", 0, 1), ("block", 1, 60), ("pause_every", 0, 1e6),
        ):  # fmt: skip
            if not low <= getattr(self, name) <= high:
                raise FieldError(name, f"not {low} to {high}")
        if not all(1 <= one <= 365 for one in self.pause_days) or not self.pause_days:
            raise FieldError("pause days", "not 1 to 365")
