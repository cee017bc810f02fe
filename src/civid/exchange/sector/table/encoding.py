"""In what encoding a text file is (bảng mã), and what a spreadsheet would count in it."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from civid.errors import FormatError
from civid.exchange.sector.table.headings import field_of
from civid.people.names.misread import is_misread

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
#: Share of bytes beyond ASCII that must be UTF-8 for a file to be a damaged one of UTF-8.
_MOSTLY = 0.5
#: An empty line that something stands behind.
_EMPTY_LINE = re.compile(rb"\n\n+[^\n]")
_CELLS = re.compile(r"[;\t|,]")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE,
          codecs.BOM_UTF16_BE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looked:
    """What one pass over the bytes of a file tells.

    Attributes
    ----------
    digest : str
        SHA-256, hexadecimal.
    size : int
        Bytes.
    start : bytes
        The first 64 KiB.
    is_utf8 : bool
        Every byte of it is UTF-8.
    has_empty_lines : bool
        A line between others holds nothing: row numbers then do not count it.
    lines : int
        Line ends.
    stamp : tuple of int
        Which file it was, how large and when changed: another one means another file.
    """

    digest: str
    size: int
    start: bytes
    is_utf8: bool
    has_empty_lines: bool
    lines: int = 0
    stamp: tuple[int, ...] = ()


def look(path: Path, tell: Callable[[int, int], None] | None = None) -> Looked:
    """Read a file once, in constant memory.

    Raises
    ------
    FormatError
        It cannot be opened.
    """
    made, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    is_utf8, empty, start, done, last, lines = True, False, b"", 0, b"", 0
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            size, stamp = found.st_size, stamp_of(found)
            while block := file.read(_BLOCK):
                made.update(block)
                start = start or block[:_SAMPLE]
                joined = last + block.translate(None, b"\r\0")
                empty = empty or _EMPTY_LINE.search(joined) is not None
                last = joined[-2:]
                lines += block.count(b"\n")
                if is_utf8:
                    try:
                        decoder.decode(block)
                    except UnicodeDecodeError:
                        is_utf8 = False
                done += len(block)
                if tell is not None:
                    tell(done, size)
    except OSError as error:
        raise FormatError(f"the file cannot be read ({error.strerror})") from None
    empty = empty or start[:1] in (b"\r", b"\n")
    return Looked(made.hexdigest(), done, start, is_utf8, empty, lines, stamp)


def stamp_of(found: os.stat_result) -> tuple[int, ...]:
    """What tells a file from the one that it was."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def encoding_of(looked: Looked) -> str | None:
    """The encoding to read a CSV file in; None where its mark or UTF-8 tells.

    Old Vietnamese fonts (TCVN3, VNI) are read as Windows-1252, and their names repaired row by row.

    >>> text = "Họ tên;Số\\nVõ Thị Mỹ;1\\n"
    >>> one = text.encode("utf-16-le")
    >>> encoding_of(Looked("", len(one), one, False, False))
    'utf-16-le'
    """
    start = looked.start
    if start.startswith(_MARKS):
        return None
    if b"\0" in start[:200]:
        even, odd = start[0:200:2].count(0), start[1:200:2].count(0)
        return "utf-16-le" if odd > even else "utf-16-be"
    if looked.is_utf8:
        return None
    shown = start.decode("utf-8", "replace")
    lost = shown.count("\ufffd")
    letters = sum(not one.isascii() for one in shown) - lost
    if letters and letters / (letters + lost) > _MOSTLY:
        return None
    return max(("cp1258", "cp1252"), key=lambda name: _vietnamese(start, name))


def _vietnamese(data: bytes, encoding: str) -> tuple[int, int]:
    """How well a text reads: headings understood; Vietnamese letters, less what is broken."""
    text = normalize("NFC", data.decode(encoding, "replace"))
    known = sum(bool(field_of(title)) for title in _CELLS.split(text.lstrip().partition("\n")[0]))
    ours = sum("\u1ea0" <= one <= "\u1ef9" or one in "ăđơưĂĐƠƯ" for one in text)
    return known, ours - sum(map(is_misread, text.split())) - text.count("\ufffd")
