"""Models of what comes in and goes out as JSON: strict, frozen, with a JSON schema.

The only room of `civid.people` that uses pydantic; the rest works on plain frozen dataclasses.
"""

from __future__ import annotations

from civid.people.documents.base import Model
from civid.people.documents.citizen import CitizenModel, ClaimModel, RetractionModel
from civid.people.documents.household import FormerMemberModel, HouseholdModel, MemberModel
from civid.people.documents.slips import (
    ChangeModel,
    Dc01Model,
    Dc02RequestModel,
    Dc02UpdateModel,
)
from civid.people.findings.model import Finding

__all__ = [
    "MODELS", "ChangeModel", "CitizenModel", "ClaimModel", "Dc01Model", "Dc02RequestModel",
    "Dc02UpdateModel", "FindingModel", "FormerMemberModel", "HouseholdModel", "MemberModel",
    "Model", "RetractionModel",
]  # fmt: skip


class FindingModel(Model):
    """A finding (phát hiện), going out."""

    rule: str
    reference: str
    axis: str
    severity: str
    fields: tuple[str, ...]
    evidence: dict[str, str]
    suggestion: str
    decider: str
    other: str
    state: str

    @classmethod
    def from_domain(cls, found: Finding) -> FindingModel:
        """Make the outgoing form of a finding."""
        return cls(
            rule=found.rule, reference=found.reference, axis=found.axis.value,
            severity=found.severity.name, fields=found.fields, evidence=dict(found.evidence),
            suggestion=found.suggestion, decider=found.decider.value, other=found.other,
            state=found.state.value,
        )  # fmt: skip


#: Every model by name.
MODELS: dict[str, type[Model]] = {
    model.__name__.removesuffix("Model"): model
    for model in (
        CitizenModel, HouseholdModel, Dc01Model, Dc02UpdateModel, Dc02RequestModel, FindingModel,
    )
}  # fmt: skip
