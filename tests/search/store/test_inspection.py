"""What a gallery says of itself, and what it finds damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.search.prints import person

from civid.errors import GalleryDamagedError
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider


def fill(gallery: Gallery, first: int = 0, count: int = 5) -> None:
    gallery.enroll_many((str(n), person(n, 2, 7)) for n in range(first, first + count))


def test_in_memory() -> None:
    gallery = Gallery(backend="cascade")
    fill(gallery)
    told = gallery.describe()
    assert (told.subjects, told.fingers, told.memory_bytes) == (5, 10, gallery.nbytes)
    assert (told.method, told.version, told.disk_bytes, told.keys) == ("cascade", None, 0, ())
    gallery.check_integrity()


def test_in_a_folder(tmp_path: Path) -> None:
    keys = StaticKeyProvider({"old": bytes(32), "new": bytes(range(32))}, "old")
    with Gallery.open(tmp_path, background=False) as gallery:
        fill(gallery)
        gallery.compact()
        fill(gallery, 5, 1)
        gallery.remove("1")
        told = gallery.describe()
        assert (told.subjects, told.segments, told.tail, told.removed) == (5, 1, 1, 1)
        assert (told.version, told.keys, told.stale) == (2, (("", 1),), 1)
    with Gallery.open(tmp_path, keys=keys, encrypt=True, background=False) as gallery:
        told = gallery.describe()
        assert (told.subjects, told.segments, told.tail, told.removed) == (5, 1, 0, 0)
        assert (told.version, told.keys, told.stale) == (3, (("old", 1),), 0)
        assert told.disk_bytes == sum(path.stat().st_size for path in tmp_path.iterdir())
        fill(gallery, 6, 7)
        gallery.compact(purge=True)
        told = gallery.describe()
        assert (told.removed, told.keys, told.stale, told.encrypted) == (0, (("old", 1),), 0, True)
    rotated = StaticKeyProvider({"old": bytes(32), "new": bytes(range(32))})
    with Gallery.open(tmp_path, keys=rotated, read_only=True) as gallery:
        assert gallery.describe().stale == 1


def test_the_method_depends_on_who_is_searched() -> None:
    small, large = Gallery(), Gallery()
    few = person(0, 2, count=1)
    large.enroll_many((str(n), few) for n in range(2049))
    assert (small.method(), large.method(), small.method(large)) == ("exact", "cascade", "cascade")
    assert Gallery(backend="exact").method(large) == "exact"


def test_every_damaged_segment_is_named(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        fill(gallery, 0, 40)
        gallery.compact()
        fill(gallery, 40, 5)
        gallery.compact()
    segments = sorted(tmp_path.glob("*.seg"))
    assert len(segments) == 2
    for path in segments:
        data = bytearray(path.read_bytes())
        data[5000] ^= 1  # in the templates, which opening does not look at
        path.write_bytes(data)
    seen: list[tuple[int, int]] = []
    with (
        Gallery.open(tmp_path, read_only=True) as gallery,
        pytest.raises(GalleryDamagedError) as caught,
    ):
        gallery.check_integrity(on_progress=lambda done, total: seen.append((done, total)))
    assert all(path.name in str(caught.value) for path in segments)
    assert seen == [(40, 45), (45, 45), (45, 45)]
