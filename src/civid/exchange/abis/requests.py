"""Requests that were answered: the same one again gets the same answer."""

from __future__ import annotations

import json
import time
from typing import Any

from civid.errors import CividError
from civid.exchange.abis.rows import Rows


class RequestReusedError(CividError, ValueError):
    """The id of a request was used before for another one; nothing was changed."""


def stored_answer(rows: Rows, request: str, digest: bytes) -> Any:
    """The answer that was given to this request; None when there was none.

    Raises
    ------
    RequestReusedError
        It was given to a request with another content.
    """
    token = rows.seals.token("request", request)
    found = rows.db.execute(
        "SELECT digest, sealed FROM requests WHERE token = ?", (token,)
    ).fetchone()
    if found is None:
        return None
    mark, sealed = found
    if mark != rows.seals.mark("digest", digest):
        raise RequestReusedError("this request id was used for another request")
    return json.loads(rows.seals.open(sealed, b"requests\0" + token + mark))


def store_answer(rows: Rows, request: str, digest: bytes, answer: Any) -> Any:
    """Keep an answer; -> it, as it will be given again."""
    token, mark = rows.seals.token("request", request), rows.seals.mark("digest", digest)
    data = json.dumps(answer, allow_nan=False).encode()
    sealed = rows.seals.seal(data, b"requests\0" + token + mark)
    rows.db.execute(
        "INSERT INTO requests (token, digest, at, sealed) VALUES (?, ?, ?, ?)",
        (token, mark, time.time_ns() // 1_000_000, sealed),
    )
    return json.loads(data)


def forget_answers(rows: Rows, before: float, most: int) -> int:
    """Forget those given before a time, in seconds since 1970, the oldest first; -> how many."""
    done = rows.db.execute(
        "DELETE FROM requests WHERE token IN"
        " (SELECT token FROM requests WHERE at < ? ORDER BY at LIMIT ?)",
        (int(before * 1000), most),
    )
    return done.rowcount
