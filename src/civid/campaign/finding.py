"""Findings (phát hiện) about a plan or its counts: nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from civid.campaign.words import Language, Value, say
from civid.people.findings.model import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that wants a look.

    Attributes
    ----------
    code : str
        What it is, for programs; its sentence stands in ``data/words.csv``.
    severity : Severity
        ERROR: the row was not counted. WARNING: it was, but may be wrong. INFO: normal, and told.
    row : int or None
        Row of the file, the titles being row 1.
    unit : str
        Code of the unit.
    file : str
        Which file of a plan.
    day : date or None
        Which day it is about.
    values : mapping
        Numbers and codes of the sentence; never names of people.

    >>> Finding("quota-zero", Severity.WARNING, row=3, unit="067").sentence("en")
    'row 3, unit 067: the quota is zero: there is no rate'
    """

    code: str
    severity: Severity
    row: int | None = None
    unit: str = ""
    file: str = ""
    day: date | None = None
    values: Mapping[str, Value] = field(default_factory=dict)

    def sentence(self, language: Language | str = Language.VI) -> str:
        """Where and what, in a language."""
        language = Language(language)
        places = [self.file] if self.file else []
        places += [say("at-row", language, row=str(self.row))] if self.row is not None else []
        places += [say("at-unit", language, unit=self.unit)] if self.unit else []
        places += [say("at-day", language, day=self.day)] if self.day is not None else []
        what = say(self.code, language, **self.values)
        return f"{', '.join(places)}: {what}" if places else what

    def to_dict(self, language: Language | str = Language.EN) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"code": self.code, "severity": self.severity.name.lower(), "file": self.file,
                "row": self.row, "unit": self.unit,
                "day": self.day.isoformat() if self.day else None,
                "message": say(self.code, language, **self.values)}  # fmt: skip


def worst(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first, then by file and row."""
    return sorted(findings, key=lambda one: (-one.severity, one.file, one.row or 0, one.unit))
