"""What a request between units is (phiếu yêu cầu): kinds, states, steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from civid.register.asking.content import Question, Reply
from civid.workflow import Step, Workflow


class Kind(StrEnum):
    """What is asked for; each has its own kind of answer."""

    CONFIRMATION = "confirmation"  #: xác nhận: những nội dung này có đúng không
    CHECK = "check"  #: xác minh: kết quả là một mã
    DOCUMENT = "document"  #: cung cấp tài liệu: số hiệu và mã băm


class RequestState(StrEnum):
    """Where a request stands. Overdue is no state: a day makes it so, not a step."""

    SENT = "sent"  #: đã gửi
    RECEIVED = "received"  #: đã tiếp nhận
    RETURNED = "returned"  #: trả lại đơn vị hỏi để bổ sung
    ANSWERED = "answered"  #: đã trả lời
    CANCELLED = "cancelled"  #: đơn vị hỏi hủy


S = RequestState
#: An answer is final: a new doubt is a new request.
STEPS = Workflow(
    (
        Step(S.SENT, S.RECEIVED),
        Step(S.SENT, S.ANSWERED),
        Step(S.RECEIVED, S.ANSWERED),
        Step(S.SENT, S.RETURNED, needs_reason=True),
        Step(S.RECEIVED, S.RETURNED, needs_reason=True),
        Step(S.RETURNED, S.SENT),
        Step(S.SENT, S.CANCELLED, needs_reason=True),
        Step(S.RECEIVED, S.CANCELLED, needs_reason=True),
        Step(S.RETURNED, S.CANCELLED, needs_reason=True),
    )
)
#: In these the asked unit has work to do, and its days run.
RUNNING = (S.SENT, S.RECEIVED)


@dataclass(frozen=True, slots=True, repr=False)
class UnitRequest:
    """A request of the register.

    Attributes
    ----------
    reference : str
        Its key.
    person : str or None
        Reference of the person it is about, if there is one here.
    kind : Kind
        What is asked for.
    asks, asked : str
        The unit that asks, and the one that owes the answer.
    partner : str
        For whom the unit asks; empty = for itself.
    state : RequestState
        Where it stands.
    owner : str
        Who works on it in the asked unit; empty while nobody does.
    sent, due : date
        Day it was last sent, and last day for the answer, in working days.
    closed, reminded : date or None
        Day it was answered or cancelled; day of the last reminder.
    question, reply : Question, Reply or None
        Sealed where the register is.
    version : int
        Give it back when you change it.
    """

    reference: str
    person: str | None
    kind: Kind
    asks: str
    asked: str
    partner: str
    state: RequestState
    owner: str
    sent: date
    due: date
    closed: date | None
    reminded: date | None
    question: Question
    reply: Reply | None
    version: int

    def overdue(self, day: date) -> bool:
        """Whether the answer is late on a day; a returned request waits for who asked."""
        return self.state in RUNNING and day > self.due

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "kind": self.kind.value, "state": self.state.value, "sent": self.sent.isoformat(),
            "due": self.due.isoformat(), "closed": self.closed and self.closed.isoformat(),
            "reminded": self.reminded and self.reminded.isoformat(),
            "question": self.question.to_dict(), "reply": self.reply and self.reply.to_dict(),
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<UnitRequest {self.kind.value}, {self.state.value}>"


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """One thing that happened to a request.

    Attributes
    ----------
    at : int
        Microseconds since 1970, UTC.
    step : str
        ``sent``, ``received``, ``returned``, ``answered``, ``cancelled``, ``reassigned``,
        ``reminded``, ``extended``.
    actor, unit : str
        Who, from where; of ``reassigned`` the unit that has it since.
    reason : str
        A code.
    """

    at: int
    step: str
    actor: str
    unit: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}
