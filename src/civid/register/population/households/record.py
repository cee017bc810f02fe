"""What the register answers about households: typed, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from civid.people.household import Household, Member, Problem


@dataclass(frozen=True, slots=True, repr=False)
class HouseholdRecord:
    """A household of the register (hộ gia đình).

    Attributes
    ----------
    reference : str
        Key in the register.
    unit : str
        Unit that keeps it.
    version : int
        Counts the changes; give it back when you change it.
    household : Household
        Members of now, and who left, when and why.
    warnings : tuple of Problem
        What `civid.people.household.check` finds, and who is in another household, too.
    """

    reference: str
    unit: str
    version: int
    household: Household
    warnings: tuple[Problem, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        held = self.household
        return {
            "reference": self.reference, "unit": self.unit, "version": self.version,
            "code": held.code, "address": held.address,
            "members": [_member(one) for one in held.members],
            "former": [
                {**_member(one), "until": day.isoformat(), "reason": reason}
                for one, day, reason in held.former
            ],
            "warnings": [
                {"code": one.code, "members": list(one.members), "message": one.message,
                 "certain": one.certain}
                for one in self.warnings
            ],
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<HouseholdRecord of {len(self.household.members)}>"


def _member(one: Member) -> dict[str, str]:
    return {"person": one.reference, "relation": one.relation, "since": one.since.isoformat()}
