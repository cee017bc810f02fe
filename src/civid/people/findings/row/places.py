"""Places: codes of two eras, names of many spellings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule
from civid.people.findings.table import Memo
from civid.people.number_form import with_zeros
from civid.people.places.provinces import (
    PID_63,
    STAT_34,
    all_provinces,
    changed_meaning,
    successors,
)
from civid.people.places.spelling import find
from civid.people.places.unit import Unit

if TYPE_CHECKING:
    from civid.people.findings.table import Ints, Mask, Table

_FIELDS = ("province_code", "province_list", "province_name")
_OK, _UNKNOWN, _AMBIGUOUS, _OTHER_ERA, _CONTRADICTS, _NO_PLACE, _SPELLING, _OLD, _ZERO_LOST = range(
    9
)
_LISTS = {"63": PID_63, "34": STAT_34}


def _units(code: str, version: str) -> list[Unit]:
    short = code[1:] if len(code) == 3 and code.startswith("0") else code
    if len(short) != 2:
        return []
    lists = (_LISTS[version],) if version in _LISTS else (PID_63, STAT_34)
    return [u for u in all_provinces() if u.code[-2:] == short and u.list_version in lists]


def _judge(text: str) -> int:
    """Judge ``code|list|name``."""
    code, version, name = text.split("|", 2)
    named = {(u.list_version, u.code) for u in find(name)} if name else set()
    if name and not named:
        return _NO_PLACE
    if code:
        units = _units(code, version)
        if not units:
            return _ZERO_LOST if _with_zeros(code, version) else _UNKNOWN
        if name:
            if not named & {(u.list_version, u.code) for u in units}:
                other = named & {(u.list_version, u.code) for u in _units(code, "")}
                return _OTHER_ERA if other else _CONTRADICTS
            if all(name != u.name for u in units):
                return _SPELLING
        elif version not in _LISTS and code[-2:] in changed_meaning():
            return _AMBIGUOUS
        if version == "63":
            return _OLD
    elif name and version in _LISTS and all(one != _LISTS[version] for one, _ in named):
        return _OTHER_ERA
    return _OK


def _with_zeros(code: str, version: str) -> str:
    """The code of the list named, with the zeros that a spreadsheet has eaten."""
    made = with_zeros(code, 3 if version == "63" else 2)
    return made if made and _units(made, version) else ""


_PLACES = Memo(_judge)


def _verdicts(table: Table) -> Ints:
    def make() -> Ints:
        import numpy as np

        joined = map("|".join, zip(*(table.texts(name) for name in _FIELDS), strict=True))
        return np.fromiter(map(_PLACES.__getitem__, joined), np.int64, table.size)

    return table._once("places", make)


def _official(row: Mapping[str, str]) -> str:
    names = {u.name for u in find(row["province_name"])}
    return names.pop() if len(names) == 1 else ""


def _successor(row: Mapping[str, str]) -> str:
    codes = {
        s.code for u in _units(row["province_code"], row["province_list"]) for s in u.successors
    }
    return codes.pop() if len(codes) == 1 else ""


def _in_named_list(row: Mapping[str, str]) -> str:
    """The province of the list of 34 that one of the 63 went into."""
    if row["province_list"] != "34" or row["province_code"]:
        return ""
    names = {new.name for unit in find(row["province_name"]) for new in successors(unit)}
    return names.pop() if len(names) == 1 else ""


@rule("place.zero_lost", Axis.CLEAN, Severity.WARNING, _FIELDS, Decider.AUTOMATIC,
      "Mã tỉnh mất số 0 ở đầu",
      lambda row: _with_zeros(row["province_code"], row["province_list"]))  # fmt: skip
def place_zero_lost(table: Table) -> Mask:
    """One digit, or a decimal number, that is a code with zeros in front."""
    return _verdicts(table) == _ZERO_LOST


@rule("place.code_unknown", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.COMMUNE,
      "Mã tỉnh không có trong danh mục")  # fmt: skip
def place_code_unknown(table: Table) -> Mask:
    """The list that is named does not have the code, or no list has it."""
    return _verdicts(table) == _UNKNOWN


@rule("place.code_ambiguous", Axis.CLEAN, Severity.WARNING, _FIELDS, Decider.COMMUNE,
      "Mã tỉnh có hai nghĩa")  # fmt: skip
def place_code_ambiguous(table: Table) -> Mask:
    """One of the seven codes that changed their meaning, without list or name."""
    return _verdicts(table) == _AMBIGUOUS


@rule("place.era", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.COMMUNE,
      "Mã hoặc tên tỉnh theo danh mục của thời kỳ khác", _in_named_list)  # fmt: skip
def place_era(table: Table) -> Mask:
    """Code and name, or a name alone, are of the list of the other era than the one named."""
    return _verdicts(table) == _OTHER_ERA


@rule("place.contradicts", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.COMMUNE,
      "Mã và tên tỉnh không khớp")  # fmt: skip
def place_contradicts(table: Table) -> Mask:
    """Code and name of the province agree in no list."""
    return _verdicts(table) == _CONTRADICTS


@rule("place.name_unknown", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.COMMUNE,
      "Tên tỉnh không có trong danh mục")  # fmt: skip
def place_name_unknown(table: Table) -> Mask:
    """No province is or was called like this."""
    return _verdicts(table) == _NO_PLACE


@rule("place.spelling", Axis.CLEAN, Severity.INFO, _FIELDS, Decider.AUTOMATIC,
      "Tên tỉnh viết khác danh mục", _official)  # fmt: skip
def place_spelling(table: Table) -> Mask:
    """Another spelling than the list's, such as Đắc Lắc for Đắk Lắk."""
    return _verdicts(table) == _SPELLING


@rule("place.old", Axis.ALIVE, Severity.INFO, _FIELDS, Decider.COMMUNE,
      "Địa chỉ theo đơn vị hành chính trước 01/7/2025", _successor)  # fmt: skip
def place_old(table: Table) -> Mask:
    """An address in a province of before 1 July 2025; cards and data stay valid."""
    return (_verdicts(table) == _OLD) & (table.today >= 20250701)
