"""Documents: JSON in, checked models, plain records out. Loads pydantic; import it on use."""

from civid.people.documents.models import (
    ChangeModel,
    CitizenModel,
    ClaimModel,
    Dc01Model,
    Dc02RequestModel,
    Dc02UpdateModel,
    FindingModel,
    FormerMemberModel,
    HouseholdModel,
    MemberModel,
    RetractionModel,
)
from civid.people.documents.reading import json_schemas, read_json

__all__ = [
    "ChangeModel", "CitizenModel", "ClaimModel", "Dc01Model", "Dc02RequestModel",
    "Dc02UpdateModel", "FindingModel", "FormerMemberModel", "HouseholdModel", "MemberModel",
    "RetractionModel", "json_schemas",
    "read_json",
]  # fmt: skip
