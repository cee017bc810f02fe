"""Metadata on the disk: every row is covered by the state, nothing is readable without the key."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from tests import child
from tests.search.prints import person
from tests.search.stores import KEYS, everything

from civid.errors import CividError, GalleryDamagedError, GalleryKeyError
from civid.search import Gallery, Metadata
from civid.search.segments.keys import KeyProvider, StaticKeyProvider
from civid.search.store import notes

PEOPLE = {f"p{i}": person(i, count=6) for i in range(4)}
KEPT = {
    "p1": Metadata({"unit": "unitsecret"}, tags=["tagsecret", "b"]),
    "p2": Metadata({"unit": "079"}, tags=["b"]),
}
BOTH = StaticKeyProvider({"2026": KEYS.key("2026"), "2027": bytes(range(1, 33))}, "2027")


def made(path: Path, keys: KeyProvider | None) -> Path:
    with Gallery.open(path, keys=keys, background=False) as gallery:
        gallery.enroll_many(PEOPLE, metadata=KEPT)
    return path


def change(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path / "gallery.sqlite3")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def all_of(gallery: Gallery) -> None:
    gallery.check_integrity()
    for name in gallery:
        gallery.metadata(name)
    gallery.search(PEOPLE["p1"], tag="b")


@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "encrypted"])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM notes WHERE sequence = 2",
        "DELETE FROM tags",
        "DELETE FROM noted",
        "UPDATE noted SET notes = 3",
        "UPDATE noted SET digest = zeroblob(16)",
        "UPDATE notes SET sequence = 9 WHERE sequence = 2",
        "UPDATE notes SET digest = zeroblob(16)",
        "UPDATE notes SET data = data || x'00'",
        "UPDATE notes SET data = (SELECT subject FROM tail WHERE sequence = 2) WHERE sequence = 2",
        "UPDATE tags SET block = 1",
        "UPDATE tags SET data = data || x'00'",
        "UPDATE tags SET digest = zeroblob(16)",
        "INSERT INTO tags SELECT x'00', block, digest, data FROM tags LIMIT 1",
        "INSERT INTO notes SELECT 4, digest, data FROM notes LIMIT 1",
    ],
)
def test_no_row_changes_unnoticed(tmp_path: Path, keys: KeyProvider | None, statement: str) -> None:
    path = made(tmp_path / "g", keys)
    change(path, statement)
    with pytest.raises(CividError) as caught, Gallery.open(path, keys=keys) as gallery:
        gallery.check_integrity()
    assert isinstance(caught.value, (GalleryDamagedError, GalleryKeyError))


@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "encrypted"])
def test_tables_that_are_taken_away_or_put_back_are_noticed_on_opening(
    tmp_path: Path, keys: KeyProvider | None
) -> None:
    path = made(tmp_path / "g", keys)
    shutil.copy(path / "gallery.sqlite3", tmp_path / "old")
    with Gallery.open(path, keys=keys, background=False) as gallery:
        gallery.set_metadata("p1", {})
    change(
        path,
        f"ATTACH '{tmp_path / 'old'}' AS old",
        *(f"DELETE FROM main.{name}" for name in ("notes", "tags", "noted")),
        *(
            f"INSERT INTO main.{name} SELECT * FROM old.{name}"
            for name in ("notes", "tags", "noted")
        ),
    )
    with pytest.raises(GalleryDamagedError):
        Gallery.open(path, keys=keys)
    change(path, "DROP TABLE notes", "DROP TABLE tags", "DROP TABLE noted")
    with pytest.raises(GalleryDamagedError):
        Gallery.open(path, keys=keys)


def test_nothing_is_readable_without_the_key_whenever_it_came(tmp_path: Path) -> None:
    secrets = (b"unitsecret", b"tagsecret")
    path = made(tmp_path / "g", None)
    assert all(one in everything(path) for one in (b"unitsecret", b"tagsecret"))
    with Gallery.open(path, keys=KEYS, encrypt=True, background=False) as gallery:
        assert {name: gallery.metadata(name) for name in KEPT} == KEPT
        all_of(gallery)
    assert not any(one in everything(path) for one in secrets)
    with Gallery.open(path, keys=BOTH, background=False) as gallery:
        gallery.set_metadata("p3", {"later": True})
        assert gallery.compact(purge=True)
        all_of(gallery)
        assert {name: gallery.metadata(name) for name in KEPT} == KEPT
        assert gallery.search(PEOPLE["p1"], tag="tagsecret")[0].subject_id == "p1"
    new = StaticKeyProvider({"2027": BOTH.key("2027")})
    with Gallery.open(path, keys=new, read_only=True) as gallery:
        all_of(gallery)
        assert gallery.metadata("p3").values == {"later": True}
    assert not any(one in everything(path) for one in secrets)


def test_what_is_removed_leaves_the_files(tmp_path: Path) -> None:
    path = made(tmp_path / "g", None)
    with Gallery.open(path, background=False) as gallery:
        gallery.set_metadata("p1", {"unit": "other"})
        assert b"unitsecret" not in everything(path)
        gallery.remove("p1")
        assert b"tagsecret" not in everything(path)


def test_a_gallery_without_metadata_is_what_it_was(tmp_path: Path) -> None:
    with Gallery.open(tmp_path / "g", background=False) as gallery:
        gallery.enroll_many(PEOPLE)
        gallery.set_metadata("p1", {})
    db = sqlite3.connect(tmp_path / "g" / "gallery.sqlite3")
    assert {name for (name,) in db.execute("SELECT name FROM sqlite_schema")} == {
        "state", "tail", "segments", "dead"
    }  # fmt: skip
    db.close()


def test_a_tag_reaches_over_blocks_of_sequence_numbers(tmp_path: Path) -> None:
    with Gallery.open(tmp_path / "g", background=False) as gallery:
        gallery.enroll("a", person(1, count=6), metadata=Metadata(tags=["t"]))
        store = gallery._store
        with store.transaction() as transaction:  # a sequence number far behind
            wanted = [1, 65535, 65536, 200_001]
            for sequence in wanted:
                transaction.set_metadata(sequence, Metadata(tags=["t"]))
        assert store.tagged("t").tolist() == wanted
        assert store.tagged("t").dtype == np.int64


def test_bitmaps_are_written_before_too_many_changes_are_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "_GATHERED", 2)
    path = made(tmp_path / "g", None)
    with Gallery.open(path, background=False) as gallery:
        gallery.set_metadata_many({name: Metadata(tags=["b", "c"]) for name in PEOPLE})
        gallery.set_metadata_many({"p1": {}, "p3": Metadata(tags=["c"])})
        all_of(gallery)
        store = gallery._store
        assert (store.tagged("b").tolist(), store.tagged("c").tolist()) == ([1, 3], [1, 3, 4])


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = made(tmp_path / "g", KEYS)
    script = f"""
        from tests.search.stores import KEYS
        from civid.search import Gallery, Metadata
        with Gallery.open({str(path)!r}, keys=KEYS, background=False) as gallery:
            for i in range(100_000):
                gallery.set_metadata("p1", Metadata({{"i": i}}, tags=[f"t{{i % 7}}", "b"]))
                print(i, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=child.environment(),
    ) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(25)]
        writer.kill()
        told += writer.stdout.readlines()
    last = int([line for line in told if line.endswith("\n")][-1])
    with Gallery.open(path, keys=KEYS, background=False) as gallery:
        gallery.check_integrity()
        kept = gallery.metadata("p1")
        assert kept.values["i"] in (last, last + 1)
        assert kept.tags == {f"t{int(str(kept.values['i'])) % 7}", "b"}
        assert gallery.search(PEOPLE["p1"], tag="b", limit=1)[0].subject_id == "p1"
