"""Citizens (công dân): claims with source, date and evidence; nothing is overwritten."""

from civid.people.citizen.citizen import Citizen, Retraction
from civid.people.citizen.claim import Claim, Source, claim
from civid.people.citizen.fields import FIELDS, Field, field_of

__all__ = ["FIELDS", "Citizen", "Claim", "Field", "Retraction", "Source", "claim", "field_of"]
