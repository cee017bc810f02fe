"""Relations that one row can contradict by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.people.codes import relation
from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule
from civid.people.findings.table import Memo
from civid.people.sex import Sex

if TYPE_CHECKING:
    from civid.people.findings.table import Mask, Table

#: Law on Marriage and Family 2014 Art 8.
_MARRIAGE = {1: 20, 2: 18}


def _implied(text: str) -> int:
    """Sex by the relation: 0 none, 1 male, 2 female; -1 for an unknown relation."""
    if not text:
        return 0
    try:
        found = relation(text).sex
    except ValueError:
        return -1
    return {Sex.UNKNOWN: 0, Sex.MALE: 1, Sex.FEMALE: 2}[found]


_IMPLIED = Memo(_implied)
_MARRIED = Memo(lambda text: int(text.strip().lower() in ("2", "đã kết hôn", "có vợ", "có chồng")))


@rule("relation.unknown", Axis.CORRECT, Severity.WARNING, ("relation",), Decider.COMMUNE,
      "Quan hệ với chủ hộ không có trong danh mục")  # fmt: skip
def relation_unknown(table: Table) -> Mask:
    """Not a relation of Circular 55/2021."""
    return table.memo("relation", _IMPLIED) == -1


@rule("relation.sex", Axis.CORRECT, Severity.ERROR, ("relation", "sex"), Decider.COMMUNE,
      "Quan hệ với chủ hộ trái giới tính")  # fmt: skip
def relation_sex(table: Table) -> Mask:
    """A wife who is a man, a son-in-law who is a woman."""
    implied, sex = table.memo("relation", _IMPLIED), table.sex()
    return (implied > 0) & (sex > 0) & (implied != sex)


@rule("relation.self", Axis.CORRECT, Severity.ERROR,
      ("number", "father_number", "mother_number", "spouse_number"), Decider.COMMUNE,
      "Số của cha, mẹ, vợ, chồng là của chính mình")  # fmt: skip
def relation_self(table: Table) -> Mask:
    """Somebody is their own parent or spouse."""
    own = table.number("number")
    found = own != own
    for column in ("father_number", "mother_number", "spouse_number"):
        found = found | ((own >= 0) & (table.number(column) == own))
    return found


@rule("marriage.age", Axis.CORRECT, Severity.WARNING, ("marital", "birth", "sex"),
      Decider.CIVIL_STATUS, "Kết hôn khi chưa đủ tuổi")  # fmt: skip
def marriage_age(table: Table) -> Mask:
    """Married and still under 20 (men) or 18 (women)."""
    married = (table.memo("marital", _MARRIED) == 1) | table.has("spouse_number")
    age, sex = table.age(), table.sex()
    young = ((sex == 1) & (age < _MARRIAGE[1])) | ((sex == 2) & (age < _MARRIAGE[2]))
    return married & young & (age >= 0)
