"""What came in a message: a request, or something that is none and how that is answered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from civid.errors import FormatError
from civid.exchange.mosip import Reason, read_message, refusal, write_message

#: Where an unreadable message names its request, so that whoever waits for it can be told.
_REQUEST_ID = re.compile(rb'"requestId"\s*:\s*"([0-9A-Za-z_.:-]{1,128})"')
_OPERATION = re.compile(rb'"id"\s*:\s*"(mosip\.abis\.[A-Za-z]{1,20})"')
#: Further in it is not looked for.
_HEAD = 64 * 1024
_OPERATIONS = ("insert", "identify", "delete", "ping", "pendingJobs", "referenceCount")


@dataclass(frozen=True)
class Incoming:
    """A message that was read.

    Attributes
    ----------
    message : dict or None
        The request; None = unreadable.
    answer : bytes
        To an unreadable one that says which request it is; empty otherwise.
    operation : str
        ``insert``, ``identify`` ... or ``other``: for logs and counters, whatever it says.
    """

    message: dict[str, Any] | None = field(repr=False)
    answer: bytes = field(repr=False, default=b"")
    operation: str = "other"


def read(body: bytes) -> Incoming:
    """Read what came; never raises.

    >>> read(b'{"id": "mosip.abis.ping"}').operation
    'ping'
    >>> read(b"hello").message, read(b"hello").answer
    (None, b'')
    >>> b'"failureReason":"4"' in read(b'{"requestId": "1F", "a": ').answer
    True
    """
    try:
        message = read_message(body)
    except FormatError:
        head = body[:_HEAD]
        request = _REQUEST_ID.search(head)
        if request is None:
            return Incoming(None)
        operation = _OPERATION.search(head)
        said = {
            "id": operation.group(1).decode() if operation else "",
            "requestId": request.group(1).decode(),
        }
        return Incoming(None, write_message(refusal(said, Reason.INVALID_STRUCTURE)))
    name = str(message.get("id", "")).removeprefix("mosip.abis.")
    return Incoming(message, operation=name if name in _OPERATIONS else "other")
