"""How the digits of a number stand in a text: what may lie between them, and what spreadsheets do.

A spreadsheet takes a number for a quantity: ``046301123456`` comes back as ``46301123456``,
``46301123456.0`` or ``4.63E+10``. Strip the point of the second and another person's number
remains, so that the form is looked at before anything is taken off.
"""

from __future__ import annotations

import re

from civid.errors import NumberError

_MAX_TEXT = 64
_SEPARATORS = str.maketrans("", "", " .-")
#: Groups of digits, the last of at least three: what stands behind a decimal point has fewer, or
#: is a group of its own behind the only point.
_GROUPS = re.compile(r"\d+(?:[ .-]+\d+)*[ .-]+\d{3,}|\d+", re.ASCII)
_DECIMAL = re.compile(r"\d+[.,]\d+", re.ASCII)
_POWER = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)
_QUOTES = "'’‘`\""


def digits_of(text: str, field: str = "number") -> str:
    """Take out the spaces, points and hyphens between groups of digits.

    Raises
    ------
    NumberError
        Not text, far too long, or no groups of digits: a decimal number, a power of ten, quotes,
        letters.

    >>> digits_of("046 301 123456")
    '046301123456'
    """
    if not isinstance(text, str):
        raise NumberError(field, "not text: a number kept as int has lost its zeros")
    if len(text) > _MAX_TEXT:
        raise NumberError(field, "far too long")
    bare = text.strip(" ")
    if _GROUPS.fullmatch(bare) and not _DECIMAL.fullmatch(bare):
        return bare.translate(_SEPARATORS)
    raise NumberError(field, _what_is_wrong(bare))


def of_quantity(text: str) -> str:
    """The digits before the point of a decimal number that is whole; empty when it is none.

    >>> of_quantity("19301123456.0"), of_quantity("19301123456.5"), of_quantity("1.93E+10")
    ('19301123456', '', '')
    """
    whole, point, rest = text.strip().replace(",", ".").partition(".")
    plain = whole.isascii() and whole.isdigit() and bool(point)
    return whole if plain and 0 < len(rest) <= 3 and not rest.strip("0") else ""


def with_zeros(text: str, width: int) -> str:
    """The digits with the zeros in front that a spreadsheet has eaten; empty when none were.

    >>> with_zeros("46", 3), with_zeros("46.0", 3), with_zeros("046", 3), with_zeros("4x", 3)
    ('046', '046', '', '')
    """
    written = text.strip()
    digits = of_quantity(text) or written
    right = digits.isascii() and digits.isdigit() and len(digits) <= width
    if not right or (digits == written and len(digits) == width):
        return ""
    return digits.zfill(width)


def _what_is_wrong(text: str) -> str:
    if not text:
        return "empty"
    if _DECIMAL.fullmatch(text):
        return "a decimal number: a spreadsheet took it for a quantity, and zeros may be lost"
    if _POWER.fullmatch(text):
        return "a power of ten: a spreadsheet has lost its digits"
    if text.strip(_QUOTES).strip().isdigit() and text[0] in _QUOTES:
        return "has a quote in front, as spreadsheets mark text"
    if any(not letter.isascii() and letter.isdecimal() for letter in text):
        return "has digits of another script or width, not 0 to 9"
    if any(not letter.isascii() and letter.isspace() for letter in text):
        return "has a space that is no ordinary one"
    if all(letter.isascii() and (letter.isdigit() or letter in " .-") for letter in text):
        return "has points, hyphens or spaces where no groups of digits end"
    return "holds something else than the digits 0 to 9"
