"""What is opened, and what is refused: other files, damage, keys, copies of another moment."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.abis.model import KEYS, files
from tests.search.prints import again, person

from civid.errors import (
    CividError,
    GalleryDamagedError,
    GalleryError,
    GalleryFormatError,
    GalleryKeyError,
    GalleryLockedError,
    GalleryStorageError,
    StorageWriteError,
)
from civid.exchange.abis import Abis, RequestReusedError
from civid.exchange.abis.ledger import Ledger
from civid.exchange.abis.tables import NAME
from civid.exchange.worker.inhand import InHand
from civid.search.segments.keys import StaticKeyProvider

OTHER = StaticKeyProvider({"2026": bytes(range(1, 33))})
BOTH = StaticKeyProvider({"2026": bytes(range(32)), "2027": bytes(range(5, 37))})


def made(folder: Path, keys: StaticKeyProvider | None = None) -> Path:
    """A small engine."""
    with Abis.open(folder, create=True, keys=keys) as engine:
        engine.insert("person-secret-1", person(1, 2, 7), encounter="enc-secret",
                      galleries=["gal-secret"], kind="kind-secret",
                      document={"name": "doc-secret"})  # fmt: skip
        engine.insert("person-secret-2", {})
        engine.once("req-secret", b"digest-secret", lambda: {"candidates": ["person-secret-1"]})
    return folder


def ledger(folder: Path, *statements: str) -> None:
    """Change a ledger behind its back."""
    db = sqlite3.connect(folder / NAME)
    for one in statements:
        db.execute(one)
    db.commit()
    db.close()


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(GalleryFormatError):
        Abis.open(tmp_path / "none")
    with pytest.raises(GalleryFormatError):
        Abis.open(tmp_path / "none", create=True, read_only=True)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in ("file", "file/people"):
        with pytest.raises(GalleryStorageError):
            Abis.open(tmp_path / place, create=True)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with Abis.open(made(tmp_path)):
        with pytest.raises(GalleryLockedError):
            Abis.open(tmp_path, timeout=0.05)
        with Abis.open(tmp_path, read_only=True) as reader:
            assert reader.count() == 2
    Abis.open(tmp_path, timeout=0.05).close()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    made(tmp_path / "a")
    for one in [*(tmp_path / "a").rglob("*"), tmp_path / "a"]:
        one.chmod(0o555 if one.is_dir() else 0o444)
    with Abis.open(tmp_path / "a", read_only=True) as reader:
        assert reader.count() == 2
    with pytest.raises(GalleryStorageError):
        Abis.open(tmp_path / "a")


# ---- keys


def test_nothing_that_could_link_people_stands_in_the_files(tmp_path: Path) -> None:
    sealed = files(made(tmp_path / "sealed", KEYS))
    plain = files(made(tmp_path / "plain"))
    for word in (b"person-secret-1", b"enc-secret", b"gal-secret", b"kind-secret", b"doc-secret",
                 b"req-secret", b"candidates"):  # fmt: skip
        assert word not in sealed
        if word != b"req-secret":  # looked up by its token alone
            assert word in plain
    assert b"secret" not in sealed


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_the_files_are_for_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Abis.open(tmp_path / "people", create=True) as engine:
            engine.insert("a", person(1, 2))
            InHand(tmp_path / "people").close()
            found = {one for one in (tmp_path / "people").rglob("*") if one.is_file()}
            assert {"ledger.sqlite3", "ledger.sqlite3-wal"} < {one.name for one in found}
            assert {stat.S_IMODE(one.stat().st_mode) for one in found} == {0o600}
            assert stat.S_IMODE((tmp_path / "people").stat().st_mode) == 0o700
    finally:
        os.umask(before)


def test_equal_rows_are_sealed_differently_and_lengths_tell_little(tmp_path: Path) -> None:
    with Abis.open(tmp_path, create=True, keys=KEYS) as engine:
        for index in range(20):
            engine.once(f"r{index}", b"", partial(dict, c=["x" * 4] * (index % 3)))
        with engine._parts.reading() as rows:
            stored = [one for (one,) in rows.db.execute("SELECT sealed FROM requests")]
    assert len(set(stored)) == 20
    assert len({one[:16] for one in stored}) == 20  # salts
    assert len({one[16:28] for one in stored}) == 20  # nonces
    assert len({len(one) for one in stored}) == 1


def test_keys_that_are_wrong(tmp_path: Path) -> None:
    sealed, plain = made(tmp_path / "sealed", KEYS), made(tmp_path / "plain")
    for keys in (None, OTHER, StaticKeyProvider({"2025": bytes(32)})):
        with pytest.raises(GalleryKeyError):
            Abis.open(sealed, keys=keys)
    with pytest.raises(GalleryKeyError):
        Abis.open(plain, keys=KEYS)
    # The ledger is asked as well, not the gallery alone.
    shutil.copy(plain / NAME, sealed / NAME)
    with pytest.raises(GalleryKeyError):
        Abis.open(sealed, keys=KEYS)
    with Abis.open(plain) as engine:
        assert engine.check() == 2


def test_a_key_is_changed(tmp_path: Path) -> None:
    made(tmp_path, KEYS)
    with Abis.open(tmp_path, keys=BOTH) as engine:
        assert engine.check() == 2
        engine.insert("third", person(3, 2))
    with pytest.raises(GalleryKeyError):
        Abis.open(tmp_path, keys=KEYS)
    with Abis.open(tmp_path, keys=BOTH) as engine:
        assert engine.answered("req-secret", b"digest-secret") == {
            "candidates": ["person-secret-1"]
        }
        assert engine.check() == 3
        with pytest.raises(RequestReusedError):
            engine.answered("req-secret", b"another")


SWAPS = [
    # of people, encounters and their prints, answers: rows that stand in for one another
    "UPDATE people SET sealed = (SELECT sealed FROM people WHERE id = 2) WHERE id = 1",
    "UPDATE encounters SET sealed = (SELECT sealed FROM encounters WHERE id = 2) WHERE id = 1",
    "UPDATE encounters SET person = 2 WHERE id = 1",
    "UPDATE encounters SET active = 0 WHERE id = 1",
    "UPDATE requests SET digest = x'00'",
    "UPDATE requests SET token = x'00'",
    "UPDATE galleries SET token = x'00'",
    "UPDATE people SET sealed = x'0011' WHERE id = 1",
    "UPDATE encounters SET sealed = x'' WHERE id = 1",
    "UPDATE requests SET sealed = zeroblob(200)",
]


@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])
def test_rows_that_were_changed(tmp_path: Path, keys: StaticKeyProvider | None) -> None:
    made(tmp_path / "whole", keys)
    for index, statement in enumerate(SWAPS):
        folder = tmp_path / f"{index}"
        shutil.copytree(tmp_path / "whole", folder)
        ledger(folder, statement)
        with Abis.open(folder, keys=keys) as engine, pytest.raises(GalleryDamagedError):
            engine.check()


# ---- other files, damage


def test_ledgers_of_others_and_of_newer_versions(tmp_path: Path) -> None:
    made(tmp_path / "whole")
    for index, (statement, error) in enumerate([
        ("PRAGMA user_version = 2", GalleryFormatError),
        ("PRAGMA application_id = 5", GalleryFormatError),
        ("DELETE FROM about", GalleryDamagedError),
        ("DROP TABLE about", GalleryDamagedError),
        ("UPDATE about SET key = x'00'", GalleryDamagedError),
        ("UPDATE about SET wrapped_by = '2026'", GalleryKeyError),
    ]):  # fmt: skip
        folder = tmp_path / f"{index}"
        shutil.copytree(tmp_path / "whole", folder)
        ledger(folder, statement)
        for how in ({}, {"create": True}, {"read_only": True}):
            with pytest.raises(error):
                Abis.open(folder, **how)  # type: ignore[arg-type]
    for content in (b"no database at all" * 100, b"x"):
        (tmp_path / "whole" / NAME).write_bytes(content)
        with pytest.raises(GalleryFormatError):
            Abis.open(tmp_path / "whole")
    (tmp_path / "whole" / NAME).unlink()
    for create in (False, True):  # the prints of people whom nobody could name
        with pytest.raises((GalleryFormatError, GalleryDamagedError)):
            Abis.open(tmp_path / "whole", create=create)
    assert not (tmp_path / "whole" / NAME).exists()


def test_copies_of_another_moment(tmp_path: Path) -> None:
    whole, earlier = made(tmp_path / "whole"), tmp_path / "earlier"
    shutil.copytree(whole, earlier)
    with Abis.open(whole) as engine:
        for index in range(3):
            engine.insert(f"later{index}", person(index, 3))
    # An old ledger beside a new gallery: nobody's prints are thrown away.
    mixed = tmp_path / "old ledger"
    shutil.copytree(whole, mixed)
    shutil.copy(earlier / NAME, mixed / NAME)
    with pytest.raises(GalleryDamagedError):
        Abis.open(mixed)
    # An old gallery beside a new ledger.
    mixed = tmp_path / "old gallery"
    shutil.copytree(earlier, mixed)
    shutil.copy(whole / NAME, mixed / NAME)
    with pytest.raises(GalleryDamagedError):
        Abis.open(mixed)
    shutil.rmtree(mixed / "gallery")
    for create in (False, True):
        with pytest.raises((GalleryFormatError, GalleryDamagedError)):
            Abis.open(mixed, create=create)
    with Abis.open(whole) as engine:
        assert engine.check() == 5


@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])
def test_any_damage_of_the_ledger_is_a_typed_error(
    tmp_path: Path, keys: StaticKeyProvider | None
) -> None:
    whole = made(tmp_path / "whole", keys)
    data = (whole / NAME).read_bytes()
    dice = random.Random(5)
    probe = again(person(1, 2), 1)
    refused = 0
    for _ in range(40):
        broken = bytearray(data)
        if dice.random() < 0.2:
            del broken[dice.randrange(len(broken)) :]
        else:
            for _ in range(dice.choice((1, 30))):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
        (whole / NAME).write_bytes(broken)
        try:
            with Abis.open(whole, keys=keys, read_only=True) as engine:
                engine.check()
                assert [one.person for one in engine.identify(probe)] == ["person-secret-1"]
        except CividError as error:
            refused += 1
            assert "secret" not in str(error)  # noqa: PT017
    assert refused > 5


# ---- a commit of which nobody knows


def test_a_commit_in_doubt_ends_all_changes_until_it_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubtful(self: Ledger, *_: Any) -> None:
        self.in_doubt = True
        raise GalleryStorageError("reading or writing failed")

    with Abis.open(tmp_path, create=True) as engine:
        engine.insert("a", person(1, 2))
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "commit", doubtful)
            with pytest.raises(GalleryStorageError):
                engine.insert("b", person(2, 2))
        for _ in range(2):
            # Not one that passes by waiting: whoever waits for space must not wait for this.
            with pytest.raises(GalleryError, match="in doubt") as told:
                engine.insert("c", {})
            assert not isinstance(told.value, StorageWriteError)
        assert engine.people() == ("a",)
        assert len(engine._parts.gallery) == 2  # it may be needed
    with Abis.open(tmp_path) as engine:
        assert engine.people() == ("a",)
        assert (engine.check(), len(engine._parts.gallery)) == (1, 1)


class Refusing:
    """A connection whose next commit fails as SQLite's do."""

    def __init__(self, db: sqlite3.Connection, code: int) -> None:
        self._db, self._error = db, sqlite3.OperationalError("it failed")
        self._error.sqlite_errorcode = code
        self.failures = 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if statement == "COMMIT" and self.failures:
            self.failures -= 1
            raise self._error
        return self._db.execute(statement, *values)


