"""Rules by id: small functions from a table to the rows they object to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from civid.errors import FieldError
from civid.people.findings.model import Axis, Decider, Severity

if TYPE_CHECKING:
    from civid.people.findings.table import Mask, Table

    RowRule = Callable[[Table], Mask]
Suggest = Callable[[Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule.

    Parameters
    ----------
    id : str
        ``<topic>.<what>``; stable.
    axis, severity, decider : Axis, Severity, Decider
        As in a finding.
    fields : tuple of str
        Columns it looks at.
    title : str
        Vietnamese title for lists.
    doc : str
        First line of the function's docstring.
    mask : callable or None
        Table -> boolean array; None for rules that need the whole register.
    suggest : callable or None
        Row -> suggested value.
    """

    id: str
    axis: Axis
    severity: Severity
    fields: tuple[str, ...]
    decider: Decider
    title: str
    doc: str
    mask: Any = None
    suggest: Suggest | None = None


_RULES: dict[str, Rule] = {}

#: Modules that register rules, in the order of reports.
_MODULES = (
    "row.complete", "row.numbers", "row.births", "row.name_rules", "row.codes", "row.places",
    "row.relations", "row.documents", "row.alive", "row.papers", "cross.numbers",
    "cross.duplicates", "cross.family", "cross.households",
)  # fmt: skip


def rule(
    name: str,
    axis: Axis,
    severity: Severity,
    fields: tuple[str, ...],
    decider: Decider,
    title: str,
    suggest: Suggest | None = None,
) -> Callable[[RowRule], RowRule]:
    """Register a rule that looks at each row by itself."""

    def register(function: RowRule) -> RowRule:
        doc = (function.__doc__ or "").split("\n")[0]
        _add(Rule(name, axis, severity, fields, decider, title, doc, function, suggest))
        return function

    return register


def cross_rule(
    name: str,
    axis: Axis,
    severity: Severity,
    fields: tuple[str, ...],
    decider: Decider,
    title: str,
    doc: str,
) -> str:
    """Register a rule that needs the whole register; return its id."""
    _add(Rule(name, axis, severity, fields, decider, title, doc))
    return name


def _add(made: Rule) -> None:
    if made.id in _RULES:
        raise FieldError("rule", f"{made.id} is registered already")
    _RULES[made.id] = made


def rules() -> dict[str, Rule]:
    """Every rule by id.

    >>> rules()["number.sex"].axis.value
    'đúng'
    """
    for name in _MODULES:
        import_module(f"civid.people.findings.{name}")
    return dict(_RULES)
