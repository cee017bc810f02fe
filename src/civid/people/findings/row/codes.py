"""Codes: which list are they of?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from civid.people.codes import ethnic
from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule
from civid.people.findings.table import Memo, _canonical
from civid.people.names.canonical import MAX_LENGTH, canonical, key
from civid.people.number_form import with_zeros

if TYPE_CHECKING:
    from civid.people.findings.table import Ints, Mask, Table

_FIELDS = ("ethnic", "ethnic_version", "ethnic_name")
_OK, _UNKNOWN, _OTHER_LIST, _CONTRADICTS, _NO_VERSION, _ZERO_LOST, _NO_NAME = range(7)
_VERSIONS = ("1979", "2008")


def _judge(text: str) -> int:
    """Judge ``code|version|name``."""
    code, version, name = text.split("|", 2)
    lists = [version] if version in _VERSIONS else [*_VERSIONS]
    if not code:
        return _judge_name(name, lists)
    terms = {v: ethnic(v).get(code) for v in _VERSIONS}
    if all(terms[v] is None for v in lists):
        return _ZERO_LOST if _with_zero(code) else _UNKNOWN
    if not name or len(name) > MAX_LENGTH:
        differs = len({term for term in terms.values() if term}) > 1
        return _NO_VERSION if version not in terms and differs else _OK
    said = _canonical(name)
    matching = [v for v, term in terms.items() if term and canonical(term) == said]
    if any(v in lists for v in matching):
        return _OK
    return _OTHER_LIST if matching else _CONTRADICTS


def _judge_name(name: str, lists: list[str]) -> int:
    """A name without a code: of the list named, of the other, or of none."""
    if not name:
        return _OK
    if len(name) > MAX_LENGTH:
        return _NO_NAME
    found = [v for v in _VERSIONS if _bare(name) in _names(v)]
    if any(v in lists for v in found):
        return _OK
    return _OTHER_LIST if found else _NO_NAME


@cache
def _names(version: str) -> frozenset[str]:
    return frozenset(_bare(term) for _, term in ethnic(version).entries)


def _bare(name: str) -> str:
    """Ê-đê, Ê Đê and Ê đê are one, and so they are without accents."""
    return "".join(filter(str.isalnum, key(name))) if _canonical(name) else ""


def _with_zero(code: str) -> str:
    made = with_zeros(code, 2)
    return made if made and any(ethnic(v).get(made) for v in _VERSIONS) else ""


_ETHNIC = Memo(_judge)


def _verdicts(table: Table) -> Ints:
    def make() -> Ints:
        import numpy as np

        joined = map("|".join, zip(*(table.texts(name) for name in _FIELDS), strict=True))
        return np.fromiter(map(_ETHNIC.__getitem__, joined), np.int64, table.size)

    return table._once("ethnic", make)


def _renumbered(row: Mapping[str, str]) -> str:
    version = row["ethnic_version"]
    if version not in ("1979", "2008"):
        return ""
    try:
        return ethnic(version).code(row["ethnic_name"])
    except ValueError:
        return ""


@rule("ethnic.zero_lost", Axis.CLEAN, Severity.WARNING, _FIELDS, Decider.AUTOMATIC,
      "Mã dân tộc mất số 0 ở đầu", lambda row: _with_zero(row["ethnic"]))  # fmt: skip
def ethnic_zero_lost(table: Table) -> Mask:
    """One digit, or a decimal number, that is a code with a zero in front."""
    return _verdicts(table) == _ZERO_LOST


@rule("ethnic.name_unknown", Axis.CORRECT, Severity.WARNING, _FIELDS, Decider.CITIZEN_PAPER,
      "Tên dân tộc không có trong danh mục")  # fmt: skip
def ethnic_name_unknown(table: Table) -> Mask:
    """A name without a code that no list has; a group within a people is written with it."""
    return _verdicts(table) == _NO_NAME


@rule("ethnic.unknown", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.CITIZEN_PAPER,
      "Mã dân tộc không có trong danh mục")  # fmt: skip
def ethnic_unknown(table: Table) -> Mask:
    """The code is in no list, or not in the one that is named."""
    return _verdicts(table) == _UNKNOWN


@rule("ethnic.numbering", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.COMMUNE,
      "Mã dân tộc theo danh mục khác", _renumbered)  # fmt: skip
def ethnic_numbering(table: Table) -> Mask:
    """Code and name agree by the other numbering (1979 or 2008) than the one named."""
    return _verdicts(table) == _OTHER_LIST


@rule("ethnic.contradicts", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.CITIZEN_PAPER,
      "Mã và tên dân tộc không khớp", _renumbered)  # fmt: skip
def ethnic_contradicts(table: Table) -> Mask:
    """Code and name of the ethnic group agree in no list."""
    return _verdicts(table) == _CONTRADICTS


@rule("ethnic.no_version", Axis.CLEAN, Severity.WARNING, _FIELDS, Decider.COMMUNE,
      "Mã dân tộc không rõ danh mục")  # fmt: skip
def ethnic_no_version(table: Table) -> Mask:
    """A code without list or name that means two groups."""
    return _verdicts(table) == _NO_VERSION


@rule("sex.unreadable", Axis.CORRECT, Severity.ERROR, ("sex",), Decider.CITIZEN_PAPER,
      "Giới tính không đọc được")  # fmt: skip
def sex_unreadable(table: Table) -> Mask:
    """Neither Nam nor Nữ, nor a code for them."""
    return table.sex() == -1


_WRITTEN = Memo(lambda text: int(text not in ("Nam", "Nữ", "")))


def _word(row: Mapping[str, str]) -> str:
    from civid.people import sex

    return sex.parse(row["sex"]).vietnamese


@rule("sex.writing", Axis.CLEAN, Severity.INFO, ("sex",), Decider.AUTOMATIC,
      "Giới tính không ghi Nam hoặc Nữ", _word)  # fmt: skip
def sex_writing(table: Table) -> Mask:
    """The sex is readable but not written Nam or Nữ."""
    return (table.memo("sex", _WRITTEN) == 1) & (table.sex() > 0)
