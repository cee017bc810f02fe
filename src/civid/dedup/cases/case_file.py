"""What an officer sees: the line of a case in a list, and the file with all that was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from civid.dedup.cases.ruling import Ruling, Statement
from civid.dedup.decision import CandidateEvidence
from civid.dedup.decision.policy import Thresholds
from civid.position import Position


class CaseState(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"  #: for an officer (chờ)
    TAKEN = "taken"  #: an officer has it (đang xem xét)
    CLOSED = "closed"  #: decided (đã kết luận)
    UNDONE = "undone"  #: decided, and taken back (đã hủy kết luận)


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case in a list: nothing of what it is about.

    Attributes
    ----------
    reference : str
        32 hexadecimal digits.
    state : CaseState
    unit : str
        Lowest unit that covers everybody in it; empty = the country.
    batch : str
        Day's dossiers or sweep that it came from.
    candidates : int
        How many people are compared with the subject.
    opened, closed : int, int or None
        Microseconds since 1970, UTC.
    outcome : str
        `Ruling` of the last decision, once closed.
    mine : bool
        Whether the actor has it now.
    """

    reference: str
    state: CaseState
    unit: str
    batch: str
    candidates: int
    opened: int
    closed: int | None
    outcome: str
    mine: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {"state": self.state.value}


@dataclass(frozen=True, slots=True, repr=False)
class HouseholdLine:
    """Somebody of the same household: relation to the head, name, birth as written, reference."""

    household: str
    relation: str
    name: str
    birth: str
    reference: str
    is_party: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return f"<HouseholdLine {self.relation}>"


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A card or older paper: generation, number, state, days as ISO text."""

    generation: str
    number: str
    state: str
    issued: str
    expires: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return f"<Document {self.generation}, {self.state}>"


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture of a dossier: when, where, by whom, how good.

    Attributes
    ----------
    dossier : str
        Reference.
    frame : str
        Such as ``flat_right_four``, ``rolled_left_ring``, ``portrait``.
    attempt : int
    at : int
        Microseconds since 1970, UTC.
    quality : int or None
        0 to 100, of the poorest finger; None for what has none.
    kept : bool
        Whether its image is kept.
    officer, station : str
    """

    dossier: str
    frame: str
    attempt: int
    at: int
    quality: int | None
    kept: bool
    officer: str
    station: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, repr=False)
class Party:
    """Somebody in a case: the subject, or one of those compared with them.

    Attributes
    ----------
    reference : str
        Of the entry in the register; of claims of nobody, a token.
    is_probe : bool
        Whether these are claims of somebody who has no entry.
    unit : str
    fields : dict
        Field -> text as it holds now (`civid.people.citizen.FIELDS`).
    names : tuple of str
        Every name, also earlier ones.
    household : tuple of HouseholdLine
    documents : tuple of Document
    captures : tuple of Capture
        Oldest first.
    fingers : tuple of Position
        Fingers whose prints the gallery has; `CaseDesk.templates` gives them.
    images : tuple of Position
        Fingers whose images are kept; `CaseDesk.images`.
    has_portrait : bool
        `CaseDesk.portrait` gives it.
    """

    reference: str
    is_probe: bool
    unit: str
    fields: dict[str, str]
    names: tuple[str, ...] = ()
    household: tuple[HouseholdLine, ...] = ()
    documents: tuple[Document, ...] = ()
    captures: tuple[Capture, ...] = ()
    fingers: tuple[Position, ...] = ()
    images: tuple[Position, ...] = ()
    has_portrait: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "names": list(self.names),
            "household": [one.to_dict() for one in self.household],
            "documents": [one.to_dict() for one in self.documents],
            "captures": [one.to_dict() for one in self.captures],
            "fingers": [int(one) for one in self.fingers],
            "images": [int(one) for one in self.images],
        }

    def __repr__(self) -> str:
        return f"<Party of {len(self.fields)} fields>"


