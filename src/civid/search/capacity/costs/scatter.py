"""A placeholder for what a cluster adds: a probe to several processes, an answer back from each.

Plain pipes between processes of one machine. The cluster's own figure (`Scatter.source` says which
it is) replaces it; a plan takes whatever record it is given.
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from civid.search.capacity.costs.records import Scatter

#: Bytes of a probe of two fingers with its envelope, and of ten candidates with their evidence.
_PROBE, _ANSWER = 2048, 2048
_ROUNDS = 100
_ECHO = f"""
import sys
while sys.stdin.buffer.read({_PROBE}):
    sys.stdout.buffer.write(bytes({_ANSWER}))
    sys.stdout.buffer.flush()
"""


def measure_scatter() -> Scatter:
    """Ask one process and four, a hundred times each; medians."""
    one, four = _asked(1), _asked(4)
    each = max((four - one) / 3, 0.0)
    return Scatter(
        base_s=max(one - each, 0.0),
        shard_s=each,
        source="placeholder: pipes between processes of one machine",
    )


def _asked(shards: int) -> float:
    workers = [
        subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _ECHO],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(shards)
    ]  # fmt: skip
    took = []
    try:
        for _ in range(_ROUNDS + 1):
            begun = time.perf_counter()
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write(bytes(_PROBE))
                worker.stdin.flush()
            for worker in workers:
                assert worker.stdout is not None
                worker.stdout.read(_ANSWER)
            took.append(time.perf_counter() - begun)
    finally:
        for worker in workers:
            worker.communicate()
    return median(took[1:])  # the first waits for the interpreters to start
