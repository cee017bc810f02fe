"""From a citizen in the register to the record that a card is made from."""

from __future__ import annotations

from datetime import date
from typing import Literal

from civid.cards.card import CardRecord
from civid.errors import FieldError
from civid.people.citizen import Citizen
from civid.people.dates.partial import PartialDate
from civid.people.sex import Sex

#: Which residence is printed, first come first served (Circular 17/2024 Art 4). [B]
RESIDENCES = ("permanent_residence", "temporary_residence", "current_residence")


def card_of(
    citizen: Citizen,
    issued: date,
    *,
    marks: str = "",
    expires_on: date | Literal["law"] | None = "law",
) -> CardRecord:
    """What a card issued on a day says, by the claims that hold on that day.

    Parameters
    ----------
    citizen : Citizen
        Of the register.
    issued : date
        Day of issue; chooses the generation and the law.
    marks : str
        Identifying marks (đặc điểm nhân dạng), taken at the counter and not in the register.
    expires_on : date, None or "law"
        As for `CardRecord`; has to be given where it depends on an incomplete date of birth.

    Raises
    ------
    FieldError
        Name, number, date of birth or sex is missing or could not be read, the citizen is dead,
        or no card can hold what is claimed.

    Examples
    --------
    >>> from civid.people.citizen import Source, claim
    >>> born = date(2001, 3, 12)
    >>> an = Citizen("p-1").with_claims(
    ...     claim("number", "046301123456", Source.CIVIL_STATUS, born),
    ...     claim("name", "Nguyễn Thị An", Source.CIVIL_STATUS, born),
    ...     claim("birth", "05/03/2001", Source.CIVIL_STATUS, born),
    ...     claim("sex", "Nữ", Source.CIVIL_STATUS, born),
    ...     claim("temporary_residence", "Huế", Source.RESIDENCE, born))
    >>> card = card_of(an, date(2024, 8, 1))
    >>> card.expiry, card.residence
    (datetime.date(2041, 3, 5), 'Huế')
    """
    number, name, sex, birth = (
        citizen.value(field, on=issued) for field in ("number", "name", "sex", "birth")
    )
    if citizen.current("death", on=issued) is not None:
        raise FieldError("death", "no card is issued after it")
    if not isinstance(number, str):
        raise FieldError("number", "is missing in the register")
    if not isinstance(name, str):
        raise FieldError("name", "is missing in the register")
    if not isinstance(sex, Sex):
        raise FieldError("sex", "is missing in the register")
    if not isinstance(birth, PartialDate):
        raise FieldError("birth", "is missing in the register, or could not be read")

    def text(field: str) -> str:
        # As it was read, without line ends and separators of numbers; as written if it was not.
        value = citizen.value(field, on=issued)
        return value if isinstance(value, str) else citizen.text(field, on=issued)

    return CardRecord(
        personal_number=number,
        full_name=name,
        birth=birth,
        sex=sex,
        issued=issued,
        expires_on=expires_on,
        nationality=text("nationality") or "Việt Nam",
        residence=next((said for one in RESIDENCES if (said := text(one))), ""),
        origin=text("home_town"),
        birth_registration=text("birth_registration_place"),
        old_number=text("cmnd9"),
        cancelled_number=_cancelled(citizen, number, issued),
        ethnic_group=text("ethnic"),
        religion=text("religion"),
        father=text("father_name"),
        mother=text("mother_name"),
        spouse=text("spouse_name"),
        marks=marks,
    )


def _cancelled(citizen: Citizen, number: str, day: date) -> str:
    # The number before the present one, if the register has replaced it.
    before = [
        one.value
        for one in sorted(citizen.history("number"), key=lambda one: one.effective)
        if one.effective <= day and isinstance(one.value, str) and one.value != number
    ]
    return str(before[-1]) if before else ""
