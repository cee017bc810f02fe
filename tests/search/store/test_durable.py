from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from tests import child
from tests.search.prints import again, person, same, template

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryFormatError,
    GalleryLockedError,
    GalleryStorageError,
    SubjectNotFoundError,
)
from civid.position import Position
from civid.search import Gallery
from civid.search.arrays import encoding
from civid.search.store.files import commit_counter as commit_counter
from civid.search.store.files import folder
from civid.search.store.files.held import HeldFolder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


def filled(path: Path, subjects: int = 12) -> Path:
    with Gallery.open(path) as gallery:
        gallery.enroll_many({str(i): person(i, 2, 7, count=20) for i in range(subjects)})
    return path


def test_everything_is_there_again(path: Path) -> None:
    with Gallery.open(path) as gallery:
        gallery.enroll_many({str(i): person(i, 1, 2) for i in range(10)})
        gallery.enroll("ü 日本", template(77, 0))
        gallery.remove("4")
        gallery.enroll("2", person(99), replace=True)
        names, found = list(gallery), gallery.search(again(person(7, 1, 2), 1), None)
    assert sorted(p.name for p in path.iterdir()) == [folder.WITNESS, folder.LOCK, folder.DATABASE]
    for read_only in (False, True):
        with Gallery.open(path, create=False, read_only=read_only) as back:
            assert list(back) == names
            assert back.search(again(person(7, 1, 2), 1), None) == found
            assert same(back.get("2")[Position.RIGHT_INDEX], person(99)[Position.RIGHT_INDEX])


def test_sequence_numbers_are_not_used_again(path: Path) -> None:
    filled(path, 3)
    with Gallery.open(path) as gallery:
        gallery.remove("2")
    with Gallery.open(path) as gallery:
        gallery.enroll("new", person(9))
    with sqlite3.connect(path / folder.DATABASE) as connection:
        rows = [row for (row,) in connection.execute("SELECT sequence FROM tail ORDER BY 1")]
    connection.close()
    assert rows == [1, 2, 4]


def test_readers_see_consistent_states_and_refresh(path: Path) -> None:
    filled(path, 3)
    with (
        Gallery.open(path) as writer,
        Gallery.open(path, read_only=True) as reader,
        Gallery.open(path, read_only=True) as other,
    ):
        writer.enroll("new", person(50))
        assert "new" not in reader
        assert reader.refresh()
        assert not reader.refresh()
        assert reader.search(person(50), 1)[0].subject_id == "new"
        writer.remove("1")
        assert "1" in reader
        with pytest.raises(SubjectNotFoundError):
            reader.get("1")
        assert reader.refresh()
        assert list(reader) == list(writer) == ["0", "2", "new"]
        writer.enroll("0", person(51), replace=True)
        assert reader.refresh()
        assert list(reader) == list(writer) == ["2", "new", "0"]
        writer.enroll("x", person(52))
        writer.remove("x")  # comes and goes between two refreshes
        assert not reader.refresh() or list(reader) == list(writer)
        assert list(other) == ["0", "1", "2"]
        assert other.refresh()
        assert list(other) == list(writer)
        assert not writer.refresh()
        for change in (lambda: reader.enroll("y", person(1)), lambda: reader.remove("0")):
            with pytest.raises(GalleryStorageError, match="read-only"):
                change()
        assert list(reader) == list(writer)


