"""Bytes of a small text -> its lines with their places, bounded."""

from __future__ import annotations

from typing import NamedTuple

from civid.errors import FormatError

#: MINDTCT finds some hundreds of minutiae; a line of its report has some 200 characters.
MAX_BYTES = 4 << 20
MAX_LINES = 20_000


class Line(NamedTuple):
    """One line without its end: where it begins, and what it says."""

    offset: int
    text: str


def lines_of(data: bytes | bytearray | memoryview) -> list[Line]:
    """The lines that are not blank.

    Raises
    ------
    FormatError
        Not ASCII, or far too long.
    """
    try:
        content = bytes(memoryview(data).cast("B")[: MAX_BYTES + 1])
    except TypeError:
        text = f"a record is bytes, not {type(data).__name__}"
        raise FormatError(text, field="record") from None
    if len(content) > MAX_BYTES:
        raise FormatError(f"more than {MAX_BYTES} bytes are no list of minutiae", field="length")
    try:
        content.decode("ascii")
    except UnicodeDecodeError as error:
        raise FormatError("not ASCII", offset=error.start, field="text") from None
    found, at = [], 0
    for raw in content.split(b"\n", MAX_LINES + 1):
        if raw.strip():
            found.append(Line(at, raw.decode("ascii").strip("\r")))
        at += len(raw) + 1
    if len(found) > MAX_LINES:
        raise FormatError(f"more than {MAX_LINES} lines", offset=0, field="length")
    return found
