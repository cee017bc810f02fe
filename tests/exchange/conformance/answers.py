"""What an answer must look like: the API's rules, and those of the toolkit's stricter schemas."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator

#: UUIDs have 36 characters.
_LONGEST = 128
_TEXT = {"type": "string"}
_COMMON: dict[str, Any] = {
    "id": _TEXT,
    "requestId": _TEXT,
    "responsetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},
}
_ANALYTICS = {
    "type": "object",
    "required": ["confidence", "internalScore"],
    "additionalProperties": _TEXT,
}
_CANDIDATE = {
    "type": "object",
    "required": ["referenceId", "analytics", "modalities"],
    "additionalProperties": False,
    "properties": {
        "referenceId": _TEXT,
        "analytics": _ANALYTICS,
        "modalities": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["biometricType", "analytics"],
                "additionalProperties": False,
                "properties": {"biometricType": _TEXT, "analytics": _ANALYTICS},
            },
        },
    },
}
_COUNT = {"type": "string", "pattern": r"^\d+$"}
_EXTRA: dict[str, dict[str, Any]] = {
    "mosip.abis.identify": {
        "candidateList": {
            "type": "object",
            "required": ["count", "candidates"],
            "additionalProperties": False,
            "properties": {
                "count": _COUNT,
                "candidates": {"type": ["array", "null"], "items": _CANDIDATE},
            },
        }
    },
    "mosip.abis.pendingJobs": {"jobscount": _COUNT},
    "mosip.abis.referenceCount": {"count": _COUNT},
}


def check(answer: Any, request: dict[str, Any]) -> None:
    """Raise if an answer has not the form that its request asks for.

    Raises
    ------
    AssertionError
        Of another form, of another request, or the count of candidates is wrong.
    """
    failed = isinstance(answer, dict) and answer.get("returnValue") == "2"
    extra: dict[str, Any] = (
        {"failureReason": _COUNT} if failed else _EXTRA.get(str(request.get("id")), {})
    )
    properties = {**_COMMON, "returnValue": {"enum": ["2" if failed else "1"]}, **extra}
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    problems = [error.message for error in Draft202012Validator(schema).iter_errors(answer)]
    assert not problems, problems
    datetime.fromisoformat(answer["responsetime"].replace("Z", "+00:00"))
    assert answer["id"] == str(request.get("id", "")), "the answer has another id"
    asked = request.get("requestId")
    if isinstance(asked, str) and len(asked) <= _LONGEST:  # longer ones need not be repeated
        assert answer["requestId"] == asked, "an answer to another request"
    if "candidateList" in answer:
        listed = answer["candidateList"]
        assert int(listed["count"]) == len(listed["candidates"] or ()), "a wrong count"


def candidates(answer: dict[str, Any]) -> list[str]:
    """Ids of those found, in their order."""
    return [one["referenceId"] for one in answer["candidateList"]["candidates"] or ()]
