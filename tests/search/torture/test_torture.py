"""Seconds of each kind; ``make torture MINUTES=60`` does more."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from . import power
from .chamber import BAD, KINDS, failing_calls, kills, moved_folders, power_cuts, torture


@pytest.mark.slow
@pytest.mark.parametrize("forgets", ["flush", "kept"])
def test_a_disk_that_forgets_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgets: str
) -> None:
    """The chamber itself: without what ``fsync`` promises, galleries are lost."""
    if power.library() is None:
        pytest.skip("needs Linux and a C compiler")
    path = tmp_path / "here" / "plain"
    path.parent.mkdir()
    if forgets == "flush":
        monkeypatch.setattr(power.File, "flush", lambda _: None)
    else:
        monkeypatch.setattr(power.File, "kept", lambda *_: b"")
    assert torture(power_cuts, path, 1, 20)["lost"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "sealed"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_wrong_or_untyped(
    tmp_path: Path, kind: Callable[[Path, random.Random], Iterator[str]], name: str
) -> None:
    if kind in (power_cuts, failing_calls) and power.library() is None:
        pytest.skip("needs Linux and a C compiler")
    path = tmp_path / "here" / name
    path.parent.mkdir()
    # A folder that was moved away leaves files open, by design, and this process goes on. Twenty
    # kills are more than these seconds held when each began a new Python.
    most = 20 if kind in (moved_folders, kills) else 1_000_000
    found = torture(kind, path, random.randrange(1 << 30), 6, most)
    assert found["rounds"] > 0
    assert not any(found[bad] for bad in BAD)
