"""Synthetic slaps: several fingers pressed at once, with the truth of where each lies."""

from civid.lab.synthetic.slaps.hands import Condition, TrueFinger
from civid.lab.synthetic.slaps.slap import SyntheticSlap, slap

__all__ = ["Condition", "SyntheticSlap", "TrueFinger", "slap"]
