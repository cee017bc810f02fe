"""Calls -> questions of the sharing service, and its answers -> answers of the platform.

Loads `civid.exchange.sharing`, and with it SQLAlchemy; import it on use.
"""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import FieldError
from civid.exchange.envelopes.answer import Answer, Fault
from civid.exchange.envelopes.call import Call, Operation
from civid.exchange.envelopes.granted import granted_message
from civid.exchange.sharing import Answer as Said
from civid.exchange.sharing import (
    Form,
    Grant,
    Question,
    Refusal,
    RefusedError,
    Subject,
    Truth,
    Wanted,
)
from civid.formats.qcvn109.record import Citizen as Entry
from civid.formats.qcvn109.record import Message, Name
from civid.people.warning import FieldWarning

#: Refusals after which the same call may be sent again later.
_AGAIN = frozenset({Refusal.TOO_OFTEN})


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """An answer for the platform, and what of the register's answer it has no place for.

    Parameters
    ----------
    answer : Answer
    warnings : tuple of FieldWarning
        By field: left out, or doubtful.
    """

    answer: Answer
    warnings: tuple[FieldWarning, ...] = ()

    def __repr__(self) -> str:
        return f"<Told: {self.answer!r}, {len(self.warnings)} warnings>"


def as_question(call: Call, grant: Grant) -> Question:
    """A call as a question under a grant.

    To confirm asks for nothing but the match; to look up asks for every value that the grant gives,
    and for no comparison.

    Raises
    ------
    FieldError
        The call does not say who asks, for which procedure, from which unit or under which id, or
        what it says of the person cannot be read.

    Examples
    --------
    >>> from datetime import date
    >>> from civid.exchange.sharing import Allow
    >>> grant = Grant("bhxh", "bhyt", "46/2014", "Luật BHYT", (Allow.of("birth:year"),),
    ...               date(2026, 1, 1), date(2026, 12, 31), match=("name",))
    >>> asked = as_question(Call(Operation.LOOK_UP, "r1", "2.001", "037", "an.ca", "46",
    ...                          number="046301123456", name="Bùi Thị An"), grant)
    >>> [str(one) for one in asked.attributes], dict(asked.given)
    (['birth:year'], {'name': 'Bùi Thị An'})
    """
    if missing := call.missing():
        raise FieldError(missing[0], "missing: a call says who asks, what for and from where")
    said = call.asked()
    numbers = [said.pop(name) for name in ("number", "cmnd9") if name in said]
    wanted: tuple[Wanted, ...] = ()
    if call.operation is Operation.LOOK_UP:
        wanted = tuple(
            Wanted(one.attribute, one.form) for one in grant.allows if one.form is not Form.YES_NO
        )
    return Question(
        call.request, grant.partner, grant.purpose, call.procedure, call.unit, call.officer,
        Subject(number=numbers[0] if numbers else None), given=said, attributes=wanted,
    )  # fmt: skip


def as_answer(said: Said, call: Call, *, trace: str = "") -> Told:
    """The register's answer as the platform writes it.

    A confirmation says true where everything that was given agrees, and false for anything else. A
    look-up is a message with the values that were answered, whole ones and a year of birth; it is
    about nobody where the match is not yes. Masked values, months and provinces have no place in it
    and are named in `Told.warnings`.

    Parameters
    ----------
    trace : str
        Stands in ``GhiChu``, so that the answer is found in the log.
    """
    if call.operation is Operation.CONFIRM:
        return Told(Answer(exists=said.match is Truth.YES, header=call.header))
    known = {name: text for name, text in said.values.items() if text is not None}
    values: dict[str, str] = {}
    left: list[FieldWarning] = []
    for name, text in sorted(known.items()):
        field, _, form = name.partition(":")
        if form == Form.FULL or (name == "birth:year" and "birth:full" not in known):
            values[field] = text
        elif name != "birth:year":
            left.append(FieldWarning(f"{field}.{form}", "a message has no place for this form"))
    if said.match is Truth.NO or not values:
        nobody = Message((), note=trace or None)
        return Told(Answer(message=nobody, header=call.header), tuple(left))
    made = granted_message(values, values, asked=_as_asked(call), note=trace or None)
    return Told(Answer(message=made.message, header=call.header), (*left, *made.warnings))


def as_fault(error: RefusedError | FieldError) -> Answer:
    """A refusal, or a call that cannot be read, as a fault: why, and nothing about anybody."""
    if isinstance(error, RefusedError):
        code = "Server" if error.reason in _AGAIN else "Client"
        return Answer(fault=Fault(code, error.reason.value))
    return Answer(fault=Fault("Client", f"{error.field}: {error.reason}"))


def _as_asked(call: Call) -> Entry:
    name = Name(given=call.name) if call.name else None
    return Entry(number=call.number or None, old_number=call.old_number or None, name=name)
