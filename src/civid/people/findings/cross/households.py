"""Households as a whole: heads, spouses, ages against the head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import cross_rule

if TYPE_CHECKING:
    from civid.people.findings.join_index import JoinIndex
    from civid.people.findings.table import Ints, Mask

_FIELDS = ("household", "relation")

HEADS = cross_rule(
    "household.heads", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.COMMUNE,
    "Hộ có hai chủ hộ", "More than one living member is head.",
)  # fmt: skip
NO_HEAD = cross_rule(
    "household.no_head", Axis.COMPLETE, Severity.ERROR, _FIELDS, Decider.COMMUNE,
    "Hộ không có chủ hộ", "No living member is head.",
)  # fmt: skip
SPOUSES = cross_rule(
    "household.spouses", Axis.CORRECT, Severity.ERROR, _FIELDS, Decider.COMMUNE,
    "Chủ hộ có hai vợ hoặc chồng", "More than one living member is the head's spouse.",
)  # fmt: skip
AGES = cross_rule(
    "household.age", Axis.CORRECT, Severity.ERROR, (*_FIELDS, "birth"), Decider.COMMUNE,
    "Tuổi trái quan hệ với chủ hộ",
    "A child or grandchild older than the head, or a parent or grandparent younger.",
)  # fmt: skip


def examine(register: JoinIndex) -> dict[str, tuple[Ints, Ints]]:
    """Find households that cannot be."""
    import numpy as np

    from civid.people.findings.join_index import HEAD_ROLE, OLDER, SPOUSE, YOUNGER

    column = register.column
    home, role = column("household"), column("role")
    living = column("dead") == 0
    rows = np.flatnonzero((home != 0) & living)
    _, first, group = np.unique(home[rows], return_index=True, return_inverse=True)
    count = len(first)
    is_head, is_spouse = role[rows] == HEAD_ROLE, role[rows] == SPOUSE
    heads = np.bincount(group, is_head, minlength=count)
    spouses = np.bincount(group, is_spouse, minlength=count)
    head_of = np.full(count, -1)
    head_of[group[is_head]] = rows[is_head]

    def hits(mask: Mask) -> tuple[Ints, Ints]:
        other = np.where(head_of[group[mask]] == rows[mask], -1, head_of[group[mask]])
        return rows[mask], other

    birth = np.where(column("birth") > 0, column("birth"), 0)
    head_birth = np.where(head_of >= 0, birth[head_of], 0)[group]
    own = birth[rows]
    known = (heads[group] == 1) & (own > 0) & (head_birth > 0)
    # Years only: a year alone says nothing about the order within it.
    older = (role[rows] == OLDER) & (own // 10_000 > head_birth // 10_000)
    younger = (role[rows] == YOUNGER) & (own // 10_000 < head_birth // 10_000)
    return {
        HEADS: hits((heads[group] > 1) & is_head),
        NO_HEAD: hits((heads == 0)[group] & ("relation" in register.columns)),
        SPOUSES: hits((spouses[group] > 1) & is_spouse),
        AGES: hits(known & (older | younger)),
    }
