"""A small writer of plots as inline SVG: two axes, steps, areas, a legend. Nothing is loaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

#: Okabe and Ito (2008), darkest first; beyond them lines differ by their dashes. On a page they
#: are the classes s0, s1, ... (strokes) and f0, f1, ... (fills) of page.css, lighter on the dark.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4682", "#1e1e1e", "#8a6d00", "#56b4e9")
DASHES = ("", "7 4", "2 3", "9 3 2 3")

_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 22, 34, 46
_ROW = 17  # px of a line of the legend


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes
    ----------
    title : str
    low, high : float
        What it shows.
    log : bool
    ticks : sequence of (value, text)
    """

    title: str
    low: float
    high: float
    log: bool = False
    ticks: Sequence[tuple[float, str]] = ()

    def place(self, value: float) -> float:
        """0 at the lower end, 1 at the upper one; what lies outside is put on the edge."""
        value = min(max(value, self.low), self.high)
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def rate_axis(title: str, low: float) -> Axis:
    """A logarithmic axis from ``low`` to 100 %, ticks at powers of ten."""
    powers = range(round(math.log10(low)), 1)
    every = 2 if len(powers) > 5 else 1  # long labels would touch each other
    ticks = [(10.0**power, percent(10.0**power) if power % every == 0 else "") for power in powers]
    return Axis(title, low, 1.0, log=True, ticks=ticks)


def linear_axis(title: str, low: float, high: float, share: bool = False) -> Axis:
    """A linear axis with about six round ticks; ``share`` labels them in per cent."""
    if not high > low:
        high = low + 1
    rough = (high - low) / 6
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step - 1e-9)
    values = [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]
    return Axis(title, low, high, ticks=[(v, percent(v) if share else f"{v:g}") for v in values])


def percent(share: float) -> str:
    """A share in per cent, as short as it goes.

    >>> percent(0.001), percent(0.25)
    ('0.1 %', '25 %')
    """
    return f"{100 * share:.4g} %"


