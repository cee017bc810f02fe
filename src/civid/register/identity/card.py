"""What a card or an older paper of somebody is (thẻ căn cước, giấy tờ tùy thân)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from civid.cards.generations import Generation
from civid.cards.lifecycle import CardState, Paper
from civid.people.warning import FieldWarning


class Fate(StrEnum):
    """What was done to an old paper at the counter."""

    COLLECTED = "collected"  #: thu lại
    CORNER_CUT = "corner_cut"  #: cắt góc, trả lại công dân
    CANCELLED = "cancelled"  #: hủy


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """A card or paper of the register.

    Attributes
    ----------
    reference, person : str
        Its key, and that of the person.
    dossier : str or None
        Out of which it came; None for papers from before.
    generation : Generation
        From the CMND of nine digits to the Căn cước of 2024.
    state : CardState
        What it is worth.
    issued : date
        Day of issue.
    expires : date or None
        None = without end (không thời hạn).
    number : str
        9 or 12 digits.
    fate : str
        `Fate`, once it was handed in; else empty.
    version : int
        Give it back when you change the card.
    """

    reference: str
    person: str
    dossier: str | None
    generation: Generation
    state: CardState
    issued: date
    expires: date | None
    number: str = field(repr=False)
    fate: str
    version: int

    @property
    def paper(self) -> Paper:
        """As `civid.cards.lifecycle` knows it."""
        return Paper(self.generation, self.number, self.issued, self.expires, self.state)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "generation": self.generation.value, "state": self.state.value,
            "issued": self.issued.isoformat(),
            "expires": None if self.expires is None else self.expires.isoformat(),
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Card {self.generation.value}, {self.state.value}>"


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One thing that happened to a card.

    Attributes
    ----------
    at : int
        Microseconds since 1970, UTC.
    transition : str
        A step of `civid.cards.lifecycle.card_machine`; ``issue``, ``record``, or a `Fate`.
    state : str
        State since.
    role, officer, reason : str
        In which role, who, and why.
    """

    at: int
    transition: str
    state: str
    role: str
    officer: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, repr=False)
class Papers:
    """Every paper of a person.

    Attributes
    ----------
    cards : tuple of Card
        By day of issue.
    current : Card or None
        The newest one that is valid.
    warnings : tuple of FieldWarning
        What is odd about them together.
    """

    cards: tuple[Card, ...]
    current: Card | None
    warnings: tuple[FieldWarning, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "cards": [one.to_dict() for one in self.cards],
            "current": None if self.current is None else self.current.reference,
            "warnings": [one.code for one in self.warnings],
        }

    def __repr__(self) -> str:
        return f"<Papers: {len(self.cards)}>"
