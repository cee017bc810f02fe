"""Copies of an engine in use: of one moment, whole, and good for what they were before."""

from __future__ import annotations

import json
import os
import shutil
import stat
import threading
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest
from tests.exchange.abis.model import KEYS, alike, files
from tests.search.prints import again, person

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryFormatError,
    GalleryKeyError,
    GalleryLockedError,
)
from civid.exchange.abis import Abis
from civid.exchange.abis.backup import backup, copies, restore
from civid.exchange.abis.subject_names import subject_name
from civid.exchange.abis.tables import NAME, connect
from civid.search import upkeep
from civid.search.segments.keys import StaticKeyProvider

OTHER = StaticKeyProvider({"2026": bytes(range(1, 33))})
TOKENS = Path("service") / "tokens.json"
KINDS = pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])


def made(folder: Path, keys: StaticKeyProvider | None = None) -> Path:
    """A small engine, as a service has it."""
    with Abis.open(folder, create=True, keys=keys) as engine:
        engine.insert("a", person(1, 2, 7), encounter="first", galleries=["G"], kind="k",
                      document={"n": 1})  # fmt: skip
        engine.insert("b", person(2, 2))
        engine.insert("gone", person(3, 2))
        engine.delete("gone")
        engine.once("request", b"digest", lambda: {"answer": 7})
    (folder / "service").mkdir(0o700)
    (folder / TOKENS).write_text('{"tokens": []}' + " " * 40)
    (folder / "service" / "log.jsonl.key").write_text("a key of the log")
    return folder


def same(one: Abis, other: Abis) -> bool:
    """Do they hold and answer the same?"""
    assert one.people() == other.people()
    assert one.galleries() == other.galleries()
    for name in one.people():
        pairs = zip(one.encounters(name), other.encounters(name), strict=True)
        assert all(alike(*pair) for pair in pairs)
    probe = again(person(1, 2, 7), 5)
    assert one.identify(probe) == other.identify(probe)
    return one.answered("request", b"digest") == other.answered("request", b"digest")


@KINDS
def test_a_copy_of_an_engine_in_use_answers_as_it_did(
    tmp_path: Path, keys: StaticKeyProvider | None
) -> None:
    made(tmp_path / "office", keys)
    with Abis.open(tmp_path / "office", keys=keys) as engine:
        report = backup(tmp_path / "office", tmp_path / "copies", keys=keys)
        done = restore(tmp_path / "copies", tmp_path / "again", keys=keys)
        assert done == report.copy == copies(tmp_path / "copies")[-1]
        assert (done.number, done.people, done.subjects) == (1, 2, 2)
        assert done.encrypted == (keys is not None)
        with Abis.open(tmp_path / "again", keys=keys) as other:
            assert same(engine, other)
            assert other.check() == 2
            other.insert("c", person(4, 2))  # it goes on
            assert other.check() == 3
        assert engine.check() == 2
    assert (tmp_path / "again" / TOKENS).read_bytes() == (tmp_path / "office" / TOKENS).read_bytes()
    assert {one.name for one in (tmp_path / "again").iterdir()} == {NAME, "gallery", "service"}


def test_keys_stay_where_they_are(tmp_path: Path) -> None:
    made(tmp_path / "office", KEYS)
    with pytest.raises(GalleryKeyError):
        backup(tmp_path / "office", tmp_path / "copies")
    with pytest.raises(GalleryKeyError):
        backup(tmp_path / "office", tmp_path / "copies", keys=OTHER)
    assert not (tmp_path / "copies").exists()
    backup(tmp_path / "office", tmp_path / "copies", keys=KEYS)
    for keys in (None, OTHER):
        with pytest.raises(GalleryKeyError):
            restore(tmp_path / "copies", tmp_path / "again", keys=keys)
    assert not list(tmp_path.glob("again*"))
    found = files(tmp_path / "copies")
    assert KEYS.key("2026") not in found
    assert b"a key of the log" not in found


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_copies_are_for_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        backup(made(tmp_path / "office"), tmp_path / "copies")
        restore(tmp_path / "copies", tmp_path / "again")
    finally:
        os.umask(before)
    for root in ("copies", "again"):
        for one in [tmp_path / root, *(tmp_path / root).rglob("*")]:
            assert stat.S_IMODE(one.stat().st_mode) == (0o700 if one.is_dir() else 0o600), one


