"""Scale units and pixel scales (SLC, THPS, TVPS) as dots per inch."""

from __future__ import annotations

_CM_PER_INCH = 2.54
#: px/mm and px/cm are written rounded; so much away, these are what is meant.
_NOMINAL_DPI, _ROUNDING = (250.0, 500.0, 1000.0), 0.002


def resolution(
    units: int | None, across: int | None, down: int | None
) -> tuple[float, float] | None:
    """SLC, THPS and TVPS as dpi.

    >>> resolution(2, 197, 197), resolution(1, 600, 600)
    ((500.0, 500.0), (600.0, 600.0))
    """
    if not across or not down or units not in (1, 2):
        return None
    if units == 1:
        return float(across), float(down)
    return nominal(across * _CM_PER_INCH), nominal(down * _CM_PER_INCH)


def nominal(dpi: float) -> float:
    """500 for the 500.126 of 19.69 px/mm and the 500.38 of 197 px/cm, 1000 likewise."""
    return next((one for one in _NOMINAL_DPI if abs(dpi - one) <= _ROUNDING * one), round(dpi, 3))
