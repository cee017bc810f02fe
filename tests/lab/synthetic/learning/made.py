"""Fingers and prints that several tests look at, made once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from civid.lab.synthetic.learning import (
    Condition,
    Contact,
    Finger,
    PatternClass,
    Print,
    Sensor,
    clean,
    finger,
    press,
)


@cache
def grown(seed: int = 5, pattern: PatternClass | None = None) -> Finger:
    """A finger of a man of 35."""
    return finger(seed, pattern=pattern)


@cache
def plain(seed: int = 5, distortion: float = 0.0, turn: float = 0.0, dpi: float = 500.0) -> Print:
    """A print with nothing on it but the relief."""
    scale = dpi / 500
    sensor = Sensor(height=round(420 * scale), width=round(360 * scale), dpi=dpi)
    taken = clean(Condition(contact=Contact(turn=turn), sensor=sensor))
    return press(
        grown(seed), replace(taken, contact=replace(taken.contact, distortion=distortion)), 3
    )