def test_copies_are_counted_and_forgotten(tmp_path: Path) -> None:
    office, to = made(tmp_path / "office"), tmp_path / "copies"
    with Abis.open(office) as engine:
        for which in range(4):
            report = backup(office, to, keep=2)
            engine.insert(f"n{which}", person(10 + which, 2))
    assert report.removed == (2,)
    assert [one.number for one in copies(to)] == [3, 4]
    assert [one.people for one in copies(to)] == [4, 5]
    assert [one.number for one in upkeep.copies(to / "gallery")] == [3, 4]
    assert len(list((to / "files").iterdir())) == 4
    restore(to, tmp_path / "older", copy=3)
    with Abis.open(tmp_path / "older") as older:
        assert older.people() == ("a", "b", "n0", "n1")
    for number in (1, 9):
        with pytest.raises(GalleryError, match="no copy of this number; the last is 4"):
            restore(to, tmp_path / "none", copy=number)
    with pytest.raises(GalleryError, match="keep must be"):
        backup(office, to, keep=0)


def test_a_change_of_another_is_in_the_copy_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    """A batch is open, its prints are in the gallery already: the copy waits for its end."""
    office, to = made(tmp_path / "office"), tmp_path / "copies"
    inside, leave = threading.Event(), threading.Event()
    with Abis.open(office) as engine:

        def batch() -> None:
            with engine.batch():
                engine.insert("p", person(20, 2))
                engine.insert("q", person(21, 2))
                engine.identify(person(20, 2))  # flushes what was enrolled
                inside.set()
                leave.wait(20)

        other = threading.Thread(target=batch)
        other.start()
        assert inside.wait(20)
        with pytest.raises(GalleryLockedError):
            backup(office, to, timeout=0.05)
        assert copies(to) == []
        with pytest.raises(GalleryError, match="holds no copy yet"):
            restore(to, tmp_path / "again")
        leave.set()
        other.join()
        assert backup(office, to).copy.people == 4
    restore(to, tmp_path / "again")
    with Abis.open(tmp_path / "again") as again_:
        assert again_.people() == ("a", "b", "p", "q")


def test_prints_that_a_crash_left_behind_are_mended_in_the_copy(tmp_path: Path) -> None:
    office = made(tmp_path / "office")
    with Abis.open(office) as engine:
        parts = engine._parts
        parts.gallery.enroll(subject_name(parts.ledger.serial + 1, 1), person(30, 2))
    report = backup(office, tmp_path / "copies")
    assert report.copy.subjects == 3
    restore(tmp_path / "copies", tmp_path / "again")
    with Abis.open(tmp_path / "again") as again_:
        assert again_.check() == len(again_._parts.gallery) == 2


# ---- tampering


def _flip(path: Path, at: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])  # the last byte of a manifest is a line end


@KINDS
@pytest.mark.parametrize("how", [_flip, _cut, Path.unlink], ids=["flipped", "cut", "removed"])
def test_every_file_of_a_copy_is_missed_when_it_is_not_as_it_was(
    tmp_path: Path, keys: StaticKeyProvider | None, how: Callable[[Path], None]
) -> None:
    to = tmp_path / "copies"
    backup(made(tmp_path / "office", keys), to, keys=keys)
    small = [one for one in to.rglob("*") if one.is_file() and one.stat().st_size > 40]
    assert len(small) == 5
    for one in small:
        kept = one.read_bytes()
        how(one)
        gone = how is Path.unlink and one.parent == to / "copies"  # then there is no copy
        with pytest.raises(GalleryError if gone else GalleryDamagedError):
            restore(to, tmp_path / "again", keys=keys)
        assert not list(tmp_path.glob("again*")), one
        one.write_bytes(kept)
    restore(to, tmp_path / "again", keys=keys)


@KINDS
def test_who_writes_another_manifest_needs_the_key(
    tmp_path: Path, keys: StaticKeyProvider | None
) -> None:
    """An older ledger beside it, and a manifest whose digests are right."""
    to = tmp_path / "copies"
    office = made(tmp_path / "office", keys)
    backup(office, to, keys=keys)
    path = to / "copies" / "00000001.json"
    for change in ({"people": 3}, {"engine": "0" * 32}, {"taken": "2020-01-01T00:00:00Z"}):
        document = json.loads(path.read_bytes())
        document["copy"].update(change)
        _redo(document, to / "copies" / "00000001.json", tmp_path / "kept")
        with pytest.raises(GalleryDamagedError):
            restore(to, tmp_path / "again", keys=keys)
        shutil.copy(tmp_path / "kept", path)
    restore(to, tmp_path / "again", keys=keys)


