"""What is answered: the documents of the routes, with an example each for the description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from civid.fingerprint.template import Template
from civid.position import Position

_PERSON = "0b1f6d0e-2f6e-4f0b-9a34-3f2f5a2c7c11"
_INDEX = {"position": "right-index", "minutiae": 41, "quality": 68}
_FOUND = {
    "person": _PERSON, "score": 186.2, "by_chance": 2.4e-15, "swapped": False,
    "fingers": [{"probe": "right-index", "reference": "right-index", "score": 186.2}],
}  # fmt: skip


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class Finger(BaseModel):
    """A finger that is enrolled."""

    position: str = Field(description="`right-thumb` ... `left-little`, or `unknown`")
    minutiae: int = Field(description="How many minutiae were found")
    quality: int = Field(description="0 (useless) to 100 (perfect)")


class Person(BaseModel):
    """Who is there, and with which fingers."""

    model_config = _example(person=_PERSON, fingers=[_INDEX])
    person: str
    fingers: list[Finger]


class Enrolled(Person):
    """Somebody was enrolled."""

    model_config = _example(person=_PERSON, fingers=[_INDEX], replaced=False)
    replaced: bool = Field(description="Whether this person was there before")


class FingerScore(BaseModel):
    """One of the comparisons that a score is made of."""

    probe: str = Field(description="Finger of the probe")
    reference: str = Field(description="Finger of the person found; another one where swapped")
    score: float


class Candidate(BaseModel):
    """Somebody found by a search."""

    person: str
    score: float = Field(description="-10 log10 of the false match rate, fused over the fingers")
    by_chance: float = Field(
        description="How often a search for somebody who is not enrolled finds a score this good"
    )
    swapped: bool = Field(description="Fingers of different labels were found to be the same")
    fingers: list[FingerScore]


class Searched(BaseModel):
    """Who it may be, best first."""

    model_config = _example(candidates=[_FOUND], searched=10_000, min_score=70.0)
    candidates: list[Candidate]
    searched: int = Field(description="How many people there are")
    min_score: float = Field(description="The least score of a candidate")


class Checked(Searched):
    """Whether somebody was new and is enrolled now, or who is here already."""

    model_config = _example(
        enrolled=False, person=None, candidates=[_FOUND], searched=10_000, min_score=70.0
    )
    enrolled: bool
    person: str | None = Field(description="The id, if they were enrolled")


class Verified(BaseModel):
    """Whether it is the person."""

    model_config = _example(
        same=True, score=186.2, min_score=40.0,
        fingers=[{"probe": "right-index", "reference": "right-index", "score": 186.2}],
    )  # fmt: skip
    same: bool
    score: float | None = Field(description="null: no finger could be compared")
    min_score: float = Field(description="-10 log10 of `max_fmr`; from here on it is the same")
    fingers: list[FingerScore]


class TemplateOf(BaseModel):
    """A template."""

    position: str
    data: str = Field(description="Base64 of the record")


class Templates(BaseModel):
    """The templates of a person."""

    model_config = _example(
        person=_PERSON, format="iso19794-2:2005",
        fingers=[{"position": "right-index", "data": "Rk1SACAyMAAAAAA..."}],
    )  # fmt: skip
    person: str
    format: str
    fingers: list[TemplateOf]


class Info(BaseModel):
    """What this service is."""

    model_config = _example(
        version="0.14", people=10_000, read_only=False, writer="", max_body_bytes=16 << 20,
        max_parts=24, extractor="civid-neural/1",
    )  # fmt: skip
    version: str
    people: int
    read_only: bool
    writer: str = Field(description="Address that takes changes, where this one only reads")
    max_body_bytes: int
    max_parts: int
    extractor: str = Field(description="Who finds the minutiae in images that are sent")


class Why(BaseModel):
    """Why a print is not better, and what to do."""

    code: str
    advice: str
    advice_vi: str


class Quality(BaseModel):
    """How good a print is."""

    model_config = _example(
        decision="retry", quality=14, minutiae=18, area_mm2=96.0,
        reasons=[{
            "code": "too-dry", "advice": "Moisten the finger a little, and press more firmly.",
            "advice_vi": "Làm ẩm nhẹ ngón tay và ấn mạnh hơn.",
        }],
    )  # fmt: skip
    decision: Literal["accept", "retry", "refuse"] = Field(
        description="By the gate of this service; retry = capture it again"
    )
    quality: int = Field(description="0 (useless) to 100 (perfect)")
    minutiae: int
    area_mm2: float
    reasons: list[Why]


class Health(BaseModel):
    """Alive, or ready."""

    status: str


class ProblemDocument(BaseModel):
    """A problem (RFC 9457). Members beyond these tell the field, the byte offset, the limit."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{
            "type": "urn:civid:problem:image", "title": "the image cannot be read",
            "status": 422, "detail": "image: cut short", "code": "image",
            "request_id": "3f9d2c1ab0e45d77", "file": "right-index",
        }]},
    )  # fmt: skip
    type: str = Field(description="`urn:civid:problem:` and the code")
    title: str
    status: int
    detail: str = ""
    code: str = Field(description="Stable, for programs")
    request_id: str = Field(description="To find it in the log; also in X-Request-ID")


def fingers_of(templates: dict[Position, Template]) -> list[Finger]:
    """What is said of fingers; nothing of their templates."""
    return [
        Finger(position=position.word, minutiae=len(one), quality=one.quality)
        for position, one in sorted(templates.items())
    ]
