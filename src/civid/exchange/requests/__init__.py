"""Requests between units (phiếu yêu cầu giữa các đơn vị): asked, due in working days, answered."""

from civid.exchange.requests.desk import RequestDesk
from civid.exchange.requests.standing import UnitStanding
from civid.register.asking.content import Document, Question, Reply, Verdict
from civid.register.asking.request import Kind, RequestEvent, RequestState, UnitRequest

__all__ = [
    "Document", "Kind", "Question", "Reply", "RequestDesk", "RequestEvent", "RequestState",
    "UnitRequest", "UnitStanding", "Verdict",
]  # fmt: skip
