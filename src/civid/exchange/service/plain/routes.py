"""The routes, by what they are about; and what they have in common in the description."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from civid.exchange.service.plain.answers import ProblemDocument
from civid.exchange.service.problem import MEDIA_TYPE, OWN

PREFIX = "/civid/v1"

PersonId = Annotated[
    str,
    Path(
        description="Id of the person: a reference of yours, 1 to 128 characters",
        min_length=1, max_length=128, pattern="^[^/\x00-\x1f\x7f\ufffd]+$",
        examples=["0b1f6d0e-2f6e-4f0b-9a34-3f2f5a2c7c11"],
    ),
]  # fmt: skip
MostFound = Annotated[int, Query(alias="limit", description="Most candidates", ge=1, le=100)]
MaxFpir = Annotated[
    float,
    Query(
        description="A search for somebody who is not enrolled may find anybody this often",
        ge=1e-12, lt=1.0,
    ),
]  # fmt: skip
Swapped = Annotated[
    bool, Query(description="Find mixed hands and exchanged fingers, too; takes longer")
]

Responses = dict[int | str, dict[str, Any]]
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
#: The two forms of a body.
FINGERS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "A file a finger, named for it: `right-thumb` ... `left-little`,"
                    " `1` to `10`, `unknown`; or `record`: it says itself which fingers it holds."
                    " Pictures (PNG, BMP, JPEG, TIFF, JPEG 2000, WSQ, PGM), minutiae records and"
                    " finger image records of any standard that civid reads.",
                    "properties": {
                        "right-thumb": _FILE, "right-index": _FILE, "left-thumb": _FILE,
                        "left-index": _FILE, "record": _FILE,
                        "dpi": {
                            "type": "string",
                            "description": "Resolution; goes before what pictures state",
                            "examples": ["500"],
                        },
                    },
                }
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["fingers"],
                    "additionalProperties": False,
                    "properties": {
                        "dpi": {"type": ["number", "null"]},
                        "fingers": {
                            "type": "array", "minItems": 1, "maxItems": 24,
                            "items": {
                                "type": "object",
                                "required": ["data"],
                                "additionalProperties": False,
                                "properties": {
                                    "position": {
                                        "type": ["string", "integer"],
                                        "description": "As files are named; `record` unless given",
                                    },
                                    "data": {"type": "string", "contentEncoding": "base64"},
                                },
                            },
                        },
                    },
                },
                "example": {"fingers": [{"position": "right-index", "data": "iVBORw0KGgo..."}]},
            },
        },
    }
}  # fmt: skip
_ALWAYS = (400, 401, 403, 429, 500, 503)
_BODY = (408, 413, 415, 422)


def problems(*statuses: int, body: bool = False, also: Responses | None = None) -> Responses:
    """The answers of a route that are problems, and others, for its description."""
    wanted = {*_ALWAYS, *statuses, *(_BODY if body else ())}
    found: Responses = dict(also or {})
    for status in sorted(wanted):
        codes = [f"`{code}`: {title}" for code, (number, title) in OWN.items() if number == status]
        found[status] = {
            "description": "; ".join(codes) or _OTHER[status],
            "content": {MEDIA_TYPE: {"schema": ProblemDocument.model_json_schema()}},
        }
    return found


_OTHER = {404: "no such person", 501: "an optional package is missing here"}


def routers() -> tuple[APIRouter, ...]:
    """The routers of plain civid."""
    from civid.exchange.service.plain import office, people, search

    return people.router, search.router, office.router
