"""Until when a card is valid (thời hạn sử dụng thẻ): Law 59/2014 and Law 26/2023, both Art 21.

The card runs until the next renewal age whose birthday is after the day of issue; issued within
two years before it, until the age after that; past the last one, without end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.cards.regimes import Regime, regime_on
from civid.errors import FieldError
from civid.people.dates.ages import birthday
from civid.people.tables import packaged
from civid.people.warning import FieldWarning


@dataclass(frozen=True, slots=True)
class Expiry:
    """Until when, and why.

    Attributes
    ----------
    on : date or None
        The day of expiry; None = không thời hạn.
    age : int or None
        The renewal age reached that day.
    regime : Regime
        The law applied.
    postponed : bool
        The two-year rule moved it to a later age.
    warnings : tuple of FieldWarning
        Doubts of law, such as births on 29 February.
    """

    on: date | None
    age: int | None
    regime: Regime
    postponed: bool = False
    warnings: tuple[FieldWarning, ...] = ()


def expires_on(birth: date, issued: date, *, filed: date | None = None) -> date | None:
    """The expiry date of a card; None when it never expires (không thời hạn).

    Parameters
    ----------
    birth, issued : date
        Date of birth and of issue.
    filed : date, optional
        Day of filing, which chooses the law; default: the day of issue.

    Raises
    ------
    FieldError
        No card can be issued then: before birth, before 2016, or under the lowest age.

    Examples
    --------
    >>> expires_on(date(2001, 3, 5), date(2021, 6, 10))
    datetime.date(2026, 3, 5)
    >>> expires_on(date(2001, 3, 5), date(2024, 3, 6))
    datetime.date(2041, 3, 5)
    >>> expires_on(date(1960, 1, 1), date(2021, 6, 10)) is None
    True
    """
    return expiry(birth, issued, filed=filed).on


def expiry(birth: date, issued: date, *, filed: date | None = None) -> Expiry:
    """As `expires_on`, with the reason and with doubts."""
    if type(birth) is not date or type(issued) is not date:
        raise FieldError("birth", "a full date is needed, and one without a time of day")
    regime = regime_on(filed or issued)
    if filed is not None and filed > issued:
        raise FieldError("issued", "before it was filed")
    lowest = regime.first_age if regime.optional_age is None else regime.optional_age
    if issued < birthday(birth, lowest):
        reason = "before birth" if issued < birth else f"before the age of {lowest}"
        raise FieldError("issued", reason)
    postponed = False
    for age in regime.renewal_ages:
        day = birthday(birth, age)
        if day <= issued:
            continue
        if issued >= birthday(birth, age - regime.grace_years):
            postponed = True
            continue
        return Expiry(day, age, regime, postponed, _doubts(birth, day))
    return Expiry(None, None, regime, postponed)


def is_valid_on(birth: date, issued: date, day: date) -> bool:
    """Whether a card that was neither replaced nor withdrawn is valid on a day, the last included.

    Knows the extension of Law 26/2023 Art 46(3): what ended from 15 January 2024 on stayed valid
    until 30 June 2024.
    """
    end = expires_on(birth, issued)
    return issued <= day and (end is None or day <= extended(end))


def extended(end: date) -> date:
    """An expiry date with the extension that the law gave it, if any."""
    for row in packaged("civid.cards", "extensions"):
        first, last = (date.fromisoformat(row[name]) for name in ("expires_from", "expires_before"))
        if first <= end < last:
            return date.fromisoformat(row["valid_until"])
    return end


def cmnd_expires_on(issued: date) -> date:
    """The last day of a CMND: 15 years after issue, and 31 December 2024 at the latest.

    >>> cmnd_expires_on(date(2015, 5, 5)), cmnd_expires_on(date(2000, 5, 5))
    (datetime.date(2024, 12, 31), datetime.date(2015, 5, 5))
    """
    values = {
        row["parameter"]: row["value"]
        for row in packaged("civid.cards", "regimes")
        if row["regime"] == "cmnd"
    }
    end = birthday(issued, int(values["validity"]))
    return min(extended(end), date.fromisoformat(values["ended"]))


def _doubts(birth: date, day: date) -> tuple[FieldWarning, ...]:
    if (birth.month, birth.day) == (day.month, day.day):
        return ()
    return (
        FieldWarning("expiry.leap", "born on 29 February: the law does not say which day counts"),
    )
