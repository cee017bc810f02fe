"""Samples of every format, cut and with bytes changed: a typed error or a result, nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.fuzz.seeds import SEEDS, Seed

from civid import read_image
from civid.errors import CividError

GROUPS = sorted(SEEDS)


def mutants(seed: bytes, count: int) -> list[bytes]:
    """Every cut of a small one, and so many with bytes changed, taken out or put in."""
    rng = random.Random(1)
    cuts = range(len(seed)) if len(seed) <= count else sorted(rng.sample(range(len(seed)), count))
    made = [seed[:at] for at in cuts]
    for _ in range(count):
        raw = bytearray(seed)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(max(len(raw), 1))
            raw[at : at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
        made.append(bytes(raw))
    return made


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_cut_or_changed_is_a_typed_error_or_a_result(group: str) -> None:
    for seed in SEEDS[group]():
        for data in mutants(seed.data, 60):
            attempt(seed, data)


def attempt(seed: Seed, data: bytes) -> None:
    try:
        seed.read(data if seed.wrap is None else seed.wrap(data))
    except CividError:
        pass
    except Exception as error:
        raise AssertionError(f"{seed.name}: {type(error).__name__} on {data[:64]!r}") from error


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "found").glob("*")), ids=str)
def test_what_was_found_once_stays_mended(path: Path) -> None:
    name = path.name.partition("-")[0]
    readers: dict[str, Callable[[bytes], object]] = {"picture": lambda data: read_image(data, 500)}
    readers |= {seed.name: seed.read for group in GROUPS for seed in SEEDS[group]()}
    with suppress(CividError):
        readers[name](path.read_bytes())