@pytest.mark.parametrize(
    ("code", "passes"), [(sqlite3.SQLITE_FULL, True), (sqlite3.SQLITE_IOERR_FSYNC, False)]
)
def test_no_space_at_the_commit_is_no_doubt_and_passes(
    tmp_path: Path, code: int, passes: bool
) -> None:
    with Abis.open(tmp_path, create=True) as engine:
        engine.insert("a", person(1, 2))
        ledger = engine._parts.ledger
        ledger._writer = Refusing(ledger._writer, code)  # type: ignore[assignment]
        with pytest.raises(GalleryStorageError), engine.batch():
            engine.once("r", b"", lambda: engine.insert("b", person(2, 2)))
        assert ledger.in_doubt is not passes
        if passes:
            assert engine.answered("r", b"") is None
            engine.insert("b", person(2, 2))
            assert (engine.people(), engine.check()) == (("a", "b"), 2)


def test_a_gallery_that_is_full_undoes_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civid.search import Gallery

    def full(*_: object, **__: object) -> None:
        raise GalleryStorageError("the disk is full")

    with Abis.open(tmp_path, create=True) as engine:
        with monkeypatch.context() as patch:
            patch.setattr(Gallery, "enroll_many", full)
            with pytest.raises(GalleryStorageError), engine.batch():
                engine.once("r", b"", lambda: engine.insert("a", person(1, 2)))
        assert engine.answered("r", b"") is None
        assert engine.count() == engine.check() == 0
        engine.insert("a", person(1, 2))
