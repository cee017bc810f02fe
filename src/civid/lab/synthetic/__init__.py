"""Synthetic prints: fingers that nobody has, with the truth about their minutiae.

Everything is drawn from seeds: `master` grows one finger, `impression` presses it on a sensor, and
`population` enrols many people, some of them twice. See ``docs/explain/synthetic.md``.
`SyntheticGallery` makes templates only, thousands a second, to fill large galleries; see
``docs/explain/synthetic-galleries.md``.
"""

from civid.lab.synthetic.images.impressions import Impression, impression
from civid.lab.synthetic.images.masters import Master, master
from civid.lab.synthetic.images.pattern import Pattern
from civid.lab.synthetic.people import Enrolment, population
from civid.lab.synthetic.streams import SyntheticError
from civid.lab.synthetic.templates.galleries import RawTemplates, SyntheticGallery
from civid.lab.synthetic.templates.gallery_model import GalleryModel

__all__ = [
    "Enrolment",
    "GalleryModel",
    "Impression",
    "Master",
    "Pattern",
    "RawTemplates",
    "SyntheticError",
    "SyntheticGallery",
    "impression",
    "master",
    "population",
]
