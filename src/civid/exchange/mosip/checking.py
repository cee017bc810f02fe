"""Is this a request? Checked in the order in which MOSIP's own mock checks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civid.errors import SubjectIdError
from civid.exchange.mosip.policy import MAX_TARGET, Policy
from civid.exchange.mosip.words import (
    DELETE,
    IDENTIFY,
    INSERT,
    OPERATIONS,
    VERSION,
    Reason,
    RefusedError,
    is_time,
)
from civid.search.fingers import subject_id

#: Ids of a gallery; regproc sends those of people with the same name and birth date.
MAX_GALLERY = 10_000
MAX_URL = 4096
_MAX_FLAGS = 50
_COMMON = frozenset(("id", "version", "requestId", "requesttime"))
#: Both spellings are in use: the text of the API has the first, its Java classes the second.
_URLS = ("referenceURL", "referenceUrl")
_KNOWN = {
    INSERT: _COMMON | {"referenceId", *_URLS},
    IDENTIFY: _COMMON | {"referenceId", *_URLS, "gallery", "flags"},
    DELETE: _COMMON | {"referenceId"},
}
#: Those that a writer may leave empty in any request.
_EVERYWHERE = _KNOWN[IDENTIFY]


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """A request that can be served."""

    operation: str
    request: str
    reference: str
    url: str
    #: Ids to search among; None = everybody.
    gallery: tuple[str, ...] | None
    most: int
    max_fpir: float
    digest: bytes


def checked(message: object, policy: Policy) -> Request:
    """The request, or `RefusedError` with the first thing that is wrong with it."""
    if not isinstance(message, dict) or not all(isinstance(key, str) for key in message):
        raise RefusedError(Reason.INVALID_STRUCTURE)
    operation = message.get("id")
    if operation not in OPERATIONS:
        raise RefusedError(Reason.INVALID_ID)
    if message.get("version") != VERSION:
        raise RefusedError(Reason.INVALID_VERSION)
    request = _id(message.get("requestId"), Reason.MISSING_REQUEST_ID)
    when = message.get("requesttime")
    if _is_blank(when):
        raise RefusedError(Reason.MISSING_REQUEST_TIME)
    if not isinstance(when, str) or not is_time(when):
        raise RefusedError(Reason.INVALID_REQUEST_TIME)
    reference, url = "", ""
    if operation in _KNOWN:
        url = _url(message) if operation != DELETE else ""
        given = message.get("referenceId")
        if operation != IDENTIFY or not url or not _is_blank(given):
            reference = _id(given, Reason.MISSING_REFERENCE_ID)
        if operation == INSERT and not url:
            raise RefusedError(Reason.MISSING_REFERENCE_URL)
    known = _KNOWN.get(operation, _COMMON)
    for key, value in message.items():
        if key not in known and not (key in _EVERYWHERE and _is_blank(value)):
            raise RefusedError(Reason.INVALID_STRUCTURE)
        if key in _URLS and not isinstance(value, str | None):  # in use or not
            raise RefusedError(Reason.INVALID_STRUCTURE)
    gallery = most = fpir = None
    if operation == IDENTIFY:
        gallery = _gallery(message.get("gallery"))
        most, fpir = _flags(message.get("flags"))
    return Request(
        operation, request, reference, url, gallery,
        min(policy.max_results if most is None else most, policy.most_results),
        10 ** (-(policy.target_fpir if fpir is None else fpir) / 10),
        _digest(message),
    )  # fmt: skip


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _id(value: object, missing: Reason) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RefusedError(missing)
    try:
        return subject_id(value)
    except SubjectIdError:
        raise RefusedError(Reason.INVALID_STRUCTURE) from None


def _url(message: Mapping[str, Any]) -> str:
    given = [message[key] for key in _URLS if not _is_blank(message.get(key))]
    given = [one for one in given if isinstance(one, str)]
    if len(set(given)) > 1 or any(len(one) > MAX_URL for one in given):
        raise RefusedError(Reason.INVALID_STRUCTURE)
    return given[0] if given else ""


def _gallery(value: object) -> tuple[str, ...] | None:
    """The ids of a gallery. One that names nobody is none: MOSIP's mock searches everybody."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) - {"referenceIds"}:
        raise RefusedError(Reason.INVALID_STRUCTURE)
    entries = value.get("referenceIds")
    if entries is None:
        return None
    if not isinstance(entries, list) or len(entries) > MAX_GALLERY:
        raise RefusedError(Reason.INVALID_STRUCTURE)
    ids: list[str] = []
    for entry in entries:
        if entry is None:
            continue
        if not isinstance(entry, Mapping) or set(entry) - {"referenceId"}:
            raise RefusedError(Reason.INVALID_STRUCTURE)
        if not _is_blank(entry.get("referenceId")):
            ids.append(_id(entry["referenceId"], Reason.INVALID_STRUCTURE))
    return tuple(ids) or None


def _flags(value: object) -> tuple[int | None, int | None]:
    """How many candidates are wanted, and the target FPIR; other flags are free, and of no use."""
    if value is None:
        return None, None
    if not isinstance(value, Mapping) or len(value) > _MAX_FLAGS:
        raise RefusedError(Reason.INVALID_STRUCTURE)
    most, fpir = _whole(value.get("maxResults")), _whole(value.get("targetFPIR"))
    if (most is not None and most < 1) or (fpir is not None and not 1 <= fpir <= MAX_TARGET):
        raise RefusedError(Reason.INVALID_STRUCTURE)
    return most, fpir


def _whole(value: object) -> int | None:
    """A whole number, written as one or as a text."""
    if _is_blank(value):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
        return int(value)
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9:
        return value
    raise RefusedError(Reason.INVALID_STRUCTURE)


def _digest(message: Mapping[str, Any]) -> bytes:
    """Of what is asked for. Not of when: whoever asks again may write another time."""
    asked = {
        key: value for key, value in message.items() if key not in ("requestId", "requesttime")
    }
    try:
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()
    except (TypeError, ValueError, RecursionError):  # never from `read_message`
        raise RefusedError(Reason.INVALID_STRUCTURE) from None
