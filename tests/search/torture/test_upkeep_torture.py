"""A few rounds of each kind of upkeep; ``make torture`` does more."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.search.prints import person

from civid.search import Gallery

from . import upkeep
from .chamber import BAD, torture


def run(
    path: Path, kind: Callable[[Path, random.Random], Iterator[str]], name: str, rounds: int
) -> None:
    here = path / "here" / name
    here.parent.mkdir()
    found = torture(kind, here, random.randrange(1 << 30), 60, rounds)
    assert found["rounds"] == rounds
    assert not any(found[bad] for bad in BAD)


def test_a_backup_beside_writers_is_a_state_that_was(tmp_path: Path) -> None:
    run(tmp_path, upkeep.backups, random.choice(["plain", "sealed"]), 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "sealed"])
@pytest.mark.parametrize(
    ("kind", "rounds"),
    [(upkeep.backups, 6), (upkeep.killed_backups, 1), (upkeep.killed_compactions, 4)],
)
def test_nothing_is_lost_beside_writers(
    tmp_path: Path, kind: Callable[[Path, random.Random], Iterator[str]], rounds: int, name: str
) -> None:
    run(tmp_path, kind, name, rounds)


def test_a_state_that_never_was_is_noticed(tmp_path: Path) -> None:
    """The chamber itself: what it compares with decides."""
    said = tmp_path / "said"
    said.write_text("+ 100001\ndone\n+ 100002\ndone\n- 100001\ndone\n+ 100003\n")
    history = upkeep.History(said)
    assert history.read() == 3
    assert history.since(1) == [
        {"100001": 100001},
        {"100001": 100001, "100002": 100002},
        {"100002": 100002},
        {"100002": 100002, "100003": 100003},
    ]

    with Gallery.open(tmp_path / "plain") as gallery:
        for seed in (100001, 100003):
            gallery.enroll(str(seed), person(seed, 2, 7, count=12))
    assert upkeep.ended(tmp_path / "plain", history.since(1)) == "wrong"
    assert upkeep.ended(tmp_path / "plain", [{"5": 5}]) == "lost"
    assert upkeep.ended(tmp_path / "plain", [{"100001": 100001, "100003": 100003}]) == ""
