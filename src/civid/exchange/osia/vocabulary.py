"""Words of OSIA's biometric data, and which finger or slap each of them means."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from civid.fingerprint.slaps import SlapPosition
from civid.position import Position


class BiometricType(StrEnum):
    """What kind of sample it is. civid compares fingers."""

    FACE = "FACE"
    FINGER = "FINGER"
    IRIS = "IRIS"
    SIGNATURE = "SIGNATURE"
    UNKNOWN = "UNKNOWN"


class BiometricSubType(StrEnum):
    """Of what part of the body a sample is."""

    UNKNOWN = "UNKNOWN"
    RIGHT_THUMB = "RIGHT_THUMB"
    RIGHT_INDEX = "RIGHT_INDEX"
    RIGHT_MIDDLE = "RIGHT_MIDDLE"
    RIGHT_RING = "RIGHT_RING"
    RIGHT_LITTLE = "RIGHT_LITTLE"
    LEFT_THUMB = "LEFT_THUMB"
    LEFT_INDEX = "LEFT_INDEX"
    LEFT_MIDDLE = "LEFT_MIDDLE"
    LEFT_RING = "LEFT_RING"
    LEFT_LITTLE = "LEFT_LITTLE"
    PLAIN_RIGHT_FOUR_FINGERS = "PLAIN_RIGHT_FOUR_FINGERS"
    PLAIN_LEFT_FOUR_FINGERS = "PLAIN_LEFT_FOUR_FINGERS"
    PLAIN_THUMBS = "PLAIN_THUMBS"
    UNKNOWN_PALM = "UNKNOWN_PALM"
    RIGHT_FULL_PALM = "RIGHT_FULL_PALM"
    RIGHT_WRITERS_PALM = "RIGHT_WRITERS_PALM"
    LEFT_FULL_PALM = "LEFT_FULL_PALM"
    LEFT_WRITERS_PALM = "LEFT_WRITERS_PALM"
    RIGHT_LOWER_PALM = "RIGHT_LOWER_PALM"
    RIGHT_UPPER_PALM = "RIGHT_UPPER_PALM"
    LEFT_LOWER_PALM = "LEFT_LOWER_PALM"
    LEFT_UPPER_PALM = "LEFT_UPPER_PALM"
    RIGHT_OTHER = "RIGHT_OTHER"
    LEFT_OTHER = "LEFT_OTHER"
    RIGHT_INTERDIGITAL = "RIGHT_INTERDIGITAL"
    RIGHT_THENAR = "RIGHT_THENAR"
    RIGHT_HYPOTHENAR = "RIGHT_HYPOTHENAR"
    LEFT_INTERDIGITAL = "LEFT_INTERDIGITAL"
    LEFT_THENAR = "LEFT_THENAR"
    LEFT_HYPOTHENAR = "LEFT_HYPOTHENAR"
    RIGHT_INDEX_AND_MIDDLE = "RIGHT_INDEX_AND_MIDDLE"
    RIGHT_MIDDLE_AND_RING = "RIGHT_MIDDLE_AND_RING"
    RIGHT_RING_AND_LITTLE = "RIGHT_RING_AND_LITTLE"
    LEFT_INDEX_AND_MIDDLE = "LEFT_INDEX_AND_MIDDLE"
    LEFT_MIDDLE_AND_RING = "LEFT_MIDDLE_AND_RING"
    LEFT_RING_AND_LITTLE = "LEFT_RING_AND_LITTLE"
    RIGHT_INDEX_AND_LEFT_INDEX = "RIGHT_INDEX_AND_LEFT_INDEX"
    RIGHT_INDEX_AND_MIDDLE_AND_RING = "RIGHT_INDEX_AND_MIDDLE_AND_RING"
    RIGHT_MIDDLE_AND_RING_AND_LITTLE = "RIGHT_MIDDLE_AND_RING_AND_LITTLE"
    LEFT_INDEX_AND_MIDDLE_AND_RING = "LEFT_INDEX_AND_MIDDLE_AND_RING"
    LEFT_MIDDLE_AND_RING_AND_LITTLE = "LEFT_MIDDLE_AND_RING_AND_LITTLE"
    EYE_UNDEF = "EYE_UNDEF"
    EYE_RIGHT = "EYE_RIGHT"
    EYE_LEFT = "EYE_LEFT"
    EYE_BOTH = "EYE_BOTH"
    PORTRAIT = "PORTRAIT"
    LEFT_PROFILE = "LEFT_PROFILE"
    RIGHT_PROFILE = "RIGHT_PROFILE"


class CompressionType(StrEnum):
    """How an image is packed; `NONE` is bare pixels, whose size has to be said."""

    NONE = "NONE"
    WSQ = "WSQ"
    JPEG = "JPEG"
    JPEG2000 = "JPEG2000"
    PNG = "PNG"


class ImpressionType(StrEnum):
    """How a print was taken; kept, and not used."""

    LIVE_SCAN_PLAIN = "LIVE_SCAN_PLAIN"
    LIVE_SCAN_ROLLED = "LIVE_SCAN_ROLLED"
    NONLIVE_SCAN_PLAIN = "NONLIVE_SCAN_PLAIN"
    NONLIVE_SCAN_ROLLED = "NONLIVE_SCAN_ROLLED"
    LATENT_IMPRESSION = "LATENT_IMPRESSION"
    LATENT_TRACING = "LATENT_TRACING"
    LATENT_PHOTO = "LATENT_PHOTO"
    LATENT_LIFT = "LATENT_LIFT"
    LIVE_SCAN_SWIPE = "LIVE_SCAN_SWIPE"
    LIVE_SCAN_VERTICAL_ROLL = "LIVE_SCAN_VERTICAL_ROLL"
    LIVE_SCAN_PALM = "LIVE_SCAN_PALM"
    NONLIVE_SCAN_PALM = "NONLIVE_SCAN_PALM"
    LATENT_PALM_IMPRESSION = "LATENT_PALM_IMPRESSION"
    LATENT_PALM_TRACING = "LATENT_PALM_TRACING"
    LATENT_PALM_PHOTO = "LATENT_PALM_PHOTO"
    LATENT_PALM_LIFT = "LATENT_PALM_LIFT"
    LIVE_SCAN_OPTICAL_CONTACTLESS_PLAIN = "LIVE_SCAN_OPTICAL_CONTACTLESS_PLAIN"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class Presence(StrEnum):
    """Why a finger is missing."""

    BANDAGED = "BANDAGED"
    AMPUTATED = "AMPUTATED"
    DAMAGED = "DAMAGED"


#: OSIA's template formats -> keys of `civid.formats`.
TEMPLATE_FORMATS: Final = {
    "ISO_19794_2": "iso19794-2:2005",
    "ISO_19794_2_NS": "iso19794-2:2005-card",
    "ISO_19794_2_CS": "iso19794-2:2005-compact-card",
    "ISO_19794_2_2011": "iso19794-2:2011",
    "ANSI_378": "ansi378-2004",
    "ANSI_378_2009": "ansi378-2009",
}

#: OSIA's compressions -> keys of `civid.formats`.
COMPRESSIONS: Final = {
    CompressionType.WSQ: "wsq",
    CompressionType.JPEG: "jpeg",
    CompressionType.JPEG2000: "jp2",
    CompressionType.PNG: "png",
}

#: Single fingers by OSIA's name, which is civid's.
POSITIONS: Final = {BiometricSubType(one.name): one for one in Position}
SUB_TYPES: Final = {one: name for name, one in POSITIONS.items()}


class Several(NamedTuple):
    """A picture of several fingers: the slap it is, and the fingers of it that are not shown."""

    slap: SlapPosition
    unseen: frozenset[Position]


def _several(name: str) -> Several | None:
    """`RIGHT_INDEX_AND_MIDDLE` is a right hand's slap without the ring and the little finger."""
    hand, _, fingers = name.partition("_")
    if hand not in ("RIGHT", "LEFT") or "_AND_" not in fingers or "_LEFT_" in name:
        return None
    slap = SlapPosition.RIGHT_FOUR if hand == "RIGHT" else SlapPosition.LEFT_FOUR
    shown = {Position[f"{hand}_{finger}"] for finger in fingers.split("_AND_")}
    return Several(slap, frozenset(slap.fingers) - shown)


#: Pictures of several fingers. Two index fingers of two hands are no slap, and not among them.
SLAPS: Final = {
    BiometricSubType.PLAIN_RIGHT_FOUR_FINGERS: Several(SlapPosition.RIGHT_FOUR, frozenset()),
    BiometricSubType.PLAIN_LEFT_FOUR_FINGERS: Several(SlapPosition.LEFT_FOUR, frozenset()),
    BiometricSubType.PLAIN_THUMBS: Several(SlapPosition.THUMBS, frozenset()),
} | {one: found for one in BiometricSubType if (found := _several(one.value))}
