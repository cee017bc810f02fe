"""A unit of a campaign as scenarios see it: what it has to do, and with what."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.campaign.forecast.history import MOST_COUNT, History, Openings
from civid.errors import FieldError


@dataclass(frozen=True, slots=True)
class Unit:
    """A district, or whatever machines are moved between.

    Attributes
    ----------
    key : str
        Its code or name.
    quota : int
    history : History
        Counts so far; all units of a comparison are known until the same day.
    machines : int
        Kits that work now.
    per_machine : float
        Most dossiers of a machine in a day of today's hours (`civid.campaign.line`).
    openings : Openings
    """

    key: str
    quota: int
    history: History = field(repr=False)
    machines: int
    per_machine: float = 700.0
    openings: Openings = field(default_factory=Openings)

    def __post_init__(self) -> None:
        if not 1 <= self.quota <= MOST_COUNT:
            raise FieldError("quota", f"{self.key}: not 1 to {MOST_COUNT:,}")
        if not 0 <= self.machines <= 10_000:
            raise FieldError("machines", f"{self.key}: not 0 to 10,000")
        if not 0 < self.per_machine <= 100_000:
            raise FieldError("per machine", f"{self.key}: not above 0, to 100,000")
