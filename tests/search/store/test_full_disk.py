"""A disk without room: a typed error, nothing changed, and life goes on afterwards."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.search.prints import person
from tests.search.segment_files import make, records

from civid.errors import GalleryStorageError
from civid.search import Gallery
from civid.search.store.sqlite_store import SqliteStore

BATCH = {f"big {i}": person(i, 2, 7, count=150) for i in range(100)}  # 420 kB


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 384 kB."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=384k", "civid-test", str(where)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk; the other tests here need no root")
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("not allowed to mount a small disk")
    yield where
    subprocess.run(["umount", "-l", str(where)], check=True)


def check(gallery: Gallery) -> None:
    gallery.enroll("first", person(1))
    for change in (
        lambda: gallery.enroll_many(BATCH),
        lambda: gallery.enroll_many({"first": person(3), **BATCH}, replace=True),
    ):
        with pytest.raises(GalleryStorageError):
            change()
        assert list(gallery) == ["first"]
        assert len(gallery.search(person(1), None)) == 1
        assert gallery.search(person(1))[0].score > 60


def until_full(gallery: Gallery) -> int:
    for number, (name, fingers) in enumerate(BATCH.items()):
        try:
            gallery.enroll(name, fingers)
        except GalleryStorageError:
            return number
    raise AssertionError("the disk took everything")


def test_a_full_disk(small_disk: Path) -> None:
    path = small_disk / "gallery"
    with Gallery.open(path) as gallery:
        check(gallery)
        added = until_full(gallery)
        assert len(gallery) == added + 1
        with Gallery.open(path, read_only=True) as reader:
            assert list(reader) == list(gallery)
    with Gallery.open(path) as back:
        assert len(back) == added + 1
        assert back.search(BATCH["big 0"], 1)[0].subject_id == "big 0"


def test_a_disk_that_is_full_from_the_start(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(380 * 1024))
    with pytest.raises(GalleryStorageError):
        Gallery.open(small_disk / "gallery")
    (small_disk / "filler").unlink()
    with Gallery.open(small_disk / "gallery") as gallery:
        gallery.enroll("1", person(1))


def test_no_file_may_grow(tmp_path: Path) -> None:
    gallery = Gallery.open(tmp_path / "gallery")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (160 * 1024, hard))
    try:
        check(gallery)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    gallery.enroll_many(BATCH)
    gallery.close()
    with Gallery.open(tmp_path / "gallery") as back:
        assert list(back) == ["first", *BATCH]


def test_the_database_may_not_grow(tmp_path: Path) -> None:
    with Gallery.open(tmp_path / "gallery") as gallery:
        connection = gallery._store._connection  # type: ignore[attr-defined]
        connection.execute("PRAGMA max_page_count = 40")
        check(gallery)
        connection.execute("PRAGMA max_page_count = 4294967294")
        gallery.enroll_many(BATCH)
    with Gallery.open(tmp_path / "gallery") as back:
        assert len(back) == 101


def test_a_compaction_without_room(small_disk: Path) -> None:
    """All files of a segment, and its transaction, may meet the end of the disk."""
    path = small_disk / "gallery"
    store = SqliteStore(path, create=True, read_only=False, timeout=5)
    list(store.load())
    with store.transaction() as transaction:
        transaction.add_many([(str(i), records(i, 40, 40)) for i in range(30)])
        transaction.remove(7)
    filler = small_disk / "filler"
    outcomes = set()
    for room in range(0, 280, 8):  # kB
        free = os.statvfs(small_disk)
        filler.write_bytes(bytes(max(0, free.f_bavail * free.f_bsize - room * 1024)))
        try:
            outcomes.add(store.compact(make))
        except GalleryStorageError:
            outcomes.add("full")
            assert not [p for p in path.iterdir() if p.suffix in (".seg", ".tmp")]
            assert store.segments() == ()
        filler.unlink()
        assert all(store.get(i + 1) == records(i, 40, 40) for i in range(30) if i != 6)
        with SqliteStoreReader(path) as names:
            assert sorted(names, key=int) == [str(i) for i in range(30) if i != 6]
    assert outcomes == {"full", True, False}
    with store.transaction() as transaction:
        transaction.add("new", records(1, 5))
    store.close()
    with SqliteStoreReader(path) as names:
        assert len(names) == 30


class SqliteStoreReader:
    """The ids in a store."""

    def __init__(self, path: Path):
        self._store = SqliteStore(path, create=False, read_only=True, timeout=5)

    def __enter__(self) -> list[str]:
        names = [subject.subject_id for subject in self._store.load()]
        for segment, dead in self._store.segments():
            segment.verify()
            gone = set(dead.tolist())
            pairs = zip(segment.ids(), segment.sequences.tolist(), strict=True)
            names += [name for name, sequence in pairs if sequence not in gone]
        return names

    def __exit__(self, *_: object) -> None:
        self._store.close()


@pytest.mark.parametrize("call", ["fsync", "link", "write", "open"])
def test_any_call_of_a_compaction_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    store = SqliteStore(tmp_path / "g", create=True, read_only=False, timeout=5)
    list(store.load())
    with store.transaction() as transaction:
        transaction.add_many([(str(i), records(i, 9)) for i in range(20)])

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    place = {
        "fsync": "os.fsync",
        "link": "os.link",
        "write": "shutil.copyfileobj",
        "open": "civid.search.segments.writer.SegmentWriter._nameless",
    }[call]
    monkeypatch.setattr(place, fail)
    with pytest.raises(GalleryStorageError, match="No space"):
        store.compact(make)
    monkeypatch.undo()
    assert not [p for p in (tmp_path / "g").iterdir() if p.suffix in (".seg", ".tmp")]
    assert store.compact(make)
    store.close()
    with SqliteStoreReader(tmp_path / "g") as names:
        assert names == [str(i) for i in range(20)]
