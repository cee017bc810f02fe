"""Copies of a gallery that is in use: whole, proved, each file once; nothing half restored."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.golden.make_golden import KEYS as GOLDEN_KEYS
from tests.search.prints import person, same

from civid import Position
from civid.errors import (
    CividError,
    GalleryDamagedError,
    GalleryError,
    GalleryFormatError,
    GalleryKeyError,
    GalleryLockedError,
    GalleryStorageError,
)
from civid.search import Gallery, Metadata
from civid.search.arrays import encoding
from civid.search.segments.keys import StaticKeyProvider
from civid.search.upkeep import backup, copies, restore, snapshot, transfer
from civid.search.upkeep.backup_folder import BackupFolder

KEYS = StaticKeyProvider({"2026": bytes(range(32))})
KINDS = pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])


def filled(path: Path, keys: StaticKeyProvider | None = None, count: int = 24) -> Gallery:
    """Two segments, tombstones, a tail; open to write."""
    gallery = Gallery.open(path, keys=keys, background=False)
    for i in range(count):
        gallery.enroll(f"{i}", person(i, 2, 7, count=12))
        if i in (count // 2, count * 3 // 4):
            gallery.compact()
    gallery.remove_many(["3", str(count - 1)])
    gallery.set_metadata("5", Metadata({"unit": "079"}, ["border"]))
    return gallery


def equal(path: Path, names: list[str], keys: StaticKeyProvider | None = None) -> bool:
    """Does a gallery hold these, each with its fingers, for a reader and for a writer?"""
    for read_only in (True, False):
        with Gallery.open(path, keys=keys, create=False, read_only=read_only) as gallery:
            gallery.check_integrity()
            if list(gallery) != names:
                return False
            for name in names:
                expected, found = person(int(name), 2, 7, count=12), gallery.get(name)
                expected_more = {"unit": "079"} if name == "5" else {}
                if dict(gallery.metadata(name).values) != expected_more:
                    return False
                if not all(same(found[place], one) for place, one in expected.items()):
                    return False
    return True


@KINDS
def test_a_copy_is_the_gallery_as_it_was(tmp_path: Path, keys: StaticKeyProvider | None) -> None:
    states = []
    with filled(tmp_path / "centre", keys) as gallery:
        for step in range(3):
            report = backup(tmp_path / "centre", tmp_path / "copies", keys=keys)
            states.append(list(gallery))
            assert report.copy.proved
            assert (report.copy.subjects, report.copy.fingers) == (len(gallery), 2 * len(gallery))
            gallery.enroll(f"{100 + step}", person(100 + step, 2, 7, count=12))
            gallery.remove(f"{step}")
            if step == 1:
                gallery.compact(purge=True)
    assert [copy.number for copy in copies(tmp_path / "copies")] == [1, 2, 3]
    for number, names in enumerate(states, 1):
        told = restore(tmp_path / "copies", tmp_path / f"{number}", copy=number, keys=keys)
        assert (told.number, told.proved) == (number, True)
        assert equal(tmp_path / f"{number}", names, keys)
    assert restore(tmp_path / "copies", tmp_path / "last", keys=keys).number == 3


def test_segments_are_copied_once(tmp_path: Path) -> None:
    with filled(tmp_path / "centre") as gallery:
        first = backup(tmp_path / "centre", tmp_path / "copies")
        gallery.enroll("30", person(30, 2, 7, count=12))
        second = backup(tmp_path / "centre", tmp_path / "copies")
    segments = sum(path.stat().st_size for path in (tmp_path / "centre").glob("*.seg"))
    assert first.reused_bytes == 0
    assert second.reused_bytes == segments
    assert second.copied_bytes == second.copy.nbytes - segments
    names = [path.name for path in (tmp_path / "copies" / "files").iterdir()]
    assert sorted({name.partition(".")[2] for name in names}) == ["db", "seg"]


def test_room_that_a_folded_tail_has_left_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_FREE", 8)
    with Gallery.open(tmp_path / "centre", background=False) as gallery:
        gallery.enroll_many((str(i), person(i, 2, 7, count=12)) for i in range(120))
        gallery.compact()
        gallery.enroll("200", person(200, 2, 7, count=12))
        backup(tmp_path / "centre", tmp_path / "copies")
        names = list(gallery)
    database = (tmp_path / "centre" / "gallery.sqlite3").stat().st_size
    (copy,) = copies(tmp_path / "copies")
    assert copy.files[0].size < database / 2
    restore(tmp_path / "copies", tmp_path / "again")
    with Gallery.open(tmp_path / "again", create=False) as gallery:
        gallery.check_integrity()
        assert list(gallery) == names
        gallery.enroll("300", person(1, 2))
    assert [path.suffix for path in (tmp_path / "copies" / "files").iterdir()].count(".part") == 0


def test_old_copies_are_forgotten_with_what_only_they_hold(tmp_path: Path) -> None:
    with filled(tmp_path / "centre") as gallery:
        for _ in range(3):
            backup(tmp_path / "centre", tmp_path / "copies")
            gallery.enroll(str(len(gallery) + 50), person(1, 2, count=12))
            gallery.compact(purge=True)
        report = backup(tmp_path / "centre", tmp_path / "copies", keep=2)
        assert report.removed == (1, 2)
        names = list(gallery)
    held = copies(tmp_path / "copies")
    named = {one.file for copy in held for one in copy.files}
    assert {path.name for path in (tmp_path / "copies" / "files").iterdir()} == named
    restore(tmp_path / "copies", tmp_path / "again")
    with Gallery.open(tmp_path / "again", read_only=True) as gallery:
        assert list(gallery) == names


def test_whoever_copies_needs_no_keys(tmp_path: Path) -> None:
    with filled(tmp_path / "centre", KEYS) as gallery:
        names = list(gallery)
        report = backup(tmp_path / "centre", tmp_path / "copies")
    assert (report.copy.encrypted, report.copy.proved) == (True, False)
    assert not restore(tmp_path / "copies", tmp_path / "blind").proved
    assert restore(tmp_path / "copies", tmp_path / "again", keys=KEYS).proved
    assert equal(tmp_path / "again", names, KEYS)
    assert equal(tmp_path / "blind", names, KEYS)
    finger = encoding.encode(person(5, 2, 7, count=12)[Position(2)])[20:60]
    for path in (tmp_path / "copies").rglob("*"):
        assert not path.is_file() or finger not in path.read_bytes()
    other = StaticKeyProvider({"2026": bytes(32)})
    with pytest.raises(GalleryKeyError):
        restore(tmp_path / "copies", tmp_path / "wrong", keys=other)
    with pytest.raises(GalleryKeyError):
        backup(tmp_path / "centre", tmp_path / "copies", keys=other)
    assert not (tmp_path / "wrong").exists()


def test_a_plain_gallery_is_refused_with_keys(tmp_path: Path) -> None:
    filled(tmp_path / "centre").close()
    with pytest.raises(GalleryKeyError, match="not encrypted"):
        backup(tmp_path / "centre", tmp_path / "copies", keys=KEYS)


def test_a_plain_gallery_of_nobody_is_copied_with_keys(tmp_path: Path) -> None:
    """As it is opened with them: whoever makes a gallery encrypts it a moment later."""
    Gallery.open(tmp_path / "centre").close()
    assert backup(tmp_path / "centre", tmp_path / "copies", keys=KEYS).copy.subjects == 0
    restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)
    with Gallery.open(tmp_path / "again", keys=KEYS) as again:
        assert len(again) == 0


def test_one_backup_is_of_one_encrypted_gallery(tmp_path: Path) -> None:
    for name in "ab":
        filled(tmp_path / name, KEYS).close()
    backup(tmp_path / "a", tmp_path / "copies", keys=KEYS)
    with pytest.raises(GalleryError, match="another encrypted gallery"):
        backup(tmp_path / "b", tmp_path / "copies", keys=KEYS)
    assert len(copies(tmp_path / "copies")) == 1


def test_files_are_for_their_owner(tmp_path: Path) -> None:
    filled(tmp_path / "centre").close()
    backup(tmp_path / "centre", tmp_path / "copies")
    restore(tmp_path / "copies", tmp_path / "again")
    for root in ("copies", "again"):
        for path in (tmp_path / root, *(tmp_path / root).rglob("*")):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    filled(tmp_path / "centre").close()
    backup(tmp_path / "centre", tmp_path / "copies")
    before = {path: path.read_bytes() for path in (tmp_path / "centre").iterdir()}
    with pytest.raises(GalleryError, match="a gallery already"):
        restore(tmp_path / "copies", tmp_path / "centre")
    assert {path: path.read_bytes() for path in (tmp_path / "centre").iterdir()} == before
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        with pytest.raises(GalleryError):
            restore(tmp_path / "copies", tmp_path / name)
    (tmp_path / "mine.restoring").mkdir()
    (tmp_path / "mine.restoring" / "letter").write_text("mine")
    with pytest.raises(GalleryError, match="in the way"):
        restore(tmp_path / "copies", tmp_path / "mine")
    assert (tmp_path / "mine.restoring" / "letter").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "copies", tmp_path / "empty")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "centre").close()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("mine")
    with pytest.raises(GalleryFormatError, match="not empty"):
        backup(tmp_path / "centre", tmp_path / "mine")
    for where in ("mine", "nowhere", "centre"):
        with pytest.raises(GalleryFormatError):
            restore(tmp_path / where, tmp_path / "again")
    with pytest.raises(GalleryFormatError):
        backup(tmp_path / "nowhere", tmp_path / "copies")
    backup(tmp_path / "centre", tmp_path / "copies")
    with pytest.raises(GalleryError, match="no copy of this number"):
        restore(tmp_path / "copies", tmp_path / "again", copy=7)
    with pytest.raises(GalleryError, match="from 1"):
        backup(tmp_path / "centre", tmp_path / "copies", keep=0)
    assert list((tmp_path / "mine").iterdir()) == [tmp_path / "mine" / "letter"]


def test_two_at_once_take_turns(tmp_path: Path) -> None:
    filled(tmp_path / "centre").close()
    backup(tmp_path / "centre", tmp_path / "copies")
    with (
        BackupFolder(tmp_path / "copies").locked(0),
        pytest.raises(GalleryLockedError, match="another backup"),
    ):
        backup(tmp_path / "centre", tmp_path / "copies", timeout=0)


def test_an_older_copy_than_the_anchor_is_refused(tmp_path: Path) -> None:
    with filled(tmp_path / "centre", KEYS) as gallery:
        before = gallery.anchor()
        backup(tmp_path / "centre", tmp_path / "copies", keys=KEYS)
        gallery.enroll("60", person(60, 2, 7, count=12))
        anchor = gallery.anchor()
        with pytest.raises(GalleryDamagedError, match="older than the anchor"):
            restore(tmp_path / "copies", tmp_path / "again", keys=KEYS, anchor=anchor)
        backup(tmp_path / "centre", tmp_path / "copies", keys=KEYS)
    restore(tmp_path / "copies", tmp_path / "again", keys=KEYS, anchor=anchor)
    restore(tmp_path / "copies", tmp_path / "first", copy=1, keys=KEYS, anchor=before)
    with Gallery.open(tmp_path / "again", keys=KEYS, anchor=anchor) as gallery:
        assert "60" in gallery
    with pytest.raises(GalleryDamagedError, match="another gallery"):
        restore(tmp_path / "copies", tmp_path / "x", keys=KEYS, anchor=f"{'0' * 64}:1")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a plain gallery, and one of an encrypted one."""
    path = tmp_path_factory.mktemp("sound")
    for name, keys in (("plain", None), ("sealed", KEYS)):
        filled(path / name, keys).close()
        backup(path / name, path / f"{name} copies", keys=keys)
    return path


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), name=st.sampled_from(["plain", "sealed"]))
def test_a_damaged_backup_restores_nothing_wrong(sound: Path, data: st.DataObject, name: str
) -> None:  # fmt: skip
    """One bit, or the end of a file, is lost: a typed error and no gallery, or the gallery."""
    keys = KEYS if name == "sealed" else None
    work = sound / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(sound / f"{name} copies", work)
    target = data.draw(st.sampled_from(sorted(p for p in work.rglob("*") if p.is_file())))
    content = bytearray(target.read_bytes())
    if content:
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        else:
            del content[at:]
        target.write_bytes(content)
    again = sound / "again"
    shutil.rmtree(again, ignore_errors=True)
    try:
        restore(work, again, keys=keys)
    except GalleryDamagedError:
        assert not again.exists()
        shutil.rmtree(sound / "again.restoring", ignore_errors=True)
    except GalleryError:
        assert not again.exists()
        assert target.suffix == ".civid" or target.suffix == ".json"
    else:
        names = [str(i) for i in range(23) if i != 3]
        assert equal(again, names, keys)


