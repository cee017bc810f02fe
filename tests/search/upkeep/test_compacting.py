"""Compaction of a gallery that another program has open."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tests import child
from tests.search.prints import person

from civid.errors import CividError, GalleryError, GalleryLockedError, GalleryStorageError
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider
from civid.search.store import background, inspection
from civid.search.store.files import requests
from civid.search.store.files.held import HeldFolder
from civid.search.upkeep import Compaction, compact

KEYS = StaticKeyProvider({"2026": bytes(range(32))})


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "LOOK_EVERY", 0.02)


def some(gallery: Gallery, begin: int, end: int) -> None:
    gallery.enroll_many((str(i), person(i, count=12)) for i in range(begin, end))


def leftovers(path: Path) -> list[str]:
    return [one.name for one in path.iterdir() if one.name.startswith(("gallery.ask", "gallery.t"))]


@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])
def test_a_live_writer_does_it(tmp_path: Path, keys: StaticKeyProvider | None) -> None:
    seen: list[tuple[int, int]] = []
    with Gallery.open(tmp_path, keys=keys) as gallery:
        some(gallery, 0, 20)
        told = compact(tmp_path, on_progress=lambda *progress: seen.append(progress))
        assert told == Compaction(changed=True, by_writer=True)
        assert (gallery.describe().tail, gallery.describe().segments) == (0, 1)
        assert compact(tmp_path) == Compaction(changed=False, by_writer=True)
        gallery.remove("3")
        assert compact(tmp_path, purge=True).changed
        assert gallery.describe().removed == 0
        some(gallery, 20, 21)
        assert len(gallery) == 20
    assert all(0 <= done <= total == 20 for done, total in seen)
    assert leftovers(tmp_path) == []
    with Gallery.open(tmp_path, keys=keys, read_only=True) as gallery:
        gallery.check_integrity()
        assert list(gallery) == [str(i) for i in range(21) if i != 3]


def test_a_free_gallery_is_compacted_here(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        some(gallery, 0, 5)
    assert compact(tmp_path) == Compaction(changed=True, by_writer=False)
    assert compact(tmp_path) == Compaction(changed=False, by_writer=False)
    with pytest.raises(GalleryError):
        compact(tmp_path / "nowhere")


def test_a_writer_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        some(gallery, 0, 5)
        with pytest.raises(GalleryLockedError, match="does not answer"):
            compact(tmp_path, timeout=0.1)
        assert leftovers(tmp_path) == []


def test_what_goes_wrong_there_is_told_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Gallery.open(tmp_path) as gallery:
        some(gallery, 0, 5)

        def full(*_: object, **__: object) -> bool:
            raise GalleryStorageError("no space is left")

        monkeypatch.setattr(gallery._store, "compact", full)
        with pytest.raises(GalleryStorageError, match="could not: no space is left"):
            compact(tmp_path)
        monkeypatch.undo()
        assert compact(tmp_path).changed


# Holds the gallery until it is asked, and then dies without a word.
DIES = textwrap.dedent(
    """
    import os, sys
    from civid.search import Gallery
    from civid.search.store import background, inspection
    from tests.search.prints import person

    def die(*_):
        os._exit(9)

    background.arrays_of = die
    gallery = Gallery.open(sys.argv[1])
    gallery.enroll_many((str(i), person(i, count=12)) for i in range(20))
    print("open", flush=True)
    sys.stdin.read()
    """
)


def test_a_writer_that_dies_over_it_loses_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DIES, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child.environment(),
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        assert compact(tmp_path) == Compaction(changed=True, by_writer=False)
        assert writer.wait() == 9
    assert leftovers(tmp_path) == []
    with Gallery.open(tmp_path, read_only=True) as gallery:
        gallery.check_integrity()
        assert (len(gallery), gallery.describe().tail) == (20, 0)


def test_who_asks_and_dies_leaves_no_mess(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        some(gallery, 0, 5)
    folder = HeldFolder(tmp_path)
    try:
        question = requests.ask(folder, purge=False)
        for name, text in (
            ("gallery.ask-0123456789abcdef", b"no json"),
            ("gallery.ask-0123456789abcde0", b"[" * 5000),
            ("gallery.told-0123456789abcdef", b"{}"),
        ):
            (tmp_path / name).write_bytes(text)
        os.utime(tmp_path / "gallery.told-0123456789abcdef", (1, 1))
        with Gallery.open(tmp_path) as gallery:
            while (answer := requests.answer_to(folder, question)) is None or not answer.changed:
                pass
            assert gallery.describe().tail == 0
        assert leftovers(tmp_path) == [f"gallery.told-{question.id}"]
        (tmp_path / f"gallery.told-{question.id}").write_text('{"state": 1}')
        assert requests.answer_to(folder, question) is None
    finally:
        folder.close()


def test_a_child_of_a_writer_is_not_held_up(tmp_path: Path) -> None:
    with Gallery.open(tmp_path) as gallery:
        some(gallery, 0, 5)
        child = os.fork()
        if child == 0:
            try:
                gallery.close()
            except CividError:
                os._exit(1)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert compact(tmp_path).by_writer


def test_a_reader_is_told_why_it_opens_slowly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        some(gallery, 0, 5)
    monkeypatch.setattr(inspection, "_TAIL", 4)
    with Gallery.open(tmp_path, read_only=True) as gallery:
        assert "5 subjects are in no segment yet" in gallery.describe().slow
    assert "does not open at once: 5 subjects" in caplog.text
    caplog.clear()
    compact(tmp_path)
    with Gallery.open(tmp_path, read_only=True) as gallery:
        assert gallery.describe().slow == ""
    # Of another version, as of a golden gallery: few are indexed anew at once.
    monkeypatch.setattr(inspection, "INDEX_VERSION", 99)
    with Gallery.open(tmp_path, read_only=True) as gallery:
        assert "5 subjects were indexed by another version of civid" in gallery.describe().slow
    monkeypatch.setattr(inspection, "_TAIL", 5)
    caplog.clear()
    with Gallery.open(tmp_path, read_only=True) as gallery:
        assert gallery.describe().slow == ""
    assert caplog.text == ""
