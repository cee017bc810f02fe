"""The line (dây chuyền thu nhận): a counter as a production line, a day of it in under a ms."""

from civid.campaign.line.day import Arrivals, Day
from civid.campaign.line.outcome import Outcome, StepOutcome
from civid.campaign.line.presets import preset, presets
from civid.campaign.line.simulate import simulate
from civid.campaign.line.steps import Law, Line, Step
from civid.campaign.line.worth import Change, worth

__all__ = [
    "Arrivals",
    "Change",
    "Day",
    "Law",
    "Line",
    "Outcome",
    "Step",
    "StepOutcome",
    "preset",
    "presets",
    "simulate",
    "worth",
]
