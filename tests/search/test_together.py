"""What a store has and what its gallery shows change together, or the next call mends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.search.prints import person

from civid.errors import GalleryDamagedError
from civid.search import Gallery
from civid.search.arrays.index import Index
from civid.search.store.files import commit_counter
from civid.search.store.files.folder import WITNESS
from civid.search.store.files.opened import OpenFiles
from civid.search.store.sqlite_store import SqliteStore
from civid.search.subject_directory import SubjectDirectory


def answers(gallery: Gallery, *people: int) -> list[str]:
    return [found[0].subject_id for i in people if (found := gallery.search(person(i), 1))]


@pytest.mark.parametrize("compacted", [False, True])
def test_verify_shows_a_reader_nothing_and_hides_nothing(tmp_path: Path, compacted: bool) -> None:
    with Gallery.open(tmp_path, background=False) as writer:
        writer.enroll("a", person(0))
        with Gallery.open(tmp_path, read_only=True) as reader:
            writer.enroll("b", person(1))
            if compacted:
                writer.compact()
            reader.check_integrity()
            assert list(reader) == ["a"]
            assert reader.refresh()
            assert list(reader) == ["a", "b"]
            assert answers(reader, 0, 1) == ["a", "b"]
            writer.remove("a")
            reader.check_integrity()
            assert reader.refresh()
            assert list(reader) == ["b"]
            assert not reader.refresh()


class Interrupted:
    """Calls a function; the nth call is interrupted before or after it."""

    def __init__(self, function: Callable[..., Any], late: bool):
        self.function, self.late, self.armed = function, late, True

    def bound(self) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            fire, self.armed = self.armed, False
            if fire and not self.late:
                raise KeyboardInterrupt
            result = self.function(*arguments, **options)
            if fire:
                raise KeyboardInterrupt
            return result

        return call


PLACES = [
    (SubjectDirectory, "publish"),
    (SubjectDirectory, "apply_tombstones"),
    (Index, "publish"),
    (SqliteStore, "_adopt"),
    (OpenFiles, "acknowledge"),
]


@pytest.mark.parametrize(("owner", "name"), PLACES)
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("change", ["enroll", "remove", "compact"])
def test_an_interrupted_change_shows_what_came_of_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    late: bool,
    durable: bool,
    change: str,
) -> None:
    gallery = Gallery.open(tmp_path, background=False) if durable else Gallery()
    gallery.enroll_many((str(i), person(i)) for i in range(6))
    gallery.compact()
    gallery.enroll("6", person(6))
    interrupted = Interrupted(getattr(owner, name), late)
    monkeypatch.setattr(owner, name, interrupted.bound())
    wanted = {str(i) for i in range(7)}
    try:
        if change == "enroll":
            gallery.enroll("7", person(7))
        elif change == "remove":
            gallery.remove_many(["2", "6"])
        else:
            gallery.compact()
    except KeyboardInterrupt:
        pass
    interrupted.armed = False
    if change == "enroll":
        wanted |= {"7"}
    elif change == "remove":
        wanted -= {"2", "6"}
    # Interrupted after the commit in every one of these places: it has happened.
    assert set(gallery) == wanted
    assert set(answers(gallery, *range(8))) == wanted
    gallery.enroll("8", person(8))
    wanted |= {"8"}
    assert set(gallery) == wanted
    gallery.close()
    if durable:
        with Gallery.open(tmp_path) as back:
            assert set(back) == wanted


@pytest.mark.parametrize("name", ["take", "publish"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("removed", [False, True])
def test_an_interrupted_refresh_loses_no_additions(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: type[BaseException],
    removed: bool,
) -> None:
    with Gallery.open(tmp_path, background=False) as writer:
        writer.enroll("a", person(0))
        with Gallery.open(tmp_path, read_only=True) as reader:
            writer.enroll("b", person(1))
            if removed:
                writer.remove("a")

            def fail(*_: object) -> None:
                raise error

            with monkeypatch.context() as patched:
                patched.setattr(SubjectDirectory, name, fail)
                with pytest.raises(error):
                    reader.refresh()
            reader.refresh()
            assert list(reader) == list(writer)
            writer.enroll("c", person(2))
            assert reader.refresh()
            assert list(reader) == list(writer)


def test_verify_finds_a_damaged_slot_and_opening_repairs_it(tmp_path: Path) -> None:
    for generation in (1, 2):
        with Gallery.open(tmp_path) as gallery:
            gallery.enroll(str(generation), person(generation))
            for slot in (0, 4096):
                with (tmp_path / WITNESS).open("r+b") as file:
                    file.seek(slot + 20)
                    file.write(b"\xff")
                with pytest.raises(GalleryDamagedError, match="slots"):
                    gallery.check_integrity()
                gallery._store._files.repair(generation)  # type: ignore[attr-defined]
                gallery._store._files.acknowledge(generation)  # type: ignore[attr-defined]
                gallery.check_integrity()
        with (tmp_path / WITNESS).open("r+b") as file:
            file.seek(20)
            file.write(b"\xff")
        with Gallery.open(tmp_path) as gallery:
            gallery.check_integrity()
        assert (tmp_path / WITNESS).stat().st_size == commit_counter.SIZE


@pytest.mark.parametrize("read_only", [False, True])
def test_verify_misses_a_segment_file_that_is_mapped(tmp_path: Path, read_only: bool) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        gallery.enroll("a", person(0))
        gallery.compact()
    with Gallery.open(tmp_path, read_only=read_only) as gallery:
        next(tmp_path.glob("*.seg")).unlink()
        with pytest.raises(GalleryDamagedError, match="missing"):
            gallery.check_integrity()
