"""Synthetic prints: fingers that nobody has, with the truth about their minutiae.

Everything is drawn from seeds: `master` grows one finger, `impression` presses it on a sensor, and
`population` enrols many people, some of them twice. See ``docs/explain/synthetic.md``.
"""

from civid.lab.synthetic.impressions import Impression, impression
from civid.lab.synthetic.masters import Master, master
from civid.lab.synthetic.pattern import Pattern
from civid.lab.synthetic.people import Enrolment, population
from civid.lab.synthetic.streams import SyntheticError

__all__ = [
    "Enrolment",
    "Impression",
    "Master",
    "Pattern",
    "SyntheticError",
    "impression",
    "master",
    "population",
]
