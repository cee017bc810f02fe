"""What is compared of a person: the fields that tell people apart, read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civid.people.citizen import Citizen, Claim
from civid.people.dates import PartialDate
from civid.people.names.canonical import canonical
from civid.people.places.spelling import place_key
from civid.people.sex import Sex

_NAMES = ("name", "other_name")
_PLACES = ("birth_place", "birth_registration_place", "home_town")
_HOUSEHOLDS = ("residence_file", "household_book")


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """Fields of one person; what is empty or None is not known and proves nothing.

    Attributes
    ----------
    names : tuple of str
        The name (họ, chữ đệm và tên) first, then other and former ones.
    birth : PartialDate or None
        Day of birth (ngày sinh), perhaps incomplete.
    sex : Sex or None
        Giới tính.
    place : str
        Key of the place of birth, of its registration, or the home town: the first that is known.
    residence : str
        Key of the permanent residence (nơi thường trú).
    father, mother : str
        Number (preferred) or canonical name.
    household : str
        Residence file or household book (số hồ sơ cư trú, số sổ hộ khẩu).
    number : str
        Personal number (số định danh cá nhân).
    cmnd9 : frozenset of str
        Every CMND of nine digits.
    """

    names: tuple[str, ...] = ()
    birth: PartialDate | None = None
    sex: Sex | None = None
    place: str = ""
    residence: str = ""
    father: str = ""
    mother: str = ""
    household: str = ""
    number: str = ""
    cmnd9: frozenset[str] = frozenset()

    @classmethod
    def of(cls, citizen: Citizen) -> Record:
        """The fields of a citizen as they hold now, and every name and CMND they ever had."""
        birth, sex = citizen.value("birth"), citizen.value("sex")
        names = dict.fromkeys(
            one.value for field in _NAMES for one in reversed(citizen.history(field))
            if isinstance(one.value, str)
        )  # fmt: skip
        current = _text(citizen, "name")
        ordered = tuple(dict.fromkeys(([current] if current else []) + list(names)))
        return cls(
            names=ordered,
            birth=birth if isinstance(birth, PartialDate) else None,
            sex=sex if isinstance(sex, Sex) and sex is not Sex.UNKNOWN else None,
            place=_place(citizen, _PLACES),
            residence=_place(citizen, ("permanent_residence",)),
            father=_parent(citizen, "father"),
            mother=_parent(citizen, "mother"),
            household=next(filter(None, (_text(citizen, one) for one in _HOUSEHOLDS)), ""),
            number=_text(citizen, "number"),
            cmnd9=frozenset(
                one.value for one in citizen.history("cmnd9") if isinstance(one.value, str)
            ),
        )

    @classmethod
    def of_claims(cls, claims: Iterable[Claim]) -> Record:
        """The fields of somebody who is not in a register yet."""
        return cls.of(Citizen("").with_claims(*claims))

    def __repr__(self) -> str:
        known = [name for name in self.__slots__ if getattr(self, name)]
        return f"<Record of {len(known)} fields>"


def _text(citizen: Citizen, field: str) -> str:
    value = citizen.value(field)
    return value if isinstance(value, str) else ""


def _place(citizen: Citizen, fields: tuple[str, ...]) -> str:
    for field in fields:
        if text := _text(citizen, field):
            return place_key(text[:256], accents=False)
    return ""


def _parent(citizen: Citizen, which: str) -> str:
    number = _text(citizen, f"{which}_number")
    return number or canonical(_text(citizen, f"{which}_name"))
