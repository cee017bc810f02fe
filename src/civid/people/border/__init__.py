"""The border: JSON in, checked models, plain records out. Loads pydantic; import it on use."""

from civid.people.border.models import (
    ChangeModel,
    CitizenModel,
    ClaimModel,
    Dc01Model,
    Dc02RequestModel,
    Dc02UpdateModel,
    FindingModel,
    HouseholdModel,
    MemberModel,
)
from civid.people.border.reading import json_schemas, read_json

__all__ = [
    "ChangeModel", "CitizenModel", "ClaimModel", "Dc01Model", "Dc02RequestModel",
    "Dc02UpdateModel", "FindingModel", "HouseholdModel", "MemberModel", "json_schemas",
    "read_json",
]  # fmt: skip
