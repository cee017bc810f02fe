"""The machine-readable zone on the back of a card (vùng máy đọc, MRZ): ICAO Doc 9303 TD1.

Vietnamese cards write, in three lines of 30 characters::

    IDVNM3011234567046301123456<<5    last nine digits, check, personal number, check over it
    0103059F2603058VNM<<<<<<<<<<<0    birth, check, sex, expiry, check, nationality, composite
    NGUYEN<<THI<AN<<<<<<<<<<<<<<<<    names without marks

The layout of line 1 was verified on 16 public samples; TD2 and TD3 are read and written too.
"""

from __future__ import annotations

from collections.abc import Sequence

from civid.cards.mrz._read import read
from civid.cards.mrz._write import write
from civid.cards.mrz.check_digit import check_digit
from civid.cards.mrz.record import NO_EXPIRY, MrzRecord, vietnamese_optional
from civid.cards.mrz.repair import Repair, suggest
from civid.cards.mrz.transliterate import letters, names_field

__all__ = [
    "NO_EXPIRY",
    "MrzRecord",
    "Repair",
    "build",
    "check_digit",
    "letters",
    "names_field",
    "parse",
    "suggest",
    "vietnamese_optional",
]


def parse(lines: str | Sequence[str], *, strict: bool = True) -> MrzRecord:
    """Read a machine-readable zone.

    Parameters
    ----------
    lines : str or sequence of str
        The lines; or one string with line ends, or with nothing between the lines.
    strict : bool
        Refuse wrong check digits. Otherwise they are named in ``failed_checks``.

    Raises
    ------
    FormatError
        Not the shape of a zone, a foreign character, or a wrong check digit. See `suggest` for
        what a badly read zone might have been.

    Examples
    --------
    >>> record = parse(["IDVNM3011234567046301123456<<5",
    ...                 "0103059F2603058VNM<<<<<<<<<<<0",
    ...                 "NGUYEN<<THI<AN<<<<<<<<<<<<<<<<"])
    >>> record.personal_number, record.surname, record.given_names, record.birth.isoformat()
    ('046301123456', 'NGUYEN', 'THI AN', '2001-03-05')
    """
    return read(lines, strict=strict)


def build(record: MrzRecord) -> tuple[str, ...]:
    """Write the lines of a machine-readable zone with all check digits.

    Raises
    ------
    FormatError
        A field is too long, or has characters that cannot stand there.

    Examples
    --------
    >>> record = MrzRecord("301123456", "010305", "F", "260305", "NGUYEN<<THI<AN",
    ...                    vietnamese_optional("046301123456"))
    >>> print(*build(record), sep="\\n")
    IDVNM3011234567046301123456<<5
    0103059F2603058VNM<<<<<<<<<<<0
    NGUYEN<<THI<AN<<<<<<<<<<<<<<<<
    """
    return write(record)
