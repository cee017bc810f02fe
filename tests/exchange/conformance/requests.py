"""Requests as MOSIP's registration processor writes them (ABIS API 0.9)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

Request = dict[str, Any]


def identifier() -> str:
    """A new id, of a request or of a person; in capitals, as the examples of the API are."""
    return str(uuid.uuid4()).upper()


def now() -> str:
    """The time as all messages have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _request(operation: str, **fields: Any) -> Request:
    return {
        "id": f"mosip.abis.{operation}",
        "version": "1.1",
        "requestId": identifier(),
        "requesttime": now(),
        **fields,
    }


def insert(reference: str, url: str) -> Request:
    """Store the person whose biometrics are behind a URL."""
    return _request("insert", referenceId=reference, referenceURL=url)


def identify(
    reference: str | None,
    *,
    gallery: Iterable[str] | None = None,
    url: str = "",
    most: int = 30,
    fpir: int = 30,
) -> Request:
    """Who else is this? ``fpir`` in -10 log10, as MOSIP writes it: 30 is one in a thousand."""
    made = _request(
        "identify", referenceUrl=url, flags={"maxResults": str(most), "targetFPIR": str(fpir)}
    )
    if reference is not None:
        made["referenceId"] = reference
    if gallery is not None:
        made["gallery"] = {"referenceIds": [{"referenceId": one} for one in gallery]}
    return made


def delete(reference: str) -> Request:
    """Forget a person."""
    return _request("delete", referenceId=reference)


def ping() -> Request:
    """Are you there?"""
    return _request("ping")


def pending_jobs() -> Request:
    """How many requests wait?"""
    return _request("pendingJobs")


def reference_count() -> Request:
    """How many people are stored?"""
    return _request("referenceCount")


def without(request: Request, *keys: str) -> Request:
    """The same, less some of its fields."""
    return {key: value for key, value in request.items() if key not in keys}


def changed(request: Request, **fields: Any) -> Request:
    """The same with other values, or with fields that the API does not know."""
    return {**request, **fields}
