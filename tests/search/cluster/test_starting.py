"""A cluster is started once; whoever starts it again joins it, or is refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from civid.errors import ClusterError
from civid.search.cluster import on_ray
from civid.search.cluster.keeping.home_lock import HomeLock


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Of a cluster that runs at one:1; Ray itself is not needed to be refused."""
    monkeypatch.setattr(on_ray, "_ENDING", 0.0)
    monkeypatch.setattr(on_ray, "start_ray", lambda address, home: address or "new:2")
    monkeypatch.delitem(sys.modules, "ray", raising=False)
    on_ray.note_address(tmp_path, "one:1")
    held = HomeLock(tmp_path)
    yield tmp_path
    held.release()


@pytest.mark.parametrize("address", [None, "other:3"])
def test_a_second_one_is_refused(home: Path, address: str | None) -> None:
    """It would have started every node again, and have taken over the noted address."""
    with pytest.raises(ClusterError, match="running already"):
        on_ray.start_for(home, address)
    assert on_ray.address_in(home) == "one:1"


def test_where_it_runs_it_is_joined(home: Path) -> None:
    on_ray.start_for(home, "one:1")
    assert on_ray.address_in(home) == "one:1"


def test_after_its_end_it_is_started_anywhere(tmp_path: Path, home: Path) -> None:
    ended = tmp_path / "ended"
    ended.mkdir()
    on_ray.note_address(ended, "one:1")
    on_ray.start_for(ended, None)
    assert on_ray.address_in(ended) == "new:2"
