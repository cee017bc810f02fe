"""Subjects for tests of segments, and a stand-in for the index that makes their searched form."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from civid.search import encoding
from civid.search.index import Records
from civid.search.segment_writer import Made

from .prints import person


def make(templates: Sequence[bytes]) -> Made:
    """Bytes that follow from each template alone: 8 + 8n of block, n words of scan."""
    block, scan, sizes, words = [], [], [0], [0]
    for template in templates:
        count = encoding.count(template)
        data = template[7:] + bytes(8)
        block.append(zlib.crc32(template).to_bytes(8, "little") + data[: 8 * count])
        scan.append(np.frombuffer(data[: 8 * count], "<u8") ^ np.uint64(count))
        sizes.append(len(block[-1]))
        words.append(count)
    return Made(
        np.frombuffer(b"".join(block), np.uint8),
        np.cumsum(np.array(sizes, np.uint64), dtype=np.uint64),
        np.concatenate([np.empty(0, np.uint64), *scan]),
        np.cumsum(np.array(words, np.uint64), dtype=np.uint64),
    )


def records(seed: int, *counts: int) -> Records:
    """Encoded fingers at positions 2, 3, ... with so many minutiae each."""
    return tuple(
        (2 + i, encoding.encode(next(iter(person(seed, 2 + i, count=count).values()))))
        for i, count in enumerate(counts)
    )
