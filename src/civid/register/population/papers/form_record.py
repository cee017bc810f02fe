"""What the register answers about a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.register.population.papers.form import Form

APPLIED, WAITING, REJECTED = "applied", "waiting", "rejected"


@dataclass(frozen=True, slots=True, repr=False)
class FormRecord:
    """A form of the register.

    Attributes
    ----------
    reference : str
        Its key.
    person : str or None
        Whom it is about; None while that is not known.
    code, circular : str
        Which form: a code alone does not say what it is (DC02 changed its meaning in 2024).
    filled : date
        Day on the form.
    state : str
        ``applied``; ``waiting``, because it contradicts the register; or ``rejected``.
    unit, collector : str
        Which unit took it in, and who.
    form : Dc01, Dc02Update or Dc02Request
        As it was written.
    wrong : tuple of str
        Codes of what contradicts.
    doubts : tuple of str
        Codes of what only looks wrong.
    """

    reference: str
    person: str | None
    code: str
    circular: str
    filled: date
    state: str
    unit: str
    collector: str
    form: Form
    wrong: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; without what is written on the form."""
        return {
            "reference": self.reference, "person": self.person, "code": self.code,
            "circular": self.circular, "filled": self.filled.isoformat(), "state": self.state,
            "unit": self.unit, "collector": self.collector, "wrong": list(self.wrong),
            "doubts": list(self.doubts), "reason": self.reason,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<FormRecord {self.code} {self.state}>"
