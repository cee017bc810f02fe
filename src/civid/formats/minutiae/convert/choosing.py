"""Which minutiae are kept where a format has not room for all, and ridge counts after that."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

from civid.formats._reader import Finding
from civid.formats.minutiae.convert.neutral import NeutralMinutia
from civid.formats.minutiae.extended import NO_NEIGHBOUR, RidgeCount, RidgeCounts


def strongest(minutiae: Sequence[NeutralMinutia], most: int) -> list[int]:
    """Indices of those to keep, in their order: the rule of ISO/IEC 19794-2:2011, 9.3.2.

    Those of the lowest quality go first, and of equal quality those farthest from the centre of
    mass of all; where both are equal a ridge ending goes first, then the larger angle. Minutiae
    without a quality count as 0, so that distance alone decides where there is none.

    >>> corner, near, far = ((1, 0, 0, 0.0, 9), (1, 50, 50, 0.0, 5), (1, 90, 99, 0.0, 5))
    >>> strongest([NeutralMinutia(*one) for one in (corner, near, far)], 2)
    [0, 1]
    """
    count = len(minutiae)
    if count <= most:
        return list(range(count))
    x = sum(one.x for one in minutiae) / count
    y = sum(one.y for one in minutiae) / count

    def goes_first(index: int) -> tuple[float, float, bool, float, int]:
        one = minutiae[index]
        distance = (one.x - x) ** 2 + (one.y - y) ** 2
        return one.quality, -distance, one.kind != 1, -(one.angle % (2 * pi)), -index

    return sorted(sorted(range(count), key=goes_first)[count - most :])


def renumbered(counts: RidgeCounts, kept: Sequence[int], size: int) -> tuple[RidgeCounts, int]:
    """Ridge counts after only ``kept`` of ``size`` minutiae remain, in that order; how many went.

    >>> renumbered(RidgeCounts(0, (RidgeCount(0, 2, 5), RidgeCount(1, 2, 3))), [2, 0], 3)[1]
    1
    """
    places = {old: new for new, old in enumerate(kept)}
    rows = []
    for first, second, ridges in counts.counts:
        if first in places and second == ridges == NO_NEIGHBOUR:
            rows.append(RidgeCount(places[first], second, ridges))
        elif first in places and second in places:
            rows.append(RidgeCount(places[first], places[second], ridges))
    if list(kept) != list(range(size)):
        # The centre's own neighbours stay together, in the order of the minutiae.
        rows.sort(key=lambda row: row.first)
    return RidgeCounts(counts.method, tuple(rows)), len(counts.counts) - len(rows)


def from_zero(counts: RidgeCounts, minutiae: int, view: int) -> tuple[RidgeCounts, list[Finding]]:
    """Ridge counts whose minutiae are counted from 0, whoever wrote them.

    Some writers count from 1 and say 0 where there is no neighbour; that shows where an index is
    the number of minutiae.
    """
    numbers = [(first, second) for first, second, ridges in counts.counts if ridges != NO_NEIGHBOUR]
    if not numbers or max(max(pair) for pair in numbers) != minutiae:
        return counts, []
    rows = [
        RidgeCount(first - 1, second - 1, ridges)
        if second
        else RidgeCount(first - 1, NO_NEIGHBOUR, NO_NEIGHBOUR)
        for first, second, ridges in counts.counts
        if first
    ]
    text = "the writer counts minutiae from 1; they are counted from 0 here"
    return RidgeCounts(counts.method, tuple(rows)), [Finding("ridge count data", text, view=view)]
