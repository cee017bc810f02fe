"""One record of a card, from which everything on it and in it is made.

`to_qr`, `to_mrz`, `to_dg13` and `printed` take the same `CardRecord`, so that what they make
agrees by construction; `gather` is the way back, `civid.cards.crosscheck` compares.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Literal

from civid.cards._date_text import NO_EXPIRY, ddmmyyyy, slashes
from civid.cards.generations import Generation, issued_on
from civid.cards.validity import expiry as expiry_by_law
from civid.errors import FieldError
from civid.people import number_check, personal_number
from civid.people.dates.ages import age_on
from civid.people.dates.partial import PartialDate, Precision
from civid.people.kinds import day_of, text_of
from civid.people.sex import Sex
from civid.people.warning import FieldWarning

#: Under this age the card of 2024 names the parents in its QR code (Circular 16/2024).
PARENTS_BELOW_AGE = 14
_LONGEST = 512
_OLDER = "cards before 2021 have no QR code, no MRZ and no chip"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRecord:
    """Everything that is printed on a card and written into it. Text is brought into NFC.

    Attributes
    ----------
    personal_number : str
        Số định danh cá nhân, 12 digits.
    full_name : str
        Họ, chữ đệm và tên, as the register writes it.
    birth : date or PartialDate
        Date of birth; a `PartialDate` that is known to the day becomes a date.
    sex : Sex
        Giới tính.
    issued : date
        Day of issue.
    expires_on : date, None or "law"
        Day of expiry; None = không thời hạn; ``"law"`` = as the law in force says.
    generation : Generation
        Which card; default: the one issued on that day.
    old_number : str
        Number of the former CMND, or empty.
    cancelled_number : str
        A cancelled personal number, or empty.
    origin, birth_registration, residence, marks : str
        Quê quán, nơi đăng ký khai sinh, nơi cư trú, đặc điểm nhận dạng.

    Raises
    ------
    NumberError
        Not a 12-digit number.
    FieldError
        Any other field that no card can have.
    """

    personal_number: str = field(repr=False)
    full_name: str = field(repr=False)
    birth: date | PartialDate = field(repr=False)
    sex: Sex = field(repr=False)
    issued: date
    expires_on: date | Literal["law"] | None = field(default="law", repr=False)
    generation: Generation | None = None
    residence: str = field(default="", repr=False)
    origin: str = field(default="", repr=False)
    birth_registration: str = field(default="", repr=False)
    nationality: str = field(default="Việt Nam", repr=False)
    old_number: str = field(default="", repr=False)
    cancelled_number: str = field(default="", repr=False)
    ethnic_group: str = field(default="", repr=False)
    religion: str = field(default="", repr=False)
    marks: str = field(default="", repr=False)
    father: str = field(default="", repr=False)
    mother: str = field(default="", repr=False)
    spouse: str = field(default="", repr=False)
    card_code: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        day_of(self.issued, "issued")
        if not isinstance(self.sex, Sex):
            raise FieldError("sex", "should be a Sex")
        for one in fields(self):
            value = getattr(self, one.name)
            if one.type == "str":
                text_of(value, one.name)
            if type(value) is str and one.name != "expires_on":
                object.__setattr__(self, one.name, _clean(one.name, value))
        personal_number.validate(self.personal_number)
        object.__setattr__(self, "personal_number", personal_number.format(self.personal_number))
        if not self.full_name:
            raise FieldError("full_name", "is empty")
        if isinstance(self.birth, PartialDate) and self.birth.precision is Precision.DAY:
            object.__setattr__(self, "birth", self.birth.exact())
        if self.generation is None:
            object.__setattr__(self, "generation", _generation(self.issued))
        elif not Generation(self.generation).facts.qr_fields:
            raise FieldError("generation", _OLDER)
        if self.expires_on == "law":
            object.__setattr__(self, "expires_on", _by_law(self.birth, self.issued))

    @property
    def kind(self) -> Generation:
        """Which card it is."""
        assert self.generation is not None
        return self.generation

    @property
    def birth_text(self) -> str:
        """``DDMMYYYY``, with ``00`` for what is not known."""
        if isinstance(self.birth, PartialDate):
            return f"{self.birth.day or 0:02d}{self.birth.month or 0:02d}{self.birth.year:04d}"
        return ddmmyyyy(self.birth)

    @property
    def birth_printed(self) -> str:
        """``DD/MM/YYYY``, or what is known of it: ``MM/YYYY``, ``YYYY``."""
        text = self.birth_text
        known = [part for part in (text[:2], text[2:4]) if part != "00"]
        return "/".join([*known, text[4:]]) if text[2:4] != "00" else text[4:]

    @property
    def expiry(self) -> date | None:
        """Day of expiry; None = không thời hạn."""
        assert not isinstance(self.expires_on, str)
        return self.expires_on

    @property
    def expiry_text(self) -> str:
        """``DD/MM/YYYY`` or ``Không thời hạn``."""
        return NO_EXPIRY if self.expiry is None else slashes(self.expiry)

    @property
    def age_at_issue(self) -> int | None:
        """Age in full years on the day of issue; None where the birth is incomplete."""
        return None if isinstance(self.birth, PartialDate) else age_on(self.birth, self.issued)

    @property
    def warnings(self) -> tuple[FieldWarning, ...]:
        """What is odd, or what no source describes, without being refused."""
        found = list(
            number_check.check(
                self.personal_number, sex=self.sex, birth_year=int(self.birth_text[4:])
            )
        )
        if isinstance(self.birth, PartialDate):
            text = "how cards write an incomplete birth outside the QR code is undocumented"
            found.append(FieldWarning("birth.partial", text))
        elif self.expiry != (by_law := expiry_by_law(self.birth, self.issued)).on:
            found.append(FieldWarning("expiry.law", "is not what the law says"))
        else:
            found += by_law.warnings
        if self.kind not in issued_on(self.issued):
            text = "issued when this paper was not issued"
            found.append(FieldWarning("generation.issued", text))
        if self.kind is Generation.CAN_CUOC:
            text = "how the chips of 2024 hold the holder's data is undocumented"
            found.append(FieldWarning("dg13.form", text))
        return tuple(found)


def _by_law(birth: date | PartialDate, issued: date) -> date | None:
    if not isinstance(birth, PartialDate):
        return expiry_by_law(birth, issued).on
    # Of somebody born in 1950 no day is needed: whichever it was, the card does not expire.
    days = {expiry_by_law(born, issued).on for born in (birth.earliest, birth.latest)}
    if len(days) > 1 or days != {None}:
        why = "depends on the day of birth, which is incomplete: give the day or None (no expiry)"
        raise FieldError("expires_on", why)
    return None


def _clean(name: str, value: str) -> str:
    text = " ".join(value.split(" ")).strip()
    if len(text) <= 4 * _LONGEST:  # a letter has at most three marks
        text = unicodedata.normalize("NFC", text)
    if len(text) > _LONGEST:
        raise FieldError(name, f"has more than {_LONGEST} characters")
    if "|" in text or not text.isprintable():
        raise FieldError(name, "has a | or a control character")
    return text


def _generation(issued: date) -> Generation:
    if issued >= Generation.CAN_CUOC.facts.issued_from:
        return Generation.CAN_CUOC
    if issued >= Generation.CCCD_CHIP.facts.issued_from:
        return Generation.CCCD_CHIP
    raise FieldError("generation", _OLDER)
