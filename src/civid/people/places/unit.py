"""An administrative unit (đơn vị hành chính) with its code list and its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Successor:
    """What a unit became.

    Parameters
    ----------
    code : str
        Code of the new unit in its own list.
    list_version : str
        Which list that is.
    whole : bool
        True when all of the old unit went there; False when only a part did, so that an old
        address cannot be converted without knowing the house.
    """

    code: str
    list_version: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district or commune as one code list knows it.

    Parameters
    ----------
    code : str
        As the list writes it, leading zeros kept.
    name : str
        Vietnamese name without the word for its kind.
    kind : str
        ``province``, ``centrally-run city``, ``commune``, ``ward`` ...
    list_version : str
        The code list: the same code means other units in other lists.
    valid_from, valid_to : date or None
        First and last day; None where open or not known.
    parent : str or None
        Code of the unit above, in the same list.
    successors : frozenset of Successor
        Where it went; more than one when it was split.
    """

    code: str
    name: str
    kind: str
    list_version: str
    valid_from: date | None = None
    valid_to: date | None = None
    parent: str | None = None
    successors: frozenset[Successor] = field(default_factory=frozenset)

    def valid_on(self, day: date) -> bool:
        """Say whether the unit existed on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )
