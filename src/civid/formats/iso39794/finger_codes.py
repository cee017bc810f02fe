"""The code tables of ISO/IEC 39794-4:2019.

The codes are those of the module ``ISO-IEC-39794-4-ed-1-v2``; each table has the numbers that
its ENUMERATED names, so a number between them is no code of this edition.
"""

from __future__ import annotations

_RIGHT_FINGERS = ("right thumb", "right index", "right middle", "right ring", "right little")
_LEFT_FINGERS = ("left thumb", "left index", "left middle", "left ring", "left little")
_PALM_PARTS = (
    "full palm",
    "writer's palm",
    "lower palm",
    "upper palm",
    "other palm",
    "interdigital",
    "thenar",
    "hypothenar",
)
_SEVERAL = (  # from 40
    "right index and middle",
    "right middle and ring",
    "right ring and little",
    "left index and middle",
    "left middle and ring",
    "left ring and little",
    "right index and left index",
    "right index, middle and ring",
    "right middle, ring and little",
    "left index, middle and ring",
    "left middle, ring and little",
    "right four fingertips",
    "left four fingertips",
    "right fingertips",
    "left fingertips",
    "left middle and index, right index and middle",
)
_TOES = ("big toe", "second toe", "middle toe", "fourth toe", "little toe")
_FEET = (  # from 74
    "right front ball of foot",
    "right back heel of foot",
    "left front ball of foot",
    "left back heel of foot",
    "right middle of foot",
    "left middle of foot",
)
_WRISTS = (  # from 81
    "right carpal delta",
    "left carpal delta",
    "right full palm with writer's palm",
    "left full palm with writer's palm",
    "right bracelet",
    "left bracelet",
)

#: PositionCode: what part of the skin an image shows.
POSITIONS: dict[int, str] = {
    0: "unknown position",
    **dict(enumerate(_RIGHT_FINGERS + _LEFT_FINGERS, 1)),
    13: "right four fingers",
    14: "left four fingers",
    15: "both thumbs",
    16: "right extra digit",
    17: "left extra digit",
    18: "unknown friction ridge",
    19: "entire joint image",
    20: "unknown palm",
    **{21 + at: f"right {part}" for at, part in enumerate(_PALM_PARTS)},
    **{29 + at: f"left {part}" for at, part in enumerate(_PALM_PARTS)},
    37: "right grasp",
    38: "left grasp",
    **dict(enumerate(_SEVERAL, 40)),
    60: "unknown sole",
    61: "right sole",
    62: "left sole",
    63: "unknown toe",
    **{64 + at: f"right {toe}" for at, toe in enumerate(_TOES)},
    **{69 + at: f"left {toe}" for at, toe in enumerate(_TOES)},
    **dict(enumerate(_FEET, 74)),
    **dict(enumerate(_WRISTS, 81)),
    999: "other position",
}

#: ImpressionCode: how the skin was captured.
IMPRESSIONS: dict[int, str] = {
    0: "plain contact",
    1: "rolled contact",
    4: "latent image",
    8: "swipe contact",
    24: "stationary subject contactless plain",
    25: "stationary subject contactless rolled",
    28: "other impression",
    29: "unknown impression",
    41: "moving subject contactless plain",
    42: "moving subject contactless rolled",
}

#: ImageDataFormatCode: in which format the image data is.
IMAGE_FORMATS: dict[int, str] = {
    0: "PGM",
    1: "WSQ",
    2: "JPEG 2000 lossy",
    3: "JPEG 2000 lossless",
    4: "PNG",
}

#: CaptureDeviceTechnologyIdCode; 8 is not given.
TECHNOLOGIES: dict[int, str] = {
    0: "unknown",
    1: "other",
    2: "scanned ink on paper",
    3: "optical TIR bright field",
    4: "optical TIR dark field",
    5: "optical image",
    6: "optical low frequency 3D mapped",
    7: "optical high frequency 3D mapped",
    9: "capacitive",
    10: "capacitive RF",
    11: "electroluminescence",
    12: "reflected ultrasonic",
    13: "impediographic ultrasonic",
    14: "thermal",
    15: "direct pressure",
    16: "indirect pressure",
    17: "live tape",
    18: "latent impression",
    19: "latent photo",
    20: "latent molded",
    21: "latent tracing",
    22: "latent lift",
}

#: AnnotationReasonCode: why a finger is not as it should be.
REASONS: dict[int, str] = {
    0: "unknown",
    1: "other",
    2: "amputated",
    3: "unable to print",
    4: "bandaged",
    5: "physically challenged",
    6: "diseased",
}

#: UnitDimensionCode: what samples are counted on.
UNITS: dict[int, str] = {0: "inch", 1: "cm"}
