"""Who may and who must have a card, and what is taken of them (Law 59/2014, Law 26/2023)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civid.cards.regimes import Regime, regime_on
from civid.cards.validity import expiry
from civid.errors import FieldError
from civid.people.dates.ages import age_on, birthday
from civid.people.kinds import day_of


class Biometric(StrEnum):
    """What is captured: face (khuôn mặt), prints (vân tay), irises (mống mắt)."""

    FACE = "face"
    FINGERS = "fingers"
    IRIS = "iris"


class Way(StrEnum):
    """How it is asked for."""

    PORTAL = "portal"  #: by the parents through the portal or app, with the birth registration
    REPRESENTATIVE = "representative"  #: at the counter, with the legal representative
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether somebody can have a card on a day.

    Attributes
    ----------
    may, must : bool
        Can have one (được cấp), has to have one (phải có).
    biometrics : frozenset of Biometric
        What is taken, apart from what is volunteered.
    way : Way or None
        How it is asked for.
    reason : str
        Code: ``under-age``, ``on-request``, ``of-age``.
    """

    may: bool
    must: bool
    reason: str
    biometrics: frozenset[Biometric]
    way: Way | None
    regime: Regime


def eligibility(birth: date, filed: date) -> Eligibility:
    """What the law in force on the day of filing says about a citizen of this age.

    Raises
    ------
    FieldError
        Filed before birth, or before there was such a law.

    Examples
    --------
    >>> found = eligibility(date(2020, 1, 1), date(2025, 1, 1))
    >>> found.may, found.must, found.way.value, sorted(found.biometrics)
    (True, False, 'portal', [])
    """
    if day_of(filed, "filed") < day_of(birth, "birth"):
        raise FieldError("filed", "before birth")
    regime, age = regime_on(filed), age_on(birth, filed)
    must = age >= regime.first_age
    may = must or (regime.optional_age is not None and age >= regime.optional_age)
    taken = set[Biometric]()
    if may and age >= regime.biometrics_age:
        taken |= {Biometric.FACE, Biometric.FINGERS}
    if may and regime.iris_age is not None and age >= regime.iris_age:
        taken.add(Biometric.IRIS)
    way = None
    if may:
        young = Way.PORTAL if age < regime.biometrics_age else Way.REPRESENTATIVE
        way = Way.SELF if must else young
    reason = "of-age" if must else "on-request" if may else "under-age"
    return Eligibility(may, must, reason, frozenset(taken), way, regime)


def renewal_due(birth: date, issued: date, day: date) -> bool:
    """Whether a card has reached its renewal age (đến tuổi đổi thẻ) on a day."""
    end = expiry(birth, issued).on
    return end is not None and day >= end


def next_renewal(birth: date, day: date) -> date | None:
    """The next birthday with a renewal age under the law of that day; None after the last."""
    ages = regime_on(day).renewal_ages
    return next((found for age in ages if (found := birthday(birth, age)) > day), None)
