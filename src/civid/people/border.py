"""The name that `civid.people.documents` had first; programs that import it here go on."""

from civid.people.documents import (
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
    json_schemas,
    read_json,
)

__all__ = [
    "ChangeModel", "CitizenModel", "ClaimModel", "Dc01Model", "Dc02RequestModel",
    "Dc02UpdateModel", "FindingModel", "FormerMemberModel", "HouseholdModel", "MemberModel",
    "RetractionModel", "json_schemas",
    "read_json",
]  # fmt: skip