def test_a_damaged_gallery_is_not_copied_as_if_it_were_whole(tmp_path: Path) -> None:
    filled(tmp_path / "centre").close()
    segment = min((tmp_path / "centre").glob("*.seg"))
    data = bytearray(segment.read_bytes())
    data[5000] ^= 1
    segment.write_bytes(data)
    with pytest.raises(GalleryDamagedError, match=segment.name):
        backup(tmp_path / "centre", tmp_path / "copies")
    assert copies(tmp_path / "copies") == []


def test_what_was_copied_before_can_be_looked_at_again(tmp_path: Path) -> None:
    filled(tmp_path / "centre").close()
    backup(tmp_path / "centre", tmp_path / "copies")
    assert backup(tmp_path / "centre", tmp_path / "copies", verify=True).copied_bytes < 200_000
    segment = min((tmp_path / "copies" / "files").glob("*.seg"))
    data = bytearray(segment.read_bytes())
    data[5000] ^= 1
    segment.write_bytes(data)
    with pytest.raises(GalleryDamagedError, match=segment.name):
        backup(tmp_path / "centre", tmp_path / "copies", verify=True)


def test_no_room_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path / "centre").close()
    backup(tmp_path / "centre", tmp_path / "copies")
    found = os.statvfs(tmp_path)
    full = os.statvfs_result([0 if i == 4 else value for i, value in enumerate(found)])
    monkeypatch.setattr(os, "statvfs", lambda _: full)
    with pytest.raises(GalleryStorageError, match="0 MB are free"):
        backup(tmp_path / "centre", tmp_path / "more")
    with pytest.raises(GalleryStorageError, match="0 MB are free"):
        restore(tmp_path / "copies", tmp_path / "again")


