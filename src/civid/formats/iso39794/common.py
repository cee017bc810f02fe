"""The blocks of ISO/IEC 39794-1:2019 that records of all parts are made of.

Tags, ranges and codes are those of the module ``ISO-IEC-39794-1-ed-1-v1`` as ICAO published it
with its application profile of part 5; that profile leaves only the extension block of each
coded value, part 1 itself has the plain code as well.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field

from civid.formats._reader import Finding
from civid.formats.iso39794.choices import CodeChoice, Coded, ScoreChoice
from civid.formats.iso39794.primitives import Integer, Octets, Place, fault
from civid.formats.iso39794.structures import Member, Sequence, SequenceOf

#: A score of 0 to 100, or a `Coded` error: code 0 = failure to assess.
Score = int | Coded


@dataclass(frozen=True, slots=True)
class Version:
    """VersionBlock: the generation (3 = the first of this series) and the year of the edition."""

    generation: int = 3
    year: int = 2019
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RegistryId:
    """RegistryIdBlock: a registered organization and a number that it gave, each 1 to 65535."""

    organization: int
    id: int


@dataclass(frozen=True, slots=True)
class DateTime:
    """DateTimeBlock: as much of a date and time as is known."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    millisecond: int | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """QualityBlock: what an algorithm says of a sample."""

    algorithm: RegistryId
    score: Score
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PadScore:
    """PADScoreBlock: what a mechanism of attack detection says of a sample."""

    mechanism: RegistryId
    score: Score
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ExtendedData:
    """ExtendedDataBlock: data of a type that an organization registered; not interpreted."""

    type: RegistryId
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pad:
    """PADDataBlock: what is known of presentation attack detection; None = not in the record.

    ``decision`` by `PAD_DECISIONS`, ``context`` by `CAPTURE_CONTEXTS`, ``supervision`` by
    `SUPERVISION_LEVELS`, ``criteria`` by `CRITERIA_CATEGORIES`, ``risk`` 0 to 100.
    """

    decision: Coded | None = None
    scores: tuple[PadScore, ...] | None = None
    extended_data: tuple[ExtendedData, ...] | None = field(default=None, repr=False)
    context: Coded | None = None
    supervision: Coded | None = None
    risk: int | None = None
    criteria: Coded | None = None
    parameter: bytes | None = field(default=None, repr=False)
    challenges: tuple[bytes, ...] | None = field(default=None, repr=False)
    captured: DateTime | None = field(default=None, repr=False)
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Point:
    """CoordinateCartesian2DUnsignedShortBlock: px from the top left corner."""

    x: int
    y: int


PAD_DECISIONS = {0: "no attack", 1: "attack", 2: "failure to assess"}
CAPTURE_CONTEXTS = {0: "enrolment", 1: "verification", 2: "identification"}
SUPERVISION_LEVELS = {
    0: "unknown",
    1: "controlled",
    2: "assisted",
    3: "observed",
    4: "unattended",
}
CRITERIA_CATEGORIES = {0: "unknown", 1: "individual", 2: "common"}


def _calendar(value: DateTime, place: Place) -> Iterator[Finding]:
    if value.day is None or value.month is None or not 1 <= value.month <= 12:
        return
    if not 1 <= value.year <= 9999:  # year 0 has no calendar here
        return
    if value.day > calendar.monthrange(value.year, value.month)[1]:
        yield fault((*place, "day"), "the month has no such day")


_ID = Integer(1, 65535)

VERSION = Sequence(
    Version,
    Member(0, "generation", "generation", Integer(3, 65535)),
    Member(1, "year", "year", Integer(2019, 9999)),
)
REGISTRY_ID = Sequence(
    RegistryId,
    Member(0, "organization", "organization", _ID),
    Member(1, "id", "id", _ID),
    extensible=False,
)
DATE_TIME = Sequence(
    DateTime,
    Member(0, "year", "year", Integer(0, 9999)),
    Member(1, "month", "month", Integer(1, 12), optional=True),
    Member(2, "day", "day", Integer(1, 31), optional=True),
    Member(3, "hour", "hour", Integer(0, 23), optional=True),
    Member(4, "minute", "minute", Integer(0, 59), optional=True),
    Member(5, "second", "second", Integer(0, 59), optional=True),
    Member(6, "millisecond", "millisecond", Integer(0, 999), optional=True),
    extensible=False,
    more=_calendar,
)
SCORE = ScoreChoice()
QUALITIES = SequenceOf(
    Sequence(
        Quality,
        Member(0, "algorithmIdBlock", "algorithm", REGISTRY_ID),
        Member(1, "scoreOrError", "score", SCORE),
    )
)
EXTENDED_DATA = SequenceOf(
    Sequence(
        ExtendedData,
        Member(0, "dataTypeIdBlock", "type", REGISTRY_ID),
        Member(1, "data", "data", Octets()),
        extensible=False,
    )
)
_PAD_SCORES = SequenceOf(
    Sequence(
        PadScore,
        Member(0, "mechanismIdBlock", "mechanism", REGISTRY_ID),
        Member(1, "scoreOrError", "score", SCORE),
    )
)
PAD = Sequence(
    Pad,
    Member(0, "decision", "decision", CodeChoice(PAD_DECISIONS), optional=True),
    Member(1, "scoreBlocks", "scores", _PAD_SCORES, optional=True),
    Member(2, "extendedDataBlocks", "extended_data", EXTENDED_DATA, optional=True),
    Member(3, "captureContext", "context", CodeChoice(CAPTURE_CONTEXTS), optional=True),
    Member(4, "supervisionLevel", "supervision", CodeChoice(SUPERVISION_LEVELS), optional=True),
    Member(5, "riskLevel", "risk", Integer(0, 100), optional=True),
    Member(6, "criteriaCategory", "criteria", CodeChoice(CRITERIA_CATEGORIES), optional=True),
    Member(7, "parameter", "parameter", Octets(), optional=True),
    Member(8, "challenges", "challenges", SequenceOf(Octets()), optional=True),
    Member(9, "captureDateTimeBlock", "captured", DATE_TIME, optional=True),
)
POINTS = SequenceOf(
    Sequence(
        Point,
        Member(0, "x", "x", Integer(0, 65535)),
        Member(1, "y", "y", Integer(0, 65535)),
        extensible=False,
    )
)
