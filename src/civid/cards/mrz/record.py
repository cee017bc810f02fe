"""What a machine-readable zone says, field by field, with nothing guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from civid.cards.mrz.check_digit import check_digit
from civid.people.sex import Sex
from civid.people.warning import FieldWarning

#: How a Vietnamese card without expiry (không thời hạn) writes its expiry date.
NO_EXPIRY = "991231"
#: What OCR makes of a row of fillers; no name has three of them in a row.
_FILLER_LETTERS = re.compile(r"([KCLSXE])\1\1")
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


@dataclass(frozen=True, slots=True)
class MrzRecord:
    """A machine-readable zone (vùng máy đọc). Dates keep their two-digit years.

    Attributes
    ----------
    document_code, issuing_state, nationality : str
        Without trailing fillers: ``ID``, ``VNM``, ``VNM``.
    document_number : str
        Nine characters, or more where it runs on into the optional field (Doc 9303-5). On a
        Vietnamese card it is the last nine digits of the personal number, which two people may
        share: no identifier.
    birth_text, expiry_text : str
        ``YYMMDD``; unknown parts are ``<<``.
    sex_text : str
        ``M``, ``F`` or ``<``.
    names : str
        As written, without trailing fillers: ``NGUYEN<<THI<AN``.
    optional, optional_2 : str
        The issuer's own data, without trailing fillers.
    layout : str
        ``TD1``, ``TD2`` or ``TD3``.
    failed_checks : tuple of str
        Which check digits are wrong; only ever not empty when read with ``strict=False``. On a
        Vietnamese card also ``personal_number`` (the last character of line 1), ``last_nine``
        (the document number is not the end of the personal number), ``number_form`` (line 1 does
        not end with 12 digits, two fillers and a digit) and ``optional_2`` (letters that weigh
        like fillers): A, K and U count like ``<``, so that no check digit sees them.
    """

    document_number: str = field(repr=False)
    birth_text: str = field(repr=False)
    sex_text: str = field(repr=False)
    expiry_text: str = field(repr=False)
    names: str = field(repr=False)
    optional: str = field(default="", repr=False)
    optional_2: str = field(default="", repr=False)
    document_code: str = "ID"
    issuing_state: str = "VNM"
    nationality: str = "VNM"
    layout: str = "TD1"
    failed_checks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def surname(self) -> str:
        """The primary identifier (họ), words joined by spaces."""
        return self.names.partition("<<")[0].replace("<", " ")

    @property
    def given_names(self) -> str:
        """The secondary identifier (chữ đệm và tên), words joined by spaces."""
        return " ".join(self.names.partition("<<")[2].replace("<", " ").split())

    @property
    def full_name(self) -> str:
        """All names in the order of the card, without marks."""
        return f"{self.surname} {self.given_names}".strip()

    @property
    def may_be_truncated(self) -> bool:
        """The names fill the whole line, so that more may have been cut off."""
        return len(self.names) >= {"TD1": 30, "TD2": 31, "TD3": 39}[self.layout]

    @property
    def personal_number(self) -> str | None:
        """The 12 digits of a Vietnamese card (số định danh cá nhân); None on other documents."""
        return self.optional[:12] if is_vietnamese(self) else None

    @property
    def warnings(self) -> tuple[FieldWarning, ...]:
        """What is odd about the names, which no check digit covers."""
        found = list[FieldWarning]()
        if any(letter.isdigit() for letter in self.names):
            found.append(FieldWarning("names.digit", "a name has a digit: misread"))
        if _FILLER_LETTERS.search(self.names):
            found.append(FieldWarning("names.filler", "fillers of the name were read as letters"))
        return tuple(found)

    @property
    def sex(self) -> Sex:
        """Sex (giới tính)."""
        return _SEXES.get(self.sex_text, Sex.UNKNOWN)

    @property
    def no_expiry(self) -> bool:
        """A Vietnamese card that does not expire (không thời hạn)."""
        return self.issuing_state == "VNM" and self.expiry_text == NO_EXPIRY

    @property
    def expires_on(self) -> date | None:
        """The expiry date, in the years 2000 to 2099; None = no expiry, or no such date."""
        return None if self.no_expiry else _in_century(self.expiry_text, 2000)

    @property
    def birth(self) -> date | None:
        """The date of birth, its century taken from the personal number.

        None where the zone has no personal number or the date is incomplete or impossible. A
        number may lawfully contradict its holder, so this is evidence and no proof.
        """
        number = self.personal_number
        if number is None:
            return None
        return _in_century(self.birth_text, 1900 + 100 * (int(number[3]) // 2))


def is_vietnamese(record: MrzRecord) -> bool:
    """Whether the optional field is that of a Vietnamese card: 12 digits, ``<<``, check digit."""
    text = record.optional
    return (
        record.issuing_state == "VNM"
        and record.layout == "TD1"
        and len(text) == 15
        and text[:12].isdecimal()
        and text[12:14] == "<<"
        and text[14].isdecimal()
    )


def vietnamese_optional(personal_number: str) -> str:
    """The optional field of line 1: the number, ``<<`` and the check digit over the number.

    >>> vietnamese_optional("046301123456")
    '046301123456<<5'
    """
    return f"{personal_number}<<{check_digit(personal_number)}"


def _in_century(text: str, century: int) -> date | None:
    if not text.isdecimal():
        return None
    try:
        return date(century + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
