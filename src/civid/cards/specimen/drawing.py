"""The few shapes that a specimen is drawn with; lengths are in tenths of a millimetre."""

from __future__ import annotations

from dataclasses import dataclass

#: An ID-1 card (ISO/IEC 7810): 85.6 mm by 54.0 mm.
WIDTH, HEIGHT = 856, 540


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, perhaps with round corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0
    line: str = ""


@dataclass(frozen=True, slots=True)
class Oval:
    """A filled ellipse."""

    x: float
    y: float
    rx: float
    ry: float
    fill: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``x`` and ``y`` are where its base line starts, ends or has its middle."""

    x: float
    y: float
    size: float
    text: str
    fill: str = "#1d2733"
    bold: bool = False
    mono: bool = False
    anchor: str = "start"  #: start, middle, end


@dataclass(frozen=True, slots=True)
class Stamp:
    """Large slanted text across the card, half transparent."""

    x: float
    y: float
    size: float
    text: str
    angle: float = -24
    fill: str = "#b3261e"
    opacity: float = 0.3


Shape = Box | Oval | Words | Stamp


#: Widths of letters in sizes of the font, those of DejaVu Sans: narrow, small, digits, capital.
_NARROW, _SMALL, _DIGIT, _CAPITAL, _BOLD = 0.36, 0.62, 0.64, 0.78, 1.1
_SMALLEST = 5.0


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is drawn, rather too wide than too narrow."""
    total = sum(
        _NARROW if letter in " .,;:'ijl|-()/" else _CAPITAL if letter.isupper() or letter in "mw%@"
        else _DIGIT if letter.isdigit() else _SMALL
        for letter in text
    )  # fmt: skip
    return total * size * (_BOLD if bold else 1)


def wrap(text: str, size: float, width: float, most: int = 3, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most ``width``; the last line takes what is left over."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        fits = width_of(longer, size, bold=bold) <= width
        if fits or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fit(
    text: str, size: float, width: float, most: int, *, bold: bool = False
) -> tuple[float, list[str]]:
    """Size and lines in which a text fits into the room of ``most`` lines of ``size``.

    What is too long at that size is written smaller, on more lines; what is too long at any size is
    cut, which is seen by its dots: a specimen may not draw over what stands beside it.
    """
    height, smaller = most * (size + 2), size
    while True:
        room = max(most, int(height / (smaller + 2)))
        lines = wrap(text, smaller, width, room, bold=bold)
        if max(width_of(line, smaller, bold=bold) for line in lines) <= width:
            return smaller, lines
        if smaller <= _SMALLEST:
            return smaller, [_cut(line, smaller, width, bold=bold) for line in lines]
        smaller = max(_SMALLEST, smaller - 1)


def _cut(line: str, size: float, width: float, *, bold: bool) -> str:
    if width_of(line, size, bold=bold) <= width:
        return line
    while line and width_of(line + "…", size, bold=bold) > width:
        line = line[:-1]
    return line + "…"
