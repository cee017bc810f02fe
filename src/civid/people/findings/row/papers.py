"""The record against another paper or register about the same person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.people import dates, names
from civid.people.dates import DateAgreement
from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.rules import rule
from civid.people.findings.table import _canonical

if TYPE_CHECKING:
    from civid.people.findings.table import Ints, Mask, Table

_CORRECT, _PAPER = Axis.CORRECT, Decider.CITIZEN_PAPER
_NAMES, _BIRTHS = ("name", "paper_name"), ("birth", "paper_birth")


def _levels(table: Table) -> Ints:
    """Level of the name comparison where both are given; SAME elsewhere."""

    def make() -> Ints:
        import numpy as np

        found = np.full(table.size, int(names.Level.SAME), np.int64)
        papers, own = table.texts("paper_name"), table.texts("name")
        for at in np.flatnonzero(table.has("paper_name") & table.has("name")).tolist():
            if papers[at] != own[at] and _canonical(papers[at]) and _canonical(own[at]):
                found[at] = names.compare(papers[at], own[at]).level
        return found

    return table._once("paper levels", make)


@rule("name.paper_differs", _CORRECT, Severity.ERROR, _NAMES, _PAPER,
      "Họ tên khác giấy tờ khác")  # fmt: skip
def name_paper_differs(table: Table) -> Mask:
    """Another paper has another name."""
    return _levels(table) == int(names.Level.DIFFERENT)


@rule("name.paper_part", _CORRECT, Severity.WARNING, _NAMES, _PAPER,
      "Họ tên thiếu chữ so với giấy tờ khác")  # fmt: skip
def name_paper_part(table: Table) -> Mask:
    """Another paper has a part of the name more or less."""
    return _levels(table) == int(names.Level.PART_MISSING)


@rule("name.paper_accents", Axis.CLEAN, Severity.INFO, _NAMES, Decider.COMMUNE,
      "Họ tên mất dấu so với giấy tờ khác")  # fmt: skip
def name_paper_accents(table: Table) -> Mask:
    """Another paper has the same name without accents, or with them."""
    return _levels(table) == int(names.Level.ACCENTS_LOST)


def _agreements(table: Table) -> Ints:
    """Rank of the agreement of both births; 0 where not both are readable."""

    def make() -> Ints:
        import numpy as np

        ranks = {kind: rank for rank, kind in enumerate(DateAgreement, 1)}
        found = np.zeros(table.size, np.int64)
        papers, own = table.texts("paper_birth"), table.texts("birth")
        both = (table.date("paper_birth") > 0) & (table.date("birth") > 0)
        for at in np.flatnonzero(both).tolist():
            one, two = dates.read(papers[at]).date, dates.read(own[at]).date
            if one is not None and two is not None:
                found[at] = ranks[dates.agreement(one, two)]
        return found

    return table._once("paper births", make)


def _rank(kind: DateAgreement) -> int:
    return list(DateAgreement).index(kind) + 1


@rule("birth.paper_swapped", _CORRECT, Severity.ERROR, _BIRTHS, _PAPER,
      "Ngày và tháng sinh bị đảo")  # fmt: skip
def birth_paper_swapped(table: Table) -> Mask:
    """Another paper has day and month of birth the other way round."""
    return _agreements(table) == _rank(DateAgreement.SWAPPED)


@rule("birth.paper_differs", _CORRECT, Severity.ERROR, _BIRTHS, _PAPER,
      "Ngày sinh khác giấy tờ khác")  # fmt: skip
def birth_paper_differs(table: Table) -> Mask:
    """Another paper has another day, month or year of birth."""
    return _agreements(table) >= _rank(DateAgreement.ONE_PART)
