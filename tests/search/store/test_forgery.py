"""Who can write to the folder of an encrypted gallery, and has no key: each attack, and what comes.

The attacker knows everything but the keys: the format, this source, all the bytes. What is not
keyed is made to fit again after each change (`_reseal`), as a forger would. Found means: opening,
or `verify`, raises a typed error. What cannot be found without an anchor is the last test.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.search.prints import person
from tests.search.segment_files import records

from civid.errors import GalleryDamagedError, GalleryError, GalleryFormatError, GalleryKeyError
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider
from civid.search.store import layout
from civid.search.store.layout import Entry, State

KEYS = StaticKeyProvider({"2026": bytes(range(32))})
Database = sqlite3.Connection


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    return _made(tmp_path / "victim", 1)


def _made(path: Path, seed: int, keys: StaticKeyProvider | None = KEYS) -> Path:
    """Forty in a segment, one of them removed; five in the tail."""
    with Gallery.open(path, keys=keys, background=False) as gallery:
        gallery.enroll_many([(f"s{i}", person(seed * 1000 + i, 2)) for i in range(40)])
        gallery.compact()
        gallery.remove("s3")
        gallery.enroll_many([(f"t{i}", person(seed * 1000 + 500 + i, 2)) for i in range(5)])
    return path


def _changed(path: Path, change: Callable[[Database], Any], *, generation: int = 0) -> None:
    connection = sqlite3.connect(path / "gallery.sqlite3", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    change(connection)
    _reseal(connection, generation)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _reseal(connection: Database, more: int) -> None:
    """Counts, digests and seal that fit what is there, as far as that goes without a key."""
    tail = connection.execute("SELECT sequence, fingers, subject FROM tail").fetchall()
    digest = 0
    for sequence, fingers, subject in tail:
        made = layout.tail_digest(sequence, fingers, subject)
        connection.execute("UPDATE tail SET digest = ? WHERE sequence = ?", (made, sequence))
        digest += int.from_bytes(made, "little")
    entries = [Entry(*row) for row in connection.execute(layout.READ_SEGMENTS)]
    dead = connection.execute(layout.READ_DEAD).fetchall()
    digest += sum(entry.digest() for entry in entries)
    digest += sum(layout.dead_digest(*row) for row in dead)
    (old,) = connection.execute("SELECT generation, next, shrunk, encrypted FROM state").fetchall()
    subjects = len(tail) + sum(one.subjects for one in entries) - len(dead)
    fingers = sum(row[1] for row in tail) + sum(one.fingers for one in entries)
    fingers -= sum(row[1] for row in dead)
    generation, following, shrunk, encrypted = old
    digest %= layout.MODULUS
    state = State(generation + more, subjects, fingers, following, shrunk, encrypted, digest)
    connection.execute(layout.WRITE_STATE, state.row())


def _looked_through(path: Path, read_only: bool) -> None:
    with Gallery.open(path, keys=KEYS, read_only=read_only, background=False) as gallery:
        gallery.check_integrity()


def _found(path: Path) -> None:
    """Neither a reader nor a writer takes it."""
    for read_only in (True, False):
        with pytest.raises((GalleryDamagedError, GalleryKeyError)):
            _looked_through(path, read_only)


def test_the_victim_is_whole(victim: Path) -> None:
    with Gallery.open(victim, keys=KEYS, read_only=True) as gallery:
        gallery.check_integrity()
        assert len(gallery) == 44


def test_01_a_plain_subject_is_injected(victim: Path) -> None:
    def inject(connection: Database) -> None:
        (last,) = connection.execute("SELECT next FROM state").fetchone()
        row = layout.tail_row(last, "intruder", records(1, 6, 1), None)
        connection.execute(layout.ADD_TAIL, row)
        connection.execute("UPDATE state SET next = next + 1")

    _changed(victim, inject)
    _found(victim)


def test_02_a_row_is_put_in_again_under_another_number(victim: Path) -> None:
    def double(connection: Database) -> None:
        row = connection.execute("SELECT * FROM tail ORDER BY sequence DESC LIMIT 1").fetchone()
        connection.execute(layout.ADD_TAIL, (row[0] + 1, *row[1:]))
        connection.execute("UPDATE state SET next = next + 1")

    _changed(victim, double)
    _found(victim)


def test_03_two_rows_change_places(victim: Path) -> None:
    def swap(connection: Database) -> None:
        one, two = connection.execute(
            "SELECT sequence, subject FROM tail ORDER BY sequence LIMIT 2"
        ).fetchall()
        for sequence, subject in ((one[0], two[1]), (two[0], one[1])):
            connection.execute("UPDATE tail SET subject = ? WHERE sequence = ?",
                               (subject, sequence))  # fmt: skip

    _changed(victim, swap)
    _found(victim)


def test_04_the_tail_is_cut_off(victim: Path) -> None:
    _changed(victim, lambda c: c.execute("DELETE FROM tail"))
    _found(victim)


def test_05_a_row_comes_from_another_gallery_of_the_same_key(victim: Path, tmp_path: Path) -> None:
    other = sqlite3.connect(_made(tmp_path / "other", 2) / "gallery.sqlite3")
    rows = other.execute("SELECT sequence, subject FROM tail").fetchall()
    other.close()

    def exchange(connection: Database) -> None:
        for sequence, subject in rows:
            connection.execute("UPDATE tail SET subject = ? WHERE sequence = ?",
                               (subject, sequence))  # fmt: skip

    _changed(victim, exchange)
    _found(victim)


def _take_segment(victim: Path, other: Path) -> Callable[[Database], None]:
    connection = sqlite3.connect(other / "gallery.sqlite3")
    (entry,) = connection.execute(layout.READ_SEGMENTS).fetchall()
    connection.close()
    (own,) = victim.glob("*.seg")
    (foreign,) = other.glob("*.seg")
    number = int(own.name.split("-")[1].split(".")[0])
    shutil.copy(foreign, own)

    def replace(connection: Database) -> None:
        connection.execute("DELETE FROM segments")
        connection.execute(layout.ADD_SEGMENT, (number, *entry[1:]))

    return replace


def test_06_a_segment_comes_from_another_gallery_of_the_same_key(
    victim: Path, tmp_path: Path
) -> None:
    _changed(victim, _take_segment(victim, _made(tmp_path / "other", 2)))
    _found(victim)


def test_07_a_plain_segment_takes_the_place_of_an_encrypted_one(
    victim: Path, tmp_path: Path
) -> None:
    _changed(victim, _take_segment(victim, _made(tmp_path / "other", 2, keys=None)))
    _found(victim)


def test_08_somebody_is_buried(victim: Path) -> None:
    _changed(victim, lambda c: c.execute(layout.ADD_DEAD, (7, 1)))
    _found(victim)


def test_09_somebody_is_raised(victim: Path) -> None:
    _changed(victim, lambda c: c.execute("DELETE FROM dead"))
    _found(victim)


def test_10_a_segment_is_dropped(victim: Path) -> None:
    def drop(connection: Database) -> None:
        connection.execute("DELETE FROM segments")
        connection.execute("DELETE FROM dead")

    _changed(victim, drop)
    _found(victim)


def test_11_the_proof_is_taken_away(victim: Path) -> None:
    """As if an earlier version had written it, which knew no proof."""
    _changed(victim, lambda c: c.execute("DROP TABLE proof"))
    _found(victim)


def test_12_a_plain_gallery_takes_its_place(victim: Path, tmp_path: Path) -> None:
    plain = _made(tmp_path / "plain", 3, keys=None)
    shutil.rmtree(victim)
    shutil.copytree(plain, victim)
    _found(victim)
    # Nor with what it says of itself changed.
    _changed(victim, lambda c: c.execute("UPDATE state SET encrypted = 1"))
    _found(victim)


def test_13_the_database_is_put_back(victim: Path, tmp_path: Path) -> None:
    old = Path(shutil.copy(victim / "gallery.sqlite3", tmp_path / "old"))
    with Gallery.open(victim, keys=KEYS, background=False) as gallery:
        gallery.enroll("new", person(9, 2))
    shutil.copy(old, victim / "gallery.sqlite3")
    _found(victim)


def test_14_the_whole_folder_is_put_back(victim: Path, tmp_path: Path) -> None:
    """Open without an anchor, found with one."""
    copy = shutil.copytree(victim, tmp_path / "copy")
    with Gallery.open(victim, keys=KEYS, background=False) as gallery:
        first = gallery.anchor()
        gallery.remove("s5")
        anchor = gallery.anchor()
    with Gallery.open(victim, keys=KEYS, anchor=first):
        pass
    shutil.rmtree(victim)
    shutil.copytree(copy, victim)
    with Gallery.open(victim, keys=KEYS, read_only=True) as gallery:
        assert "s5" in gallery  # nothing in the folder can tell
    for read_only in (True, False):
        with pytest.raises(GalleryDamagedError, match="earlier state"):
            Gallery.open(victim, keys=KEYS, anchor=anchor, read_only=read_only)
    other = _made(tmp_path / "other", 2)
    with pytest.raises(GalleryDamagedError, match="another gallery"):
        Gallery.open(other, keys=KEYS, anchor=anchor)
    with pytest.raises(GalleryFormatError):
        Gallery.open(victim, keys=KEYS, anchor="nonsense")


def test_only_encrypted_galleries_have_an_anchor(tmp_path: Path) -> None:
    with Gallery.open(tmp_path / "g") as gallery, pytest.raises(GalleryError):
        gallery.anchor()
    with pytest.raises(GalleryError):
        Gallery().anchor()


def test_a_purge_under_a_new_key_needs_the_old_one_no_more(victim: Path) -> None:
    both = StaticKeyProvider({"2026": KEYS.key("2026"), "2027": bytes(32)})
    with Gallery.open(victim, keys=both, background=False) as gallery:
        reader = Gallery.open(victim, keys=both, read_only=True)
        anchor = gallery.anchor()
        gallery.enroll("late", person(77, 2))
        assert gallery.compact(purge=True)
        assert not gallery.compact(purge=True)
        gallery.enroll("later", person(78, 2))
        reader.refresh()
        assert len(reader) == len(gallery) == 46
        reader.close()
    new = StaticKeyProvider({"2027": bytes(32)})
    with Gallery.open(victim, keys=new, anchor=anchor) as gallery:
        gallery.check_integrity()
        assert len(gallery) == 46
    with pytest.raises(GalleryKeyError):
        Gallery.open(victim, keys=KEYS)
