"""What DG13 says, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from unicodedata import normalize

from civid.cards._date_text import NO_EXPIRY, from_slashes
from civid.people.names.misread import is_misread
from civid.people.sex import Sex
from civid.people.warning import FieldWarning

#: Number of a field with one value -> attribute; 13 holds two.
FIELDS = {
    1: "personal_number",
    2: "full_name",
    3: "birth_text",
    4: "sex_text",
    5: "nationality",
    6: "ethnic_group",
    7: "religion",
    8: "origin",
    9: "residence",
    10: "marks",
    11: "issued_text",
    12: "expiry_text",
    14: "spouse",
    15: "old_number",
    16: "card_code",
}


@dataclass(frozen=True, slots=True)
class Dg13Record:
    """The holder's data in the chip; None = the field is not there, empty = it has no value.

    Attributes
    ----------
    birth_text, issued_text, expiry_text : str or None
        ``DD/MM/YYYY``; the expiry may be ``Không thời hạn``.
    origin, residence, marks : str or None
        Quê quán, nơi thường trú, đặc điểm nhận dạng.
    card_code : str or None
        16 characters of undocumented meaning; one public reader calls it an old number. [C]
    extras : tuple of (int, bytes)
        Fields with a number above 16, as they stand.
    """

    personal_number: str | None = field(default=None, repr=False)
    full_name: str | None = field(default=None, repr=False)
    birth_text: str | None = field(default=None, repr=False)
    sex_text: str | None = field(default=None, repr=False)
    nationality: str | None = field(default=None, repr=False)
    ethnic_group: str | None = field(default=None, repr=False)
    religion: str | None = field(default=None, repr=False)
    origin: str | None = field(default=None, repr=False)
    residence: str | None = field(default=None, repr=False)
    marks: str | None = field(default=None, repr=False)
    issued_text: str | None = field(default=None, repr=False)
    expiry_text: str | None = field(default=None, repr=False)
    father: str | None = field(default=None, repr=False)
    mother: str | None = field(default=None, repr=False)
    spouse: str | None = field(default=None, repr=False)
    old_number: str | None = field(default=None, repr=False)
    card_code: str | None = field(default=None, repr=False)
    extras: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)

    @property
    def birth(self) -> date | None:
        """Date of birth; None where it is missing, incomplete or impossible."""
        return from_slashes(self.birth_text or "")

    @property
    def issued(self) -> date | None:
        """Date of issue."""
        return from_slashes(self.issued_text or "")

    @property
    def no_expiry(self) -> bool:
        """Không thời hạn."""
        return _folded(self.expiry_text) == NO_EXPIRY.casefold()

    @property
    def expires_on(self) -> date | None:
        """Date of expiry; None where there is none, see `no_expiry`."""
        return from_slashes(self.expiry_text or "")

    @property
    def sex(self) -> Sex:
        """Sex (giới tính)."""
        return {"nam": Sex.MALE, "nữ": Sex.FEMALE}.get(_folded(self.sex_text), Sex.UNKNOWN)

    @property
    def warnings(self) -> tuple[FieldWarning, ...]:
        """What is odd without being refused."""
        found = list[FieldWarning]()
        number = self.personal_number
        if number is not None and not (len(number) == 12 and number.isascii() and number.isdigit()):
            found.append(FieldWarning("personal_number.form", "the number has not 12 digits"))
        for name, text, day in (
            ("birth", self.birth_text, self.birth),
            ("issued", self.issued_text, self.issued),
            ("expiry", self.expiry_text, self.expires_on),
        ):
            if text and day is None and not (name == "expiry" and self.no_expiry):
                found.append(FieldWarning(f"{name}.form", "is no full date DD/MM/YYYY"))
        texts = (getattr(self, name) for name in self.__slots__)
        if any(isinstance(text, str) and is_misread(text) for text in texts):
            found.append(FieldWarning("text.encoding", "the text was read in a wrong encoding"))
        if self.card_code:
            found.append(FieldWarning("card_code.meaning", "what field 16 means is undocumented"))
        if self.extras:
            found.append(FieldWarning("extras.unknown", "there are fields with unknown numbers"))
        return tuple(found)


def _folded(text: str | None) -> str:
    """Words to compare by: some chips have them decomposed (NFD)."""
    text = (text or "")[:_LONGEST_WORDS]
    return " ".join(normalize("NFC", text).casefold().split())


_LONGEST_WORDS = 64
