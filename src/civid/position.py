"""Finger positions (vị trí ngón tay), as numbered by ISO/IEC 19794-2:2005 table 3."""

from __future__ import annotations

from enum import IntEnum

_VIETNAMESE = ("cái", "trỏ", "giữa", "áp út", "út")


class Position(IntEnum):
    """Which finger a print is of. The numbers are those of ISO/IEC 19794 and ANSI/NIST-ITL.

    >>> Position.RIGHT_INDEX
    <Position.RIGHT_INDEX: 2>
    """

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10

    @property
    def word(self) -> str:
        """As it is written in JSON and on the command line.

        >>> Position.RIGHT_INDEX.word
        'right-index'
        """
        return self.name.lower().replace("_", "-")

    @property
    def vietnamese(self) -> str:
        """In Vietnamese, as forms and pages say it.

        >>> Position.RIGHT_INDEX.vietnamese
        'ngón trỏ phải'
        """
        if self is Position.UNKNOWN:
            return "không rõ ngón"
        side = "phải" if self <= Position.RIGHT_LITTLE else "trái"
        return f"ngón {_VIETNAMESE[(self - 1) % 5]} {side}"
