"""The thirteen frames of prints of one person, in order (Circular 60/2021 Art 5).

Flat four of the right hand, flat four of the left, both thumbs; then ten fingers rolled, from the
right thumb to the left little finger. Scanners deliver a flat frame already cut into its fingers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from civid.errors import FieldError
from civid.position import Position


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame.

    Attributes
    ----------
    name : str
        Such as ``flat_right_four`` or ``rolled_left_ring``.
    vietnamese : str
        What the operator asks for.
    positions : tuple of Position
        Fingers in it.
    rolled : bool
        Rolled from nail to nail (lăn), not pressed (ấn).
    """

    name: str
    vietnamese: str
    positions: tuple[Position, ...]
    rolled: bool

    def wanted(self, missing: Collection[int]) -> tuple[Position, ...]:
        """The fingers that are to be captured when some are missing."""
        return tuple(one for one in self.positions if one not in missing)


FINGERS = tuple(one for one in Position if one is not Position.UNKNOWN)


def _rolled(position: Position) -> Frame:
    name = f"rolled_{position.name.lower()}"
    return Frame(name, f"lăn {position.vietnamese}", (position,), True)


#: Every frame, in order.
FRAMES = (
    Frame("flat_right_four", "ấn phẳng bốn ngón tay phải", FINGERS[1:5], False),
    Frame("flat_left_four", "ấn phẳng bốn ngón tay trái", FINGERS[6:10], False),
    Frame("flat_thumbs", "ấn phẳng hai ngón cái", (FINGERS[0], FINGERS[5]), False),
    *map(_rolled, FINGERS),
)
_BY_NAME = {frame.name: frame for frame in FRAMES}


def frame_of(name: str | Frame) -> Frame:
    """A frame by name; `FieldError` for any other name."""
    found = _BY_NAME.get(name.name if isinstance(name, Frame) else name)
    if found is None:
        raise FieldError("frame", "no such frame")
    return found


class MissingReason(StrEnum):
    """Why a finger gives no print (tình trạng của ngón tay không thu nhận được)."""

    AMPUTATED = "amputated"
    BANDAGED = "bandaged"
    INJURED = "injured"
    DEFORMED = "deformed"
    PARALYSED = "paralysed"
    WORN = "worn"
    OTHER = "other"

    @property
    def vietnamese(self) -> str:
        """What the form says."""
        return _REASONS[self]

    @property
    def passes(self) -> bool:
        """Whether the finger may give a print on another day."""
        return self in (MissingReason.BANDAGED, MissingReason.INJURED)


_REASONS = {
    MissingReason.AMPUTATED: "cụt ngón",
    MissingReason.BANDAGED: "đang băng bó",
    MissingReason.INJURED: "bị thương",
    MissingReason.DEFORMED: "dị tật",
    MissingReason.PARALYSED: "liệt, co quắp",
    MissingReason.WORN: "mòn, không còn vân",
    MissingReason.OTHER: "lý do khác",
}


class Exceptional(StrEnum):
    """Why a citizen is enrolled in another way than the others."""

    ELDERLY = "elderly"  #: già yếu
    ILL = "ill"  #: ốm đau
    DISABLED = "disabled"  #: khuyết tật, không đi lại được
    HOME_VISIT = "home_visit"  #: thu nhận tại nhà
    NO_USABLE_FINGER = "no_usable_finger"  #: không có ngón nào lấy được vân tay
    POOR_PRINTS = "poor_prints"  #: vân tay không đạt sau nhiều lần lấy
    IRIS = "iris"  #: thu nhận mống mắt thay thế
    REPRESENTATIVE = "representative"  #: có người đại diện hợp pháp
    OTHER = "other"  #: khác
