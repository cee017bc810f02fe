"""Rows and files that were lost, changed or left over."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.search.segment_files import make
from tests.search.stores import add, files, held, opened, remove

from civid.errors import GalleryDamagedError
from civid.search.store.files import folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


def test_what_a_killed_compaction_left_is_swept_away(path: Path) -> None:
    store = opened(path)
    add(store, *range(5))
    store.compact(make)
    store.close()
    (named,) = files(path)
    for stray in ("gallery-00000077.seg", "gallery-00000078.tmp"):
        shutil.copy(path / named, path / stray)
    opened(path, read_only=True).close()
    assert len(files(path)) == 3
    opened(path).close()
    assert files(path) == [named]


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM segments",
        "UPDATE segments SET subjects = subjects + 1",
        "UPDATE segments SET root = zeroblob(32)",
        "UPDATE segments SET last = last + 1",
        "UPDATE segments SET first = 'x'",
        "DELETE FROM dead",
        "DELETE FROM dead WHERE sequence = 3",
        "INSERT INTO dead VALUES (7, 2)",
        "INSERT INTO dead VALUES (7, 'x')",
        "UPDATE dead SET sequence = 8 WHERE sequence = 4",
        "UPDATE dead SET sequence = 800 WHERE sequence = 4",
        "DELETE FROM tail WHERE sequence = 32",
        "UPDATE state SET shrunk = 0",
        "UPDATE state SET encrypted = 1",
    ],
)
def test_rows_that_were_lost_or_changed(path: Path, harm: str) -> None:
    store = opened(path)
    add(store, *range(30))
    store.compact(make)
    remove(store, 3, 4)
    add(store, 50, 51)
    store.close()
    with sqlite3.connect(path / folder.DATABASE) as connection:
        connection.execute(harm)
    connection.close()
    for read_only in (True, False):
        with pytest.raises(GalleryDamagedError):
            opened(path, read_only=read_only)


def test_segments_that_were_lost_or_exchanged(path: Path, tmp_path: Path) -> None:
    store = opened(path)
    add(store, *range(30))
    store.compact(make)
    add(store, *range(30, 33))
    store.compact(make)
    store.close()
    first, second = (path / name for name in files(path))
    for harm in (
        lambda: first.unlink(),
        lambda: first.write_bytes(b""),
        lambda: first.write_bytes(second.read_bytes()),
        lambda: first.write_bytes(first.read_bytes()[:-1]),
    ):
        backup = first.read_bytes()
        harm()
        for read_only in (True, False):
            with pytest.raises(GalleryDamagedError):
                opened(path, read_only=read_only)
        first.write_bytes(backup)
    assert len(held(opened(path, read_only=True))) == 33


def test_removing_twice_or_nobody_is_refused(path: Path) -> None:
    store = opened(path)
    add(store, *range(4))
    store.compact(make)
    add(store, 4)
    remove(store, 1)
    for wrong in ([1], [2, 2], [5, 5], [9], [0]):
        with pytest.raises(GalleryDamagedError), store.transaction() as transaction:
            transaction.remove_many(wrong)
    assert store.segments()[0].dead.tolist() == [1]
    store.close()
