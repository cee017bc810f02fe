"""The map of a cluster: whole or not there, and every changed byte is seen."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.search.cluster.keeping.cluster_map import NAME, ClusterMap, Place

MAP = ClusterMap(
    "0123456789abcdef" * 2,
    3,
    77,
    {"a": "/data/a", "b": "/data/b", "c": "/data/c"},
    frozenset({"c"}),
    (Place(1, ("a", "b"), 60), Place(4, ("b", "c"), -1)),
    "exact",
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    MAP.write(tmp_path)
    assert ClusterMap.read(tmp_path) == MAP
    assert MAP.staying == ["a", "b"]
    assert MAP.placed(1, Place(5, ("a", "b"))).places[1] == Place(5, ("a", "b"))
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_no_map(tmp_path: Path) -> None:
    with pytest.raises(GalleryFormatError, match="no cluster"):
        ClusterMap.read(tmp_path)


@given(st.data())
def test_a_changed_byte_is_seen(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("map")
    MAP.write(folder)
    old = (folder / NAME).read_bytes()
    at = data.draw(st.integers(0, len(old) - 1))
    new = bytearray(old)
    new[at] ^= data.draw(st.integers(1, 255))
    (folder / NAME).write_bytes(bytes(new))
    with suppress(GalleryDamagedError, GalleryFormatError):
        assert ClusterMap.read(folder) == MAP  # what is outside the seal, perhaps


@given(st.integers(0, 400))
def test_a_map_that_is_cut_short_is_damaged(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    folder = tmp_path_factory.mktemp("map")
    MAP.write(folder)
    data = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(data[: min(length, len(data) - 1)])
    with pytest.raises(GalleryDamagedError):
        ClusterMap.read(folder)
