"""Parents and spouses by their numbers (quan hệ cha, mẹ, vợ, chồng)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import cross_rule
from civid.people.household.checks import PARENT_GAP

if TYPE_CHECKING:
    from civid.people.findings.join_index import JoinIndex
    from civid.people.findings.table import Ints

_CORRECT, _ERROR, _COMMUNE = Axis.CORRECT, Severity.ERROR, Decider.COMMUNE
_PARENTS = ("father_number", "mother_number")

DANGLING = cross_rule(
    "relation.dangling", Axis.COMPLETE, Severity.INFO, (*_PARENTS, "spouse_number"), _COMMUNE,
    "Số của người thân không có trong bảng",
    "The number of a relative is not in the table; no error when the table is a part.",
)  # fmt: skip
PARENT_SEX = cross_rule(
    "relation.parent_sex", _CORRECT, _ERROR, _PARENTS, _COMMUNE,
    "Số của cha là của phụ nữ hoặc ngược lại",
    "The father's number is a woman's, or the mother's a man's.",
)  # fmt: skip
PARENT_AGE = cross_rule(
    "relation.parent_age", _CORRECT, _ERROR, _PARENTS, _COMMUNE,
    "Cha, mẹ trẻ hơn hoặc gần bằng tuổi con", "A parent is less than 12 years older.",
)  # fmt: skip
SPOUSE_SEX = cross_rule(
    "relation.spouse_sex", _CORRECT, _ERROR, ("spouse_number", "sex"), _COMMUNE,
    "Vợ, chồng cùng giới tính", "Both spouses are of one sex.",
)  # fmt: skip
ONE_SIDED = cross_rule(
    "relation.spouse_one_sided", _CORRECT, Severity.WARNING, ("spouse_number",), _COMMUNE,
    "Quan hệ vợ chồng chỉ ghi một phía",
    "The spouse's record names nobody or another as spouse.",
)  # fmt: skip
MOTHER_DEAD = cross_rule(
    "relation.mother_dead", _CORRECT, _ERROR, ("mother_number", "birth"), _COMMUNE,
    "Mẹ chết trước khi con sinh", "The mother had died before the birth.",
)  # fmt: skip


def examine(register: JoinIndex) -> dict[str, tuple[Ints, Ints]]:
    """Find family links that cannot be."""
    import numpy as np

    column = register.column
    sex, birth, death = column("sex"), column("birth"), column("death")
    year = np.where(birth > 0, birth // 10_000, 0)
    parts: dict[str, list[tuple[Ints, Ints]]] = {}

    def add(rule: str, mask: Ints, other: Ints) -> None:
        rows = np.flatnonzero(mask)
        parts.setdefault(rule, []).append((rows, other[rows]))

    nobody = np.full(register.size, -1)
    for link, wanted in (("father", 1), ("mother", 2)):
        parent = register.find(column(link))
        known = (parent >= 0) & (parent != np.arange(register.size))
        add(DANGLING, (column(link) >= 0) & (parent < 0), nobody)
        add(PARENT_SEX, known & (sex[parent] > 0) & (sex[parent] != wanted), parent)
        young = year - year[parent] < PARENT_GAP
        add(PARENT_AGE, known & (year > 0) & (year[parent] > 0) & young, parent)
        if link == "mother":
            died = (death[parent] > 0) & (birth % 100 > 0) & (birth > death[parent])
            add(MOTHER_DEAD, known & died, parent)
    spouse = register.find(column("spouse"))
    known = (spouse >= 0) & (spouse != np.arange(register.size))
    add(DANGLING, (column("spouse") >= 0) & (spouse < 0), nobody)
    add(SPOUSE_SEX, known & (sex > 0) & (sex[spouse] == sex), spouse)
    back = column("spouse")[spouse]
    add(ONE_SIDED, known & (back != column("number")) & (column("number") >= 0), spouse)
    return {
        rule: (np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found]))
        for rule, found in parts.items()
    }
