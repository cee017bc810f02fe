"""Residents out of CSV (danh sách cư dân), for invitation lists where no register is at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.campaign.finding import Finding
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.sheets.read import read_day, read_sheet
from civid.errors import CampaignError
from civid.people.findings.model import Severity

TITLES: dict[str, tuple[str, ...]] = {
    "reference": ("mã", "số"), "name": ("họ tên", "họ và tên"), "birth": ("ngày sinh",),
    "permanent": ("thường trú",), "temporary": ("tạm trú",), "household": ("hộ",),
    "school": ("trường",), "has_card": ("đã có thẻ",), "invited": ("ngày mời",),
    "came": ("ngày đến",),
}  # fmt: skip
_YES = frozenset({"1", "x", "yes", "true", "có", "rồi"})
_NO = frozenset({"", "0", "no", "false", "không", "chưa"})


@dataclass(frozen=True, slots=True, repr=False)
class ResidentRow:
    """One resident, with what `civid.campaign.organisation.invitations` asks for; does not show."""

    reference: str
    name: str
    birth: date
    permanent: str
    temporary: str
    household: str
    school: str
    has_card: bool
    invited: date | None
    came: date | None

    def __repr__(self) -> str:
        return f"<ResidentRow {self.temporary or self.permanent}>"


def read_residents(
    content: bytes, tree: UnitTree, today: date, *, name: str = ""
) -> tuple[tuple[ResidentRow, ...], tuple[Finding, ...]]:
    """Residents of a list; rows that cannot be are findings, without anybody's name or number.

    Raises
    ------
    CampaignError
        The file as a whole cannot be read.
    """
    needed = ("reference", "birth", "permanent")
    sheet = read_sheet(content, TITLES, needed=needed, name=name)
    rows, findings, seen = list[ResidentRow](), list(sheet.findings), set[str]()
    for row in sheet.rows:
        unit = row["temporary"] or row["permanent"]
        try:
            if not row["reference"] or row["reference"] in seen:
                raise CampaignError("not once", code="resident-twice")
            for code in filter(None, (row["permanent"], row["temporary"])):
                tree.index(code)
            birth = read_day(row["birth"])
            if birth > today:
                raise CampaignError("still to be born", code="day-future")
            invited, came = (
                read_day(row[key]) if row[key] else None for key in ("invited", "came")
            )
            card = row["has_card"].lower()
            if card not in _YES | _NO:
                raise CampaignError("neither yes nor no", code="yes-or-no")
        except CampaignError as error:
            # The text of a birthday is somebody's: the row has to do.
            findings.append(
                Finding(error.code, Severity.ERROR, row.number, unit[:60], name,
                        values={"text": "…"})
            )  # fmt: skip
            continue
        seen.add(row["reference"])
        rows.append(
            ResidentRow(row["reference"], row["name"], birth, row["permanent"], row["temporary"],
                        row["household"], row["school"], card in _YES, invited, came)
        )  # fmt: skip
    return tuple(rows), tuple(findings)
