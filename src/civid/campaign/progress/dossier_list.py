"""A list of dossiers (danh sách hồ sơ tồn) out of CSV: unit, stage, filed, due, cause."""

from __future__ import annotations

from datetime import date

from civid.campaign.finding import Finding
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.progress.ageing import DossierLine
from civid.campaign.sheets.read import Row, read_day, read_sheet
from civid.cards.regimes import Area, Procedure
from civid.errors import CampaignError, CividError
from civid.people.findings.model import Severity

TITLES: dict[str, tuple[str, ...]] = {
    "reference": ("mã hồ sơ",), "unit": ("đơn vị", "mã đơn vị"), "stage": ("state", "bước"),
    "since": ("từ ngày",), "filed": ("ngày nộp",), "due": ("ngày hẹn",),
    "cause": ("nguyên nhân",), "procedure": ("thủ tục",), "area": ("khu vực",),
}  # fmt: skip


def read_dossiers(
    content: bytes, tree: UnitTree, today: date, *, name: str = ""
) -> tuple[tuple[DossierLine, ...], tuple[Finding, ...]]:
    """The dossiers of a list; rows that cannot be are findings.

    Without ``since`` a dossier has been where it is since it was filed; without ``due`` its card is
    due as the law says (``procedure`` and ``area``; else a first card in a city).

    Raises
    ------
    CampaignError
        The file as a whole cannot be read.
    """
    sheet = read_sheet(content, TITLES, needed=("unit", "stage", "filed"), name=name)
    lines, findings = list[DossierLine](), list(sheet.findings)
    for row in sheet.rows:
        try:
            line = _line(row)
            tree.index(line.unit)
            if line.filed > today or line.since > today:
                raise CampaignError("still to come", code="day-future")
            lines.append(line)
        except CividError as error:
            code = getattr(error, "code", "not-a-dossier")
            values = {"text": f"{row['filed']} {row['since']} {row['due']}".strip()[:60]}
            unit = row["unit"][:60]
            findings.append(
                Finding(code, Severity.ERROR, row.number, unit, name, values=values)
            )  # fmt: skip
    return tuple(lines), tuple(findings)


def _line(row: Row) -> DossierLine:
    filed = read_day(row["filed"])
    since = read_day(row["since"]) if row["since"] else filed
    due = read_day(row["due"]) if row["due"] else None
    return DossierLine(
        row["reference"], row["unit"], row["stage"].lower(), since, filed, due, row["cause"],
        Procedure(row["procedure"] or "first"), Area(row["area"] or "city"),
    )  # fmt: skip
