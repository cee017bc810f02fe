"""Prints that resemble strangers, and the second look that sees why."""

from __future__ import annotations

from pathlib import Path

import pytest

import civid

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


def score(data: Path, *names: str) -> float:
    first, second = (
        civid.extract(civid.read_image(data / "prints" / f"{name}.png")) for name in names
    )
    return civid.compare(first, second).score


@pytest.mark.parametrize(("first", "second", "before"), WOLVES)
def test_strangers_with_a_column_of_minutiae_are_no_mates(
    data: Path, first: str, second: str, before: float
) -> None:
    assert 35 <= score(data, first, second) < before - 7


@pytest.mark.parametrize(("first", "second"), MATES)
def test_their_own_prints_are(data: Path, first: str, second: str) -> None:
    assert score(data, first, second) > 60
