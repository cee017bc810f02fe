"""Where the data of a tagged record ends: where its length says, or where the next one begins.

The data of an image may hold any byte, separators too.
"""

from __future__ import annotations

import re

FS = 0x1C
#: The first field of a record, and one that follows a file separator.
LENGTH_TAG = re.compile(rb"\d{1,3}\.0{0,6}1:\d")
_NEXT = re.compile(rb"\x1c\d{1,3}\.0{0,6}1:\d")
#: Bytes of such a tag, at most.
_TAG_BYTES = 13
#: The first byte of a binary record, whose length is below 64 MiB.
_BINARY = 4


def data_end(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where data from ``at`` on ends, and where the next record begins.

    ``end`` is where the record ends by its length. Both are the same where the separator between
    them is missing.
    """
    if at < end <= len(data) and data[end - 1] == FS and _begins(data, end):
        return end - 1, end
    if at <= end < len(data) and data[end] == FS and _begins(data, end + 1):
        return end, end + 1  # the separator was not counted
    if at <= end < len(data) and LENGTH_TAG.match(data, end):
        if _NEXT.search(data, at, end + _TAG_BYTES) is None:
            return end, end  # it is missing
    elif at < end <= len(data) and data[end - 1] == FS:
        return end - 1, end
    following = _NEXT.search(data, at)
    if following is not None:
        return following.start(), following.start() + 1
    if len(data) > at and data[-1] == FS:
        return len(data) - 1, len(data)
    return len(data), len(data)


def _begins(data: bytes, at: int) -> bool:
    """May a record begin here, or does the transaction end?"""
    return at == len(data) or LENGTH_TAG.match(data, at) is not None or data[at] < _BINARY
