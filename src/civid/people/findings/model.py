"""A finding (phát hiện): a rule says that something about a record wants a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, IntEnum

from civid.errors import FieldError
from civid.workflow import Workflow


class Axis(Enum):
    """The four axes of clean population data: đủ, đúng, sạch, sống."""

    COMPLETE = "đủ"
    CORRECT = "đúng"
    CLEAN = "sạch"
    ALIVE = "sống"


class Severity(IntEnum):
    """How bad: INFO is weak evidence or style and does not count in the indicators."""

    INFO = 1
    WARNING = 2
    ERROR = 3


class Decider(Enum):
    """Who may decide what is right (người có thẩm quyền quyết định)."""

    AUTOMATIC = "máy"
    COMMUNE = "Công an cấp xã"
    CITIZEN_PAPER = "giấy tờ của công dân"
    CIVIL_STATUS = "cơ quan hộ tịch"


class FindingState(Enum):
    """Where a finding stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    FIXED = "fixed"
    REJECTED = "rejected"


_STEPS = Workflow.of(
    {
        FindingState.OPEN: (FindingState.CONFIRMED, FindingState.REJECTED),
        FindingState.CONFIRMED: (FindingState.FIXED, FindingState.REJECTED),
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """One finding on one record.

    Parameters
    ----------
    rule : str
        Id of the rule.
    reference : str
        Key of the record.
    axis : Axis
        Which of the four.
    severity : Severity
        How bad.
    fields : tuple of str
        Columns concerned.
    evidence : mapping
        What the record has in them.
    suggestion : str
        What it may have to be; empty when nobody can say.
    decider : Decider
        Who may decide.
    other : str
        Key of the other record, for findings about two.
    state : FindingState
        Where it stands.
    """

    rule: str
    reference: str
    axis: Axis
    severity: Severity
    fields: tuple[str, ...]
    evidence: Mapping[str, str]
    suggestion: str
    decider: Decider
    other: str = ""
    state: FindingState = FindingState.OPEN

    def move(self, state: FindingState) -> Finding:
        """Go on: open -> confirmed -> fixed, or rejected."""
        if _STEPS.refusal(self.state, state):
            raise FieldError("finding", f"{self.state.value} cannot become {state.value}")
        return replace(self, state=state)

    def __repr__(self) -> str:
        return f"<Finding {self.rule} {self.severity.name} {self.state.value}>"
