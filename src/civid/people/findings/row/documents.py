"""Dates of papers in an order that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule

if TYPE_CHECKING:
    from civid.people.findings.table import Mask, Table

#: First card age until 30 June 2024 (Law 59/2014 Art 19), and its last day.
_FIRST_AGE, _LAW_2023 = 14, 20240701


@rule("card.order", Axis.CORRECT, Severity.ERROR,
      ("birth", "registered", "card_issued", "card_expires"), Decider.COMMUNE,
      "Thứ tự ngày sinh, đăng ký, cấp thẻ, hết hạn sai")  # fmt: skip
def card_order(table: Table) -> Mask:
    """Birth, registration, issue and expiry are not in this order."""
    days = [table.day(name) for name in ("birth", "registered", "card_issued", "card_expires")]
    found = days[0] < 0
    for at, first in enumerate(days):
        for second in days[at + 1 :]:
            found = found | ((first > 0) & (second > 0) & (second < first))
    return found


@rule("card.too_young", Axis.CORRECT, Severity.WARNING, ("birth", "card_issued"),
      Decider.COMMUNE, "Cấp thẻ khi chưa đủ 14 tuổi theo Luật 2014")  # fmt: skip
def card_too_young(table: Table) -> Mask:
    """A card issued before 14 while the law of 2014 was in force."""
    birth, issued = table.day("birth"), table.day("card_issued")
    young = (issued - birth) // 10_000 < _FIRST_AGE
    return (birth > 0) & (issued > birth) & (issued < _LAW_2023) & young


@rule("card.after_death", Axis.CORRECT, Severity.ERROR, ("death", "card_issued"),
      Decider.COMMUNE, "Cấp thẻ sau khi chết")  # fmt: skip
def card_after_death(table: Table) -> Mask:
    """A card was issued after the day of death."""
    death, issued = table.day("death"), table.day("card_issued")
    return (death > 0) & (issued > death)


@rule("death.order", Axis.CORRECT, Severity.ERROR, ("birth", "death"), Decider.CIVIL_STATUS,
      "Ngày chết trước ngày sinh hoặc ở tương lai")  # fmt: skip
def death_order(table: Table) -> Mask:
    """Died before the birth or after the day of the table."""
    birth, death = table.day("birth"), table.day("death")
    return (death > 0) & (((birth > 0) & (death < birth)) | (death > table.today))
