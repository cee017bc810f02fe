"""Scenarios: what somebody would change, and from when on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.errors import FieldError


@dataclass(frozen=True, slots=True)
class Move:
    """Machines with their teams go from one unit to another, from a day on (điều chuyển máy)."""

    machines: int
    source: str
    target: str
    on: date

    def __post_init__(self) -> None:
        if self.machines < 1:
            raise FieldError("machines", "fewer than 1 cannot be moved")
        if self.source == self.target:
            raise FieldError("target", "is where the machines are already")


@dataclass(frozen=True, slots=True)
class Closing:
    """Units are closed (tạm dừng), first and last day included; no units named: all."""

    first: date
    last: date
    units: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days <= 3660:
            raise FieldError("closing", "ends before it starts, or lasts over ten years")


@dataclass(frozen=True, slots=True)
class Shift:
    """An extra shift (ca tối, ca đêm), first and last day included; no units named: all.

    Attributes
    ----------
    share : float
        What it brings against the day without it; half as long and as well attended is 0.5.
    """

    first: date
    last: date
    share: float = 0.5
    units: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0 < self.share <= 3:
            raise FieldError("share", "not above 0, to 3")
        if self.last < self.first:
            raise FieldError("shift", "ends before it starts")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A name and its changes; without changes it goes on as it is."""

    name: str
    moves: tuple[Move, ...] = ()
    closings: tuple[Closing, ...] = ()
    shifts: tuple[Shift, ...] = ()
