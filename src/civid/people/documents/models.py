"""Models of what comes in and goes out as JSON: strict, frozen, with a JSON schema.

The only place of `civid.people` that uses pydantic; the rest works on plain frozen dataclasses.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from civid.people.citizen import Citizen, Source, claim
from civid.people.citizen.fields import FIELDS
from civid.people.findings.model import Finding
from civid.people.forms import Change, Dc01, Dc02Request, Dc02Update, Procedure
from civid.people.household import Household, Member
from civid.people.sex import parse as parse_sex

Short = Annotated[str, Field(max_length=256)]
Text = Annotated[str, Field(max_length=1024)]
Reference = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
FieldName = Annotated[str, Field(json_schema_extra={"enum": sorted(FIELDS)})]
#: JSON has no dates; ISO text is read, nothing else is.
Day = Annotated[date, Field(strict=False)]


class Model(BaseModel):
    """Strict, frozen, no unknown fields, and errors that do not repeat the input."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", hide_input_in_errors=True, str_max_length=4096
    )


class ClaimModel(Model):
    """One claim about one field (thông tin và nguồn)."""

    field: FieldName
    text: Text
    source: Literal["CITIZEN", "SECTOR_DATABASE", "RESIDENCE", "ARCHIVE", "CIVIL_STATUS", "COURT"]
    effective: Day
    recorded: Day | None = None
    evidence: Short = ""
    unit: Short = ""


class CitizenModel(Model):
    """A citizen (công dân) as a list of claims."""

    reference: Reference
    claims: Annotated[tuple[ClaimModel, ...], Field(max_length=2000, strict=False)]

    def to_domain(self) -> Citizen:
        """Read every claim; `FieldError` for the first that cannot be read."""
        made = (
            claim(
                c.field, c.text, Source[c.source], c.effective,
                recorded=c.recorded, evidence=c.evidence, unit=c.unit,
            )
            for c in self.claims
        )  # fmt: skip
        return Citizen(self.reference).with_claims(*made)


class MemberModel(Model):
    """A member of a household (thành viên hộ)."""

    reference: Reference
    relation: Short
    since: Day
    sex: Short = ""
    birth: Short = ""
    father: Short = ""
    mother: Short = ""
    spouse: Short = ""

    def to_domain(self) -> Member:
        """Read sex, birth and relation; `FieldError` when one cannot be read."""
        from civid.people.dates import parse

        return Member(
            self.reference, self.relation, self.since, parse_sex(self.sex),
            parse(self.birth) if self.birth else None, self.father, self.mother, self.spouse,
        )  # fmt: skip


class HouseholdModel(Model):
    """A household (hộ gia đình)."""

    code: Reference
    members: Annotated[tuple[MemberModel, ...], Field(max_length=500, strict=False)]
    unit_code: Short = ""
    unit_list: Short = ""
    address: Text = ""

    def to_domain(self) -> Household:
        """Make the household; `HouseholdError` when it cannot be one."""
        members = tuple(member.to_domain() for member in self.members)
        return Household(self.code, members, self.unit_code, self.unit_list, self.address)


class Dc01Model(Model):
    """DC01, the slip that collects population data (phiếu thu thập thông tin dân cư)."""

    values: Annotated[dict[str, Text], Field(max_length=60)]
    filled: Day
    collector: Short = ""
    unit: Short = ""
    medical_paper: Short = ""
    signed_by_declarant: bool
    signed_by_police: bool

    def to_domain(self) -> Dc01:
        """Make the slip; it is validated by `civid.people.forms.dc01.validate`."""
        return Dc01(
            dict(self.values), self.filled, self.collector, self.unit, self.medical_paper,
            self.signed_by_declarant, self.signed_by_police,
        )  # fmt: skip


class ChangeModel(Model):
    """One line of DC02 until 30 June 2024."""

    field: FieldName
    old: Text = ""
    new: Text
    evidence: Short = ""
    correction: bool = True


class Dc02UpdateModel(Model):
    """DC02 until 30 June 2024 (phiếu cập nhật, chỉnh sửa thông tin dân cư)."""

    number: Number
    changes: Annotated[tuple[ChangeModel, ...], Field(max_length=60, strict=False)]
    filled: Day
    unit: Short = ""

    def to_domain(self) -> Dc02Update:
        """Make the slip."""
        changes = tuple(
            Change(c.field, c.old, c.new, c.evidence, c.correction) for c in self.changes
        )
        return Dc02Update(self.number, changes, self.filled, self.unit)


class Dc02RequestModel(Model):
    """DC02 since 1 July 2024 (phiếu đề nghị giải quyết thủ tục về căn cước)."""

    number: Number
    procedures: Annotated[
        tuple[Annotated[str, Field(json_schema_extra={"enum": [p.name for p in Procedure]})], ...],
        Field(max_length=10, strict=False),
    ]
    filled: Day
    corrections: Annotated[dict[str, Text], Field(max_length=60)] = {}
    evidence: Short = ""

    def to_domain(self) -> Dc02Request:
        """Make the request; `FormError` for an unknown procedure."""
        from civid.errors import FormError

        try:
            procedures = frozenset(Procedure[name] for name in self.procedures)
        except KeyError:
            raise FormError("procedures", "no such procedure") from None
        return Dc02Request(
            self.number, procedures, self.filled, dict(self.corrections), self.evidence
        )


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
