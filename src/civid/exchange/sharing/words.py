"""The words of sharing: forms of an answer, comparisons, truth, and why a question is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from civid.errors import AccessRefusedError, FieldError


class Form(StrEnum):
    """How much of an attribute is given (hình thức cung cấp)."""

    FULL = "full"  #: đầy đủ
    MASKED = "masked"  #: che bớt
    MONTH = "month"  #: of a date, year and month
    YEAR = "year"  #: of a date, the year
    PROVINCE = "province"  #: of a residence, the province's code
    YES_NO = "yes_no"  #: answers to comparisons alone (đúng/sai)


class Operator(StrEnum):
    """What a predicate asks about an attribute."""

    EQUAL = "="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    IN = "in"
    OVER_AGE = "over_age"  #: at least so many years old today (đủ ... tuổi)
    LIVES_IN = "lives_in"  #: residence registered in a unit or below it
    IS_ALIVE = "is_alive"  #: no death, nor a declaration as missing, is recorded


class Truth(StrEnum):
    """An answer. Unknown: nothing readable is claimed, or the best sources disagree."""

    YES = "yes"  #: đúng
    NO = "no"  #: không
    UNKNOWN = "unknown"  #: chưa xác định

    @property
    def negated(self) -> Truth:
        """Of the opposite question.

        >>> Truth.YES.negated.value, Truth.UNKNOWN.negated.value
        ('no', 'unknown')
        """
        return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(self, Truth.UNKNOWN)


class Refusal(StrEnum):
    """Why a question is not answered (lý do từ chối).

    None of them says whether somebody exists, but for `NO_CONSENT`, which confirms what was given.
    """

    NOT_THE_PARTNER = "not_the_partner"  #: who asks is no actor of the partner
    NO_GRANT = "no_grant"  #: none in force for this partner and purpose
    NOT_GRANTED = "not_granted"  #: the grant does not hold what was asked for
    MATCH_NEEDED = "match_needed"  #: the grant wants attributes that were not given
    NO_CONSENT = "no_consent"  #: the citizen's consent is needed, and is not recorded
    TOO_OFTEN = "too_often"  #: a limit of the grant is reached
    TOO_MANY_GUESSES = "too_many_guesses"  #: the bound on guesses is reached
    REQUEST_REUSED = "request_reused"  #: the request id was used for another question


class RefusedError(AccessRefusedError):
    """A question was refused; nothing was answered, and the log has it.

    Parameters
    ----------
    reason : Refusal
        Why.
    message : str
        For the officer who asked.
    retry_after : int, optional
        Seconds until the same question can be answered, where that is known.
    """

    def __init__(self, reason: Refusal, message: str, *, retry_after: int | None = None):
        super().__init__(f"{message} ({reason})")
        self.reason = reason
        self.retry_after = retry_after


def check_types(record: Any) -> None:
    """Refuse a record with a field of another type: ``"no"`` is not false, nor ``""`` nobody."""
    for name, kind, of in _kinds(record.__class__):
        value = getattr(record, name)
        right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if right and of is not None:
            parts = (*value, *value.values()) if isinstance(value, Mapping) else value
            right = all(isinstance(one, of) for one in parts)
        if not right:
            raise FieldError(name, "of another type than it has to be")


@cache
def _kinds(record: type) -> list[tuple[str, Any, Any]]:
    """Of each field: its name, its type, and that of what it holds."""
    made: list[tuple[str, Any, Any]] = []
    for name, hint in get_type_hints(record).items():
        origin, inside = get_origin(hint), get_args(hint)
        if origin is tuple:
            made.append((name, (tuple, list), inside[0]))
        elif origin is UnionType:
            made.append((name, inside, None))
        elif origin is not None:
            made.append((name, origin, inside[0]))  # a mapping of texts to texts
        else:
            made.append((name, hint, None))
    return made


def read_text(text: object, field: str) -> str:
    """A text; `FieldError` for anything else."""
    if not isinstance(text, str):
        raise FieldError(field, "expected a text")
    return text
