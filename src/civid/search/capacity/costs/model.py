"""From costs that were measured at some sizes to those at another, and how far that reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civid.search.capacity.costs.records import Costs
from civid.search.capacity.ranges import Range

#: Measured again, or foretold from galleries a third to a tenth as large, a search differs by so
#: much (``docs/explain/capacity.md``, "Sizes").
REPEATED = 0.1
#: Beyond what was measured a straight line is off by this power of the distance, either way; by
#: twice the power where the line goes through one point only (same page).
DRIFT = 0.15
#: Fingers that a first look takes, at most.
LOOKED = 2


@dataclass(frozen=True, slots=True)
class Known:
    """A cost by the size of the gallery, known at some sizes.

    Between them it is interpolated, beyond the largest it goes on as a straight line. How far that
    may be off grows with the distance (`DRIFT`).

    Attributes
    ----------
    sizes, values : tuple of float
        Ascending; at least one.
    what : str
        What was measured, for the words of a plan.
    fingers : int
        With so many fingers.
    fewer : Known, optional
        With fewer fingers, where larger galleries of them were measured: a first look takes two
        fingers, however many there are, so that with more of them a cost grows no less.
    """

    sizes: tuple[float, ...]
    values: tuple[float, ...]
    what: str
    fingers: int = 2
    fewer: Known | None = None

    def at(self, size: float) -> Range:
        """The cost at a size.

        >>> known = Known((1e5, 1e6), (0.1, 1.0), "search")
        >>> known.at(5e5).likely, round(known.at(1e7).likely, 6)
        (0.5, 10.0)
        """
        likely = self.likely(size)
        low, high = likely * (1 - REPEATED), likely * (1 + REPEATED)
        beyond = self.beyond(size)
        off = beyond ** (DRIFT if len(self.sizes) > 1 else 2 * DRIFT)
        return Range(low / off, likely, high * off)

    def likely(self, size: float) -> float:
        """Without the range."""
        line, last = self._line(size), self.sizes[-1]
        if self.fewer is None or size <= last:
            return line
        return max(line, self._line(last) + self.fewer.likely(size) - self.fewer.likely(last))

    def _line(self, size: float) -> float:
        sizes, values = self.sizes, self.values
        if len(sizes) == 1:
            return values[0] * max(size / sizes[0], 1.0)
        k = next((k for k in range(1, len(sizes)) if size <= sizes[k]), len(sizes) - 1)
        slope = max(values[k] - values[k - 1], 0.0) / (sizes[k] - sizes[k - 1])
        # Below the smallest there may be a method without fixed costs; none is assumed.
        return max(values[k - 1] + slope * (max(size, sizes[0]) - sizes[k - 1]), 0.0)

    def beyond(self, size: float) -> float:
        """How many times the largest measured size this is; 1 within."""
        return max(size / self.sizes[-1], 1.0)


def search_cost(costs: Costs, fingers: int) -> Known:
    """Processor seconds of one search, by subjects."""
    return _known(
        [(one.subjects, one.cpu_s, one.fingers) for one in costs.searches], fingers, "search"
    )


def sweep_cost(costs: Costs, fingers: int) -> Known:
    """Processor seconds of one of many probes, by references."""
    return _known(
        [(one.references, one.cpu_s_a_probe, one.fingers) for one in costs.sweeps],
        fingers,
        "sweep",
    )


@dataclass(frozen=True, slots=True)
class Bytes:
    """Bytes a subject: what a search maps, what lies on the disk, what a first look reads."""

    resident: float
    disk: float
    scanned: float
    subjects: int
    fingers: int


def size_cost(costs: Costs, fingers: int) -> Bytes:
    """Of the largest gallery with so many fingers, else in proportion to what was measured."""
    own = measured_fingers({one.fingers for one in costs.sizes}, fingers)
    found = max((one for one in costs.sizes if one.fingers == own), key=lambda one: one.subjects)
    times = fingers / found.fingers
    # A first look reads two fingers of a subject, however many there are.
    looked = min(fingers, LOOKED) / min(found.fingers, LOOKED)
    return Bytes(
        found.resident * times, found.disk * times, found.scanned * looked, found.subjects,
        found.fingers,
    )  # fmt: skip


def wall_of_threads(costs: Costs, threads: int) -> Range:
    """Time of a search in so many threads of idle cores, over that in one.

    Amdahl's law with the serial share of the widest measurement; high: half as much again of it.
    """
    measured = [one for one in costs.threads if one.threads > 1]
    if threads == 1:
        return Range.exactly(1.0)
    if not measured:
        return Range(1 / threads, 0.2 + 0.8 / threads, 1.0)
    widest = max(measured, key=lambda one: (one.threads, one.subjects))
    ideal = 1 / widest.threads
    serial = min(max((widest.wall - ideal) / (1 - ideal), 0.0), 1.0)

    def law(share: float) -> float:
        return share + (1 - share) / threads

    return Range(law(serial * 0.5), law(serial), law(min(serial * 1.5, 1.0)))


def cpu_of_threads(costs: Costs, threads: int) -> float:
    """Processor time of a search in so many threads, over that in one."""
    measured = [one.cpu for one in costs.threads if one.threads > 1]
    return 1.0 if threads == 1 or not measured else max(measured)


def measured_fingers(numbers: Iterable[int], fingers: int) -> int:
    """Whose costs stand for so many fingers: the next number measured above, else the largest.

    >>> measured_fingers({1, 2, 10}, 4), measured_fingers({1, 2}, 10)
    (10, 2)
    """
    there = sorted(numbers)
    return next((one for one in there if one >= fingers), there[-1])


def _known(rows: Sequence[tuple[int, float, int]], fingers: int, what: str) -> Known:
    numbers = {row[2] for row in rows}
    own = measured_fingers(numbers, fingers)
    times = max(fingers / own, 1.0)  # no cheaper than in proportion, where fewer were measured
    points = sorted((float(size), value * times) for size, value, of in rows if of == own)
    sizes = tuple(size for size, _ in points)
    larger = [of for size, _, of in rows if LOOKED <= of < own and size > sizes[-1]]
    fewer = _known(rows, max(larger), what) if larger else None
    return Known(sizes, tuple(value for _, value in points), what, own, fewer)
