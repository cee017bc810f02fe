"""Sharing (chia sẻ, khai thác dữ liệu): grants, and answers that give away no more than was asked.

Loads SQLAlchemy; ``pip install 'civid[register]'``.
"""

from civid.exchange.sharing.answer import Answer
from civid.exchange.sharing.attributes import Topic, attribute
from civid.exchange.sharing.grant import Grant
from civid.exchange.sharing.granting import Grants, GrantVersion
from civid.exchange.sharing.question import Predicate, Question, Subject, Wanted
from civid.exchange.sharing.seen import Seen
from civid.exchange.sharing.sharing import Figures, Sharing
from civid.exchange.sharing.terms import (
    Allow,
    Counted,
    GuessBound,
    Limit,
    Naming,
    Per,
    Telling,
)
from civid.exchange.sharing.words import Form, Operator, Refusal, RefusedError, Truth

__all__ = [
    "Allow", "Answer", "Counted", "Figures", "Form", "Grant", "GrantVersion", "Grants",
    "GuessBound", "Limit", "Naming", "Operator", "Per", "Predicate", "Question", "Refusal",
    "RefusedError", "Seen", "Sharing", "Subject", "Telling", "Topic", "Truth", "Wanted",
    "attribute",
]  # fmt: skip
