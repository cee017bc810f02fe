"""What is missing and why (chưa thu thập được, nguyên nhân): reasons that have to add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from civid.campaign.finding import Finding
from civid.campaign.rate import Rate
from civid.people.findings.model import Severity


class Why(StrEnum):
    """Why somebody's slip or dossier is missing; the list is open, ``other`` has its text."""

    WORKING_AWAY = "working_away"  #: đi làm ăn xa
    ABSENT = "absent"  #: không có mặt ở địa phương
    ABROAD = "abroad"  #: ở nước ngoài
    DETAINED = "detained"  #: đang bị giam, giữ, chấp hành án
    FRAIL = "frail"  #: già yếu, bệnh tật, không đi lại được
    DATA = "data"  #: thông tin thiếu hoặc sai lệch
    REFUSED = "refused"  #: không hợp tác
    UNKNOWN = "unknown"  #: không rõ nơi ở
    OTHER = "other"  #: lý do khác


@dataclass(frozen=True, slots=True)
class Missing:
    """So many of a unit are missing for a reason; ``text`` says what ``other`` is."""

    unit: str
    why: Why
    count: int
    text: str = ""


def by_reason(rows: Iterable[Missing]) -> dict[Why, int]:
    """How many for each reason, the most frequent first.

    >>> by_reason([Missing("a", Why.ABSENT, 2), Missing("b", Why.WORKING_AWAY, 5)])[Why.ABSENT]
    2
    """
    counted = dict[Why, int]()
    for one in rows:
        counted[one.why] = counted.get(one.why, 0) + one.count
    return dict(sorted(counted.items(), key=lambda one: -one[1]))


def held_against(unit: str, rate: Rate, rows: Iterable[Missing]) -> tuple[Finding, ...]:
    """Whether the reasons of a unit add up to what remains.

    Fewer: for some nobody has said why (WARNING). More: somebody counts twice (ERROR).
    """
    told = sum(one.count for one in rows if one.unit == unit)
    if told == rate.remaining:
        return ()
    severity = Severity.ERROR if told > rate.remaining else Severity.WARNING
    values = {"told": told, "left": rate.remaining}
    return (Finding("reasons-sum", severity, unit=unit, values=values),)