def test_a_reader_beside_a_writing_process_never_sees_a_half(path: Path) -> None:
    """The other process adds, removes and replaces pairs; here only whole pairs may show."""
    script = f"""
        from civid.search import Gallery
        from tests.search.prints import person
        gallery = Gallery.open({str(path)!r})
        print("open", flush=True)
        one = person(1, 2, count=12)
        for i in range(10_000):
            gallery.enroll_many([(f"{{i}} left", one), (f"{{i}} right", one)])
            if i % 3 == 2:
                gallery.remove_many([f"{{i - 1}} left", f"{{i - 1}} right"])
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=child.environment(),
    ) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "open\n"
            changes = 0
            with Gallery.open(path, read_only=True) as reader:
                for _ in range(60):
                    time.sleep(0.01)
                    changes += bool(reader.refresh())
                    names = list(reader)
                    assert {name.replace("left", "right") for name in names} <= set(names)
                    assert len(names) % 2 == 0
                    assert len(reader.search(person(1, 2, count=12), None)) == len(names)
            assert changes > 3
            with Gallery.open(path, read_only=True) as fresh:
                assert len(fresh) % 2 == 0
        finally:
            writer.kill()


def test_one_writer_at_a_time(path: Path) -> None:
    with Gallery.open(path) as first:
        with pytest.raises(GalleryLockedError):
            Gallery.open(path, timeout=0.05)
        first.enroll("1", person(1))
        threading.Timer(0.2, first.close).start()
        begun = time.monotonic()
        with Gallery.open(path, timeout=30) as second:
            assert list(second) == ["1"]
        assert time.monotonic() - begun < 25


def test_another_process_is_locked_out_too(path: Path) -> None:
    script = f"""
        from civid.errors import GalleryLockedError
        from civid.search import Gallery
        try:
            Gallery.open({str(path)!r}, timeout=0.05)
        except GalleryLockedError:
            print("locked", len(Gallery.open({str(path)!r}, read_only=True)))
    """
    filled(path, 3)
    with Gallery.open(path):
        run = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True
        )
    assert (run.stdout, run.stderr) == ("locked 3\n", "")


def test_missing_foreign_and_unfinished_folders(path: Path, tmp_path: Path) -> None:
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(GalleryFormatError, match="not exist"):
            Gallery.open(path, **options)  # type: ignore[arg-type]
        assert not path.exists()
    path.mkdir()
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(GalleryFormatError, match="empty"):
            Gallery.open(path, **options)  # type: ignore[arg-type]
    (path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(GalleryFormatError, match="1 other entries"):
        Gallery.open(path)
    assert [p.name for p in path.iterdir()] == ["holiday.jpg"]
    with pytest.raises(GalleryFormatError, match="a file"):
        Gallery.open(path / "holiday.jpg")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / folder.WITNESS).write_bytes(b"something else entirely")
    (tmp_path / "foreign" / folder.DATABASE).write_bytes(b"something else entirely")
    with pytest.raises(GalleryFormatError, match="not a gallery"):
        Gallery.open(tmp_path / "foreign")
    with Gallery.open(tmp_path / "a" / "b" / "c") as made:
        made.enroll("1", person(1))


@pytest.mark.parametrize(
    "left", ["nothing", "commit counter", "marked", "database", "all but the mark"]
)
def test_a_creation_cut_short_is_begun_again(path: Path, left: str) -> None:
    path.mkdir()
    (path / folder.LOCK).touch()
    if left != "nothing":
        (path / folder.WITNESS).touch()
    if left in ("marked", "database", "all but the mark"):
        mark = commit_counter.CommitCounter(os.open(path / folder.WITNESS, os.O_RDWR | os.O_CREAT))
        mark.create(commit_counter.CREATING)
        mark.close()
    if left == "database":
        (path / folder.DATABASE).write_bytes(b"SQLite form")
    if left == "all but the mark":
        folder.create(HeldFolder(path))
        mark = commit_counter.CommitCounter(os.open(path / folder.WITNESS, os.O_RDWR | os.O_CREAT))
        mark.create(commit_counter.CREATING)
        mark.close()
    if left != "nothing":
        with pytest.raises(GalleryLockedError):
            Gallery.open(path, read_only=True)
    with Gallery.open(path) as gallery:
        gallery.enroll("1", person(1))
    with Gallery.open(path, read_only=True) as gallery:
        assert list(gallery) == ["1"]


def test_another_version_is_named(path: Path) -> None:
    filled(path, 1)
    (path / folder.WITNESS).unlink()
    version, commit_counter.VERSION = commit_counter.VERSION, 7
    try:
        mark = commit_counter.CommitCounter(os.open(path / folder.WITNESS, os.O_RDWR | os.O_CREAT))
        mark.create(5)
        mark.close()
    finally:
        commit_counter.VERSION = version
    with pytest.raises(GalleryFormatError, match=r"version 7.*version 1 to 2"):
        Gallery.open(path)


def test_a_lost_log_is_noticed(path: Path, tmp_path: Path) -> None:
    """SQLite alone would open the older state without a word."""
    gallery = Gallery.open(path)
    gallery.enroll("1", person(1))
    gallery.enroll("2", person(2))
    copy = shutil.copytree(path, tmp_path / "copy")
    gallery.close()
    (copy / (folder.DATABASE + "-wal")).unlink()
    for read_only in (True, False):
        with pytest.raises(GalleryDamagedError):
            Gallery.open(copy, read_only=read_only)


def test_a_missing_database_is_noticed(path: Path) -> None:
    filled(path, 1)
    (path / folder.DATABASE).unlink()
    for read_only in (True, False):
        with pytest.raises(GalleryDamagedError, match="missing"):
            Gallery.open(path, read_only=read_only)


def test_a_late_commit_counter_is_no_damage(path: Path) -> None:
    """Killed between commit and counter: the enrolment is there, the counter follows."""
    gallery = Gallery.open(path)
    gallery.enroll("1", person(1))
    before = (path / folder.WITNESS).read_bytes()
    gallery.enroll("2", person(2))
    gallery.close()
    (path / folder.WITNESS).write_bytes(before)
    with Gallery.open(path) as back:
        assert list(back) == ["1", "2"]
    assert commit_counter.read(os.open(path / folder.WITNESS, os.O_RDONLY)) == 2


def test_a_commit_counter_that_cannot_be_written_takes_nothing_back(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: commit_counter.CommitCounter, generation: int) -> None:
        raise OSError(28, "No space left on device")

    with Gallery.open(path) as gallery:
        monkeypatch.setattr(commit_counter.CommitCounter, "write", fail)
        gallery.enroll("1", person(1))
        assert "commit counter" in caplog.text
    monkeypatch.undo()
    with Gallery.open(path) as back:
        assert list(back) == ["1"]


@pytest.mark.parametrize("also", ["alone", "beside a reader"])
def test_removed_bytes_are_gone(path: Path, also: str) -> None:
    people = {f"number {i:04}": person(i, 2, 7, count=30) for i in range(150)}
    gallery = Gallery.open(path)
    gallery.enroll_many(people)
    reader = Gallery.open(path, read_only=True) if also == "beside a reader" else None
    removed = [name for i, name in enumerate(people) if i % 7 in (1, 2, 5)]
    for name in removed:
        gallery.remove(name)
    gallery.enroll("number 0003", person(777), replace=True)
    old = [encoding.encode(t) for name in removed for t in people[name].values()]
    old += [encoding.encode(t) for t in people["number 0003"].values()]
    traces = [one[at : at + 28] for one in old for at in range(7, len(one) - 28, 28)]

    def stored() -> bytes:
        return b"".join(p.read_bytes() for p in path.iterdir() if not p.name.endswith("-shm"))

    content = stored()
    assert sum(trace in content for trace in traces) == 0
    assert not any(name.encode() in content for name in removed)
    if reader is not None:
        reader.close()
    gallery.close()
    assert sum(trace in stored() for trace in traces) == 0


def test_in_a_folder_that_cannot_be_written(path: Path, tmp_path: Path) -> None:
    filled(path, 3)
    with frozen(path):
        with pytest.raises(GalleryStorageError):
            Gallery.open(path)
        with Gallery.open(path, read_only=True) as reader:
            assert list(reader) == ["0", "1", "2"]
            assert len(reader.get("1")) == 2
            assert not reader.refresh()
    empty = tmp_path / "empty"
    empty.mkdir()
    with frozen(empty), pytest.raises(GalleryStorageError):
        Gallery.open(empty / "new")
    with Gallery.open(path) as gallery:
        gallery.enroll("3", person(3))


class frozen:
    """A folder made read-only: by mount for root, whom no permission stops, else by chmod."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> None:
        if os.geteuid() != 0:
            self.path.chmod(0o500)
            return
        bind = ["mount", "--bind", str(self.path), str(self.path)]
        if shutil.which("mount") is None or subprocess.run(bind, capture_output=True).returncode:
            pytest.skip("root without the right to mount cannot make a folder read-only")
        subprocess.run(["mount", "-o", "remount,ro,bind", str(self.path)], check=True)

    def __exit__(self, *_: object) -> None:
        if os.geteuid() != 0:
            self.path.chmod(0o700)
        else:
            subprocess.run(["umount", "-l", str(self.path)], check=True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_after_a_fork_the_child_only_searches(path: Path) -> None:
    script = f"""
        import os, sys
        from civid.errors import GalleryError
        from civid.search import Gallery
        from tests.search.prints import person
        gallery = Gallery.open({str(path)!r})
        child = os.fork()
        if child == 0:
            found = gallery.search(person(1, 2, 7, count=20), 1)[0].subject_id
            refused = 0
            for ask in (lambda: gallery.get("1"), lambda: gallery.remove("1"),
                        lambda: gallery.enroll("x", person(1))):
                try:
                    ask()
                except GalleryError as error:
                    refused += "fork" in str(error)
            gallery.close()
            os._exit(0 if (found, refused) == ("1", 3) else 1)
        assert os.waitpid(child, 0)[1] == 0
        gallery.enroll("after", person(50))
        gallery.close()
        print(len(Gallery.open({str(path)!r}, timeout=0)))
    """
    filled(path, 3)
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        env=child.environment(),
    )
    assert (run.stdout, run.stderr) == ("4\n", "")


def test_sqlite_errors_never_come_through(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path, 2)
    with Gallery.open(path) as gallery:
        other = sqlite3.connect(path / folder.DATABASE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # somebody who does not know about the lock
        gallery._store._connection.execute("PRAGMA busy_timeout = 20")  # type: ignore[attr-defined]
        with pytest.raises(GalleryLockedError):
            gallery.enroll("x", person(9))
        other.execute("DELETE FROM tail WHERE sequence < 3")
        other.execute("COMMIT")
        other.close()
        assert list(gallery) == ["0", "1"]
        with pytest.raises(GalleryError):
            gallery.get("0")
    with pytest.raises(GalleryDamagedError):
        Gallery.open(path)
