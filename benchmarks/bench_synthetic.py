"""Speed of the synthetic prints: ``pytest benchmarks/bench_synthetic.py --benchmark-enable``.

One thread, kernels compiled before the clock starts.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from civid.lab import synthetic
from civid.lab.synthetic import Pattern


@pytest.mark.parametrize("pattern", list(Pattern), ids=lambda pattern: pattern.value)
def test_master(benchmark: Any, pattern: Pattern) -> None:
    synthetic.master(0, pattern=pattern)
    seeds = count(1)
    benchmark.group = "synthetic master, 352x464 px"
    grown = benchmark(lambda: synthetic.master(next(seeds), pattern=pattern))
    benchmark.extra_info["minutiae"] = len(grown.minutiae)


@pytest.mark.parametrize("difficulty", [0.0, 0.5, 1.0])
def test_impression(benchmark: Any, difficulty: float) -> None:
    finger = synthetic.master(1)
    synthetic.impression(finger, 0)
    seeds = count(1)
    benchmark.group = "synthetic impression, 300x400 px"
    benchmark(lambda: synthetic.impression(finger, next(seeds), difficulty=difficulty))
