"""Places (địa danh hành chính): provinces of both eras, communes from the user, spellings."""

from civid.people.places.provinces import (
    PID_63,
    STAT_34,
    changed_meaning,
    predecessors,
    province,
    provinces,
    successors,
)
from civid.people.places.registration import RegistrationPlace, meanings, place
from civid.people.places.unit import Successor, Unit

__all__ = [
    "PID_63", "STAT_34", "RegistrationPlace", "Successor", "Unit", "changed_meaning", "meanings",
    "place", "predecessors", "province", "provinces", "successors",
]  # fmt: skip
