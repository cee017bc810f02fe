"""Prints that resemble strangers, and the second look that sees why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civid
from civid import cpu
from civid.fingerprint.template import MINUTIA_DTYPE, Template

# Long whorls and narrow loops with a column of minutiae along their axis, and the score that two
# strangers had before there was a second look.
WOLVES = [
    ("FVC2002/DB2_B/110_1", "FVC2004/DB3_B/102_7", 57.4),
    ("FVC2002/DB1_B/109_2", "UareU/013_8_7", 48.6),
    ("FVC2002/DB2_B/110_1", "FVC2004/DB1_B/109_6", 47.8),
    ("FVC2002/DB2_B/110_2", "UareU/013_9_8", 47.4),
    ("UareU/012_2_6", "UareU/013_2_2", 47.1),
]
# Mates, and one finger under two names, in the same fingers.
MATES = [
    ("FVC2002/DB2_B/110_1", "FVC2002/DB2_B/110_2"),
    ("FVC2002/DB1_B/109_2", "FVC2002/DB1_B/109_4"),
    ("UareU/012_2_6", "UareU/012_2_2"),
    ("FVC2002/DB3_B/108_6", "FVC2004/DB3_B/102_1"),
]


UNLOOKED = civid.ComparisonParameters(look_from=100_000)


def score(
    data: Path,
    *names: str,
    method: str = "auto",
    parameters: civid.ComparisonParameters | None = None,
) -> float:
    first, second = (
        civid.extract(civid.read_image(data / "prints" / f"{name}.png"), method=method)
        for name in names
    )
    return civid.compare(first, second, parameters).score


@pytest.mark.parametrize(("first", "second", "before"), WOLVES)
def test_strangers_with_a_column_of_minutiae_are_no_mates(
    data: Path, first: str, second: str, before: float
) -> None:
    looked, plain = (
        score(data, first, second, method="classical", parameters=one) for one in (None, UNLOOKED)
    )
    assert 35 <= looked < min(plain, before) - 2.9
    # By neural minutiae these are not alike enough for much of a look.
    assert score(data, first, second) < before - 7


@pytest.mark.parametrize(("first", "second"), MATES)
def test_their_own_prints_are(data: Path, first: str, second: str) -> None:
    assert score(data, first, second) > 60


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 5.0, 30.0, 300.0, 3000.0]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_minutiae_score_alike_both_ways_and_on_every_cpu(
    seed: int, side: float, parallel: bool
) -> None:
    """All in one place, all in a column, all parallel, far apart: finite, symmetric, same bits."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 256))
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(0, side, (2, count))
    minutiae["angle"] = 0 if parallel else rng.uniform(0, 6, count)
    moved = minutiae.copy()
    moved["x"] = np.clip(moved["x"] + rng.normal(0, 4, count), 0, 3999)
    first, second = Template(minutiae, 60, 4000, 4000), Template(moved, 60, 4000, 4000)
    raw = set()
    for isa in cpu.available():
        with cpu.using(isa):
            raw |= {civid.compare(first, second).raw, civid.compare(second, first).raw}
    assert len(raw) == 1
    assert np.isfinite(civid.compare(first, second).score)
