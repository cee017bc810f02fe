"""Two small tables out of CSV: why something is missing, and blanks that came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from civid.campaign.finding import Finding
from civid.campaign.numerals import Numerals
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.progress.missing import Missing, Why
from civid.campaign.sheets.counts import decide_numerals
from civid.campaign.sheets.read import read_day, read_sheet
from civid.errors import CampaignError
from civid.people.findings.model import Severity

_REASONS = {"unit": ("mã", "đơn vị"), "why": ("reason", "lý do", "nguyên nhân"),
            "count": ("số lượng",), "text": ("note", "ghi chú")}  # fmt: skip
_BLANKS = {"day": ("ngày",), "count": ("blanks", "số phôi", "số lượng")}
#: How Vietnamese lists name the reasons.
_WORDS = {
    "đi làm ăn xa": Why.WORKING_AWAY, "vắng mặt": Why.ABSENT, "không có mặt": Why.ABSENT,
    "ở nước ngoài": Why.ABROAD, "giam giữ": Why.DETAINED, "già yếu": Why.FRAIL,
    "thiếu thông tin": Why.DATA, "không hợp tác": Why.REFUSED, "không rõ": Why.UNKNOWN,
    "khác": Why.OTHER,
}  # fmt: skip


def read_missing(
    content: bytes, tree: UnitTree, *, numerals: Numerals | None = None, name: str = ""
) -> tuple[tuple[Missing, ...], tuple[Finding, ...]]:
    """Reasons by unit; one that is not known is ``other`` with its text, so that none is lost.

    Raises
    ------
    CampaignError
        The file as a whole cannot be read.
    """
    sheet = read_sheet(content, _REASONS, needed=("unit", "why", "count"), name=name)
    column = decide_numerals(sheet.rows, "count", numerals=numerals, file=name)
    rows, findings = list[Missing](), [*sheet.findings, *column.findings]
    for row, count in zip(sheet.rows, column.counts, strict=True):
        if count is None:
            continue
        if row["unit"] not in tree:
            findings.append(
                Finding("no-such-unit", Severity.ERROR, row.number, row["unit"][:60], name)
            )
            continue
        said = row["why"].lower()
        known = _WORDS.get(said) or (Why(said) if said in set(Why) else None)
        text = row["text"] if known else row["why"]
        rows.append(Missing(row["unit"], known or Why.OTHER, count, text))
    return tuple(rows), tuple(findings)


def read_blanks(
    content: bytes, first: date, days: int, *, numerals: Numerals | None = None, name: str = ""
) -> tuple[Sequence[int], int, tuple[Finding, ...]]:
    """Blanks that came in by day of a campaign, and those that were there before its first day."""
    sheet = read_sheet(content, _BLANKS, needed=("day", "count"), name=name)
    column = decide_numerals(sheet.rows, "count", numerals=numerals, file=name)
    came, opening, findings = [0] * days, 0, [*sheet.findings, *column.findings]
    for row, count in zip(sheet.rows, column.counts, strict=True):
        if count is None:
            continue
        try:
            day = read_day(row["day"])
        except CampaignError as error:
            values = {"text": row["day"][:40]}
            findings.append(
                Finding(error.code, Severity.ERROR, row.number, "", name, values=values)
            )
            continue
        if day < first:
            opening += count
        elif day < first + timedelta(days=days):
            came[(day - first).days] += count
        else:
            findings.append(Finding("day-outside", Severity.ERROR, row.number, "", name, day))
    return came, opening, tuple(findings)
