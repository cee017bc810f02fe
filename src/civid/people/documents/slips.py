"""The slips DC01 and DC02 as JSON, both ways."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from civid.people.documents.base import (
    Day,
    FieldName,
    Model,
    Number,
    Short,
    Text,
    as_field_error,
)
from civid.people.forms import Change, Dc01, Dc02Request, Dc02Update, Procedure


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

    @classmethod
    def from_domain(cls, slip: Dc01) -> Dc01Model:
        """Make the outgoing form; `FieldError` when something is longer than it allows."""
        with as_field_error():
            return cls(
                values=dict(slip.values), filled=slip.filled, collector=slip.collector,
                unit=slip.unit, medical_paper=slip.medical_paper,
                signed_by_declarant=slip.signed_by_declarant,
                signed_by_police=slip.signed_by_police,
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

    @classmethod
    def from_domain(cls, slip: Dc02Update) -> Dc02UpdateModel:
        """Make the outgoing form; `FieldError` when something is longer than it allows."""
        with as_field_error():
            changes = tuple(
                ChangeModel(
                    field=c.field, old=c.old, new=c.new, evidence=c.evidence,
                    correction=c.correction,
                )
                for c in slip.changes
            )  # fmt: skip
            return cls(number=slip.number, changes=changes, filled=slip.filled, unit=slip.unit)


class Dc02RequestModel(Model):
    """DC02 since 1 July 2024 (phiếu đề nghị giải quyết thủ tục về căn cước)."""

    number: Number
    procedures: Annotated[
        tuple[Annotated[str, Field(json_schema_extra={"enum": [p.name for p in Procedure]})], ...],
        Field(max_length=10, strict=False),
    ]
    filled: Day
    corrections: Annotated[dict[str, Text], Field(max_length=60, default_factory=dict)]
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

    @classmethod
    def from_domain(cls, slip: Dc02Request) -> Dc02RequestModel:
        """Make the outgoing form; `FieldError` when something is longer than it allows."""
        with as_field_error():
            return cls(
                number=slip.number, filled=slip.filled,
                procedures=tuple(p.name for p in Procedure if p in slip.procedures),
                corrections=dict(slip.corrections), evidence=slip.evidence,
            )  # fmt: skip
