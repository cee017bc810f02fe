"""A gallery in another place: whole there or whole here."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from tests.search.prints import person
from tests.search.upkeep.test_backup import equal, filled

from civid.errors import GalleryError, GalleryFormatError, GalleryLockedError, GalleryMovedError
from civid.search import Gallery
from civid.search.upkeep import move


@pytest.fixture
def another_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renaming says that the other place is on another disk."""
    rename = Path.rename

    def refuses(self: Path, target: Path) -> Path:
        if self.name == "here":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuses)


def names_of(path: Path) -> list[str]:
    with Gallery.open(path, read_only=True) as gallery:
        return list(gallery)


def test_on_one_disk_it_is_renamed(tmp_path: Path) -> None:
    filled(tmp_path / "here").close()
    names = names_of(tmp_path / "here")
    with Gallery.open(tmp_path / "here", read_only=True) as reader:
        assert not move(tmp_path / "here", tmp_path / "deep" / "there")
        with pytest.raises(GalleryMovedError):
            reader.refresh()
    assert not (tmp_path / "here").exists()
    assert equal(tmp_path / "deep" / "there", names)


@pytest.mark.usefixtures("another_disk")
def test_to_another_disk_it_is_copied_with_what_lies_beside(tmp_path: Path) -> None:
    filled(tmp_path / "here").close()
    names = names_of(tmp_path / "here")
    (tmp_path / "here" / "sources.jsonl").write_text("mine")
    (tmp_path / "here" / "notes").mkdir()
    (tmp_path / "here" / "notes" / "letter").write_text("mine")
    assert move(tmp_path / "here", tmp_path / "there")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there" / "notes" / "letter").read_text() == "mine"
    assert (tmp_path / "there" / "sources.jsonl").read_text() == "mine"
    assert equal(tmp_path / "there", names)


def test_not_while_somebody_writes(tmp_path: Path) -> None:
    with filled(tmp_path / "here") as gallery:
        with pytest.raises(GalleryLockedError):
            move(tmp_path / "here", tmp_path / "there", timeout=0)
        gallery.enroll("90", person(90, 2, 7, count=12))
    assert not (tmp_path / "there").exists()


def test_not_over_something_and_not_into_itself(tmp_path: Path) -> None:
    for name in ("here", "there"):
        filled(tmp_path / name).close()
    with pytest.raises(GalleryError, match="a gallery already"):
        move(tmp_path / "here", tmp_path / "there")
    with pytest.raises(GalleryError, match="into itself"):
        move(tmp_path / "here", tmp_path / "here" / "deeper")
    (tmp_path / "link").symlink_to(tmp_path / "here")
    with pytest.raises(GalleryError, match="a link"):
        move(tmp_path / "link", tmp_path / "new")
    for nothing in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(GalleryFormatError):
            move(nothing, tmp_path / "new")
    assert len(names_of(tmp_path / "here")) == len(names_of(tmp_path / "there")) == 22


@pytest.mark.usefixtures("another_disk")
def test_a_copy_that_fails_leaves_it_here(tmp_path: Path) -> None:
    filled(tmp_path / "here").close()
    names = names_of(tmp_path / "here")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(tmp_path / "here", tmp_path / "there", on_progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert equal(tmp_path / "here", names)
