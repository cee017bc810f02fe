"""Verification slips (phiếu xác minh): the unit of temporary residence asks the permanent one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from civid.errors import FieldError, FormError
from civid.people.citizen import field_of
from civid.people.citizen.fields import CARD_NAMES
from civid.people.names.canonical import canonical


class SlipState(Enum):
    """Where a slip stands."""

    DRAFT = "draft"
    SENT = "sent"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNKNOWN_PERSON = "person unknown there"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, repr=False)
class VerificationSlip:
    """A question from one unit to another about a person.

    Parameters
    ----------
    reference, person : str
        Of the slip, and of the person in the asking register.
    asks, asked : str
        Codes of the two units.
    values : mapping
        Field -> text that is to be confirmed.
    days : int
        Days the asked unit has.
    state : SlipState
        Where it stands.
    sent, answered : date or None
        When.
    contradictions : mapping
        Field -> text as the asked unit has it.
    """

    reference: str
    person: str
    asks: str
    asked: str
    values: Mapping[str, str]
    days: int = 7
    state: SlipState = SlipState.DRAFT
    sent: date | None = None
    answered: date | None = None
    contradictions: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if self.asks == self.asked:
            raise FormError("unit", "a unit does not ask itself")
        if not self.values:
            raise FormError("values", "nothing is to be verified")
        object.__setattr__(self, "values", _named(self.values))

    def send(self, day: date) -> VerificationSlip:
        """Send it; `FormError` when it was sent before."""
        self._need(SlipState.DRAFT)
        return replace(self, state=SlipState.SENT, sent=day)

    def answer(self, found: Mapping[str, str] | None, day: date) -> VerificationSlip:
        """Answer with what the asked unit has; None when it does not know the person.

        Names are compared in canonical form and fields like dates by what they say, so that
        another way of writing does not contradict.
        """
        self._need(SlipState.SENT)
        if self.sent is not None and day < self.sent:
            raise FormError("answered", "before it was sent")
        if found is None:
            return replace(self, state=SlipState.UNKNOWN_PERSON, answered=day)
        found = {CARD_NAMES.get(field, field): text for field, text in found.items()}
        differing = {
            field: found[field]
            for field, text in self.values.items()
            if field in found and not same_said(field, text, found[field])
        }
        state = SlipState.CONTRADICTED if differing else SlipState.CONFIRMED
        return replace(self, state=state, answered=day, contradictions=differing)

    def withdraw(self) -> VerificationSlip:
        """Withdraw an unanswered slip."""
        if self.state not in (SlipState.DRAFT, SlipState.SENT):
            raise FormError("slip", "it was answered")
        return replace(self, state=SlipState.WITHDRAWN)

    def due(self) -> date | None:
        """Day by which an answer is due."""
        return None if self.sent is None else self.sent + timedelta(days=self.days)

    def overdue(self, day: date) -> bool:
        """Whether the answer is late."""
        due = self.due()
        return self.state is SlipState.SENT and due is not None and day > due

    def _need(self, state: SlipState) -> None:
        if self.state is not state:
            raise FormError("slip", f"is {self.state.value}, not {state.value}")

    def __repr__(self) -> str:
        return f"<VerificationSlip {self.state.value}>"


def _named(values: Mapping[str, str]) -> dict[str, str]:
    return {field_of(field).name: text for field, text in values.items()}


def same_said(field: str, one: str, other: str) -> bool:
    """Whether two texts say the same of a field of a citizen.

    Names are compared in canonical form, days and codes by what they mean, anything else without
    regard to spaces and capitals.

    >>> same_said("birth", "05/03/2001", "2001-03-05"), same_said("name", "NGUYỄN AN", "Nguyễn An")
    (True, True)
    """
    return _say(field, one) == _say(field, other)


def _say(field: str, text: str) -> object:
    try:
        value = field_of(field).read(text)
    except FieldError:
        return " ".join(text.split()).lower()
    return canonical(value) if isinstance(value, str) and len(value) < 256 else value


def overdue(slips: Iterable[VerificationSlip], day: date) -> dict[str, int]:
    """Count overdue slips by the unit that owes the answer."""
    counts: dict[str, int] = {}
    for slip in slips:
        if slip.overdue(day):
            counts[slip.asked] = counts.get(slip.asked, 0) + 1
    return counts
