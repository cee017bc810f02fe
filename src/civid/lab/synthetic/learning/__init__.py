"""Prints to learn from: fingers of all kinds of people, taken in all kinds of ways, with the truth.

`finger` grows one, `press` takes a print of it under a `Condition`, `Print.truth` says what is true
of every pixel: mask, ridge direction, period and phase; minutiae come with the print. Every effect
has a strength and can be switched off alone (`without`). See ``docs/explain/synthetic.md``.

Why beside `civid.lab.synthetic.images`: calibrated galleries, recorded lists and the demo hold
that one's exact bits, which this one could not keep. It draws pictures to show and to test with;
this one is where training data come from, and the two share their flow model and filters.
"""

from civid.lab.synthetic.learning.conditions import (
    EFFECTS,
    Condition,
    Contact,
    Sensor,
    SensorKind,
    Skin,
    Surface,
    clean,
    without,
)
from civid.lab.synthetic.learning.fingers import Finger, finger
from civid.lab.synthetic.learning.people import Person, draw_person
from civid.lab.synthetic.learning.prints import Print, Truth, press
from civid.lab.synthetic.learning.ridges.patterns import PatternClass
from civid.lab.synthetic.learning.sampling import draw_condition, draw_sensor

__all__ = [
    "EFFECTS",
    "Condition",
    "Contact",
    "Finger",
    "PatternClass",
    "Person",
    "Print",
    "Sensor",
    "SensorKind",
    "Skin",
    "Surface",
    "Truth",
    "clean",
    "draw_condition",
    "draw_person",
    "draw_sensor",
    "finger",
    "press",
    "without",
]
