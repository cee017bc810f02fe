"""Staffing (bố trí cán bộ, ca, máy): the cheapest way to a quota under the law's working hours."""

from civid.campaign.optimise.costs import Costs
from civid.campaign.optimise.law import Limits, limits_on
from civid.campaign.optimise.pattern import PATTERNS, Pattern
from civid.campaign.optimise.search import Alternative, Task, optimise

__all__ = [
    "PATTERNS",
    "Alternative",
    "Costs",
    "Limits",
    "Pattern",
    "Task",
    "limits_on",
    "optimise",
]
