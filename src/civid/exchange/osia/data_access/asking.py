"""OSIA's two questions as questions of `civid.exchange.sharing`, and the answers back."""

from __future__ import annotations

from dataclasses import dataclass

from civid.exchange.osia.data_access.models import Attributes, Expressions, Mismatch, Sign, Value
from civid.exchange.osia.faults import Code, Fault, malformed, unknown
from civid.exchange.sharing import (
    Answer,
    Operator,
    Predicate,
    Question,
    Refusal,
    RefusedError,
    Sharing,
    Subject,
    Truth,
)

_TOO_MUCH = (Refusal.TOO_OFTEN, Refusal.TOO_MANY_GUESSES)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks and why: what OSIA has no place for, and the law wants to be known.

    Attributes
    ----------
    partner : str
        Code of the partner, which the token says.
    purpose, procedure, unit, officer, request : str
        See `civid.exchange.sharing.Question`.
    """

    partner: str
    purpose: str
    procedure: str
    unit: str
    officer: str
    request: str


def match(
    sharing: Sharing, asker: Asker, uin: str, said: Attributes, *, reasons: bool
) -> list[Mismatch]:
    """matchPersonAttributes: which of the attributes do not agree.

    Parameters
    ----------
    sharing : Sharing
        Of the register, for an actor of the partner.
    asker : Asker
    uin : str
        A personal number, or the partner's own pseudonym of somebody.
    said : Attributes
    reasons : bool
        Whether the caller may learn which attributes they are. The grant has to allow it, too;
        without both, the answer to what does not agree is one entry that names nothing.

    Raises
    ------
    Fault
        400, 403, 404 (where the grant tells who exists), 409, 429.
    """
    given = {name: _text(value) for name, value in said.root.items()}
    answer = _asked(sharing, asker, uin, given, ())
    if answer.match is Truth.YES:
        return []
    if not reasons or not answer.reasons:
        return [Mismatch()]
    told = dict(zip(given, answer.reasons.values(), strict=True))
    return [
        Mismatch(attribute_name=name, error_code=0 if truth is Truth.UNKNOWN else 1)
        for name, truth in told.items()
        if truth is not Truth.YES
    ]


def verify(sharing: Sharing, asker: Asker, uin: str, said: Expressions) -> bool | None:
    """verifyPersonAttributes: whether all expressions are true; None = not known.

    Equality is what the asker says of the person, and has to agree before anything else is
    answered; every other expression is a predicate.

    Raises
    ------
    Fault
        As `match`.
    """
    given: dict[str, str] = {}
    predicates = []
    for one in said.root:
        value = _text(one.value)
        if one.operator is Sign.EQUAL and one.attribute_name not in given:
            given[one.attribute_name] = value
        else:
            operator = Operator(one.operator.value)
            predicates.append(Predicate(one.attribute_name, operator, (value,)))
    answer = _asked(sharing, asker, uin, given, tuple(predicates))
    truths = {*answer.predicates} | ({answer.match} if answer.match is not None else set())
    if Truth.NO in truths:
        return False
    return None if Truth.UNKNOWN in truths else True


def _text(value: Value) -> str:
    if isinstance(value, (bool, float)):
        raise malformed("attributes are compared as texts and whole numbers")
    return str(value)


def _asked(
    sharing: Sharing,
    asker: Asker,
    uin: str,
    given: dict[str, str],
    predicates: tuple[Predicate, ...],
) -> Answer:
    question = Question(
        asker.request,
        asker.partner,
        asker.purpose,
        asker.procedure,
        asker.unit,
        asker.officer,
        Subject(number=uin) if uin.isdigit() else Subject(pseudonym=uin),
        given=given,
        predicates=predicates,
    )
    try:
        answer = sharing.ask(question)
    except RefusedError as error:
        raise _refusal(error) from None
    if answer.found is Truth.NO:
        raise unknown("UIN")
    return answer


def _refusal(error: RefusedError) -> Fault:
    text = f"{error.reason}: {error}"
    if error.reason in _TOO_MUCH:
        return Fault(429, Code.LIMIT, text)
    if error.reason is Refusal.REQUEST_REUSED:
        return Fault(409, Code.CONFLICT, text)
    return Fault(403, Code.REFUSED, text)
