"""Numbers held against the person who bears them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule
from civid.people.findings.table import MALFORMED, digits
from civid.people.number_form import of_quantity
from civid.people.personal_number import PersonalNumber
from civid.people.places.registration import assigned

if TYPE_CHECKING:
    from civid.people.findings.table import Ints, Mask, Table

_WARN, _ERROR = Severity.WARNING, Severity.ERROR
_COMMUNE = Decider.COMMUNE


def _zeros(row: Mapping[str, str]) -> str:
    return _with_zeros(row["number"])


def _with_zeros(text: str) -> str:
    """The number that a spreadsheet has eaten zeros of; empty when there can be none.

    One that begins with no province or is of the 22nd century was another number.
    """
    text = of_quantity(text) or text.strip()
    if not (text.isascii() and text.isdigit() and 10 <= len(text) <= 12):
        return ""
    made = PersonalNumber(text.zfill(12))
    return made.text if assigned(made.place_code) and made.birth_year < 2100 else ""


def _lost_zeros(table: Table) -> Mask:
    import numpy as np

    found = table.number("number") == MALFORMED
    texts = table.texts("number")
    for at in np.flatnonzero(found).tolist():
        found[at] = bool(_with_zeros(texts[at]))
    return found


@rule("number.zero_lost", Axis.CLEAN, _ERROR, ("number",), Decider.AUTOMATIC,
      "Số định danh mất số 0 ở đầu", _zeros)  # fmt: skip
def number_zero_lost(table: Table) -> Mask:
    """Ten or eleven digits, or a decimal number: a spreadsheet has eaten the zeros in front."""
    return _lost_zeros(table)


@rule("number.malformed", Axis.CORRECT, _ERROR, ("number",), _COMMUNE,
      "Số định danh không đủ 12 chữ số")  # fmt: skip
def number_malformed(table: Table) -> Mask:
    """The number is not 12 ASCII digits and no zeros were merely lost."""
    return (table.number("number") == MALFORMED) & ~_lost_zeros(table)


@cache
def _assigned() -> Ints:
    import numpy as np

    return np.array([assigned(f"{code:03d}") for code in range(1000)])


def _well(table: Table) -> Mask:
    return table.number("number") >= 0


@rule("number.place", Axis.CORRECT, _WARN, ("number",), _COMMUNE,
      "Mã nơi đăng ký khai sinh không có trong danh mục")  # fmt: skip
def number_place(table: Table) -> Mask:
    """No code list assigns the first three digits."""
    number = table.number("number")
    known: Mask = _assigned()[(number // 10**9) * (number >= 0)].astype(bool)
    return _well(table) & ~known


@rule("number.sex", Axis.CORRECT, _WARN, ("number", "sex"), _COMMUNE,
      "Số định danh trái giới tính")  # fmt: skip
def number_sex(table: Table) -> Mask:
    """The fourth digit says the other sex than the record."""
    digit = table.number("number") // 10**8 % 10
    sex = table.sex()
    return _well(table) & (sex > 0) & (digit % 2 != sex - 1)


def _number_year(table: Table) -> Ints:
    number = table.number("number")
    return 1900 + number // 10**8 % 10 // 2 * 100 + number // 10**6 % 100


@rule("number.year", Axis.CORRECT, _WARN, ("number", "birth"), _COMMUNE,
      "Số định danh trái năm sinh")  # fmt: skip
def number_year(table: Table) -> Mask:
    """Century or year digits differ from the recorded year of birth."""
    year = table.year()
    return _well(table) & (year > 0) & (_number_year(table) != year)


@rule("number.place_differs", Axis.CORRECT, _WARN, ("number", "registration_code"), _COMMUNE,
      "Số định danh trái nơi đăng ký khai sinh")  # fmt: skip
def number_place_differs(table: Table) -> Mask:
    """The place digits differ from the recorded place of birth registration."""
    code = digits(table.texts("registration_code"), 3)
    return _well(table) & (code >= 0) & (table.number("number") // 10**9 != code)


@rule("cmnd9.malformed", Axis.CORRECT, _WARN, ("cmnd9",), Decider.CITIZEN_PAPER,
      "Số CMND không đủ 9 chữ số")  # fmt: skip
def cmnd9_malformed(table: Table) -> Mask:
    """The old number is not nine ASCII digits."""
    return table.cmnd9() == MALFORMED
