"""Every rule a table is held against: those of `civid.people.findings`, and a few of tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from civid.people.findings import Axis, Decider, Severity, rules

ROW_RULES = {"shape": "row.shape", "quoting": "row.quoting", "text": "row.text"}
FORMULA, OLD, SERIAL, NAME_BIRTH = "row.formula", "number.old", "birth.serial", "row.name_birth"


@dataclass(frozen=True, slots=True)
class About:
    """What a rule says, for people and programs.

    Attributes
    ----------
    id : str
        Stable: ``birth.impossible``.
    axis, severity, decider
        As in a finding of `civid.people.findings`.
    fields : tuple of str
        Columns concerned; ``row`` for the row as a whole.
    vietnamese, english : str
        One line.
    """

    id: str
    axis: Axis
    severity: Severity
    decider: Decider
    fields: tuple[str, ...]
    vietnamese: str
    english: str

    def title(self, language: str) -> str:
        """The line in a language."""
        return self.vietnamese if language == "vi" else self.english


@cache
def about() -> dict[str, About]:
    """Every rule by id.

    >>> about()["number.old"].severity.name, about()["birth.impossible"].fields
    ('ERROR', ('birth',))
    """
    text = files("civid.exchange.sector.judge").joinpath("own_rules.json").read_text("utf-8")
    made = {}
    for name, (axis, severity, fields, decider, vietnamese, english) in json.loads(text).items():
        made[name] = About(name, Axis[axis.upper()], Severity[severity], Decider[decider],
                           tuple(fields), vietnamese, english)  # fmt: skip
    for rule in rules().values():
        made[rule.id] = About(rule.id, rule.axis, rule.severity, rule.decider, rule.fields,
                              rule.title, rule.doc)  # fmt: skip
    return made
