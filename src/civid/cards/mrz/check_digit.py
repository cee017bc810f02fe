"""The check digit of ICAO Doc 9303-3 section 4.9 (số kiểm tra): weights 7, 3, 1, modulo 10."""

from __future__ import annotations

from civid.errors import FormatError

#: What may stand in a machine-readable zone: digits, A to Z, the filler.
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
_VALUE = {letter: 0 if letter == "<" else value for value, letter in enumerate(ALPHABET)}
_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """The check digit over ``text``, as one character.

    Raises
    ------
    FormatError
        A character that no machine-readable zone has.

    Examples
    --------
    >>> check_digit("046301123456")
    '5'
    >>> check_digit("D23145890734")
    '9'
    """
    total = 0
    for place, letter in enumerate(text):
        value = _VALUE.get(letter)
        if value is None:
            raise FormatError("only A-Z, 0-9 and < may stand here", offset=place, field="MRZ")
        total += value * _WEIGHTS[place % 3]
    return str(total % 10)
