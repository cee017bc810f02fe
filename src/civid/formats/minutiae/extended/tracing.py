"""Every field of extended data, for a reader that is traced."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from civid.errors import FormatError
from civid.formats._reader import Reader
from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.extended.items import Edition
from civid.formats.minutiae.extended.reading import reader_of


def trace_blocks(
    reader: Reader,
    start: int,
    blocks: Sequence[ExtendedBlock],
    edition: Edition,
    size: tuple[int, int],
    *,
    head: int,
) -> None:
    """Write down blocks whose area begins at ``start``; lengths count ``head`` bytes more."""
    trace = reader.trace
    if trace is None:
        return
    for number, block in enumerate(blocks):
        path = (*reader.path, f"extended data {number}")
        length = len(block.data)
        trace.add(path, "extended data area type code", start, 2, block.type)
        trace.add(path, "extended data length", start + 2, 2, length + head)
        start += 4
        read = reader_of(block, edition)
        inner = Reader(block.data)
        inner.trace = replace(trace, path=trace.path + path, base=trace.base + start)
        if read is not None:
            with suppress(FormatError):
                read(inner, edition, *size)
        if inner.left:
            inner.take(inner.left, "extended data")
        start += length
