"""Complete (đủ): what a record must hold and does not; a column that a file lacks is no fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule

if TYPE_CHECKING:
    from civid.people.findings.table import Mask, Table

_AXIS, _WARN, _ERROR = Axis.COMPLETE, Severity.WARNING, Severity.ERROR
_PAPER, _COMMUNE = Decider.CITIZEN_PAPER, Decider.COMMUNE
#: Days that a birth registration and its number may take (Law on Civil Status 2014 Art 15).
REGISTRATION_DAYS = 60


@rule("number.missing", _AXIS, _ERROR, ("number",), Decider.COMMUNE, "Chưa có số định danh")
def number_missing(table: Table) -> Mask:
    """Nobody but a newborn is without a personal identification number."""
    return table.missing("number") & (table.age() != 0)


@rule("name.missing", _AXIS, _ERROR, ("name",), _PAPER, "Thiếu họ tên")
def name_missing(table: Table) -> Mask:
    """The record has no name."""
    return table.missing("name")


@rule("birth.missing", _AXIS, _ERROR, ("birth",), _PAPER, "Thiếu ngày sinh")
def birth_missing(table: Table) -> Mask:
    """The record has no birth date at all."""
    return (table.date("birth") == 0) & table.stated("birth")


@rule("birth.partial", _AXIS, _WARN, ("birth",), Decider.CIVIL_STATUS, "Ngày sinh không đầy đủ")
def birth_partial(table: Table) -> Mask:
    """Only the year, or year and month, of birth is known; civil status completes it."""
    births = table.date("birth")
    return (births > 0) & (births % 100 == 0)


@rule("sex.missing", _AXIS, _ERROR, ("sex",), _PAPER, "Thiếu giới tính")
def sex_missing(table: Table) -> Mask:
    """The sex is missing or recorded as unknown."""
    return (table.sex() == 0) & table.stated("sex")


@rule("nationality.missing", _AXIS, _WARN, ("nationality",), _PAPER, "Thiếu quốc tịch")
def nationality_missing(table: Table) -> Mask:
    """The nationality is missing."""
    return table.missing("nationality")


@rule("ethnic.missing", _AXIS, _WARN, ("ethnic",), _PAPER, "Thiếu dân tộc")
def ethnic_missing(table: Table) -> Mask:
    """Neither code nor name of the ethnic group is recorded."""
    return table.missing("ethnic", "ethnic_name")


@rule("registration.missing", _AXIS, _WARN, ("registration_code",), _PAPER,
      "Thiếu nơi đăng ký khai sinh")  # fmt: skip
def registration_missing(table: Table) -> Mask:
    """The place of birth registration is missing."""
    return table.missing("registration_code")


@rule("residence.missing", _AXIS, _WARN, ("province_code", "address"), _COMMUNE,
      "Thiếu nơi thường trú")  # fmt: skip
def residence_missing(table: Table) -> Mask:
    """No permanent residence is recorded."""
    return table.missing("province_code", "province_name", "address")


@rule("relation.missing", _AXIS, _WARN, ("household", "relation"), _COMMUNE,
      "Thiếu quan hệ với chủ hộ")  # fmt: skip
def relation_missing(table: Table) -> Mask:
    """A member of a household without a relation to its head."""
    return table.has("household") & table.missing("relation")


@rule("parents.missing", _AXIS, _WARN, ("father_number", "mother_number"), _COMMUNE,
      "Trẻ em thiếu thông tin cha, mẹ")  # fmt: skip
def parents_missing(table: Table) -> Mask:
    """A child under 14 of whom no parent is recorded."""
    age = table.age()
    return (age >= 0) & (age < 14) & table.missing("father_number", "mother_number")
