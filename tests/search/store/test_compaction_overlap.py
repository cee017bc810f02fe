"""Compactions that overlap, with one another and with those who enrol: each call returns."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import child
from tests.search.prints import person
from tests.search.segment_files import make
from tests.search.stores import Opened, add, held, opened, remove

from civid.errors import GalleryError, GalleryReadOnlyError
from civid.search import Gallery
from civid.search.store import compaction


class Threads:
    """Functions that run side by side; leaving the block waits and raises what they raised."""

    def __init__(self) -> None:
        self._failures: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    def start(self, work: Callable[[], object]) -> None:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                self._failures.append(error)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()


def test_calls_that_overlap_take_turns(tmp_path: Path) -> None:
    with Gallery.open(tmp_path) as gallery:
        with Threads() as threads:

            def work() -> None:
                for _ in range(10):
                    gallery.compact(purge=True)

            for _ in range(4):
                threads.start(work)
            for i in range(20):
                gallery.enroll(str(i), person(i, count=12))
                if i % 5 == 4:
                    gallery.remove(str(i))
        gallery.compact()
        told = gallery.describe()
        assert (told.subjects, told.tail) == (16, 0)


def test_the_one_in_the_background_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "FOLD_FROM", 4)
    with Gallery.open(tmp_path) as gallery:
        for i in range(30):
            gallery.enroll(str(i), person(i, count=12))
            if i % 3 == 0:
                gallery.compact()
        gallery.compact()
        assert gallery.describe().tail == 0


def test_a_call_returns_while_others_enrol_and_remove(tmp_path: Path) -> None:
    """At each subject that it writes another one comes, and one goes."""
    store = opened(tmp_path)
    model = add(store, *range(64))
    seeds = iter(range(1000, 100_000))

    def progress(done: int, total: int) -> None:
        model.update(add(store, *(next(seeds) for _ in range(total))))
        gone = sorted(model)[: len(model) // 3]
        remove(store, *gone)
        for one in gone:
            del model[one]

    assert store.compact(make, purge=True, on_progress=progress)
    assert store.compact(make)
    assert store.tail_subjects == 0
    store.close()
    with Opened(tmp_path) as again:
        assert held(again) == model


def test_a_compaction_inside_itself_is_refused(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        gallery.enroll("a", person(0))
        with pytest.raises(GalleryError, match="inside its own compaction"):
            gallery.compact(on_progress=lambda *_: gallery.compact() and None)
        assert gallery.compact()

        def subjects() -> object:
            gallery.compact()
            yield "b", person(1)

        with pytest.raises(GalleryError, match="inside its own enroll_many"):
            gallery.enroll_many(subjects())  # type: ignore[arg-type]
        assert list(gallery) == ["a"]


def test_a_gallery_that_is_read_is_not_compacted(tmp_path: Path) -> None:
    Gallery.open(tmp_path).close()
    with Gallery.open(tmp_path, read_only=True) as gallery:
        for change in (gallery.compact, lambda: gallery.enroll("a", person(0))):
            with pytest.raises(GalleryReadOnlyError):
                change()


def test_the_next_writer_finishes_what_a_close_gave_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        gallery.enroll_many((str(i), person(i, count=12)) for i in range(8))
    monkeypatch.setattr(compaction, "FOLD_FROM", 4)
    with Gallery.open(tmp_path, read_only=True) as gallery:
        assert gallery.describe().wasteful
    with Gallery.open(tmp_path) as gallery:
        until = time.monotonic() + 30
        while gallery.describe().tail and time.monotonic() < until:
            time.sleep(0.01)
        assert gallery.describe().tail == 0


LEAVES = textwrap.dedent(
    """
    import sys, time
    from civid.search import Gallery
    from civid.search.store import background, compaction
    from tests.search.prints import person

    def slowly(*arguments, make=background.arrays_of):
        print("compacting", flush=True)
        time.sleep(0.2)
        return make(*arguments)

    compaction.FOLD_FROM, compaction.BATCH, background.arrays_of = 4, 1, slowly
    gallery = Gallery.open(sys.argv[1])
    gallery.enroll_many((str(i), person(i, count=12)) for i in range(200))
    time.sleep(0.5)
    """
)


def test_a_process_that_leaves_does_not_wait_for_a_compaction(tmp_path: Path) -> None:
    """Its thread is frozen at the end of the interpreter, with the locks that it holds."""
    run = subprocess.run(
        [sys.executable, "-c", LEAVES, str(tmp_path)],
        env=child.environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert run.returncode == 0, run.stderr
    assert "compacting" in run.stdout
    assert {path.name for path in tmp_path.iterdir()} == {
        "gallery.civid",
        "gallery.lock",
        "gallery.sqlite3",
    }
    with Gallery.open(tmp_path) as gallery:
        assert len(gallery) == 200
