"""Numbers held against the person who bears them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from civid.people import cmnd9
from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule
from civid.people.findings.table import MALFORMED, Memo, digits
from civid.people.number_form import of_quantity, with_zeros
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
    digits = with_zeros(text, 12)
    if not digits or len(of_quantity(text) or text.strip()) < 10:
        return ""
    made = PersonalNumber(digits)
    return made.text if assigned(made.place_code) and made.birth_year < 2100 else ""


def _lost_zeros(table: Table, column: str, read: Callable[[str], str]) -> Mask:
    def make() -> Mask:
        import numpy as np

        found = (table.cmnd9() if column == "cmnd9" else table.number(column)) == MALFORMED
        texts = table.texts(column)
        for at in np.flatnonzero(found).tolist():
            found[at] = bool(read(texts[at]))
        return found

    return table._once(f"zeros {column}", make)


@rule("number.zero_lost", Axis.CLEAN, _ERROR, ("number",), Decider.AUTOMATIC,
      "Số định danh mất số 0 ở đầu", _zeros)  # fmt: skip
def number_zero_lost(table: Table) -> Mask:
    """Ten or eleven digits, or a decimal number: a spreadsheet has eaten the zeros in front."""
    return _lost_zeros(table, "number", _with_zeros)


@rule("number.malformed", Axis.CORRECT, _ERROR, ("number",), _COMMUNE,
      "Số định danh không đủ 12 chữ số")  # fmt: skip
def number_malformed(table: Table) -> Mask:
    """The number is not 12 ASCII digits and no zeros were merely lost."""
    return (table.number("number") == MALFORMED) & ~_lost_zeros(table, "number", _with_zeros)


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
    """The old number is not nine ASCII digits and no zero was merely lost."""
    return (table.cmnd9() == MALFORMED) & ~cmnd9_zero_lost(table)


def _old_with_zero(text: str) -> str:
    """Nine digits of eight, where a province has numbers that begin so."""
    digits = with_zeros(text, 9)
    near = len(of_quantity(text) or text.strip()) >= 8
    known = any(digits.startswith(prefix) for prefix in cmnd9.prefixes())
    return digits if digits and near and known else ""


@rule("cmnd9.zero_lost", Axis.CLEAN, _WARN, ("cmnd9",), _COMMUNE,
      "Số CMND mất số 0 ở đầu", lambda row: _old_with_zero(row["cmnd9"]))  # fmt: skip
def cmnd9_zero_lost(table: Table) -> Mask:
    """Eight digits, or a decimal number: a spreadsheet has eaten the zero in front."""
    old = table.cmnd9()
    # Where other numbers have kept their zeros, no spreadsheet has eaten any: a digit is missing.
    kept = bool(((old >= 0) & (old < 10**8)).any())
    lost = _lost_zeros(table, "cmnd9", _old_with_zero)
    return lost & (not kept)


def _place_with_zeros(text: str) -> str:
    digits = with_zeros(text, 3)
    return digits if digits and assigned(digits) else ""


@rule("registration.zero_lost", Axis.CLEAN, _WARN, ("registration_code",), Decider.AUTOMATIC,
      "Mã nơi đăng ký khai sinh mất số 0 ở đầu",
      lambda row: _place_with_zeros(row["registration_code"]))  # fmt: skip
def registration_zero_lost(table: Table) -> Mask:
    """One or two digits, or a decimal number, that are a place with zeros in front."""
    return table.memo("registration_code", _REGISTRATION) == _ZERO_LOST


@rule("registration.code_unknown", Axis.CORRECT, _WARN, ("registration_code",), _COMMUNE,
      "Mã nơi đăng ký khai sinh không có trong danh mục")  # fmt: skip
def registration_code_unknown(table: Table) -> Mask:
    """No province or country has this code."""
    return table.memo("registration_code", _REGISTRATION) == _UNKNOWN


_ZERO_LOST, _UNKNOWN = 1, 2


def _judge_registration(text: str) -> int:
    if not text or assigned(text):
        return 0
    return _ZERO_LOST if _place_with_zeros(text) else _UNKNOWN


_REGISTRATION = Memo(_judge_registration)
