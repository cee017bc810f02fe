"""``python -m tests.fuzz GROUP RUNS [SEED]``: mutated samples until one is no typed error.

What is found is kept in ``tests/formats/found/``, where a test reads it ever after.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.fuzz.seeds import SEEDS, Seed

from civid.errors import CividError

FOUND = Path(__file__).resolve().parents[1] / "formats" / "found"
#: Numbers that stand at the edges of what fields hold.
EDGES = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\xff",
         b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"9" * 20, b"-1", "\u0301".encode())  # fmt: skip
#: An input that takes longer than this in CPU seconds is a finding, too.
SLOW_S = 5.0


def mutated(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """One to six changes."""
    raw = bytearray(data)
    part = rng.random  # times a number: a fourth of what ``randrange`` takes
    for _ in range(1 + int(part() * 6)):
        at, what = int(part() * (len(raw) + 1)), int(part() * 7)
        if what == 0 and at < len(raw):
            raw[at] ^= 1 << int(part() * 8)
        elif what == 1:
            raw[at : at + 1 + int(part() * 4)] = rng.randbytes(1 + int(part() * 4))
        elif what == 2:
            edge = EDGES[int(part() * len(EDGES))]
            raw[at : at + len(edge)] = edge
        elif what == 3:
            del raw[at : at + 1 + int(part() * 16)]
        elif what == 4:
            start = int(part() * (len(raw) + 1))
            raw[at:at] = raw[start : start + 1 + int(part() * 32)]
        elif what == 5:
            start = int(part() * (len(other) + 1))
            raw[at:at] = other[start : start + 1 + int(part() * 32)]
        elif part() < 0.3:
            del raw[at:]
    return bytes(raw)


def slow(seed: Seed, data: bytes) -> str:
    """Does it take too much of a processor, and not because others had it?"""
    used = time.process_time()
    with suppress(CividError):
        seed.read(data)
    return "slow" if time.process_time() - used > SLOW_S else ""


def main(group: str, runs: str, start: str = "1") -> None:
    rng, seeds = random.Random(f"{group} {start}"), SEEDS[group]()
    errors = results = 0
    began = time.monotonic()
    clock, choice = time.monotonic, rng.choice
    for number in range(int(runs)):
        seed = choice(seeds)
        data = mutated(seed.data, choice(seeds).data, rng)
        if seed.wrap is not None:
            data = seed.wrap(data)
        before, wrong = clock(), ""
        try:
            seed.read(data)
            results += 1
        except CividError:
            errors += 1
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        # Of a clock nobody waits; CPU time, which is what counts, is measured at a second try.
        if not wrong and clock() - before > SLOW_S:
            wrong = slow(seed, data)
        if wrong:
            FOUND.mkdir(exist_ok=True)
            digest = hashlib.sha256(data).hexdigest()[:12]
            (FOUND / f"{seed.name}-{digest}").write_bytes(data)
            print(f"{group}: run {number}, {seed.name}-{digest}: {wrong[:200]}", flush=True)
    took = time.monotonic() - began
    print(
        f"{group}: {runs} runs, {results} results, {errors} typed errors, {took:.0f} s", flush=True
    )


main(*sys.argv[1:])
