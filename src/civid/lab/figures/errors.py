"""Curves of miss rates over false match rates, with their bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from civid.lab.curves import ErrorCurve
from civid.lab.figures.axes import colour, in_percent, line
from civid.lab.report.plots import no_miss

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_errors(axes: Axes, curves: Sequence[tuple[str, ErrorCurve]]) -> None:
    """Each curve as far as it was measured: dashed where few false matches are allowed."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    # Beneath one miss nothing was seen: the axis ends there.
    floor = min(1 / one.points[0].genuine for _, one in curves) / 2
    unmissed = dict[float, list[tuple[int, str]]]()  # bounds, one note each
    for number, (name, one) in enumerate(curves):
        seen = one.misses > 0
        firm = one.firm
        # The last firm point also begins the dashed part, so that there is no gap.
        start = max(0, int(firm.sum()) - 1)
        axes.plot(
            one.limits[seen & firm],
            one.misses[seen & firm],
            color=colour(number),
            linestyle=line(number),
            label=name,
        )
        loose = np.flatnonzero(seen)
        loose = loose[loose >= start]
        axes.plot(one.limits[loose], one.misses[loose], "--", color=colour(number), linewidth=1.2)
        if one.low is not None and one.high is not None:
            high = np.maximum(one.high, floor)
            axes.fill_between(
                one.limits,
                np.maximum(one.low, floor),
                high,
                color=colour(number),
                alpha=0.15,
                linewidth=0,
            )
        if not seen.any():
            bound = one.points[0].upper
            axes.plot(one.limits[[0, -1]], [bound, bound], ":", color=colour(number))
            unmissed.setdefault(bound, []).append((number, name))
    for bound, those in unmissed.items():
        axes.annotate(
            no_miss([name for _, name in those]),
            (float(curves[0][1].limits[-1]), bound),
            xytext=(6, 4),
            textcoords="offset points",
            fontsize="small",
            color=colour(those[0][0]),
        )
    axes.set_xlim(min(float(one.limits[-1]) for _, one in curves), 1)
    axes.set_ylim(floor, 1.1)
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
