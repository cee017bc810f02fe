"""The words of the MOSIP ABIS API, and answers made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Protocol

INSERT: Final = "mosip.abis.insert"
IDENTIFY: Final = "mosip.abis.identify"
DELETE: Final = "mosip.abis.delete"
PING: Final = "mosip.abis.ping"
PENDING_JOBS: Final = "mosip.abis.pendingJobs"
REFERENCE_COUNT: Final = "mosip.abis.referenceCount"
OPERATIONS: Final = (INSERT, IDENTIFY, DELETE, PING, PENDING_JOBS, REFERENCE_COUNT)
#: What every message says of itself, whatever the edition of the API.
VERSION: Final = "1.1"
#: Longest id that is given back.
MAX_ID: Final = 128

SUCCESS, FAILED = "1", "2"


class Reason(StrEnum):
    """Failure reasons, by the numbers of the API."""

    INTERNAL = "1"
    ABORTED = "2"
    UNEXPECTED = "3"
    INVALID_STRUCTURE = "4"
    MISSING_REFERENCE_ID = "5"
    MISSING_REQUEST_ID = "6"
    NOT_FETCHED = "7"
    MISSING_REFERENCE_URL = "8"
    MISSING_REQUEST_TIME = "9"
    REFERENCE_EXISTS = "10"
    NO_DATA = "11"
    REFERENCE_NOT_FOUND = "12"
    INVALID_VERSION = "13"
    INVALID_ID = "14"
    INVALID_REQUEST_TIME = "15"
    INVALID_CBEFF = "16"
    URL_EXPIRED = "17"
    QUALITY = "18"


#: What may go better another time: such an answer is not kept, and the request may come again.
PASSING: Final = frozenset(
    (Reason.INTERNAL, Reason.ABORTED, Reason.UNEXPECTED, Reason.NOT_FETCHED, Reason.URL_EXPIRED)
)


class Fetch(Protocol):
    """Gives the CBEFF behind a URL, decrypted; `FetchError` when it cannot be had."""

    def __call__(self, url: str, /) -> bytes:
        """The CBEFF."""
        ...


class RefusedError(Exception):
    """A request that gets a failure reason; it does not leave this room."""

    def __init__(self, reason: Reason):
        super().__init__(reason.name)
        self.reason = reason


def time_of(moment: datetime) -> str:
    """As the API writes it.

    >>> time_of(datetime(2026, 11, 29, 8, 30, tzinfo=UTC))
    '2026-11-29T08:30:00.000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{moment.microsecond // 1000:03d}Z"
    )


def is_time(text: str) -> bool:
    """Whether a text is a time as the API writes it, to the letter.

    >>> is_time("2026-11-29T08:30:00.000Z"), is_time("2026-11-31T08:30:00.000Z")
    (True, False)
    """
    try:
        return time_of(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)) == text
    except ValueError:
        return False


def _echo(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= MAX_ID else ""


def success(message: Mapping[str, Any], moment: datetime, **more: Any) -> dict[str, Any]:
    """The answer to a request that was served."""
    return {
        "id": message["id"],
        "requestId": message["requestId"],
        "responsetime": time_of(moment),
        "returnValue": SUCCESS,
        **more,
    }


def refusal(message: object, reason: Reason, moment: datetime | None = None) -> dict[str, Any]:
    """The answer to a request that was not served, whatever it is.

    Parameters
    ----------
    message : object
        The request: its ids are given back, as far as it has any.
    reason : Reason
    moment : datetime, optional
        Now, unless given.

    >>> refusal(None, Reason.INVALID_STRUCTURE, datetime(2026, 11, 29, tzinfo=UTC))["failureReason"]
    '4'
    """
    said = message if isinstance(message, Mapping) else {}
    return {
        "id": _echo(said.get("id")),
        "requestId": _echo(said.get("requestId")),
        "responsetime": time_of(moment or datetime.now(UTC)),
        "returnValue": FAILED,
        "failureReason": reason.value,
    }
