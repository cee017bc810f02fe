"""What is said of a slap: its fingers, where they lie, and what is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from civid.fingerprint.image import FingerImage
from civid.position import Position


class SlapPosition(IntEnum):
    """What a picture shows, with the numbers of ANSI/NIST-ITL 1-2011 table 8.

    >>> SlapPosition(13).fingers[0]
    <Position.RIGHT_INDEX: 2>
    """

    PLAIN_RIGHT_THUMB = 11
    PLAIN_LEFT_THUMB = 12
    RIGHT_FOUR = 13
    LEFT_FOUR = 14
    THUMBS = 15

    @property
    def fingers(self) -> tuple[Position, ...]:
        """Its fingers from left to right, as they lie in the picture."""
        return FINGERS[self]


FINGERS: Final = {
    SlapPosition.PLAIN_RIGHT_THUMB: (Position.RIGHT_THUMB,),
    SlapPosition.PLAIN_LEFT_THUMB: (Position.LEFT_THUMB,),
    SlapPosition.RIGHT_FOUR: tuple(Position(k) for k in (2, 3, 4, 5)),
    SlapPosition.LEFT_FOUR: tuple(Position(k) for k in (10, 9, 8, 7)),
    SlapPosition.THUMBS: (Position.LEFT_THUMB, Position.RIGHT_THUMB),
}


class Hand(StrEnum):
    """Whose fingers they are."""

    RIGHT = "right"
    LEFT = "left"
    BOTH = "both"  #: two thumbs
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """What is wrong with a slap or with one of its fingers."""

    NO_FINGERS = "no-fingers"
    TOO_FEW = "too-few-fingers"
    TOO_MANY = "too-many-fingers"
    POSITIONS_UNKNOWN = "positions-unknown"
    HAND_UNKNOWN = "hand-unknown"
    OTHER_HAND = "other-hand"
    NOT_A_HAND = "not-a-hand"
    ROTATED = "rotated"
    TOUCHING = "touching"
    CUT_OFF = "cut-off"
    OTHER_PRINTS = "other-prints"
    DARK_GROUND = "dark-ground"

    def advice(self, language: str = "en") -> str:
        """One sentence for the operator.

        >>> Fault.TOUCHING.advice("vi")
        'Các ngón chạm nhau: hãy xoè nhẹ các ngón ra.'
        """
        return _ADVICE[self][language == "vi"]


_ADVICE: Final = {
    Fault.NO_FINGERS: (
        "No print was found: place the fingers flat on the glass.",
        "Không thấy vân tay: hãy đặt các ngón nằm phẳng trên mặt kính.",
    ),
    Fault.TOO_FEW: (
        "Fewer fingers were found than expected: place all of them, or say which are missing.",
        "Thiếu ngón: hãy đặt đủ các ngón, hoặc ghi rõ ngón nào không lấy được.",
    ),
    Fault.TOO_MANY: (
        "More fingers were found than stated: check which fingers are said to be missing.",
        "Thừa ngón so với khai báo: hãy kiểm tra lại các ngón đã ghi là không lấy được.",
    ),
    Fault.POSITIONS_UNKNOWN: (
        "Which finger is which cannot be told: say which are missing.",
        "Không xác định được ngón nào là ngón nào: hãy ghi rõ các ngón không lấy được.",
    ),
    Fault.HAND_UNKNOWN: (
        "Which hand it is cannot be told: say it.",
        "Không xác định được tay phải hay tay trái: hãy chỉ rõ.",
    ),
    Fault.OTHER_HAND: (
        "This looks like the other hand: check, and capture again.",
        "Có vẻ là tay còn lại: hãy kiểm tra và lấy lại.",
    ),
    Fault.NOT_A_HAND: (
        "The prints do not lie like the fingers of one hand: look at the picture.",
        "Các vân tay không nằm như các ngón của một bàn tay: hãy xem lại ảnh.",
    ),
    Fault.ROTATED: (
        "Turn the hand until the fingers point upwards.",
        "Xoay bàn tay sao cho các ngón hướng lên trên.",
    ),
    Fault.TOUCHING: (
        "Fingers touch each other: spread them slightly.",
        "Các ngón chạm nhau: hãy xoè nhẹ các ngón ra.",
    ),
    Fault.CUT_OFF: (
        "A finger lies partly outside the picture: move the hand to the middle.",
        "Có ngón nằm ngoài ảnh: hãy đưa bàn tay vào giữa.",
    ),
    Fault.OTHER_PRINTS: (
        "There are other prints in the picture: clean the glass, or look at the cut fingers.",
        "Trong ảnh còn vết vân khác: hãy lau mặt kính, hoặc xem lại các ngón đã tách.",
    ),
    Fault.DARK_GROUND: (
        "The ground is darker than the prints: if the ridges are light, invert the picture.",
        "Nền ảnh tối hơn vân tay: nếu đường vân màu sáng, hãy đảo sáng tối của ảnh.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes
    ----------
    fault : Fault
        What.
    finger : int or None
        Index into `Slap.fingers`; None = the whole picture.
    """

    fault: Fault
    finger: int | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that stands along a finger. Px of the picture; its first corner is (0, 0).

    Attributes
    ----------
    x, y : float
        Its middle, right and down.
    width, height : float
        Across and along the finger.
    angle : float
        Radians counter-clockwise as seen, 0 = the finger points up.

    Examples
    --------
    >>> Box(50.0, 40.0, 20.0, 30.0, 0.0).upright
    (40, 25, 60, 55)
    """

    x: float
    y: float
    width: float
    height: float
    angle: float

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Top left, top right, bottom right, bottom left, as the finger sees them."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        half = self.width / 2, self.height / 2
        return tuple(
            (
                self.x + cosine * a * half[0] + sine * b * half[1],
                self.y - sine * a * half[0] + cosine * b * half[1],
            )
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        )

    @property
    def upright(self) -> tuple[int, int, int, int]:
        """The smallest rectangle without rotation around it: left, top, right, bottom."""
        x, y = zip(*self.corners, strict=True)
        return math.floor(min(x)), math.floor(min(y)), math.ceil(max(x)), math.ceil(max(y))


@dataclass(frozen=True, slots=True, eq=False)
class SlapFinger:
    """One finger of a slap.

    Attributes
    ----------
    position : Position
        Which finger; `Position.UNKNOWN` where it cannot be told.
    box : Box
        Where its last phalanx lies.
    image : FingerImage
        Cut out and turned upright, at the resolution of the slap.
    quality : int
        0..100, civid's own of the cut print.
    """

    position: Position
    box: Box
    image: FingerImage
    quality: int

    def __repr__(self) -> str:
        return f"SlapFinger({self.position.name}, quality {self.quality}, {self.image!r})"


@dataclass(frozen=True, slots=True, eq=False)
class Slap:
    """What a picture of several fingers holds.

    Attributes
    ----------
    fingers : tuple of SlapFinger
        From left to right.
    hand : Hand
        Given with the position, or told from the picture.
    hand_given : bool
        The caller said which hand it is.
    hand_confidence : float
        Of what the picture itself says about the hand, 0.5 (nothing) .. 1; 0.5 unless four
        fingers were found.
    angle : float
        Of the whole hand: radians counter-clockwise from upright; 0 where no finger was found.
    findings : tuple of Finding
        What is wrong; empty for a good slap.
    """

    fingers: tuple[SlapFinger, ...]
    hand: Hand
    hand_given: bool
    hand_confidence: float
    angle: float
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> frozenset[Fault]:
        """What is wrong, without where."""
        return frozenset(finding.fault for finding in self.findings)

    def __repr__(self) -> str:
        return f"Slap({len(self.fingers)} fingers, {self.hand.value} hand)"
