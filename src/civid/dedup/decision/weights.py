"""Weights (trọng số) of Fellegi and Sunter: m and u of every level, as data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import log2, log10
from typing import Any

from civid.dedup.decision.evidence import FieldEvidence, despite
from civid.dedup.decision.levels import (
    DIFFERENT,
    FAMILY,
    LEVELS,
    MISSING,
    SAME,
    level,
    name_level,
)
from civid.dedup.decision.record import Record
from civid.errors import FieldError

#: (m, u): chance of the level between two records of one person, and of two people.
Table = Mapping[str, tuple[float, float]]

#: Defaults: u from the lists of names and from the calendar (80 years of 365 days), m from the
#: error rates that the demands name; both are estimated anew from a register by `estimate`.
_DEFAULTS: dict[str, dict[str, tuple[float, float]]] = {
    "name": {
        SAME: (0.80, 6e-5), "written differently": (0.06, 2e-5), "accents lost": (0.03, 4e-5),
        "part missing": (0.05, 6e-4), "near": (0.03, 2e-2), DIFFERENT: (0.03, 0.979),
    },
    "birth": {
        SAME: (0.93, 3.4e-5), "year": (0.03, 4e-4), "swapped": (0.005, 3.4e-5),
        "one part": (0.025, 4e-3), DIFFERENT: (0.01, 0.9955),
    },
    "sex": {SAME: (0.995, 0.5), DIFFERENT: (0.005, 0.5)},
    "place": {SAME: (0.85, 0.03), DIFFERENT: (0.15, 0.97)},
    "residence": {SAME: (0.6, 3e-3), DIFFERENT: (0.4, 0.997)},
    "father": {SAME: (0.9, 1e-3), DIFFERENT: (0.1, 0.999)},
    "mother": {SAME: (0.9, 1e-3), DIFFERENT: (0.1, 0.999)},
    "household": {SAME: (0.6, 1e-4), DIFFERENT: (0.4, 0.9999)},
    "number": {SAME: (0.96, 1e-6), "one off": (0.01, 1e-5), DIFFERENT: (0.03, 0.999989)},
    "cmnd9": {SAME: (0.8, 1e-5), DIFFERENT: (0.2, 0.99999)},
}  # fmt: skip
#: A rare name speaks louder, a common one softer, but within these bounds, decibans.
_RARER, _COMMONER = 20.0, -12.0


@dataclass(frozen=True, slots=True)
class Weights:
    """m and u of every level of every field.

    Parameters
    ----------
    tables : mapping
        Field -> level -> (m, u), each more than 0 and at most 1.
    family_most : float
        Most decibans that what a family has in common may add up to: about three relatives share
        it, so against a relative it says nothing.
    second_identity : float
        Share of duplicates that were made under wholly other data, so that no contradiction of data
        weighs more than 10 log10 of it.
    version : str
        Goes into every decision.

    Raises
    ------
    FieldError
        A field or level is missing, or a probability is none.

    Examples
    --------
    >>> round(Weights().decibans("sex", "different"), 1), Weights().decibans("sex", "missing")
    (-20.0, 0.0)
    """

    tables: Mapping[str, Table] = field(default_factory=lambda: _DEFAULTS)
    family_most: float = 25.0
    second_identity: float = 0.05
    version: str = "default-1"

    def __post_init__(self) -> None:
        for name, levels in LEVELS.items():
            table = self.tables.get(name, {})
            if set(table) != set(levels):
                raise FieldError(name, "the levels of the weights are not those of the field")
            if not all(0 < one <= 1 for pair in table.values() for one in pair):
                raise FieldError(name, "a probability of the weights is not above 0 and up to 1")
        if not 0 < self.second_identity < 1 or self.family_most < 0:
            raise FieldError("weights", "bounds make no sense")

    def decibans(self, name: str, agreement: str) -> float:
        """10 log10(m / u) of a level; 0 for what is missing."""
        if agreement == MISSING:
            return 0.0
        m, u = self.tables[name][agreement]
        return 10 * log10(m / u)

    def compare(
        self, one: Record, two: Record, silent: Collection[str] = ()
    ) -> tuple[FieldEvidence, ...]:
        """Evidence of every field; symmetric. Agreement of the silent ones says nothing."""
        levels = {name: level(name, one, two) for name in LEVELS}
        said = {name: self.decibans(name, found) for name, found in levels.items()}
        agreed, bits = name_level(one, two)
        if agreed not in (MISSING, DIFFERENT):
            said["name"] += self._rarity(bits)
            if levels["sex"] == SAME:
                said["sex"] = 0.0  # the name has said it already
        for name in silent:
            said[name] = min(0.0, said[name])
        shared = sum(max(0.0, said[name]) for name in FAMILY)
        if shared > self.family_most:
            for name in FAMILY:
                if said[name] > 0:
                    said[name] *= self.family_most / shared
        return tuple(FieldEvidence(name, levels[name], said[name]) for name in LEVELS)

    def together(self, evidence: tuple[FieldEvidence, ...]) -> float:
        """The fields together, in decibans; fields are taken as independent otherwise."""
        return despite(sum(one.decibans for one in evidence), self.second_identity)

    def _rarity(self, bits: float) -> float:
        """How much more than the average an agreement on a name of so many bits says."""
        average = -log2(self.tables["name"][SAME][1])
        return min(_RARER, max(_COMMONER, 10 * log10(2) * (bits - average)))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a file of JSON; `from_dict` reads it."""
        return {
            "version": self.version,
            "family_most": self.family_most,
            "second_identity": self.second_identity,
            "tables": {
                name: {found: list(pair) for found, pair in table.items()}
                for name, table in self.tables.items()
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Weights:
        """Weights as `to_dict` wrote them; `FieldError` for anything else."""
        try:
            tables = {
                str(name): {str(k): (float(v[0]), float(v[1])) for k, v in table.items()}
                for name, table in data["tables"].items()
            }
            return cls(
                tables, float(data["family_most"]), float(data["second_identity"]),
                str(data["version"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            if isinstance(error, FieldError):
                raise
            raise FieldError("weights", "not as to_dict writes them") from None
