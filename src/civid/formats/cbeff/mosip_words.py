"""MOSIP's words for body parts: ``Left IndexFinger`` <-> `civid.position.Position`."""

from __future__ import annotations

from civid.position import Position

_FINGERS = ("Thumb", "IndexFinger", "MiddleFinger", "RingFinger", "LittleFinger")
#: The two words of each finger; thumbs have no "Finger" behind them.
SUBTYPES: dict[Position, tuple[str, str]] = {
    Position(number): ("Right" if number < 6 else "Left", _FINGERS[(number - 1) % 5])
    for number in range(1, 11)
}
_POSITIONS = {frozenset(words): position for position, words in SUBTYPES.items()}

#: Words that the schema allows.
TYPES = frozenset(
    ("Scent", "DNA", "Ear", "Face", "Finger", "Foot", "HandGeometry", "Vein", "Iris", "Retina",
     "Voice", "Gait", "Keystroke", "LipMovement", "SignatureSign", "Palm", "BackOfHand", "Wrist",
     "ExceptionPhoto")
)  # fmt: skip
SUBTYPE_WORDS = frozenset(("Left", "Right", *_FINGERS))
VEIN_WORDS = frozenset(
    ("LeftVein", "RightVein", "Palm", "BackOfHand", "Wrist", "Reserved1", "Reserved2")
)
LEVELS = ("Raw", "Intermediate", "Processed")
PURPOSES = ("Verify", "Identify", "Enroll", "EnrollVerify", "EnrollIdentify", "Audit")


def subtype_of(position: Position) -> tuple[str, ...]:
    """The words of a finger; none for an unknown one.

    >>> subtype_of(Position.LEFT_INDEX), subtype_of(Position.RIGHT_THUMB)
    (('Left', 'IndexFinger'), ('Right', 'Thumb'))
    """
    return SUBTYPES.get(position, ())


def position_of(subtypes: tuple[str, ...] | None) -> Position:
    """The one finger that words name, in either order; UNKNOWN for none or several.

    >>> position_of(("Left", "IndexFinger"))
    <Position.LEFT_INDEX: 7>
    >>> position_of(("Right", "IndexFinger", "MiddleFinger"))
    <Position.UNKNOWN: 0>
    """
    return _POSITIONS.get(frozenset(subtypes or ()), Position.UNKNOWN)


def names_fingers(subtypes: tuple[str, ...] | None) -> bool:
    """Whether words name a hand and a finger: one, or several as a slap has them."""
    words = set(subtypes or ())
    return bool(words & {"Left", "Right"}) and bool(words.intersection(_FINGERS))
