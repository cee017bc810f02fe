"""Axes that all figures share: colours, rates in per cent, a legend that lies over no curve."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from civid.extras import need
from civid.lab.report.svg import COLOURS, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PURPOSE = "a figure"
_SIZE = (6.0, 4.8)  # inches
_LINES = ("-", "--", ":", "-.")


def drawn(title: str, x: str, y: str, draw: Callable[[Axes], None], ax: Axes | None) -> Figure:
    """Draw into axes of the caller, or into a new figure of its own.

    The figure does not belong to ``pyplot``: nothing has to be closed, and threads do not meet.
    """
    made: Any = None
    if ax is None:
        made = _figure_class()(figsize=_SIZE, layout="constrained")
        ax = made.add_subplot()
    figure: Any = made or ax.get_figure(root=True)
    ax = cast("Axes", ax)
    ax.set_title(title, loc="left", fontsize="medium", fontweight="bold")
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.grid(visible=True, color="#e3e3e3", linewidth=0.8)
    ax.set_axisbelow(True)
    draw(ax)
    handles, names = ax.get_legend_handles_labels()
    if handles:
        ax.legend(
            handles,
            names,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.14),
            ncols=min(2, len(names)),
            frameon=False,
            fontsize="small",
        )
    return cast("Figure", figure)


def colour(number: int) -> str:
    """The colour of the system of a number."""
    return COLOURS[number % len(COLOURS)]


def line(number: int) -> str:
    """How its line is drawn, where the colours are used up."""
    return _LINES[number // len(COLOURS) % len(_LINES)]


def in_percent(axis: Any) -> None:
    """Label an axis of shares in per cent."""
    ticker = need("matplotlib.ticker", PURPOSE, "lab")
    axis.set_major_formatter(ticker.FuncFormatter(lambda share, _: percent(share)))
    axis.set_minor_formatter(ticker.NullFormatter())


@cache
def _figure_class() -> Any:
    base: Any = need("matplotlib.figure", PURPOSE, "lab").Figure

    class ShownFigure(base):  # type: ignore[misc]
        """A figure that a notebook shows, whether it has loaded pyplot or not."""

        def _repr_png_(self) -> bytes:
            file = io.BytesIO()
            self.savefig(file, format="png", dpi=110)
            return file.getvalue()

    return ShownFigure
