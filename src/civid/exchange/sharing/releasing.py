"""Values that leave: whole, cut short or masked (che bớt); pure functions of a citizen."""

from __future__ import annotations

from civid.exchange.sharing.attributes import Kind, attribute
from civid.exchange.sharing.judging import held
from civid.exchange.sharing.words import Form
from civid.people.citizen import Citizen, Claim
from civid.people.dates import PartialDate

_HIDDEN = "***"
_LAST = 3


def released(citizen: Citizen, name: str, form: Form) -> str | None:
    """The value of an attribute in a form; None where it is not known, or disputed."""
    claim = held(citizen, name)
    if claim is None:
        return None
    if form is Form.FULL:
        whole = isinstance(claim.value, PartialDate)
        return claim.value.iso() if whole else claim.recorded_as  # type: ignore[attr-defined]
    if isinstance(claim.value, PartialDate):
        return _shorter(claim.value, form)
    if form is Form.PROVINCE:
        return claim.unit.partition("/")[0] or None
    return masked(claim)


def _shorter(value: PartialDate, form: Form) -> str | None:
    if form is Form.YEAR:
        return f"{value.year:04d}"
    return None if value.month is None else f"{value.year:04d}-{value.month:02d}"


def masked(claim: Claim) -> str:
    """A value of which most is hidden, enough for somebody who knows it to see that it is theirs.

    Names: the first letter of each word, and the last word whole. Numbers and phones: the last
    three digits. E-mail: the first letter and the domain.

    >>> from datetime import date
    >>> from civid.people.citizen import Source, claim
    >>> day = date(2021, 3, 1)
    >>> [masked(claim(field, text, Source.CITIZEN, day)) for field, text in
    ...  (("name", "Nguyễn Thị An"), ("number", "046301123456"), ("email", "an@example.vn"))]
    ['N*** T*** An', '***456', 'a***@example.vn']
    """
    text = claim.recorded_as
    if attribute(claim.field).kind is Kind.NAME:
        *words, last = text.split()
        return " ".join([*(word[0] + _HIDDEN for word in words), last])
    name, at, domain = text.rpartition("@")
    if at:
        return f"{name[:1]}{_HIDDEN}@{domain}"
    return _HIDDEN + text[-_LAST:]
