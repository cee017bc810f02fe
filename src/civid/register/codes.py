"""Codes: reasons and causes as words that may stand in the log, unlike what people write."""

from __future__ import annotations

import re

from civid.errors import FieldError

_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")
#: More than anybody reads.
_LONGEST_NOTE = 2000


def code(text: str, field: str = "reason") -> str:
    """Check a code: small letters, digits, and ``_ . : -``; at most 64.

    >>> code("data_conflict")
    'data_conflict'
    """
    if not isinstance(text, str) or not _CODE.fullmatch(text):
        raise FieldError(field, "expected a code such as data_conflict")
    return str(text)


def note(text: str) -> str:
    """Check what somebody wrote: free text, which is always sealed."""
    if not isinstance(text, str) or len(text) > _LONGEST_NOTE:
        raise FieldError("note", f"must be text of at most {_LONGEST_NOTE} characters")
    return text
