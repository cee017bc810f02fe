"""Costs with as many fingers as were not measured: between those of fewer and those of more.

A first look takes two fingers of a probe, however many it has, so with more of them only what is
compared in full takes longer, each finger by as much. Measured with 3, 4 and 6 fingers:
``docs/explain/capacity.md``, "Fingers".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from civid.search.backends import cascade
from civid.search.capacity.costs.line import Known

#: Fingers that a first look takes, at most: those with most minutiae.
LOOKED = cascade.FINGERS

#: Fingers, size of the gallery, cost.
Row = tuple[int, int, float]
_Points = Mapping[int, Known]


def standing(numbers: Iterable[int], fingers: int) -> tuple[int, ...]:
    """With which numbers of fingers that were measured a cost of so many is found.

    The same; else one below and one above it, or the two largest, of those by which a first look is
    filled; else the next above, which costs more; else the largest.

    >>> standing({1, 2, 10}, 10), standing({1, 2, 10}, 4), standing({2, 10}, 1), standing({1, 2}, 4)
    ((10,), (2, 10), (2,), (2,))
    """
    there = sorted(set(numbers))
    if fingers in there:
        return (fingers,)
    filled = [one for one in there if one >= LOOKED]
    if len(filled) > 1 and fingers > filled[0]:
        above = next((k for k, one in enumerate(filled) if one > fingers), len(filled) - 1)
        return filled[above - 1], filled[above]
    return (next((one for one in there if one >= fingers), there[-1]),)


def share(numbers: tuple[int, ...], fingers: int) -> float:
    """How far between two numbers of fingers this is: 0 at the first, 1 at the second.

    >>> share((2, 10), 4)
    0.25
    """
    return (fingers - numbers[0]) / (numbers[1] - numbers[0])


def known(rows: Sequence[Row], fingers: int) -> Known:
    """A cost by the size of the gallery, with so many fingers; any number of 1 to 10."""
    points = {
        number: _line(sorted((size, value) for of, size, value in rows if of == number), number)
        for number in {row[0] for row in rows}
    }
    numbers = standing(points, fingers)
    lines = [_further(points, number) for number in numbers]
    sizes = tuple(sorted({size for one in lines for size in one.sizes}))
    reach = min(one.measured for one in lines)
    if len(lines) == 1:
        times = max(fingers / numbers[0], 1.0)  # no cheaper than in proportion
        values = tuple(value * times for value in lines[0].values)
    else:
        fewer, more = lines
        between = share(numbers, fingers)
        values = tuple(
            one + (other - one) * between
            for one, other in ((fewer.likely(size), more.likely(size)) for size in sizes)
        )
    return Known(sizes, values, numbers, reach)


def compared(subjects: float) -> float:
    """How many a search with several fingers compares in full."""
    least: float = cascade.COMPARED_MINIMUM_OF_SEVERAL
    return max(least, cascade.COMPARED_FRACTION_OF_SEVERAL * subjects)


def _line(points: Sequence[tuple[float, float]], number: int) -> Known:
    return Known(
        tuple(float(size) for size, _ in points), tuple(value for _, value in points), (number,)
    )


def _further(points: _Points, number: int) -> Known:
    """As far as fewer fingers were measured: a search grows by as much as with those, and by what
    more of the gallery is compared in full."""
    own = points[number]
    last = own.sizes[-1]
    fewer = max(
        (one for of, one in points.items() if LOOKED <= of < number),
        key=lambda one: one.sizes[-1],
        default=own,
    )
    sizes = tuple(size for size in fewer.sizes if size > last)
    if not sizes:
        return own
    more = max(own.values[-1] - fewer.likely(last), 0.0) / compared(last)

    def value(size: float) -> float:
        grown = fewer.likely(size) + more * compared(size)
        return max(grown, own.likely(size)) if len(own.sizes) > 1 else grown

    return Known(
        (*own.sizes, *sizes), (*own.values, *(value(size) for size in sizes)), own.fingers, last
    )
