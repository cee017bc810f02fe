"""Costs from a record: a search, a probe of a sweep, bytes, several threads."""

from __future__ import annotations

from dataclasses import dataclass

from civid.search.capacity.costs.fingers import known, share, standing
from civid.search.capacity.costs.line import Known
from civid.search.capacity.costs.records import Costs
from civid.search.capacity.ranges import Range


def search_cost(costs: Costs, fingers: int) -> Known:
    """Processor seconds of one search, by subjects."""
    return known([(one.fingers, one.subjects, one.cpu_s) for one in costs.searches], fingers)


def sweep_cost(costs: Costs, fingers: int) -> Known:
    """Processor seconds of one of many probes, by references."""
    rows = [(one.fingers, one.references, one.cpu_s_a_probe) for one in costs.sweeps]
    return known(rows, fingers)


@dataclass(frozen=True, slots=True)
class Bytes:
    """Bytes a subject: what a search maps, what lies on the disk, what a first look reads.

    Attributes
    ----------
    resident, disk, scanned : float
    subjects : int
        Size of the gallery in which they were counted.
    fingers : tuple of int
        They were counted with so many fingers; two numbers where these lie between them.
    """

    resident: float
    disk: float
    scanned: float
    subjects: int
    fingers: tuple[int, ...]


def size_cost(costs: Costs, fingers: int) -> Bytes:
    """Of the largest galleries: between two numbers of fingers, else in proportion to one."""
    numbers = standing((one.fingers for one in costs.sizes), fingers)
    largest = [
        max((one for one in costs.sizes if one.fingers == of), key=lambda one: one.subjects)
        for of in numbers
    ]
    subjects = min(one.subjects for one in largest)
    one = largest[0]
    if len(largest) == 1:
        times = fingers / one.fingers
        # A first look reads no less for the fewer, of whom more minutiae ask, and no more for more.
        return Bytes(one.resident * times, one.disk * times, one.scanned, subjects, numbers)
    other, between = largest[1], share(numbers, fingers)

    def of(fewer: float, more: float) -> float:
        return fewer + (more - fewer) * between

    return Bytes(
        of(one.resident, other.resident), of(one.disk, other.disk), of(one.scanned, other.scanned),
        subjects, numbers,
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
