"""Life cycles: the dossier, the card, and the chain of papers that a person has had.

>>> from datetime import datetime
>>> course = dossier_machine().start(datetime(2024, 7, 1, 8))
>>> course = course.step("enrol", datetime(2024, 7, 1, 9), Role.COUNTER)
>>> course.state.value, [one.name for one in course.machine.allowed(course.state, Role.ARCHIVE)]
('enrolled', ['return_for_correction', 'check'])
"""

from __future__ import annotations

from civid.cards.lifecycle.chain import Paper, check_chain, current
from civid.cards.lifecycle.machine import Course, Event, Machine, Role, Transition, diagram
from civid.cards.lifecycle.states import CardState, DossierState, card_machine, dossier_machine

__all__ = [
    "CardState",
    "Course",
    "DossierState",
    "Event",
    "Machine",
    "Paper",
    "Role",
    "Transition",
    "card_machine",
    "check_chain",
    "current",
    "diagram",
    "dossier_machine",
]
