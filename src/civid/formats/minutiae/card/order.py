"""Minutiae in the order that a card asks for, and whether they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civid.formats._reader import Finding
from civid.formats.minutiae.card.parameters import Order, Parameters
from civid.formats.minutiae.common import Minutia


def order_of(minutiae: Sequence[Minutia], parameters: Parameters) -> list[int]:
    """Indices in the order asked for; equal ones stay as they were.

    >>> rows = [Minutia(1, 5, 9, 0), Minutia(1, 5, 2, 0), Minutia(1, 3, 7, 0)]
    >>> order_of(rows, Parameters(order=Order.XY))
    [2, 1, 0]
    """
    indices = list(range(len(minutiae)))
    if parameters.order is Order.NONE:
        return indices
    key = _key(minutiae, parameters.order)
    return sorted(indices, key=lambda index: key(minutiae[index]), reverse=parameters.descending)


def _key(minutiae: Sequence[Minutia], order: Order) -> Callable[[Minutia], tuple[int, ...]]:
    count = max(1, len(minutiae))
    # Sums, not means: the comparison stays exact.
    x, y = sum(one.x for one in minutiae), sum(one.y for one in minutiae)
    keys: dict[Order, Callable[[Minutia], tuple[int, ...]]] = {
        Order.XY: lambda one: (one.x, one.y),
        Order.YX: lambda one: (one.y, one.x),
        Order.ANGLE: lambda one: (one.angle,),
        Order.POLAR: lambda one: (
            (one.x * count - x) ** 2 + (one.y * count - y) ** 2,
            one.angle,
        ),
    }
    return keys[order]


def check_for_card(minutiae: Sequence[Minutia], parameters: Parameters) -> list[Finding]:
    """Where minutiae are not what a card asks for: their number, their order."""
    findings = []
    if not parameters.least <= len(minutiae) <= parameters.most:
        text = f"{len(minutiae)} is outside {parameters.least}..{parameters.most}"
        findings.append(Finding("number of minutiae", text))
    if parameters.order is not Order.NONE:
        key = _key(minutiae, parameters.order)
        values = [key(one) for one in minutiae]
        if values != sorted(values, reverse=parameters.descending):
            findings.append(Finding("minutiae order", f"not by {parameters.order.name}"))
    return findings
