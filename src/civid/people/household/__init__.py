"""Households (hộ gia đình): members, head, relations, checks and change requests."""

from civid.people.household.changes import (
    ChangeHead,
    ChangeRequest,
    ChangeState,
    Join,
    Split,
    apply,
)
from civid.people.household.checks import Problem, ancestors_first, check, twice_permanent
from civid.people.household.model import Household, Member

__all__ = [
    "ChangeHead", "ChangeRequest", "ChangeState", "Household", "Join", "Member", "Problem",
    "Split", "ancestors_first", "apply", "check", "twice_permanent",
]  # fmt: skip