def _redo(document: dict[str, object], path: Path, kept: Path) -> None:
    shutil.copy(path, kept)
    document.pop("digest")
    text = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    document["digest"] = blake2b(text, digest_size=32).hexdigest()
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    "change",
    [
        {"files": []}, {"number": -1}, {"people": "2"}, {"seal": "x"}, {"more": 1}, {"taken": 5},
        {"files": [{"name": "ledger.sqlite3", "file": "../../secret", "size": 1,
                    "digest": "0" * 64}]},
        {"files": [{"name": "../ledger.sqlite3", "file": "00000001-ledger.sqlite3", "size": 1,
                    "digest": "0" * 64}]},
    ],
)  # fmt: skip
def test_manifests_that_make_no_sense(tmp_path: Path, change: dict[str, object]) -> None:
    to = tmp_path / "copies"
    backup(made(tmp_path / "office"), to)
    path = to / "copies" / "00000001.json"
    document = json.loads(path.read_bytes())
    document["copy"].update(change)
    _redo(document, path, tmp_path / "kept")
    with pytest.raises(GalleryDamagedError, match=r"00000001\.json: a manifest"):
        copies(to)


def test_manifests_of_newer_versions_and_of_nobody(tmp_path: Path) -> None:
    to = tmp_path / "copies"
    backup(made(tmp_path / "office"), to)
    path = to / "copies" / "00000001.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"civid_service_backup": 1', b'"civid_service_backup": 2'))
    with pytest.raises(GalleryFormatError, match="version 2"):
        copies(to)
    for data in (b"", b"[]", b"{}", b"[" * 100_000, b"\xff", whole[:50]):
        path.write_bytes(data)
        with pytest.raises(GalleryDamagedError):
            copies(to)
    path.unlink()
    (to / "copies" / "00000002.json").write_bytes(whole)
    with pytest.raises(GalleryDamagedError, match="another's name"):
        copies(to)


# ---- other folders


def test_folders_that_are_something_else(tmp_path: Path) -> None:
    office, to = made(tmp_path / "office"), tmp_path / "copies"
    for folder in (tmp_path / "none", tmp_path, office / "gallery"):
        with pytest.raises(GalleryFormatError, match=NAME):
            backup(folder, to)
    assert not to.exists()
    (tmp_path / "file").touch()
    for place in (office, office / "gallery", tmp_path / "file"):
        with pytest.raises(GalleryFormatError):
            backup(office, place)
    upkeep.backup(office / "gallery", tmp_path / "prints")
    for place in (tmp_path / "prints", tmp_path / "none", office):
        with pytest.raises(GalleryFormatError):
            backup(office, place) if place.exists() else copies(place)
        with pytest.raises(GalleryFormatError):
            restore(place, tmp_path / "again")
    backup(office, to)
    with pytest.raises(GalleryError, match="of another service"):
        backup(made(tmp_path / "second"), to)
    assert len(copies(to)) == 1
    with Abis.open(office) as engine:
        assert engine.check() == 2


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    office, to = made(tmp_path / "office"), tmp_path / "copies"
    backup(office, to)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "again.restoring").mkdir()
    (tmp_path / "again.restoring" / "mine").write_text("mine")
    before = files(tmp_path)
    for name in ("full", "file", "office", "again"):
        with pytest.raises(GalleryError, match=r"nothing was (changed|restored)"):
            restore(to, tmp_path / name)
    assert files(tmp_path) == before
    (tmp_path / "empty").mkdir()
    restore(to, tmp_path / "empty")
    Abis.open(tmp_path / "empty").close()


def test_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, to = made(tmp_path / "office"), tmp_path / "copies"
    backup(office, to)
    real = os.statvfs

    def small(path: Path) -> os.statvfs_result:
        found = list(real(path))
        found[4] = 0
        return os.statvfs_result(found)

    monkeypatch.setattr(os, "statvfs", small)
    with pytest.raises(GalleryError, match="are free"):
        backup(office, to)
    with pytest.raises(GalleryError, match="are free"):
        restore(to, tmp_path / "again")
    monkeypatch.undo()
    assert len(copies(to)) == 1
    assert not list(tmp_path.glob("again*"))
    assert backup(office, to).copy.number == 2


def test_the_lock_is_let_go(tmp_path: Path) -> None:
    """Nobody waits for a copy that failed, nor for one that is done."""
    office = made(tmp_path / "office")
    with pytest.raises(GalleryFormatError):
        backup(office, office)
    backup(office, tmp_path / "copies")
    db = connect(office, read_only=False, timeout=0)
    db.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")
    db.close()
