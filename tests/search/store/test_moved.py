"""A gallery is the folder that was opened, wherever its path, or the working directory, leads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.search.prints import person
from tests.search.segment_files import make
from tests.search.stores import add, files, held, opened

from civid.errors import GalleryLockedError, GalleryMovedError
from civid.search import Gallery


def filled(path: Path, *names: str) -> None:
    with Gallery.open(path) as gallery:
        gallery.enroll_many([(name, person(i)) for i, name in enumerate(names)])
        gallery.compact()


def names(path: Path) -> list[str]:
    with Gallery.open(path, read_only=True) as gallery:
        gallery.check_integrity()
        return list(gallery)


def test_another_working_directory_is_no_other_gallery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "AB":
        (tmp_path / name).mkdir()
    filled(tmp_path / "B" / "gallery", "B1", "B2", "B3")
    monkeypatch.chdir(tmp_path / "A")
    with Gallery.open("gallery") as one, Gallery.open("gallery", read_only=True) as reader:
        one.enroll("A1", person(9))
        monkeypatch.chdir(tmp_path / "B")
        one.enroll("A2", person(8))
        assert one.compact()
        assert reader.refresh()
        assert list(reader) == ["A1", "A2"]
    assert names(tmp_path / "B" / "gallery") == ["B1", "B2", "B3"]
    assert names(tmp_path / "A" / "gallery") == ["A1", "A2"]


def moved(path: Path) -> None:
    path.rename(path.with_name("moved"))


def replaced(path: Path) -> None:
    moved(path)
    filled(path, "X1", "X2", "X3")


def restored(path: Path) -> None:
    """A backup is put into the place of a gallery that is in use."""
    backup = shutil.copytree(path, path.with_name("backup"))
    moved(path)
    backup.rename(path)


def switched(path: Path) -> None:
    moved(path)
    filled(path.with_name("other"), "X1")
    path.symlink_to(path.with_name("other"))


def unmounted(path: Path) -> None:
    moved(path)
    path.mkdir()


def without_its_lock(path: Path) -> None:
    (path / "gallery.lock").unlink()
    shutil.copytree(path, path.with_name("moved"))


def files_replaced(path: Path) -> None:
    moved(path)
    shutil.copytree(path.with_name("moved"), path.with_name("copy"))
    path.with_name("moved").rename(path)
    for file in path.with_name("copy").iterdir():
        file.replace(path / file.name)
    shutil.copytree(path, path.with_name("moved"))


def contents(path: Path) -> dict[str, bytes]:
    return {
        file.name: file.read_bytes()
        for file in (path.iterdir() if path.is_dir() else ())
        if not file.name.endswith("-shm")
    }


HOWS = (moved, replaced, restored, switched, unmounted, without_its_lock, files_replaced)


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("compacted", [False, True])
def test_a_writer_touches_nothing_once_its_path_leads_elsewhere(
    tmp_path: Path, how: Callable[[Path], None], compacted: bool
) -> None:
    path = tmp_path / "gallery"
    store = opened(path)
    model = add(store, *range(40))
    if compacted:
        store.compact(make)
    model |= add(store, *range(40, 60))
    how(path)
    before = contents(path)
    with pytest.raises(GalleryMovedError):
        add(store, 99)
    with pytest.raises(GalleryMovedError):
        store.compact(make, purge=True)
    for sequence, (_, fingers) in model.items():  # what was opened stays readable
        assert store.get(sequence) == fingers
    store.close()
    assert contents(path) == before
    back = opened(tmp_path / "moved")
    assert held(back) == model
    add(back, 99)
    back.close()


@pytest.mark.parametrize("how", [moved, replaced, restored, switched, unmounted, files_replaced])
def test_a_reader_says_that_its_folder_is_gone(tmp_path: Path, how: Callable[[Path], None]) -> None:
    path = tmp_path / "gallery"
    filled(path, "1", "2")
    with Gallery.open(path, read_only=True) as reader:
        how(path)
        with pytest.raises(GalleryMovedError):
            reader.refresh()
        with pytest.raises(GalleryMovedError):
            reader.check_integrity()
        assert reader.search(person(0))[0].subject_id == "1"


def test_a_step_that_is_finished_after_the_move_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    store = opened(path)
    model = add(store, *range(30))
    step = store.prepare(make)
    assert step is not None
    replaced(path)
    before = contents(path)
    with pytest.raises(GalleryMovedError):
        store.finish(step)
    store.close()
    assert contents(path) == before
    with_tail = opened(tmp_path / "moved")
    assert held(with_tail) == model
    with_tail.close()


@pytest.mark.parametrize("when", ["being written", "written", "committed"])
def test_a_second_writer_past_the_lock_loses_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The lock file is deleted, or ``flock`` does nothing, as on some network file systems."""
    path = tmp_path / "gallery"
    monkeypatch.setattr("fcntl.flock", lambda *_: None)
    store = opened(path)
    model = add(store, *range(200))

    def second(*_: object) -> None:
        other = opened(path)
        assert held(other) == model
        other.close()

    if when == "being written":
        with pytest.raises(GalleryMovedError):
            store.compact(make, on_progress=second)
    else:
        step = store.prepare(make)
        assert step is not None
        if when == "written":
            second()
            with pytest.raises(GalleryMovedError):
                store.finish(step)
        else:
            store.finish(step)
            second()
    model |= add(store, 300)
    assert store.compact(make)
    store.close()
    back = opened(path, read_only=True)
    assert held(back) == model
    back.close()


def test_a_lock_that_others_do_not_find_locks_nobody_out(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    first = opened(path)
    (path / "gallery.lock").unlink()
    second = opened(path)
    add(second, 1)
    with pytest.raises(GalleryMovedError, match=r"gallery\.lock"):
        add(first, 2)
    first.close()
    with pytest.raises(GalleryLockedError):
        Gallery.open(path, timeout=0)
    add(second, 3)
    second.close()
    assert len(names(path)) == 2


def test_nothing_is_written_over_a_segment(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    store = opened(path)
    model = add(store, *range(30))
    step = store.prepare(make)
    assert step is not None
    store.abandon(step)
    assert step.segment is not None
    taken = path / f"gallery-{step.segment.number + 1:08}.seg"
    taken.write_bytes(b"somebody else's")
    with pytest.raises(OSError, match="exists"):
        store.compact(make)
    assert taken.read_bytes() == b"somebody else's"
    assert files(path) == [taken.name]
    store.close()
    store = opened(path)
    assert held(store) == model
    store.close()


def test_a_new_folder_is_flushed_into_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = set()
    fsync = os.fsync

    def spy(descriptor: int) -> None:
        flushed.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", spy)
    Gallery.open(tmp_path / "a" / "b").close()
    for folder in (tmp_path, tmp_path / "a", tmp_path / "a" / "b"):
        assert folder.stat().st_ino in flushed
