"""`Known`: a cost that was measured at some sizes of the gallery, and how far that reaches."""

from __future__ import annotations

from dataclasses import dataclass

from civid.search.capacity.ranges import Range

#: Measured again, or foretold from galleries a third to a tenth as large, a search differs by so
#: much (``docs/explain/capacity.md``, "Sizes").
REPEATED = 0.1
#: Beyond what was measured a straight line is off by this power of the distance, either way; by
#: twice the power where the line goes through one point only (same page).
DRIFT = 0.15


@dataclass(frozen=True, slots=True)
class Known:
    """A cost by the size of the gallery, known at some sizes.

    Between them it is interpolated, beyond the largest it goes on as a straight line. How far that
    may be off grows with the distance from what was measured (`DRIFT`).

    Attributes
    ----------
    sizes, values : tuple of float
        Ascending; at least one.
    fingers : tuple of int
        With so many fingers it was measured; two numbers where it lies between them.
    reach : float
        The largest size that was measured with all of `fingers`, where `sizes` go on beyond it; 0:
        the last of `sizes`.
    """

    sizes: tuple[float, ...]
    values: tuple[float, ...]
    fingers: tuple[int, ...]
    reach: float = 0.0

    def at(self, size: float) -> Range:
        """The cost at a size.

        >>> known = Known((1e5, 1e6), (0.1, 1.0), (2,))
        >>> known.at(5e5).likely, round(known.at(1e7).likely, 6)
        (0.5, 10.0)
        """
        likely = self.likely(size)
        low, high = likely * (1 - REPEATED), likely * (1 + REPEATED)
        off = self.beyond(size) ** (DRIFT if len(self.sizes) > 1 else 2 * DRIFT)
        return Range(low / off, likely, high * off)

    def likely(self, size: float) -> float:
        """Without the range."""
        sizes, values = self.sizes, self.values
        if len(sizes) == 1:
            return values[0] * max(size / sizes[0], 1.0)
        k = next((k for k in range(1, len(sizes)) if size <= sizes[k]), len(sizes) - 1)
        slope = max(values[k] - values[k - 1], 0.0) / (sizes[k] - sizes[k - 1])
        # Below the smallest there may be a method without fixed costs; none is assumed.
        return max(values[k - 1] + slope * (max(size, sizes[0]) - sizes[k - 1]), 0.0)

    @property
    def measured(self) -> float:
        """The largest size that was measured."""
        return self.reach or self.sizes[-1]

    def beyond(self, size: float) -> float:
        """How many times the largest measured size this is; 1 within."""
        return max(size / self.measured, 1.0)
