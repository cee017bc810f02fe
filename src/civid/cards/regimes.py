"""The laws on cards as data (``data/regimes.csv``), chosen by the day of filing (ngày nộp hồ sơ).

Law 59/2014 on the CCCD ruled from 1 January 2016 to 30 June 2024, Law 26/2023 on the Căn cước
rules since 1 July 2024.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from civid.errors import CodeError, FieldError
from civid.people.kinds import day_of
from civid.people.tables import packaged


class Procedure(StrEnum):
    """What is asked for: first card (cấp), renewal (cấp đổi), re-issue (cấp lại)."""

    FIRST = "first"
    RENEWAL = "renewal"
    REISSUE = "reissue"

    @classmethod
    def _missing_(cls, value: object) -> Procedure:
        raise CodeError("procedure", f"not one of {', '.join(cls)}")


class Area(StrEnum):
    """Where it is filed, as the deadlines of 2014 distinguish it.

    City or town (thành phố, thị xã); mountainous, border or island district (vùng cao, biên giới,
    hải đảo); any other.
    """

    CITY = "city"
    REMOTE = "remote"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> Area:
        raise CodeError("area", f"not one of {', '.join(cls)}")


@dataclass(frozen=True, slots=True)
class Regime:
    """One law on cards.

    Attributes
    ----------
    name : str
        ``cccd-2014`` or ``cancuoc-2023``.
    valid_from, valid_to : date or None
        First and last day.
    optional_age, first_age : int or None
        From which age a card may be had, and from which one it is had by everybody.
    renewal_ages : tuple of int
        Ages at which a card has to be renewed.
    grace_years : int
        A card issued so many years before such an age counts until the next one.
    biometrics_age, iris_age : int or None
        From which age face and prints, and irises, are taken.
    """

    name: str
    valid_from: date
    valid_to: date | None
    optional_age: int | None
    first_age: int
    renewal_ages: tuple[int, ...]
    grace_years: int
    biometrics_age: int
    iris_age: int | None
    parameters: MappingProxyType[str, tuple[str, str]] = field(repr=False)

    def deadline_days(self, procedure: Procedure, area: Area) -> int:
        """Working days until the card is due (thời hạn cấp)."""
        for one in (procedure.value, "any"):
            for place in (area.value, "any"):
                found = self.parameters.get(f"deadline {one} {place}")
                if found:
                    return int(found[0])
        raise FieldError("area", "no deadline is known for it")

    def source(self, parameter: str) -> str:
        """Where a parameter is written: law and article."""
        return self.parameters[parameter][1]


@cache
def all_regimes() -> tuple[Regime, ...]:
    """Every law on cards, the oldest first."""
    names = dict.fromkeys(row["regime"] for row in packaged("civid.cards", "regimes"))
    return tuple(_regime(name) for name in names if name != "cmnd")


def regime_on(filed: date) -> Regime:
    """The law in force on the day of filing.

    Raises
    ------
    FieldError
        Before 2016 there was no law on cards.

    Examples
    --------
    >>> regime_on(date(2024, 6, 30)).name, regime_on(date(2024, 7, 1)).name
    ('cccd-2014', 'cancuoc-2023')
    """
    day_of(filed, "filed")
    for regime in all_regimes():
        if regime.valid_from <= filed and (regime.valid_to is None or filed <= regime.valid_to):
            return regime
    raise FieldError("filed", "no law on cards was in force; the first is of 1 January 2016")


def _regime(name: str) -> Regime:
    own = [row for row in packaged("civid.cards", "regimes") if row["regime"] == name]
    values = {row["parameter"]: (row["value"], row["source"]) for row in own}
    ages = values["renewal_ages"][0].split(";")
    return Regime(
        name,
        date.fromisoformat(own[0]["valid_from"]),
        date.fromisoformat(own[0]["valid_to"]) if own[0]["valid_to"] else None,
        _age(values["optional_age"][0]),
        int(values["first_age"][0]),
        tuple(int(age) for age in ages),
        int(values["grace"][0]),
        int(values["biometrics_age"][0]),
        _age(values["iris_age"][0]),
        MappingProxyType(values),
    )


def _age(text: str) -> int | None:
    return int(text) if text else None
