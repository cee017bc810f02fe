"""Subjects for tests of segments, and a stand-in for the index that makes their searched form."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from tests.search.prints import person

from civid.search.arrays import encoding
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.packing import Arrays


def make(templates: Sequence[bytes]) -> Arrays:
    """Bytes that follow from each template alone: 8 + 8n of block, n words of codes and details."""
    block, codes, sizes = [], [], [0]
    for template in templates:
        count = encoding.count(template)
        data = template[7:] + bytes(8)
        block.append(zlib.crc32(template).to_bytes(8, "little") + data[: 8 * count])
        codes.append(np.frombuffer(data[: 8 * count], "<u8") ^ np.uint64(count))
        sizes.append(len(block[-1]))
    words = np.concatenate([np.empty(0, np.uint64), *codes])
    return Arrays(
        np.frombuffer(b"".join(block), np.uint8),
        np.cumsum(np.array(sizes, np.uint64), dtype=np.uint64),
        words,
        ~words,
    )


def records(seed: int, *counts: int) -> EncodedFingers:
    """Encoded fingers at positions 2, 3, ... with so many minutiae each."""
    return tuple(
        (2 + i, encoding.encode(next(iter(person(seed, 2 + i, count=count).values()))))
        for i, count in enumerate(counts)
    )
