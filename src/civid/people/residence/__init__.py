"""Residence (cư trú): permanent, temporary, stay, absence, and the clocks of the law of 2020."""

from civid.people.residence.calendar import add_months
from civid.people.residence.clocks import (
    Clock,
    Duty,
    card_address,
    clocks,
    decision_due,
    declaration_due,
    overlaps,
    temporary_needed_from,
    temporary_until,
)
from civid.people.residence.stay import Absence, AbsenceCategory, EndReason, Stay, StayKind
from civid.people.working_days import add_working_days

__all__ = [
    "Absence", "AbsenceCategory", "Clock", "Duty", "EndReason", "Stay", "StayKind", "add_months",
    "add_working_days", "card_address", "clocks", "decision_due", "declaration_due", "overlaps",
    "temporary_needed_from", "temporary_until",
]  # fmt: skip
