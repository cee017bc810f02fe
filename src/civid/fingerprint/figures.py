"""From what C counted of a print (``civid_figures_t``) to the figures that explain its quality."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

BLOCK_MM2: Final = (8 * 25.4 / 500) ** 2
_MM: Final = 25.4 / 500
#: Share of a side that must lie in the print for it to cut; chosen, not measured
_CUT: Final = 0.15
_SIDE: Final = 8  # px that count as a side


class Figures(NamedTuple):
    """See the attributes of `civid.QualityReport`; the rest tells a finger from several."""

    area_mm2: float = 0.0
    dark_share: float = 0.0
    broken_share: float = 0.0
    valley_level: float = 0.0
    contrast: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)
    cut_offset: float = 0.0
    coherence: float = 0.0
    #: Area of the second largest piece that lies beside the largest and not above or below it
    beside_mm2: float = 0.0


def figures_of(counted: Any, width: int, height: int) -> Figures:
    """The figures of a print of this size in px at 500 dpi."""
    greys = list(counted.greys)
    count = sum(greys)
    if not count:
        return Figures()
    dark, light = _percentile(greys, count, 2), _percentile(greys, count, 98)
    ridge = counted.ridge_sum / counted.ridge_px if counted.ridge_px else 0.0
    valley = counted.valley_sum / counted.valley_px if counted.valley_px else 0.0
    middle = (dark + light) / 2
    offset = (
        (counted.x_sum / count - (width - 1) / 2) / (width / 2),
        (counted.y_sum / count - (height - 1) / 2) / (height / 2),
    )
    return Figures(
        area_mm2=float(count) * _MM * _MM,
        dark_share=sum(px for grey, px in enumerate(greys) if grey < middle) / count,
        broken_share=counted.light_px / counted.line_px if counted.line_px else 0.0,
        valley_level=min(1.0, max(0.0, (valley - dark) / max(1.0, light - dark))),
        contrast=max(0.0, valley - ridge),
        offset=offset,
        cut_offset=_cut_offset(list(counted.at_side), offset, width, height),
        coherence=counted.coherence_sum / counted.blocks,
        beside_mm2=_beside(*counted.pieces),
    )


def _percentile(greys: list[int], count: int, percent: int) -> float:
    """As `numpy.percentile` of all px: linear between the two nearest, by the same arithmetic."""
    place = (count - 1) * (percent / 100)
    share = place - int(place)
    low, high = _level(greys, int(place)), _level(greys, min(int(place) + 1, count - 1))
    step = high - low
    return high - step * (1 - share) if share >= 0.5 else low + step * share


def _level(greys: list[int], rank: int) -> int:
    for grey, px in enumerate(greys):
        rank -= px
        if rank < 0:
            return grey
    return 255


def _cut_offset(at_side: list[int], offset: tuple[float, float], width: int, height: int) -> float:
    """The part of the offset towards a side that cuts the print off."""
    right, down = offset
    ways = (-right, right, -down, down)
    lengths = (height, height, width, width)
    cuts = [
        way
        for way, px, length in zip(ways, at_side, lengths, strict=True)
        if px / (_SIDE * length) > _CUT
    ]
    return max([0.0, *cuts])


def _beside(largest: Any, second: Any) -> float:
    if not second.blocks:
        return 0.0
    across, down = (
        abs(one / largest.blocks - other / second.blocks)
        for one, other in ((largest.x_sum, second.x_sum), (largest.y_sum, second.y_sum))
    )
    # Of one finger, above and below its crease
    return 0.0 if across <= down else float(second.blocks) * BLOCK_MM2
