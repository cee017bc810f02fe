"""Sex (giới tính), as the forms, the numbers and QCVN 109 write it."""

from __future__ import annotations

from enum import Enum

from civid.errors import CodeError


class Sex(Enum):
    """Male (nam), female (nữ) or unknown (chưa rõ). The values are those of the MRZ."""

    MALE = "M"
    FEMALE = "F"
    UNKNOWN = "X"

    @property
    def vietnamese(self) -> str:
        """The word on the card: Nam, Nữ; empty when unknown.

        >>> Sex.FEMALE.vietnamese
        'Nữ'
        """
        return {"M": "Nam", "F": "Nữ"}.get(self.value, "")

    @property
    def code(self) -> str:
        """The code of QCVN 109: 0 unknown, 1 male, 2 female.

        >>> Sex.FEMALE.code
        '2'
        """
        return {"M": "1", "F": "2"}.get(self.value, "0")


WRITINGS = {
    "nam": Sex.MALE,
    "nữ": Sex.FEMALE,
    "nu": Sex.FEMALE,
    "m": Sex.MALE,
    "male": Sex.MALE,
    "f": Sex.FEMALE,
    "female": Sex.FEMALE,
    "1": Sex.MALE,
    "2": Sex.FEMALE,
    "0": Sex.UNKNOWN,
    "x": Sex.UNKNOWN,
    "<": Sex.UNKNOWN,
    "": Sex.UNKNOWN,
}


def parse(text: str) -> Sex:
    """Read a sex as any of the registers writes it: Nam/Nữ, M/F, 0/1/2 of QCVN 109.

    Raises
    ------
    CodeError
        For anything else. A register that writes 0 for male must be translated before.

    >>> parse("Nữ")
    <Sex.FEMALE: 'F'>
    """
    found = WRITINGS.get(text.strip().lower()) if isinstance(text, str) else None
    if found is None and isinstance(text, str) and len(text) < 16:
        import unicodedata

        found = WRITINGS.get(unicodedata.normalize("NFC", text.strip().lower()))
    if found is None:
        raise CodeError("sex", "not one of Nam, Nữ, M, F, X, 0, 1, 2")
    return found
