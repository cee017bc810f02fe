"""A personal identification number held against the person who bears it.

Differences are warnings only: after a correction of sex, birth year or place the citizen may keep
the old number (Decree 70/2024 Art 11(7)). Hà Nội's campaign of 2023 is this check, run over a
register.
"""

from __future__ import annotations

from datetime import date

from civid.people.personal_number import PersonalNumber, parse
from civid.people.sex import Sex
from civid.people.warning import FieldWarning


def check(
    number: str | PersonalNumber,
    *,
    sex: Sex = Sex.UNKNOWN,
    birth_year: int | None = None,
    registration_code: str | None = None,
    allocated_on: date | None = None,
) -> tuple[FieldWarning, ...]:
    """List where the digits contradict the person; unknown facts are not compared.

    Parameters
    ----------
    number : str or PersonalNumber
        The number.
    sex, birth_year : Sex, int, optional
        Of the person.
    registration_code : str, optional
        Three digits of the province or country of birth registration, in the list of 63.
    allocated_on : date, optional
        When the number was given out.

    Raises
    ------
    NumberError
        When the number is not well-formed.

    >>> [w.code for w in check("046301123456", sex=Sex.MALE, birth_year=2001)]
    ['number.sex']
    """
    if isinstance(number, str):
        number = parse(number, allocated_on=allocated_on)
    found = list(number.warnings)
    if sex is not Sex.UNKNOWN and number.sex is not sex:
        found.append(FieldWarning("number.sex", "the fourth digit says the other sex"))
    if birth_year is not None and number.birth_year != birth_year:
        same_century = number.birth_year // 100 == birth_year // 100
        which = "year" if same_century else "century"
        found.append(FieldWarning(f"number.{which}", f"the digits say another birth {which}"))
    if registration_code and number.place_code != registration_code:
        found.append(FieldWarning("number.place_differs", "registered elsewhere by the digits"))
    return tuple(found)