@dataclass(frozen=True, slots=True, repr=False)
class CandidateFile:
    """Somebody whom the subject may be.

    Attributes
    ----------
    party : Party
    evidence : CandidateEvidence or None
        What speaks for it; None where a search named them and nothing was compared.
    differing : tuple of str
        Fields whose text differs from the subject's.
    """

    party: Party
    evidence: CandidateEvidence | None
    differing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "party": self.party.to_dict(),
            "evidence": None if self.evidence is None else self.evidence.to_dict(),
            "differing": list(self.differing),
        }

    def __repr__(self) -> str:
        return f"<CandidateFile {self.evidence!r}>"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One thing that happened to a case: what, when, and by whom and why as far as may be shown."""

    at: int
    what: str
    officer: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, repr=False)
class RulingSeen:
    """A ruling, shown once the case is closed; `withdrawn` says when its officer took it back."""

    at: int
    seconds: int
    officer: str
    statement: Statement
    withdrawn: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "at": self.at, "seconds": self.seconds, "officer": self.officer,
            "statement": self.statement.to_dict(), "withdrawn": self.withdrawn,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<RulingSeen {self.statement!r}>"


@dataclass(frozen=True, slots=True, repr=False)
class CaseFile:
    """Everything that an officer may see of a case.

    Attributes
    ----------
    reference : str
    state : CaseState
    unit, batch : str
    opened : int
        Microseconds since 1970, UTC.
    dossier : str or None
        Reference of the dossier that waits.
    outcome : str
        What the machine made of it (`civid.dedup.decision.Outcome`); empty where it was not asked.
    codes : tuple of str
        Why the case was opened, such as ``prints.alike``.
    explanation : dict
        ``en`` and ``vi`` -> sentences.
    thresholds : Thresholds or None
        Limits of the decision.
    subject : Party
    candidates : tuple of CandidateFile
        Those that matter first.
    history : tuple of CaseEvent
        As far as it says nothing of other rulings, until the case is closed.
    rulings : tuple of RulingSeen
        Those that the actor may see.
    withdrawn : tuple of RulingSeen
        Rulings that their officers took back, once the case is closed; they count nowhere.
    ticket : str
        Give it to `CaseDesk.decide`; empty unless the actor has the case.
    allowed : tuple of Ruling
        What can be said of this case.
    may_postpone : bool
        Whether it can be put off once more.
    """

    reference: str
    state: CaseState
    unit: str
    batch: str
    opened: int
    dossier: str | None
    outcome: str
    codes: tuple[str, ...]
    explanation: dict[str, tuple[str, ...]]
    thresholds: Thresholds | None
    subject: Party
    candidates: tuple[CandidateFile, ...]
    history: tuple[CaseEvent, ...] = ()
    rulings: tuple[RulingSeen, ...] = ()
    ticket: str = ""
    allowed: tuple[Ruling, ...] = ()
    may_postpone: bool = False
    final: Statement | None = field(default=None)
    withdrawn: tuple[RulingSeen, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: with names and numbers of everybody in it."""
        return {
            "reference": self.reference, "state": self.state.value, "unit": self.unit,
            "batch": self.batch, "opened": self.opened, "dossier": self.dossier,
            "outcome": self.outcome, "codes": list(self.codes),
            "explanation": {one: list(said) for one, said in self.explanation.items()},
            "thresholds": None if self.thresholds is None else self.thresholds.to_dict(),
            "subject": self.subject.to_dict(),
            "candidates": [one.to_dict() for one in self.candidates],
            "history": [one.to_dict() for one in self.history],
            "rulings": [one.to_dict() for one in self.rulings],
            "ticket": self.ticket, "allowed": [one.value for one in self.allowed],
            "may_postpone": self.may_postpone,
            "final": None if self.final is None else self.final.to_dict(),
            "withdrawn": [one.to_dict() for one in self.withdrawn],
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<CaseFile {self.state.value}, {len(self.candidates)} candidates>"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a ruling.

    Attributes
    ----------
    reference : str
        Of the case.
    is_final : bool
        Whether it was the last: the case is closed and what was decided is done.
    outcome : str
        The ruling that counts, once final.
    """

    reference: str
    is_final: bool
    outcome: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What became of the register's own cases.

    Attributes
    ----------
    cases : tuple of CaseSummary
    left : int
        How many name nobody, and stay as they are.
    """

    cases: tuple[CaseSummary, ...]
    left: int = 0


def expiry(today: date, years: int) -> date:
    """The same day some years later; 28 February for the 29th.

    >>> expiry(date(2024, 2, 29), 5)
    datetime.date(2029, 2, 28)
    """
    try:
        return today.replace(year=today.year + years)
    except ValueError:
        return today.replace(year=today.year + years, day=28)
