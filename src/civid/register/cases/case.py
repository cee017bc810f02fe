"""What a case is: something that a person has to decide before work can go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from civid.workflow import Step, Workflow


class CaseKind(StrEnum):
    """What is to be decided."""

    CORRECTION = "correction"  #: sai lệch, thiếu thông tin
    DUPLICATE = "duplicate"  #: nghi trùng vân tay với người khác
    MISMATCH = "mismatch"  #: vân tay khác với lần thu nhận trước
    CONFLICT = "conflict"  #: xung đột khi hợp nhất dữ liệu
    WATCH = "watch"  #: trùng với danh sách truy nã, truy tìm


#: Kinds that are not for the eyes of a counter: to read them is to learn of a search (1:N).
SEARCHED = frozenset({CaseKind.DUPLICATE, CaseKind.MISMATCH})
#: Kinds that nobody but a case officer may know of: no dossier waits for them.
WATCHED = frozenset({CaseKind.WATCH})


#: Who has a case that is adjudicated; it is not a name that an actor would have.
ADJUDICATION = "civid:adjudication"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


#: Closing needs a reason; a closed case stays closed, a new doubt is a new case.
STEPS = Workflow(
    (
        Step(CaseState.OPEN, CaseState.TAKEN),
        Step(CaseState.TAKEN, CaseState.OPEN),
        Step(CaseState.OPEN, CaseState.CLOSED, needs_reason=True),
        Step(CaseState.TAKEN, CaseState.CLOSED, needs_reason=True),
    )
)


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A case of the register.

    Attributes
    ----------
    reference : str
        Its key.
    kind : str
        One of `CaseKind`, or another code.
    state : CaseState
        Open, taken by somebody, closed.
    unit : str
        Unit in whose queue it lies.
    person, other, dossier : str or None
        References of those it is about.
    owner : str
        Who has taken it; empty while nobody has.
    opened, closed : int or None
        Microseconds since 1970, UTC.
    due : date or None
        Until when it should be decided.
    reason : str
        Code of the decision, once closed.
    codes : tuple of str
        What is wrong, such as ``birth.missing``.
    evidence : mapping
        Figures, such as the score of a search. Sealed, as the note is.
    note : str
        Free text.
    version : int
        Give it back when you change the case.
    """

    reference: str
    kind: str
    state: CaseState
    unit: str
    person: str | None
    other: str | None
    dossier: str | None
    owner: str
    opened: int
    due: date | None
    closed: int | None
    reason: str
    version: int
    codes: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def age_days(self, now: int) -> int:
        """Full days since it was opened, until now or until it was closed."""
        end = now if self.closed is None else self.closed
        return max(0, end - self.opened) // 86_400_000_000

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "state": self.state.value,
            "due": None if self.due is None else self.due.isoformat(),
            "codes": list(self.codes),
            "evidence": dict(self.evidence),
        }

    def __repr__(self) -> str:
        return f"<Case {self.kind}, {self.state.value}>"
