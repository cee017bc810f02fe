"""What a gallery refuses, it refuses with an error of its own that says what and where."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from tests.search.prints import person

from civid.errors import (
    GalleryError,
    GalleryFormatError,
    GalleryKeyError,
    GalleryLockedError,
    GalleryReadOnlyError,
    SubjectExistsError,
    SubjectIdError,
    SubjectNotFoundError,
    TemplateError,
)
from civid.position import Position
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider

KEY = "A" * 43 + "="


@pytest.mark.parametrize("path", ["a\0b", "\ud800", 5, None])
@pytest.mark.parametrize("read_only", [False, True])
def test_no_path(path: str, read_only: bool) -> None:
    with pytest.raises(GalleryFormatError, match="no path"):
        Gallery.open(path, read_only=read_only)


@pytest.mark.parametrize("timeout", [math.nan, -1, "5", None])
def test_no_timeout(tmp_path: Path, timeout: float) -> None:
    with pytest.raises(GalleryError, match="timeout"):
        Gallery.open(tmp_path / "a", timeout=timeout)
    assert not (tmp_path / "a").exists()


def test_an_endless_timeout(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, timeout=math.inf) as gallery:
        gallery.enroll("a", person(0))
        gallery.remove("a")


def test_the_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    with pytest.raises(GalleryFormatError, match=str(path)):
        Gallery.open(path, create=False)
    with Gallery.open(path) as gallery:
        gallery.enroll("a", person(0))
        with pytest.raises(GalleryLockedError, match=str(path)):
            Gallery.open(path, timeout=0)
    (path / "gallery.sqlite3").write_bytes(b"")
    with pytest.raises(GalleryError, match=str(path)):
        Gallery.open(path)


def test_a_gallery_that_is_read_says_so(tmp_path: Path) -> None:
    Gallery.open(tmp_path).close()
    gallery = Gallery.open(tmp_path, read_only=True)
    with gallery, pytest.raises(GalleryReadOnlyError, match="read-only"):
        gallery.enroll("a", person(0))


def test_who_is_enrolled_already(tmp_path: Path) -> None:
    gallery = Gallery()
    gallery.enroll("079204000001", person(0))
    with pytest.raises(SubjectExistsError, match=r"^the subject is enrolled already$") as caught:
        gallery.enroll("079204000001", person(0))
    assert caught.value.subject_id == "079204000001"
    with pytest.raises(SubjectExistsError, match=r"^subject 1 of this call") as caught:
        gallery.enroll_many([("b", person(0)), ("079204000001", person(0))])
    assert caught.value.subject_id == "079204000001"


def test_which_of_many_cannot_be() -> None:
    gallery, good = Gallery(), person(0)
    wrong: Any
    for wrong in (None, {}, "scan.png", {99: good[Position.RIGHT_INDEX]}):
        with pytest.raises(TemplateError, match=r"^probe 2 of this call: ") as caught:
            gallery.search_many([good, good, wrong])
        what = str(caught.value).removeprefix("probe 2 of this call: ")
        with pytest.raises(TemplateError, match=f"^{what}$"):
            gallery.search(wrong)
        with pytest.raises(TemplateError, match=f"^subject 1 of this call: {what}$"):
            gallery.enroll_many(iter([("a", good), ("b", wrong)]))
        with pytest.raises(TemplateError, match=f"^{what}$"):
            gallery.enroll("b", wrong)
    with pytest.raises(SubjectIdError, match=r"^subject 40 of this call: .*1 to 128"):
        gallery.enroll_many([(f"{i}", good) for i in range(40)] + [("", good)])
    with pytest.raises(SubjectIdError, match=r"^a subject id"):
        gallery.enroll("", good)
    assert len(gallery) == 0


@pytest.mark.parametrize("durable", [False, True])
def test_half_a_character_is_nobody(tmp_path: Path, durable: bool) -> None:
    with Gallery.open(tmp_path) if durable else Gallery() as gallery:
        gallery.enroll("a", person(0))
        gallery.compact()
        assert "\ud800" not in gallery
        with pytest.raises(SubjectNotFoundError):
            gallery.get("\ud800")
        with pytest.raises(SubjectNotFoundError):
            gallery.remove("\ud800")
        with pytest.raises(SubjectIdError):
            gallery.enroll("\ud800", person(0))


@pytest.mark.parametrize("text", ["k:khóa", "k:\ud800", "\ud800:" + KEY, "k:" + KEY[:-2]])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(GalleryKeyError):
        StaticKeyProvider.parse(text)


def test_a_file_of_keys(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "keys"
    path.write_bytes(b"\xef\xbb\xbf2026:" + KEY.encode() + b"\r\n")
    path.chmod(0o600)
    assert StaticKeyProvider.from_file(path).current() == "2026"
    assert not caplog.records
    for mode in (0o644, 0o640, 0o604, 0o610):
        path.chmod(mode)
        with pytest.raises(GalleryKeyError, match="others may read"):
            StaticKeyProvider.from_file(path)
    for mode in (0o666, 0o620):
        path.chmod(mode)
        with pytest.raises(GalleryKeyError, match="others may write"):
            StaticKeyProvider.from_file(path)
    for bad in (tmp_path, tmp_path / "none", "a\0b"):
        with pytest.raises(GalleryKeyError, match="cannot be read"):
            StaticKeyProvider.from_file(bad)
