"""What a data share says: it reports failures with status 200, as JSON in place of biometrics."""

from __future__ import annotations

import json

from civid.exchange.datashare.errors import (
    ExpiredError,
    FetchError,
    NotFetchedError,
    UnreachableError,
)

#: Answers that start with ``{`` and are longer are not failures of the server's.
_LONGEST_FAILURE = 64 * 1024
#: No such file, or used as often as it may be: the server does not tell these apart.
_EXPIRED = "DAT-SER-006"
_UNSIGNED = "KER-ATH-401"


class TokenRefusedError(NotFetchedError):
    """The token is not valid (any more): one more try with another is worth it."""


def failure_of(status: int, body: bytes) -> FetchError | None:
    """What is wrong with an answer; None = nothing, the body is what was asked for.

    >>> failure_of(200, b'{"errors": [{"errorCode": "DAT-SER-006"}]}')
    ExpiredError('the data share says: DAT-SER-006')
    """
    codes = _codes(body)
    if status == 401 or _UNSIGNED in codes:
        return TokenRefusedError("the data share does not accept the token")
    if _EXPIRED in codes or status == 410:
        return ExpiredError(f"the data share says: {_EXPIRED if codes else status}")
    if codes:
        return NotFetchedError(f"the data share says: {', '.join(codes)}")
    if status >= 500:
        return UnreachableError(f"the data share has a problem of its own: status {status}")
    if status != 200:
        return NotFetchedError(f"the data share says: status {status}")
    return None if body.strip() else NotFetchedError("the data share sent nothing")


def _codes(body: bytes) -> tuple[str, ...]:
    if len(body) > _LONGEST_FAILURE or not body.lstrip().startswith(b"{"):
        return ()
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ("unreadable",)
    errors = document.get("errors")
    if not isinstance(errors, list):
        return ("unreadable",)  # no biometrics start with a brace
    # Codes are shown, so only what looks like one is.
    found = (one.get("errorCode") for one in errors if isinstance(one, dict))
    return tuple(
        one if isinstance(one, str) and len(one) <= 16 and one.replace("-", "").isalnum()
        and one.isascii() else "unreadable"
        for one in found
    ) or ("unreadable",)  # fmt: skip
