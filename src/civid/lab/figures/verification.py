"""Figures of 1:1 results: ROC, DET, scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from civid.lab.evaluation.results import Verification
from civid.lab.figures.axes import colour, drawn, in_percent, line
from civid.lab.figures.errors import draw_errors
from civid.lab.metrics import FAILED, rates
from civid.lab.tables.breakdowns import decision_threshold

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BINS = 60


def det(results: Verification | Sequence[Verification], ax: Axes | None = None) -> Figure:
    """DET: FNMR over FMR, both logarithmic, with the 95 % band over fingers (or subjects).

    The curve ends where the impostors allow no false match, or where no miss was seen. It is dashed
    where fewer than 30 false matches are allowed.

    Parameters
    ----------
    results : Verification or sequence of them
        Systems on one set.
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
        draw_errors(axes, [(one.system, one.curve) for one in many])

    return drawn(f"DET, {many[0].set_name}", "FMR", "FNMR", draw, ax)


def roc(results: Verification | Sequence[Verification], ax: Axes | None = None) -> Figure:
    """ROC: the share of genuine comparisons that match over the FMR, logarithmic.

    Parameters and errors as `det`; drawn down to one false match.
    """
    many = _several(results)

    def draw(axes: Axes) -> None:
        axes.set_xscale("log")
        for number, one in enumerate(many):
            _, fnmr, fmr = rates(one.genuine, one.impostor)
            seen = fmr > 0
            axes.step(
                fmr[seen],
                1 - fnmr[seen],
                where="pre",
                color=colour(number),
                linestyle=line(number),
                label=one.system,
            )
            if one.curve.low is not None and one.curve.high is not None:
                axes.fill_between(
                    one.curve.limits,
                    1 - one.curve.high,
                    1 - one.curve.low,
                    color=colour(number),
                    alpha=0.15,
                    linewidth=0,
                )
        axes.set_ylim(top=1.0)
        in_percent(axes.xaxis)
        in_percent(axes.yaxis)

    return drawn(f"ROC, {many[0].set_name}", "FMR", "genuine comparisons that match", draw, ax)


def histogram(result: Verification, ax: Axes | None = None) -> Figure:
    """How genuine and impostor scores lie, each as shares of its own kind.

    Failed comparisons have no score and are named in the legend; the line is the threshold of
    `civid.lab.tables.decision_threshold`. Parameters and errors as `det`.
    """

    def draw(axes: Axes) -> None:
        both = result.compared.scores[result.compared.scores > FAILED]
        low, high = float(both.min()), float(both.max())
        edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
        for number, name, scores in (
            (1, "genuine", result.genuine),
            (0, "impostor", result.impostor),
        ):
            made = scores[scores > FAILED]
            failed = len(scores) - len(made)
            words = f"{name} ({len(scores):,}" + (f", {failed:,} failed)" if failed else ")")
            share = np.histogram(made, edges)[0] / max(1, len(scores))
            axes.stairs(share, edges, fill=True, color=colour(number), alpha=0.3)
            axes.stairs(share, edges, color=colour(number), label=words)
        threshold = decision_threshold(result)
        if edges[0] < threshold < edges[-1]:
            axes.axvline(threshold, color="#777777", linestyle="--", linewidth=1)
            axes.annotate(
                f" {threshold:.4g}",
                (threshold, 0.98),
                xycoords=("data", "axes fraction"),
                va="top",
                fontsize="small",
            )
        in_percent(axes.yaxis)

    title = f"Scores of {result.system}, {result.set_name}"
    return drawn(title, "comparison score", "share of comparisons", draw, ax)


def _several(results: Verification | Sequence[Verification]) -> Sequence[Verification]:
    return [results] if isinstance(results, Verification) else results
