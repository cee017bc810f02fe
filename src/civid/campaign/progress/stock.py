"""Stock of blanks (phôi thẻ, chíp) as a constraint: what can be printed, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from civid.errors import CampaignError


class Limit(StrEnum):
    """What kept a day from printing more."""

    DOSSIERS = "dossiers"  #: hết hồ sơ: everything was printed
    MATERIAL = "material"  #: thiếu phôi
    PRINTERS = "printers"  #: hết công suất in


@dataclass(frozen=True, slots=True)
class StockDay:
    """A day: what was printed and spoiled, what waits, what is left, and what was the limit."""

    printed: int
    spoiled: int
    waiting: int
    blanks: int
    limit: Limit

    @property
    def waits_for_material(self) -> int:
        """How many dossiers wait because there are no blanks."""
        return self.waiting if self.limit is Limit.MATERIAL else 0


def printing(
    approved: Sequence[int],
    delivered_blanks: Sequence[int],
    *,
    opening: int = 0,
    per_day: int | None = None,
    spoiled_per_1000: int = 0,
) -> tuple[StockDay, ...]:
    """Print what is approved as far as blanks and printers go, the oldest first.

    Parameters
    ----------
    approved, delivered_blanks : sequence of int
        By day: dossiers approved, blanks that come in (in the morning).
    opening : int
        Blanks that are there at the beginning.
    per_day : int, optional
        What the printers can do.
    spoiled_per_1000 : int
        Blanks lost for a thousand cards printed; carried over from day to day, not rounded away.

    Raises
    ------
    CampaignError
        Less than nothing, or not as many days of the one as of the other.

    >>> [(day.printed, day.waiting, day.limit.value) for day in printing([5, 5], [3, 100])]
    [(3, 2, 'material'), (7, 0, 'dossiers')]
    """
    if len(approved) != len(delivered_blanks):
        raise CampaignError("as many days of both are needed", code="shape")
    if min((*approved, *delivered_blanks, opening, per_day or 0, spoiled_per_1000)) < 0:
        raise CampaignError("less than nothing", code="negative")
    waiting, blanks, owed, days = 0, opening, 0, list[StockDay]()
    for new, came in zip(approved, delivered_blanks, strict=True):
        waiting += new
        blanks += came
        # Of b blanks, b x 1000 / (1000 + s) become cards, less what is owed from before.
        affordable = max(0, (blanks * 1000 - owed) // (1000 + spoiled_per_1000))
        wanted = waiting if per_day is None else min(waiting, per_day)
        printed = min(wanted, affordable)
        spoiled, owed = divmod(owed + printed * spoiled_per_1000, 1000)
        waiting -= printed
        blanks -= printed + spoiled
        limit = (
            Limit.MATERIAL if printed < wanted
            else Limit.PRINTERS if waiting
            else Limit.DOSSIERS
        )  # fmt: skip
        days.append(StockDay(printed, spoiled, waiting, blanks, limit))
    return tuple(days)
