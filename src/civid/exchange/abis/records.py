"""What an `Abis` gives back. Ids are those of people: no repr shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civid.fingerprint.template import Template
from civid.position import Position

#: Position of the probe's finger, of the reference's, and the score of this comparison alone.
FingerMatch = tuple[Position, Position, float]


@dataclass(frozen=True, slots=True, repr=False)
class Encounter:
    """One time at which somebody's prints were taken.

    Attributes
    ----------
    person, encounter : str
        Ids, as they were given first.
    kind : str
        Why the prints were taken, in the words of whoever sent them.
    galleries : tuple of str
        Which it belongs to.
    active : bool
        Whether searches may find it.
    fingers : mapping of Position to Template
        May be empty: nobody has to have a finger that can be read.
    document : mapping
        Whatever else was sent with it.
    """

    person: str
    encounter: str
    kind: str = ""
    galleries: tuple[str, ...] = ()
    active: bool = True
    fingers: Mapping[Position, Template] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Encounter({len(self.fingers)} fingers, active={self.active})"


@dataclass(frozen=True, slots=True, repr=False)
class Match:
    """A person found by a search.

    Attributes
    ----------
    person, encounter : str
        Whose prints, and which of them fit best.
    score : float
        Fused over the fingers: -10 log10 of the false match rate.
    fpir : float
        Chance that a search of so many for somebody who is not among them finds this score.
    swapped : bool
        Whether fingers of different labels were found to be the same.
    fingers : tuple
        (position of the probe, position of the reference, score) of each comparison.
    """

    person: str
    encounter: str
    score: float
    fpir: float
    swapped: bool = False
    fingers: tuple[FingerMatch, ...] = ()

    def __repr__(self) -> str:
        return f"Match(score={self.score:.2f}, fingers={len(self.fingers)})"
