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
from civid.people.places.register import UnitRegister, load_units
from civid.people.places.registration import RegistrationPlace, meanings, place
from civid.people.places.spelling import find, find_one, place_key
from civid.people.places.unit import Successor, Unit

__all__ = [
    "PID_63", "STAT_34", "RegistrationPlace", "Successor", "Unit", "UnitRegister",
    "changed_meaning", "find", "find_one", "load_units", "meanings", "place", "place_key",
    "predecessors", "province", "provinces", "successors",
]  # fmt: skip
