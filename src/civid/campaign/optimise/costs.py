"""What staffing costs, in hours of an officer's normal wage: no currency, so no year."""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import FieldError


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs in hours of normal wage. The defaults are assumptions; give your own.

    Attributes
    ----------
    machine_day : float
        A kit for a day: depreciation, transport, power.
    hour : float
        An officer's hour.
    """

    machine_day: float = 12.0
    hour: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.machine_day <= 1e9 or not 0 < self.hour <= 1e9:
            raise FieldError("costs", "below 0, or no wage")
