"""A plan out of files: ``campaign.json``, and CSV for units, machines, teams, sites and visits.

A plan has to be right before anything is counted by it: what is wrong is an error with file, row
and unit, and nothing is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any, TypeVar

from civid.campaign.finding import Finding
from civid.campaign.numerals import Numerals
from civid.campaign.organisation.days import CampaignDays, Suspension
from civid.campaign.organisation.equipment import Breakdown, Kit
from civid.campaign.organisation.plan import Plan
from civid.campaign.organisation.quotas import Quotas
from civid.campaign.organisation.shifts import EVERY_DAY, Shift
from civid.campaign.organisation.teams import Site, SiteKind, Team, Visit
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.organisation.unit import CampaignUnit, read_level
from civid.campaign.sheets.counts import decide_numerals
from civid.campaign.sheets.read import Row, read_day, read_sheet
from civid.campaign.words import say
from civid.errors import CampaignError
from civid.people.findings.model import Severity

#: The files of a plan; only the first two are needed.
FILES = ("campaign.json", "units.csv", "kits.csv", "breakdowns.csv", "teams.csv", "sites.csv",
         "visits.csv")  # fmt: skip
_MOST_JSON = 1 << 20

Made = TypeVar("Made")


def read_plan(
    files: Mapping[str, bytes], *, numerals: Numerals | str | None = None
) -> tuple[Plan, tuple[Finding, ...]]:
    """A plan, and what should be looked at in it.

    Parameters
    ----------
    files : mapping
        Name, as in `FILES` -> content.
    numerals : Numerals, optional
        Format of the quotas, where it is known.

    Raises
    ------
    CampaignError
        What cannot be, with file, row and unit.
    """
    head = _json(files)
    units, quotas, rows, findings = _units(files, head, numerals)
    try:
        tree = UnitTree(units)
        all_quotas = Quotas(tree, quotas)
    except CampaignError as error:  # a tree counts its units, provinces of a list among them
        row = rows.get(error.unit)
        what = str(error).rpartition(": ")[2]
        raise CampaignError(
            f"units.csv: {what}", code=error.code, row=row, unit=error.unit
        ) from None
    days, shifts = _of_json(_days, head), _list(head, "shifts")
    plan = Plan(
        name=_text(head, "name"),
        tree=tree,
        quotas=all_quotas,
        days=days,
        shifts=tuple(_of_json(_shift, one) for one in shifts),
        kits=_rows(files, "kits.csv", ("code", "unit"), _kit),
        breakdowns=_rows(files, "breakdowns.csv", ("kit", "first"), _breakdown),
        teams=_rows(files, "teams.csv", ("code", "unit", "staff"), _team),
        sites=_rows(files, "sites.csv", ("code", "unit", "kind"), _site),
        visits=_rows(files, "visits.csv", ("team", "site", "day"), _visit),
    )
    return plan, (*findings, *plan.findings())


_TITLES: dict[str, tuple[str, ...]] = {
    "code": ("mã",), "name": ("tên",), "level": ("cấp",), "parent": ("đơn vị cấp trên", "cấp trên"),
    "quota": ("chỉ tiêu",), "opened": ("ngày mở",), "closed": ("ngày đóng",),
    "unit": ("đơn vị", "mã đơn vị"), "since": ("từ ngày",), "until": ("đến ngày",),
    "kit": ("máy",), "first": ("ngày hỏng", "từ"), "last": ("ngày sửa", "đến"),
    "staff": ("quân số", "số người"), "kits": ("các máy",), "shifts": ("ca",),
    "site": ("điểm", "địa điểm"), "kind": ("loại",), "team": ("tổ",), "day": ("ngày",),
    "shift": ("ca làm việc",), "expected": ("dự kiến",),
}  # fmt: skip


def _rows(
    files: Mapping[str, bytes], name: str, needed: Sequence[str], made: Callable[[Row], Made]
) -> tuple[Made, ...]:
    if name not in files:
        return ()
    sheet = read_sheet(files[name], _TITLES, needed=needed, name=name)
    if sheet.findings:
        raise _refused(sheet.findings[0], name)
    found = []
    for row in sheet.rows:
        try:
            found.append(made(row))
        except CampaignError as error:
            unit = row["unit"] or row["code"]
            raise CampaignError(
                f"{name}: {error}", code=error.code, row=row.number, unit=unit
            ) from None
        except ValueError:
            message = f"{name}: a value that cannot be one"
            raise CampaignError(message, code="value", row=row.number, unit=row["unit"]) from None
    return tuple(found)


def _units(
    files: Mapping[str, bytes], head: Mapping[str, Any], numerals: Numerals | str | None
) -> tuple[list[CampaignUnit], dict[str, int], dict[str, int], tuple[Finding, ...]]:
    name = "units.csv"
    if name not in files:
        raise CampaignError(f"{name} is missing", code="no-file")
    units = list[CampaignUnit]()
    if "provinces_of" in head:
        units += UnitTree.of_provinces(_day(head, "provinces_of"))
    known = {unit.code for unit in units}
    given = _rows(files, name, ("code",), lambda row: row)
    quoted = [row for row in given if row["quota"]]
    column = decide_numerals(quoted, "quota", unit="code", numerals=numerals, file=name)
    for finding in column.findings:
        if finding.severity is Severity.ERROR:
            raise _refused(finding, name)
    quotas = dict[str, int]()
    for row, count in zip(quoted, column.counts, strict=True):
        if row["code"] in quotas:
            message = f"{name}: the quota of a unit is there twice"
            raise CampaignError(message, code="unit-twice", row=row.number, unit=row["code"])
        quotas[row["code"]] = count or 0
    seen = dict[str, int]()
    for row in given:
        code = row["code"]
        if code in seen:
            message = f"{name}: the unit is there twice, first in row {seen[code]}"
            raise CampaignError(message, code="unit-twice", row=row.number, unit=code)
        seen[code] = row.number
        if code in known and not row["name"]:
            continue  # a province of the list: only its quota is given
        try:
            units.append(_unit(row))
        except CampaignError as error:
            raise CampaignError(
                f"{name}: {error}", code=error.code, row=row.number, unit=code
            ) from None
    return units, quotas, seen, column.findings


def _unit(row: Row) -> CampaignUnit:
    return CampaignUnit(
        row["code"], row["name"], read_level(row["level"]), row["parent"] or None,
        _maybe_day(row["opened"]), _maybe_day(row["closed"]),
    )  # fmt: skip


def _kit(row: Row) -> Kit:
    return Kit(row["code"], row["unit"], _maybe_day(row["since"]), _maybe_day(row["until"]))


def _breakdown(row: Row) -> Breakdown:
    return Breakdown(row["kit"], read_day(row["first"]), _maybe_day(row["last"]))


def _team(row: Row) -> Team:
    return Team(
        row["code"], row["unit"], _whole(row["staff"]), _names(row["kits"]), _names(row["shifts"]),
        row["site"],
    )  # fmt: skip


def _site(row: Row) -> Site:
    return Site(row["code"], row["unit"], SiteKind(row["kind"].lower()), row["name"])


def _visit(row: Row) -> Visit:
    expected = _whole(row["expected"]) if row["expected"] else 0
    return Visit(row["team"], row["site"], read_day(row["day"]), row["shift"], expected)


def _names(text: str) -> tuple[str, ...]:
    """Several codes in one cell, with vertical bars or blanks between them."""
    parts = text.split("|") if "|" in text else text.split()
    return tuple(part.strip() for part in parts if part.strip())


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise CampaignError("not a whole number", code="not-a-count")
    return int(text)


def _maybe_day(text: str) -> date | None:
    return read_day(text) if text else None


def _json(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    name = "campaign.json"
    if name not in files:
        raise CampaignError(f"{name} is missing", code="no-file")
    try:
        if len(files[name]) > _MOST_JSON:
            raise ValueError
        head = json.loads(files[name].decode("utf-8-sig"))
        if not isinstance(head, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise CampaignError(f"{name}: not a JSON object in UTF-8", code="not-json") from None
    return head


def _of_json(made: Callable[[Mapping[str, Any]], Made], one: Mapping[str, Any]) -> Made:
    """Something of campaign.json; what is wrong with it says of which file it is."""
    try:
        return made(one)
    except CampaignError as error:
        what = str(error).removeprefix("campaign.json: ")
        raise CampaignError(f"campaign.json: {what}", code=error.code) from None


def _days(head: Mapping[str, Any]) -> CampaignDays:
    pauses = tuple(
        Suspension(_day(one, "first"), _day(one, "last"), _text(one, "reason", ""),
                   _text(one, "unit", ""))
        for one in _list(head, "suspensions")
    )  # fmt: skip
    flags = {key: head.get(key, True) for key in ("weekends", "holidays")}
    for key, value in flags.items():
        if not isinstance(value, bool):
            raise CampaignError(f"campaign.json: {key} is true or false", code="value")
    return CampaignDays(_day(head, "first"), _day(head, "deadline"), **flags, suspensions=pauses)


def _shift(one: Mapping[str, Any]) -> Shift:
    try:
        weekdays = frozenset(one.get("weekdays", EVERY_DAY))
        breaks = one.get("break_minutes", 0)
        if not all(isinstance(day, int) for day in (*weekdays, breaks)):
            raise ValueError
        begins, ends = (time.fromisoformat(_text(one, key)) for key in ("begins", "ends"))
    except (ValueError, TypeError):
        raise CampaignError("campaign.json: a shift that cannot be one", code="value") from None
    return Shift(_text(one, "name"), begins, ends, weekdays, breaks)


def _list(head: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = head.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise CampaignError(f"campaign.json: {key} is a list of objects", code="value")
    return found


def _text(head: Mapping[str, Any], key: str, default: str | None = None) -> str:
    found = head.get(key, default)
    if not isinstance(found, str):
        raise CampaignError(f"campaign.json: {key} is missing, or is no text", code="value")
    if not found.isprintable():  # it stands in pages, notices and on screens
        raise CampaignError(f"campaign.json: {key} has characters that do not show", code="value")
    return found


def _day(head: Mapping[str, Any], key: str) -> date:
    text = _text(head, key)
    try:
        return read_day(text)
    except CampaignError as error:
        raise CampaignError(f"campaign.json: {key}: {error}", code=error.code) from None


def _refused(finding: Finding, name: str) -> CampaignError:
    message = f"{name}: {say(finding.code, 'en', **finding.values)}"
    return CampaignError(message, code=finding.code, row=finding.row, unit=finding.unit)
