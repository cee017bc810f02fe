"""Figures of 1:N results: CMC, open-set DET, FNIR over the size of the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from civid.extras import need
from civid.lab.curves import over_gallery_sizes
from civid.lab.evaluation.results import Identification
from civid.lab.figures.axes import PURPOSE, colour, drawn, in_percent, line
from civid.lab.figures.errors import draw_errors

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Results = Identification | Sequence[Identification]


def cmc(results: Results, most: int = 20, ax: Axes | None = None) -> Figure:
    """CMC: the share of mated searches with the mate among the first candidates.

    Parameters
    ----------
    results : Identification or sequence of them
        Systems on one set.
    most : int
        Ranks shown.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default: a figure of its own.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UnavailableError
        matplotlib is not installed (``pip install 'civid[lab]'``).
    """
    many = _several(results)

    def draw(axes: Axes) -> None:
        for number, one in enumerate(many):
            found = one.found.cmc(most)
            axes.plot(
                np.arange(1, len(found) + 1),
                found,
                color=colour(number),
                linestyle=line(number),
                marker="o",
                markersize=3,
                label=one.system,
            )
        axes.xaxis.set_major_locator(
            need("matplotlib.ticker", PURPOSE, "lab").MaxNLocator(integer=True)
        )
        in_percent(axes.yaxis)

    title = f"CMC, {many[0].set_name}, {many[0].found.gallery:,} enrolled"
    return drawn(title, "rank", "mate found up to this rank", draw, ax)


def search_det(results: Results, ax: Axes | None = None) -> Figure:
    """Open set: FNIR over FPIR with the 95 % band over the fingers of the probes.

    Drawn as `civid.lab.figures.det`, to one false positive. Parameters and errors as `cmc`.
    """
    many = _several(results)

    def draw(axes: Axes) -> None:
        draw_errors(axes, [(one.system, one.curve) for one in many])

    title = f"Open set, {many[0].set_name}, {many[0].found.gallery:,} enrolled"
    return drawn(title, "FPIR", "FNIR", draw, ax)


def fnir_over_gallery_size(
    results: Results,
    *,
    fpir: float = 1e-2,
    sizes: Sequence[int] | None = None,
    galleries: int = 20,
    ax: Axes | None = None,
) -> Figure:
    """FNIR at an FPIR over the size of the gallery, up to the one that was searched.

    Smaller galleries are drawn from it (`civid.lab.curves.over_gallery_sizes`); the bars are the
    middle 95 % of them. Nothing is drawn beyond. Other parameters and errors as `cmc`.
    """
    many = _several(results)

    def draw(axes: Axes) -> None:
        ticks: set[int] = set()
        for number, one in enumerate(many):
            found = over_gallery_sizes(
                one.scores,
                one.plan.mates,
                one.plan.ignored,
                fpir=fpir,
                sizes=sizes,
                galleries=galleries,
            )
            known = [(s.size, s.fnir, s.low, s.high) for s in found if s.fnir is not None]
            axes.plot(
                [size for size, *_ in known],
                [fnir for _, fnir, *_ in known],
                color=colour(number),
                linestyle=line(number),
                marker="o",
                markersize=4,
                label=one.system if known else f"{one.system}: not measurable at this FPIR",
            )
            for size, _, low, high in known:
                ticks.add(size)
                if low is not None and high is not None:
                    axes.vlines(size, low, high, color=colour(number), alpha=0.5)
        axes.set_xscale("log")
        ticker = need("matplotlib.ticker", PURPOSE, "lab")
        axes.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
        axes.xaxis.set_minor_formatter(ticker.NullFormatter())
        axes.set_xticks(sorted(ticks))
        axes.set_ylim(bottom=0)
        in_percent(axes.yaxis)

    title = f"FNIR at FPIR {100 * fpir:g} %, {many[0].set_name}"
    return drawn(title, "enrolled", "FNIR", draw, ax)


def _several(results: Results) -> Sequence[Identification]:
    return [results] if isinstance(results, Identification) else results
