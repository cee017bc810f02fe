"""Speed of comparison, one thread: ``pytest benchmarks/bench_compare.py --benchmark-enable``.

Random minutiae, spaced as in a print: what impostors cost, which is nearly all that a search
compares. Each instruction set there is; the operations a second are those of one call, which holds
`REFERENCES` comparisons (``extra_info`` holds comparisons a second).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from civid import cpu
from civid.fingerprint.compare import compare_many, pack, prepare
from civid.fingerprint.template import MINUTIA_DTYPE, Template

REFERENCES = 500


def template(rng: np.random.Generator, count: int) -> Template:
    side = 24.0 * np.sqrt(count) + 40  # about one minutia in 24 x 24 px, as in a print
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(20, side + 20, (2, count))
    minutiae["angle"] = rng.uniform(0, 2 * np.pi, count)
    return Template(minutiae, 60, 640, 640)


@pytest.mark.parametrize("count", [20, 40, 60, 120])
@pytest.mark.parametrize("isa", cpu.available())
def test_one_probe_against_many(benchmark: Any, isa: str, count: int) -> None:
    rng = np.random.default_rng(1)
    probe = template(rng, count)
    references = pack([template(rng, count) for _ in range(REFERENCES)])
    with cpu.using(isa):
        scores = benchmark(compare_many, probe, references)
    assert len(scores) == REFERENCES
    if benchmark.stats:
        benchmark.extra_info["comparisons_a_second"] = round(
            REFERENCES / benchmark.stats.stats.median
        )


@pytest.mark.parametrize("count", [40, 120, 255])
def test_prepare(benchmark: Any, count: int) -> None:
    rng = np.random.default_rng(2)
    minutiae = template(rng, count).minutiae

    def fresh() -> bytes:
        return prepare(Template(minutiae, 60, 640, 640))

    assert len(benchmark(fresh)) >= 40 * count
