"""A disk without room: a typed error, nothing changed, and life goes on afterwards."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from civid.errors import GalleryStorageError
from civid.search import Gallery

from .prints import person

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
