"""Provinces as tiles (bản đồ ô): each of them one square, about where it lies; both eras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from civid.campaign.progress.league import Standing
from civid.people.places import PID_63, STAT_34
from civid.people.places.provinces import MERGER
from civid.people.tables import packaged


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit on a grid, counted from the north-west."""

    row: int
    column: int
    standing: Standing


def tiles(standings: Sequence[Standing], day: date) -> tuple[Tile, ...]:
    """The provinces of a league on their grid; none when its units are not provinces.

    Codes of two and of three digits are told apart by their list, which is that of the day.
    """
    wanted = PID_63 if day < MERGER else STAT_34
    places = {
        row["code"]: (int(row["row"]), int(row["column"]))
        for row in packaged("civid.campaign", "tiles")
        if row["list"] == wanted
    }
    if len(standings) < 2 or not all(one.unit in places for one in standings):
        return ()
    return tuple(Tile(*places[one.unit], one) for one in standings)
