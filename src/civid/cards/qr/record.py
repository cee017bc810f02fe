"""What the QR code of a card says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from civid.cards._date_text import from_ddmmyyyy
from civid.people.names.misread import is_misread
from civid.people.sex import Sex
from civid.people.warning import FieldWarning

#: How many fields the two forms have.
SHORT, LONG = 7, 11


@dataclass(frozen=True, slots=True)
class QrRecord:
    """The fields of a QR code in their order, as text in NFC.

    Attributes
    ----------
    personal_number : str
        Số định danh cá nhân, 12 digits.
    old_number : str
        Number of the former CMND, nine digits as a rule; empty where there was none.
    full_name : str
        Họ và tên.
    birth_text, issued_text : str
        ``DDMMYYYY``; day and month of birth may be ``00``.
    sex_text : str
        ``Nam`` or ``Nữ``.
    residence : str
        Nơi thường trú; may hold commas.
    extras : tuple of str
        Fields 8 to 11 of the form of 2024, raw: their order is not documented. Empty tuple for
        the form of 2021.
    """

    personal_number: str = field(repr=False)
    old_number: str = field(repr=False)
    full_name: str = field(repr=False)
    birth_text: str = field(repr=False)
    sex_text: str = field(repr=False)
    residence: str = field(repr=False)
    issued_text: str = field(repr=False)
    extras: tuple[str, ...] = field(default=(), repr=False)

    @property
    def form(self) -> int:
        """2021 or 2024, by the number of fields."""
        return 2024 if self.extras else 2021

    @property
    def birth(self) -> date | None:
        """Date of birth; None where it is incomplete or impossible."""
        return from_ddmmyyyy(self.birth_text)

    @property
    def issued(self) -> date | None:
        """Date of issue."""
        return from_ddmmyyyy(self.issued_text)

    @property
    def sex(self) -> Sex:
        """Sex (giới tính)."""
        return _SEXES.get(self.sex_text, Sex.UNKNOWN)

    @property
    def warnings(self) -> tuple[FieldWarning, ...]:
        """What is odd without being refused."""
        return tuple(FieldWarning(code, message) for code, message in _doubts(self))


_SEXES = {
    writing: sex
    for sex in (Sex.MALE, Sex.FEMALE)
    for word in (sex.vietnamese,)
    for writing in (word, word.lower(), word.upper())
}


def _doubts(record: QrRecord) -> list[tuple[str, str]]:
    found = list[tuple[str, str]]()
    old, issued = record.old_number, record.issued
    if old and not (len(old) in (9, 12) and old.isascii() and old.isdigit()):
        found.append(("old_number.form", "the old number has not nine digits"))
    if record.sex_text not in ("Nam", "Nữ"):
        found.append(("sex.form", "the sex is not written Nam or Nữ"))
    if record.birth is None:
        partial = record.birth_text.startswith("00")
        found.append(
            ("birth.partial", "the date of birth is incomplete")
            if partial
            else ("birth.impossible", "there is no such date of birth")
        )
    if issued is None:
        found.append(("issued.impossible", "there is no such date of issue"))
    elif record.birth is not None and issued < record.birth:
        found.append(("issued.order", "issued before birth"))
    if any(map(is_misread, (record.full_name, record.residence, record.sex_text, *record.extras))):
        found.append(("text.encoding", "the text was read in a wrong encoding"))
    if any(record.extras):
        found.append(("extras.order", "the meaning of the fields 8 to 11 is not documented"))
    return found
