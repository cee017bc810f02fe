"""Work sheets (phiếu phúc tra): what a verifier takes along, what comes back, and what goes back.

A sheet has a row a record: reference, unit, and for every field what is recorded and an empty cell
for what is found. A blind sheet leaves the recorded values out; they are joined when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from civid.campaign.finding import Finding
from civid.campaign.sample.compare import Checked, FieldCheck
from civid.campaign.sample.draw import Drawn
from civid.campaign.sheets.read import read_sheet
from civid.campaign.sheets.write import Cell, Written
from civid.errors import CampaignError
from civid.people.findings.model import Severity


def worksheet(
    drawn: Iterable[Drawn],
    records: Mapping[str, Mapping[str, str]],
    fields: Sequence[str],
    *,
    blind: bool = False,
) -> Written:
    """The sheet of a sample.

    Parameters
    ----------
    records : mapping
        Reference -> field -> what is recorded.
    fields : sequence of str
        Which are checked.
    blind : bool
        Leave out what is recorded, so that nobody copies it.

    Raises
    ------
    CampaignError
        Somebody was drawn who is not among the records (``no-record``).
    """
    titles = ["reference", "unit"]
    titles += [one for field in fields for one in ([] if blind else [field]) + [f"{field}_found"]]
    rows = list[list[Cell]]()
    for one in drawn:
        if one.reference not in records:
            raise CampaignError("a record that was drawn is not there", code="no-record",
                                unit=one.unit)  # fmt: skip
        recorded = records[one.reference]
        cells: list[Cell] = [one.reference, one.unit]
        for field in fields:
            cells += [""] if blind else [recorded.get(field, ""), ""]
        rows.append(cells)
    return Written.of("phuc tra", titles, rows)


def read_worksheet(
    content: bytes,
    drawn: Iterable[Drawn],
    records: Mapping[str, Mapping[str, str]],
    fields: Sequence[str],
    *,
    name: str = "",
) -> tuple[tuple[Checked, ...], tuple[Finding, ...]]:
    """A sheet that came back, held against what is recorded now; never against the sheet itself.

    Returns
    -------
    checked, findings
        The records of the sample, and rows that are not of it, are there twice, or are missing.
    """
    wanted = {"reference": ("mã",), "unit": ("đơn vị",)} | {
        f"{field}_found": () for field in fields
    }
    sheet = read_sheet(content, wanted, needed=("reference",), name=name)
    findings, units = list(sheet.findings), {one.reference: one.unit for one in drawn}
    seen, checked = dict[str, int](), list[Checked]()
    for row in sheet.rows:
        reference = row["reference"]
        if reference not in units or reference not in records:
            findings.append(
                Finding("not-drawn", Severity.ERROR, row.number, row["unit"][:60], name)
            )
            continue
        unit = units[reference]
        if reference in seen:
            values = {"other": str(seen[reference])}
            findings.append(Finding("told-again", Severity.ERROR, row.number, unit, name,
                                    values=values))  # fmt: skip
            continue
        seen[reference] = row.number
        found = tuple(
            FieldCheck(field, records[reference].get(field, ""), row[f"{field}_found"])
            for field in fields
        )
        checked.append(Checked(reference, unit, found, row.number))
        if not checked[-1].is_checked:
            findings.append(Finding("not-checked", Severity.WARNING, row.number, unit, name))
    for reference, unit in units.items():
        if reference not in seen:
            findings.append(Finding("not-returned", Severity.WARNING, None, unit, name))
    return tuple(checked), tuple(findings)


def send_back(checked: Iterable[Checked], units: Iterable[str] = ()) -> Written:
    """The list that goes back (danh sách trả lại): who is wrong in what, by unit.

    Records of units that are sent back as a whole are on it with all that is wrong with them; the
    units themselves stand first, with no reference.

    Parameters
    ----------
    units : iterable of str
        Units that are sent back as a whole.
    """
    rows: list[tuple[Cell, ...]] = [(unit, "", "*") for unit in sorted(set(units))]
    wrong = sorted((one for one in checked if one.wrong), key=lambda one: (one.unit, one.reference))
    rows += [(one.unit, one.reference, " ".join(one.wrong)) for one in wrong]
    return Written.of("tra lai", ["unit", "reference", "fields"], rows)
