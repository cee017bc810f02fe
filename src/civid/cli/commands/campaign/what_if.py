"""The options of ``civid campaign forecast`` that change something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from civid.cli.console.problems import usage

if TYPE_CHECKING:
    from civid.campaign.whatif import Scenario

CLOSE = "What if closed: FIRST:LAST or FIRST:LAST:UNIT,UNIT; give it several times."
MOVE = "What if machines go: NUMBER:FROM:TO:DAY."
SHIFT = (
    "What if there is an extra shift: FIRST:LAST:SHARE or FIRST:LAST:SHARE:UNIT,UNIT; share 0.5"
    " brings half as much again."
)


def scenario_of(close: Sequence[str], move: Sequence[str], shift: Sequence[str]) -> Scenario:
    """All changes together as one scenario."""
    from civid.campaign.whatif import Closing, Move, Scenario, Shift

    closings, moves, shifts = [], [], []
    for text in close:
        parts = _parts("--close", text, 2, 3)
        closings.append(Closing(_day(text, parts[0]), _day(text, parts[1]), _units(parts[2:])))
    for text in move:
        number, source, target, day = _parts("--move", text, 4, 4)
        moves.append(Move(_whole(text, number), source, target, _day(text, day)))
    for text in shift:
        parts = _parts("--shift", text, 3, 4)
        shifts.append(
            Shift(_day(text, parts[0]), _day(text, parts[1]), _share(text, parts[2]),
                  _units(parts[3:]))
        )  # fmt: skip
    return Scenario("changed", tuple(moves), tuple(closings), tuple(shifts))


def _parts(option: str, text: str, least: int, most: int) -> list[str]:
    parts = text.split(":")
    if not least <= len(parts) <= most or not all(parts):
        raise usage(f"{option} {text}: {least} to {most} parts with : between are needed")
    return parts


def _day(text: str, word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise usage(f"{text}: {word} is no day like 2021-05-04") from None


def _whole(text: str, word: str) -> int:
    if not word.isdecimal() or len(word) > 6:
        raise usage(f"{text}: {word} is no number of machines")
    return int(word)


def _share(text: str, word: str) -> float:
    try:
        return float(word.replace(",", "."))
    except ValueError:
        raise usage(f"{text}: {word} is no share like 0.5") from None


def _units(parts: Sequence[str]) -> frozenset[str]:
    return frozenset(parts[0].split(",")) if parts else frozenset()