@dataclass(slots=True)
class Plot:
    """A plot that is drawn into; `render` gives the SVG element."""

    title: str
    x: Axis
    y: Axis
    width: int = 380
    height: int = 310
    _marks: list[str] = field(default_factory=list)
    _legend: list[tuple[str, int, str]] = field(default_factory=list)

    def line(
        self,
        x: Floats,
        y: Floats,
        number: int,
        name: str = "",
        *,
        step: bool = False,
        dash: str = "",
    ) -> None:
        """A line in the colour of its number; ``step`` keeps each y until the next x.

        With a name it stands in the legend.
        """
        if step:
            x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
        points = self._points(x, y)
        dashes = dash or DASHES[number // len(COLOURS) % len(DASHES)]
        self._marks.append(
            f'<polyline points="{points}" class="curve s{number % len(COLOURS)}" '
            f'stroke-dasharray="{dashes}"><title>{escape(name)}</title></polyline>'
        )
        if name:
            self._legend.append((name, number, "line"))

    def band(self, x: Floats, low: Floats, high: Floats, number: int) -> None:
        """What lies between two lines, lightly filled."""
        points = self._points(
            np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]).astype(np.float64)
        )
        self._marks.append(f'<polygon points="{points}" class="band f{number % len(COLOURS)}"/>')

    def area(self, x: Floats, y: Floats, number: int, name: str) -> None:
        """Steps of a histogram, filled: ``x`` are the edges, ``y`` has one value fewer."""
        kind = number % len(COLOURS)
        across = np.repeat(x, 2)
        along = np.concatenate([[0.0], np.repeat(y, 2), [0.0]])
        self._marks.append(
            f'<polygon points="{self._points(across, along)}" class="area s{kind} f{kind}">'
            f"<title>{escape(name)}</title></polygon>"
        )
        self._legend.append((name, number, "area"))

    def note(self, x: float, y: float, text: str) -> None:
        """Small words at a place."""
        across, down = self._at(x, y)
        self._marks.append(
            f'<text x="{across + 4:.1f}" y="{down - 4:.1f}" class="small">{escape(text)}</text>'
        )

    def guide(self, x0: float, y0: float, x1: float, y1: float, name: str = "") -> None:
        """A thin grey line, named at its upper end."""
        (a, b), (c, d) = self._at(x0, y0), self._at(x1, y1)
        self._marks.append(
            f'<line x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}" class="guide"/>'
        )
        if name:
            self._marks.append(
                f'<text x="{c + 4:.1f}" y="{d + 11:.1f}" class="small">{escape(name)}</text>'
            )

    def render(self) -> str:
        """The SVG element; the legend stands below, where no curve is."""
        whole = self.height + _ROW * len(self._legend)
        parts = [
            f'<svg viewBox="0 0 {self.width} {whole}" width="{self.width}" '
            f'height="{whole}" role="img" aria-label="{escape(self.title, quote=True)}">',
            f'<text x="{_LEFT}" y="20" class="title">{escape(self.title)}</text>',
            *self._grid(),
            *self._marks,
            *self._legend_marks(),
            "</svg>",
        ]
        return "\n".join(parts)

    def _grid(self) -> list[str]:
        left, right = _LEFT, self.width - _RIGHT
        top, bottom = _TOP, self.height - _BOTTOM
        parts = [
            f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" '
            'class="frame"/>'
        ]
        for value, text in self.x.ticks:
            at = self._at(value, self.y.low)[0]
            parts.append(
                f'<line x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{bottom}" class="grid"/>'
                f'<text x="{at:.1f}" y="{bottom + 16}" class="tick" '
                f'text-anchor="middle">{text}</text>'
            )
        for value, text in self.y.ticks:
            at = self._at(self.x.low, value)[1]
            parts.append(
                f'<line x1="{left}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}" class="grid"/>'
                f'<text x="{left - 6}" y="{at + 4:.1f}" class="tick" '
                f'text-anchor="end">{text}</text>'
            )
        middle = (left + right) / 2, (top + bottom) / 2
        parts.append(
            f'<text x="{middle[0]}" y="{self.height - 8}" class="axis" text-anchor="middle">'
            f"{escape(self.x.title)}</text>"
        )
        parts.append(
            f'<text x="14" y="{middle[1]}" class="axis" text-anchor="middle" '
            f'transform="rotate(-90 14 {middle[1]})">{escape(self.y.title)}</text>'
        )
        return parts

    def _legend_marks(self) -> list[str]:
        parts = []
        for row, (name, number, kind) in enumerate(self._legend):
            y, colour = self.height + 8 + _ROW * row, number % len(COLOURS)
            dash = DASHES[number // len(COLOURS) % len(DASHES)]
            mark = (
                f'<line x1="{_LEFT}" y1="{y - 4}" x2="{_LEFT + 24}" y2="{y - 4}" '
                f'class="curve s{colour}" stroke-dasharray="{dash}"/>'
                if kind == "line"
                else f'<rect x="{_LEFT + 4}" y="{y - 9}" width="16" height="9" '
                f'class="area s{colour} f{colour}"/>'
            )
            parts.append(mark)
            parts.append(f'<text x="{_LEFT + 30}" y="{y}" class="name">{escape(name)}</text>')
        return parts

    def _points(self, x: Floats, y: Floats) -> str:
        seen: list[str] = []
        for a, b in zip(x.tolist(), y.tolist(), strict=True):
            across, down = self._at(a, b)
            point = f"{across:.1f},{down:.1f}"
            if not seen or seen[-1] != point:
                seen.append(point)
        return " ".join(seen)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        width, height = self.width - _LEFT - _RIGHT, self.height - _TOP - _BOTTOM
        return _LEFT + width * self.x.place(x), self.height - _BOTTOM - height * self.y.place(y)
