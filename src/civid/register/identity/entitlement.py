"""Who may have a card, by what the register knows, even a year of birth alone."""

from __future__ import annotations

from datetime import date

from civid.cards.eligibility import Eligibility, eligibility
from civid.cards.validity import expiry
from civid.errors import FieldError
from civid.people.citizen import Citizen
from civid.people.dates import PartialDate


def entitlement(citizen: Citizen, filed: date) -> Eligibility | None:
    """What the law of the day of filing says; None while no date of birth is known.

    Raises
    ------
    FieldError
        No card for somebody of this age, for the dead, or the date of birth is too incomplete to
        tell.
    """
    if citizen.current("death", on=filed) is not None:
        raise FieldError("death", "no card is issued after it")
    birth = citizen.value("birth", on=filed)
    if not isinstance(birth, PartialDate):
        return None
    if birth.earliest > filed:
        raise FieldError("birth", "after the day of filing")
    oldest = eligibility(birth.earliest, filed)
    youngest = eligibility(min(birth.latest, filed), filed)
    if oldest != youngest:
        raise FieldError("birth", "too incomplete to tell what the law says of this age")
    if not oldest.may:
        raise FieldError("birth", f"no card at this age under {oldest.regime.name}")
    return oldest


def expires(citizen: Citizen, issued: date, filed: date) -> date | None:
    """Until when a card issued now is valid; None = no expiry (không thời hạn).

    Raises
    ------
    FieldError
        The date of birth is missing, or too incomplete to tell.
    """
    birth = citizen.value("birth", on=issued)
    if not isinstance(birth, PartialDate):
        raise FieldError("birth", "is missing in the register, or could not be read")
    if birth.day is not None:
        return expiry(birth.exact(), issued, filed=filed).on
    oldest = expiry(birth.earliest, issued, filed=filed)
    youngest = expiry(birth.latest, issued, filed=filed)
    if oldest.age != youngest.age:
        raise FieldError("birth", "too incomplete to tell how long the card is valid")
    return youngest.on
