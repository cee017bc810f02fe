"""Speed of minutiae records, one core: ``pytest benchmarks/bench_formats.py --benchmark-enable``.

Records of one view and 45 minutiae, 500 a call; ``extra_info`` holds records a second. Parsing
makes the record object with everything in it, and checks it; reading makes a `Template`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from civid import Template
from civid.fingerprint.template import MINUTIA_DTYPE
from civid.formats.minutiae import FORMATS
from civid.formats.minutiae.convert import convert

RECORDS, MINUTIAE = 500, 45
KEYS = list(FORMATS)


def records(key: str) -> list[bytes]:
    rng = np.random.default_rng(1)
    made = []
    for _ in range(RECORDS):
        minutiae = np.zeros(MINUTIAE, MINUTIA_DTYPE)
        minutiae["x"], minutiae["y"] = rng.uniform(0, 380, MINUTIAE), rng.uniform(0, 370, MINUTIAE)
        minutiae["angle"] = rng.uniform(0, 2 * np.pi, MINUTIAE)
        minutiae["kind"] = rng.integers(1, 3, MINUTIAE)
        minutiae["quality"] = rng.integers(1, 101, MINUTIAE)
        made.append(Template(minutiae, 60, 388, 374).to_bytes(key))
    return made


def rate(benchmark: Any) -> None:
    if benchmark.stats:
        benchmark.extra_info["records_a_second"] = round(RECORDS / benchmark.stats.stats.median)


@pytest.mark.parametrize("key", KEYS)
def test_parse(benchmark: Any, key: str) -> None:
    data, parse = records(key), FORMATS[key].module().parse
    found = benchmark(lambda: [parse(one) for one in data])
    rate(benchmark)
    assert len(found) == RECORDS


@pytest.mark.parametrize("key", KEYS)
def test_parse_one_by_one(benchmark: Any, key: str) -> None:
    """As a service does it: a record is let go before the next, and nothing is left to collect."""
    data, parse = records(key), FORMATS[key].module().parse

    def all_of_them() -> None:
        for one in data:
            parse(one)

    benchmark(all_of_them)
    rate(benchmark)


@pytest.mark.parametrize("key", KEYS)
def test_build(benchmark: Any, key: str) -> None:
    module = FORMATS[key].module()
    data = records(key)
    parsed = [module.parse(one) for one in data]
    found = benchmark(lambda: [module.build(one) for one in parsed])
    rate(benchmark)
    assert found == data


@pytest.mark.parametrize("key", KEYS)
def test_read_as_template(benchmark: Any, key: str) -> None:
    data = records(key)
    found = benchmark(lambda: [Template.from_bytes(one, format=key) for one in data])
    rate(benchmark)
    assert all(len(one) == MINUTIAE for one in found)


def test_convert_2011_to_2005(benchmark: Any) -> None:
    data = records("iso19794-2:2011")
    found = benchmark(lambda: [convert(one, "iso19794-2:2005") for one in data])
    rate(benchmark)
    assert len(found) == RECORDS
