"""A citizen as JSON, both ways: every claim, with its retraction."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from civid.errors import FieldError
from civid.people.citizen import Citizen, Claim, Source, claim
from civid.people.documents.base import (
    Day,
    FieldName,
    Model,
    Reference,
    Short,
    Text,
    as_field_error,
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
    #: Kept as it was written because nobody could read it, as 31/04/1960.
    unread: bool = False

    def to_domain(self) -> Claim:
        """Read the claim; `FieldError` when it cannot be read and is not marked so."""
        return claim(
            self.field, self.text, Source[self.source], self.effective, recorded=self.recorded,
            evidence=self.evidence, unit=self.unit, keep_unread=self.unread,
        )  # fmt: skip

    @classmethod
    def from_domain(cls, made: Claim) -> ClaimModel:
        """Make the outgoing form of a claim."""
        return cls(
            field=made.field, text=made.recorded_as, source=made.source.name,  # type: ignore[arg-type]
            effective=made.effective, recorded=made.recorded, evidence=made.evidence,
            unit=made.unit, unread=not made.is_read,
        )  # fmt: skip


class RetractionModel(Model):
    """A claim that no longer counts: its place in the list of claims, from 0."""

    claim: Annotated[int, Field(ge=0, lt=2000)]
    recorded: Day
    reason: Short


class CitizenModel(Model):
    """A citizen (công dân) as a list of claims."""

    reference: Reference
    claims: Annotated[tuple[ClaimModel, ...], Field(max_length=2000, strict=False)]
    retractions: Annotated[tuple[RetractionModel, ...], Field(max_length=2000, strict=False)] = ()

    def to_domain(self) -> Citizen:
        """Read every claim; `FieldError` for the first that cannot be read."""
        made = Citizen(self.reference).with_claims(*(c.to_domain() for c in self.claims))
        for one in self.retractions:
            if one.claim >= len(made.claims):
                raise FieldError("retractions", "of a claim that is not there")
            made = made.retract(made.claims[one.claim], one.recorded, one.reason)
        return made

    @classmethod
    def from_domain(cls, citizen: Citizen) -> CitizenModel:
        """Make the outgoing form; ``model_dump_json()`` writes it, `read_json` reads it back.

        Raises
        ------
        FieldError
            A reference, an evidence or a reason is longer than the form allows.
        """
        with as_field_error():
            return cls(
                reference=citizen.reference,
                claims=tuple(map(ClaimModel.from_domain, citizen.claims)),
                retractions=tuple(
                    RetractionModel(
                        claim=citizen.claims.index(one.claim), recorded=one.recorded,
                        reason=one.reason,
                    )
                    for one in citizen.retractions
                ),
            )  # fmt: skip
