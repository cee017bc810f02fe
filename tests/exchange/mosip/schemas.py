"""What answers of the ABIS API look like, written down from the rules of its conformance kit."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}


def whole(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object with these keys and no other."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


#: Any further keys may stand beside these; texts, all of them.
ANALYTICS = {
    "type": "object",
    "properties": {"confidence": TEXT, "internalScore": TEXT},
    "required": ["confidence", "internalScore"],
    "additionalProperties": TEXT,
}
MODALITY = whole(
    {"biometricType": {"enum": ["FID", "FIR", "IIR"]}, "analytics": ANALYTICS},
)
CANDIDATE = whole(
    {
        "referenceId": TEXT,
        "analytics": ANALYTICS,
        "modalities": {"type": "array", "items": MODALITY, "minItems": 1},
    }
)
CANDIDATES = whole(
    {"count": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}},
    {"candidates": {"type": ["array", "null"], "items": CANDIDATE}},
)
_TIME = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
}
_COMMON = {"id": TEXT, "requestId": TEXT, "responsetime": _TIME}
FAILURE = whole(
    {
        **_COMMON,
        "returnValue": {"const": "2"},
        "failureReason": {"enum": [str(number) for number in range(1, 19)]},
    }
)
DONE = whole({**_COMMON, "returnValue": {"const": "1"}})
SUCCESS = {
    "insert": DONE,
    "delete": DONE,
    "ping": DONE,
    "identify": whole({**_COMMON, "returnValue": {"const": "1"}, "candidateList": CANDIDATES}),
    "pendingJobs": whole(
        {**_COMMON, "returnValue": {"const": "1"}, "jobscount": CANDIDATES["properties"]["count"]}
    ),
    "referenceCount": whole(
        {**_COMMON, "returnValue": {"const": "1"}, "count": CANDIDATES["properties"]["count"]}
    ),
}
