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


def wrap(text: str, size: float, width: float, most: int = 3) -> list[str]:
    """Break a text into lines of about ``width``; the last line takes what is left over."""
    room, lines = max(1, int(width / (size * 0.54))), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= room or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