class _Killed(BaseException):
    """As good as kill -9 for files: nothing of ours runs after it but closing them."""


class _Stop:
    """Progress that ends it at one of its calls, or never."""

    def __init__(self, after: int):
        self.left = after

    def __call__(self, done: int, total: int) -> None:
        assert 0 < done <= total
        self.left -= 1
        if self.left < 0:
            raise _Killed


@KINDS
def test_cut_off_at_any_block_the_next_call_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: StaticKeyProvider | None
) -> None:
    monkeypatch.setattr(transfer, "BLOCK", 4096)
    there, kept, again = tmp_path / "centre", tmp_path / "copies", tmp_path / "again"
    with filled(there, keys) as gallery:
        names = list(gallery)
        for after in range(0, 200, 8):
            try:
                backup(there, kept, keys=keys, on_progress=_Stop(after))
                break
            except _Killed:
                assert copies(kept) == []
        assert after > 6
        for after in range(0, 200, 8):
            try:
                restore(kept, again, keys=keys, on_progress=_Stop(after))
                break
            except _Killed:
                assert not again.exists()
        assert after > 6
    assert equal(again, names, keys)


def test_a_part_of_something_else_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(bytes(range(256)) * 9000)
    part = tmp_path / "part"
    for begun in (b"", bytes(range(256)) * 5000, b"x" * 3_000_000, bytes(range(256)) * 4100 + b"y"):
        part.write_bytes(begun)
        with (tmp_path / "source").open("rb") as file:
            transfer.copied(file.fileno(), 256 * 9000, part, transfer.digest_of, lambda _: None)
        assert part.read_bytes() == (tmp_path / "source").read_bytes()


def test_what_a_disk_changes_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"abc")

    def lies(descriptor: int) -> str:
        os.pwrite(descriptor, b"x", 0)
        return transfer.digest_of(descriptor)

    with (
        (tmp_path / "source").open("rb") as file,
        pytest.raises(CividError, match="other bytes"),
    ):
        transfer.copied(file.fileno(), 3, tmp_path / "part", lies, lambda _: None)


def test_galleries_of_every_version_are_copied(tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden"
    for name in ("gallery-v1", "gallery-v2", "gallery-v2-encrypted", "gallery-v3"):
        keys = GOLDEN_KEYS if "encrypted" in name else None
        live = shutil.copytree(golden / name, tmp_path / name)
        with Gallery.open(live, read_only=True, keys=keys) as gallery:
            names = list(gallery)
        backup(live, tmp_path / f"{name} copies", keys=keys)
        restore(tmp_path / f"{name} copies", tmp_path / f"{name} again", keys=keys)
        with Gallery.open(tmp_path / f"{name} again", create=False, keys=keys) as gallery:
            assert list(gallery) == names
