"""Every sample that was published, cut and changed: a typed error or a result, soon."""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from civid import formats
from civid.errors import CividError

#: Cuts of a sample, and so many changes; what is not longer than the next is cut at every byte.
TIMES = int(os.environ.get("CIVID_DAMAGED", "12"))
SMALL = 40 * TIMES
SECONDS = 5


def samples(data: Path) -> Iterator[bytes]:
    seen = set[bytes]()
    for path in sorted((data / "formats").rglob("*")):
        if path.is_file() and path.stat().st_size:
            content = path.read_bytes()
            digest = hashlib.sha256(content).digest()
            if digest not in seen:
                seen.add(digest)
                yield content


def damaged(sample: bytes, rng: random.Random) -> Iterator[bytes]:
    size = len(sample)
    for at in range(size) if size <= SMALL else rng.sample(range(size), TIMES):
        yield sample[:at]
    for _ in range(TIMES):
        raw = bytearray(sample)
        for _ in range(rng.randint(1, 4)):
            raw[rng.randrange(size)] = rng.randrange(256)
        yield bytes(raw)


def test_every_sample_cut_and_changed_is_a_typed_error_or_a_result(data: Path) -> None:
    rng, tried = random.Random(1), 0
    for sample in samples(data):
        for raw in damaged(sample, rng):
            used = time.process_time()
            with suppress(CividError):
                formats.parse(raw, unwrap=True)
            assert time.process_time() - used < SECONDS
            tried += 1
    assert tried > 50 * TIMES
