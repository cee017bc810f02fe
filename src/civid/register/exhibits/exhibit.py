"""What is laid before somebody who has to decide whether two people are one."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register.identity.card import Card
from civid.register.identity.dossier import Dossier, DossierEvent
from civid.register.population.households.record import HouseholdRecord
from civid.register.population.person import Person


@dataclass(frozen=True, slots=True, repr=False)
class ShownPrint:
    """One finger that can be looked at.

    Attributes
    ----------
    template : Template
        Its minutiae.
    image : FingerImage or None
        The capture that these minutiae were found in; None where only they are kept.
    """

    template: Template
    image: FingerImage | None = None

    def __repr__(self) -> str:
        return f"<ShownPrint of quality {self.template.quality}>"


@dataclass(frozen=True, slots=True)
class CaptureNote:
    """One capture of a dossier, without its bytes.

    Attributes
    ----------
    frame : str
        Such as ``rolled_right_index`` or ``portrait``.
    attempt : int
        From 1.
    at : int
        Microseconds since 1970, UTC.
    quality : int or None
        0 to 100, of prints.
    kept : bool
        Whether its bytes are still here.
    """

    frame: str
    attempt: int
    at: int
    quality: int | None
    kept: bool


@dataclass(frozen=True, slots=True, repr=False)
class Sitting:
    """A dossier, and how its captures were made: where, by whom, when (lịch sử thu nhận).

    Attributes
    ----------
    dossier : Dossier
        As the register has it.
    events : tuple of DossierEvent
        Steps with officer, station and time, oldest first.
    captures : tuple of CaptureNote
        Oldest first.
    """

    dossier: Dossier
    events: tuple[DossierEvent, ...]
    captures: tuple[CaptureNote, ...]

    def __repr__(self) -> str:
        return f"<Sitting of {len(self.captures)} captures>"


@dataclass(frozen=True, slots=True, repr=False)
class Exhibit:
    """Everything that is shown of one person.

    Attributes
    ----------
    person : Person
        The record with the source of every claim.
    households : tuple of HouseholdRecord
        Those inside the reader's scope, left ones too.
    members : dict of str to str
        Names of the members of these households, by reference.
    cards : tuple of Card
        Cards and older papers, by day of issue.
    sittings : tuple of Sitting
        Dossiers, the newest first.
    portrait : bytes or None
        A picture file, from the newest dossier that has one.
    prints : dict of Position to ShownPrint
        The fingers that are in the gallery; of a dossier under way those that were captured.
    """

    person: Person
    households: tuple[HouseholdRecord, ...] = ()
    members: dict[str, str] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    sittings: tuple[Sitting, ...] = ()
    portrait: bytes | None = None
    prints: dict[Position, ShownPrint] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Exhibit with {len(self.prints)} prints>"
