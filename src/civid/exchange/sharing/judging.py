"""Comparisons with what the register holds: yes, no, or unknown; pure functions of a citizen."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from unicodedata import normalize

from civid.exchange.sharing.attributes import Kind, attribute
from civid.exchange.sharing.question import Predicate
from civid.exchange.sharing.words import Operator, Truth
from civid.people.citizen import Citizen, Claim, field_of
from civid.people.dates import DateAgreement, PartialDate, Precision, agreement, parse
from civid.people.names import Level, canonical, compare
from civid.register.actor import under

_SPACES = re.compile(r"[\s,.;:-]+")
_OPPOSITE = {
    Operator.DIFFERENT: Operator.EQUAL,
    Operator.AT_MOST: Operator.MORE,
    Operator.AT_LEAST: Operator.LESS,
}


def held(citizen: Citizen, name: str) -> Claim | None:
    """The claim that holds; None where there is none that could be read, or it is disputed.

    Disputed: claims of the best source that speaks of the field disagree. A worse source that says
    otherwise disputes nothing: the better one is believed (`civid.people.citizen.Source`).
    """
    current = citizen.current(name)
    if current is None or not current.is_read:
        return None
    if field_of(name).changes:
        rivals = [
            one for one in citizen.history(name)
            if one.is_read and one.effective == current.effective and one.source == current.source
        ]  # fmt: skip
    else:
        rivals = [
            one for one in citizen.history(name) if one.is_read and one.source == current.source
        ]
    return current if all(_agree(name, one, current) for one in rivals) else None


def _agree(name: str, one: Claim, other: Claim) -> bool:
    if isinstance(one.value, PartialDate) and isinstance(other.value, PartialDate):
        found = agreement(one.value, other.value)
        return found in (DateAgreement.SAME, DateAgreement.LESS_PRECISE)
    return _plain(name, one.value) == _plain(name, other.value)


def _plain(name: str, value: object) -> object:
    """A value in the form in which equal ones are equal."""
    if not isinstance(value, str):
        return value
    if attribute(name).kind is Kind.NAME:
        return canonical(value)
    return _SPACES.sub(" ", normalize("NFKC", value).casefold()).strip()


def truth(citizen: Citizen, asked: Predicate, today: date) -> Truth:
    """Answer a predicate.

    Dates that are known to the month or the year are compared as the time they can have been:
    what could go either way is unknown.
    """
    if asked.operator is Operator.IS_ALIVE:
        if not citizen.history("death"):
            return Truth.YES
        return Truth.UNKNOWN if held(citizen, "death") is None else Truth.NO
    claim = held(citizen, asked.attribute)
    if claim is None:
        return Truth.UNKNOWN
    if asked.operator is Operator.LIVES_IN:
        return _lives(claim.unit, asked.values[0])
    if isinstance(claim.value, PartialDate):
        return _date(claim.value, asked, today)
    if asked.operator is Operator.IN:
        return _any(_equal(claim, one) for one in asked.values)
    same = _equal(claim, asked.values[0])
    return same.negated if asked.operator is Operator.DIFFERENT else same


def _equal(claim: Claim, text: str) -> Truth:
    value = field_of(claim.field).read(text)
    same = _plain(claim.field, value) == _plain(claim.field, claim.value)
    return Truth.YES if same else Truth.NO


def _lives(unit: str, asked: str) -> Truth:
    if not unit or (unit != asked and under(asked, unit)):
        return Truth.UNKNOWN  # known to the province alone, and a commune is asked about
    return Truth.YES if under(unit, asked) else Truth.NO


def _any(found: object) -> Truth:
    answers = set(found)  # type: ignore[call-overload]
    if Truth.YES in answers:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in answers else Truth.NO


def _date(value: PartialDate, asked: Predicate, today: date) -> Truth:
    sign = asked.operator
    if sign is Operator.OVER_AGE:
        last = youngest(today, int(asked.values[0]))
        return _order(value.latest <= last, value.earliest > last)
    if sign is Operator.IN:
        return _any(_same_date(value, parse(one)) for one in asked.values)
    other = parse(asked.values[0])
    if sign in _OPPOSITE:
        return _date_plain(value, _OPPOSITE[sign], other).negated
    return _date_plain(value, sign, other)


def _date_plain(value: PartialDate, sign: Operator, other: PartialDate) -> Truth:
    if sign is Operator.EQUAL:
        return _same_date(value, other)
    if sign is Operator.LESS:
        return _order(value.latest < other.earliest, value.earliest >= other.earliest)
    return _order(value.earliest > other.latest, value.latest <= other.latest)


def _same_date(value: PartialDate, other: PartialDate) -> Truth:
    if other.precision <= value.precision:  # asked about a year: born in that year
        inside = other.earliest <= value.earliest and value.latest <= other.latest
        return Truth.YES if inside else Truth.NO
    apart = value.latest < other.earliest or other.latest < value.earliest
    return Truth.NO if apart else Truth.UNKNOWN


def _order(yes: bool, no: bool) -> Truth:
    return Truth.YES if yes else Truth.NO if no else Truth.UNKNOWN


def youngest(today: date, years: int) -> date:
    """The latest day of birth of somebody who is `years` old today.

    >>> youngest(date(2022, 2, 28), 18), youngest(date(2024, 2, 29), 18)
    (datetime.date(2004, 2, 28), datetime.date(2006, 2, 28))
    """
    year = today.year - years
    return date(year, today.month, min(today.day, monthrange(year, today.month)[1]))


def agrees(citizen: Citizen, name: str, text: str) -> Truth:
    """Whether what somebody gave of a person is what the register holds.

    More tolerant than ``=``, for what clerks and old papers do: names without accents, with tones
    or i/y placed otherwise, wrongly decoded, or with the surname last
    (`civid.people.names.compare`). A name with a part missing does not agree. A date has to be as
    precise as the register's; where that knows the year alone, any day of the year agrees.
    """
    claim = held(citizen, name)
    if claim is None:
        return Truth.UNKNOWN
    if attribute(name).kind is Kind.NAME:
        alike = compare(text, str(claim.value)).level >= Level.ACCENTS_LOST
        return Truth.YES if alike else Truth.NO
    if isinstance(claim.value, PartialDate):
        other = parse(text)
        inside = claim.value.earliest <= other.earliest and other.latest <= claim.value.latest
        return Truth.YES if inside else Truth.NO
    return _equal(claim, text)


def precise(text: str) -> bool:
    """Whether a date is given to the day."""
    return parse(text).precision is Precision.DAY
