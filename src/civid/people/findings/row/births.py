"""Birth dates that cannot be, or that are weak evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from civid.people import dates
from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule
from civid.people.findings.table import IMPOSSIBLE, UNREADABLE

if TYPE_CHECKING:
    from civid.people.findings.table import Mask, Table

_ERROR = Severity.ERROR
#: Nobody is known to have lived longer than 122 years.
OLDEST = 122


def _repair(row: Mapping[str, str]) -> str:
    found = dates.read(row["birth"]).repairs
    return found[0].date.vietnamese() if found else ""


@rule("birth.impossible", Axis.CORRECT, _ERROR, ("birth",), Decider.CIVIL_STATUS,
      "Ngày sinh không có trong lịch", _repair)  # fmt: skip
def birth_impossible(table: Table) -> Mask:
    """A day that the calendar lacks, such as 31/04; repaired by the official table."""
    return table.date("birth") == IMPOSSIBLE


@rule("birth.unreadable", Axis.CORRECT, _ERROR, ("birth",), Decider.CITIZEN_PAPER,
      "Ngày sinh không đọc được")  # fmt: skip
def birth_unreadable(table: Table) -> Mask:
    """What stands in the birth date is no date."""
    return table.date("birth") == UNREADABLE


@rule("birth.future", Axis.CORRECT, _ERROR, ("birth",), Decider.CITIZEN_PAPER,
      "Ngày sinh ở tương lai")  # fmt: skip
def birth_future(table: Table) -> Mask:
    """Born after the day of the table."""
    return table.date("birth") > table.today


@rule("birth.too_old", Axis.ALIVE, Severity.WARNING, ("birth", "life"), Decider.COMMUNE,
      "Quá tuổi mà chưa ghi nhận đã chết")  # fmt: skip
def birth_too_old(table: Table) -> Mask:
    """Older than anyone has lived, and not recorded as dead."""
    return (table.age() > OLDEST) & ~table.has("death")


@rule("birth.new_year", Axis.CORRECT, Severity.INFO, ("birth",), Decider.CIVIL_STATUS,
      "Ngày sinh 01/01 có thể là quy ước")  # fmt: skip
def birth_new_year(table: Table) -> Mask:
    """01/01 is written when only the year is known: weak evidence, no error."""
    return table.date("birth") % 10_000 == 101
