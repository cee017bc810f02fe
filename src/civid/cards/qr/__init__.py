"""The QR code of a card (mã QR): seven fields since 2021, eleven since July 2024.

::

    number|old CMND or empty|full name|DDMMYYYY birth|Nam or Nữ|residence|DDMMYYYY issue
    ... the same seven ...|four more, usually empty

The content of the code of 2024 is law (Circular 16/2024): also a cancelled number, and for
holders under 14 the names of the parents. **The order of the fields 8 to 11 is not documented**,
so they stay raw in ``extras``. [C]

A QR code carries no signature: anybody can print one. Read tolerantly, write exactly.
"""

from __future__ import annotations

from collections.abc import Iterable

from civid.cards.qr._read import read
from civid.cards.qr._write import write
from civid.cards.qr.record import QrRecord
from civid.errors import FormatError

__all__ = ["QrRecord", "build", "parse", "parse_many"]


def parse(text: str | bytes) -> QrRecord:
    """Read the text of a QR code.

    NULs, a byte-order mark and zero-width characters are dropped, and so are line ends and tabs
    around fields and between digits; between words they become a space. The rest is brought into
    Unicode NFC. Doubtful values are kept and named in ``warnings``.

    Raises
    ------
    FormatError
        Not seven or eleven fields, no 12-digit number, a date that is not eight digits, or not
        UTF-8. The message never repeats what was read.

    Examples
    --------
    >>> record = parse("046301123456|191234567|Nguyễn Thị An|05032001|Nữ|"
    ...                "Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế|10062021")
    >>> record.full_name, record.birth.isoformat(), record.sex.name, record.issued.isoformat()
    ('Nguyễn Thị An', '2001-03-05', 'FEMALE', '2021-06-10')
    """
    return read(text)


def parse_many(texts: Iterable[str | bytes]) -> list[QrRecord | FormatError]:
    """Read many; what cannot be read stands in the list as its error.

    >>> [type(one).__name__ for one in parse_many(["nonsense"])]
    ['FormatError']
    """
    made = list[QrRecord | FormatError]()
    add = made.append
    for text in texts:
        try:
            add(read(text))
        except FormatError as error:
            add(error.with_traceback(None))
    return made


def build(record: QrRecord) -> str:
    """Write the text of a QR code, seven fields without ``extras`` and eleven with them.

    Raises
    ------
    FormatError
        A field holds ``|`` or a control character, or is not of its form.

    Examples
    --------
    >>> text = "046301123456||Nguyễn Thị An|05032001|Nữ|Huế|01082024||||"
    >>> build(parse(text)) == text
    True
    """
    return write(record)
