"""Ids: 16 bytes, the first six the time, the rest random; made anywhere without asking anybody."""

from __future__ import annotations

import secrets
import time

from civid.errors import FieldError

SIZE = 16


def new_id() -> bytes:
    """A new id; later ones sort behind earlier ones, so that tables grow at their end.

    >>> first, second = new_id(), new_id()
    >>> len(first) == 16 and first != second
    True
    """
    return (time.time_ns() // 1_000_000).to_bytes(6, "big") + secrets.token_bytes(10)


def to_text(value: bytes) -> str:
    """32 hexadecimal digits: how an id leaves the register."""
    return bytes(value).hex()


def from_text(text: str) -> bytes:
    """The id of `to_text`; `FieldError` for anything else."""
    try:
        value = bytes.fromhex(text)
    except (TypeError, ValueError):
        raise FieldError("reference", "not 32 hexadecimal digits") from None
    if len(value) != SIZE:
        raise FieldError("reference", "not 32 hexadecimal digits")
    return value
