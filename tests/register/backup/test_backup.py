"""Copies of a register and its gallery: of one moment, proved, and never half."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.register.faults.worker import fingers
from tests.register.people import KEYS, number, somebody
from tests.register.postgresql import Server

from civid import Gallery
from civid.errors import (
    AccessRefusedError,
    FieldError,
    RegisterDamagedError,
    RegisterError,
    RegisterFormatError,
    RegisterKeyError,
    RegisterLockedError,
)
from civid.register import Actor, Capability, Register
from civid.register.backup import copies, restore
from civid.register.backup import taking as backups
from civid.register.backup.place import BackupPlace
from civid.register.identity.gallery_link import pack
from civid.register.store.database import FILE
from civid.search.segments.keys import StaticKeyProvider
from civid.search.upkeep import backing_up as taking

OTHER = StaticKeyProvider({"2026": bytes(range(1, 33))})


@pytest.fixture
def centre(tmp_path: Path) -> Register:
    """An encrypted register of three people, two of them with prints."""
    register = Register.open(tmp_path / "centre", create=True, keys=KEYS)
    for which in range(3):
        made = register.people.add(somebody(which), unit="46")
        if which:
            register.prints.enrol(made.reference, fingers(which))
    return register


def test_a_copy_is_the_register(centre: Register, tmp_path: Path) -> None:
    report = centre.backup(tmp_path / "copies")
    centre.people.add(somebody(7), unit="46")
    assert report.copy.people == 3
    assert [one.subjects for one in report.copy.galleries] == [2]
    done = restore(tmp_path / "copies", tmp_path / "again", keys=KEYS, actor="clerk")
    assert done.number == 1
    with Register.open(tmp_path / "again", keys=KEYS) as again:
        assert again.check().clean
        assert again.person(number(1)).name == centre.person(number(1)).name
        assert not again.find(number=number(7)).people
        said = [(one.operation, one.actor) for one in again.audit.entries()]
        assert ("register.restore", "clerk") in said
        assert [one for one, _ in said].count("register.backup") == 1
        (hit,) = again.prints.identify(fingers(2))
        assert hit.reference == again.person(number(2)).reference


def test_nobody_else_may_read_a_copy_and_no_key_is_in_it(centre: Register, tmp_path: Path) -> None:
    centre.backup(tmp_path / "copies")
    for folder, _, files in os.walk(tmp_path / "copies"):
        for one in files:
            path = Path(folder) / one
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
            data = path.read_bytes()
            assert bytes(range(32)) not in data
            assert "Nguyễn".encode() not in data


def test_a_later_copy_and_what_is_forgotten(centre: Register, tmp_path: Path) -> None:
    first = centre.backup(tmp_path / "copies")
    centre.people.add(somebody(3), unit="46")
    second = centre.backup(tmp_path / "copies")
    assert [one.people for one in copies(tmp_path / "copies")] == [3, 4]
    restore(tmp_path / "copies", tmp_path / "one", copy=1, keys=KEYS)
    third = centre.backup(tmp_path / "copies", keep=2)
    assert (first.removed, second.removed, third.removed) == ((), (), (1,))
    place = BackupPlace(tmp_path / "copies")
    assert len(list(place.registers.iterdir())) == 2
    for which in (2, 3):
        restore(tmp_path / "copies", tmp_path / str(which), copy=which, keys=KEYS)
    with pytest.raises(RegisterError, match="no copy of this number"):
        restore(tmp_path / "copies", tmp_path / "x", copy=1, keys=KEYS)
    with pytest.raises(FieldError):
        centre.backup(tmp_path / "copies", keep=0)


def test_watch_lists_go_with_it(centre: Register, tmp_path: Path) -> None:
    link = centre._session.link.beside("watch-wanted")
    link.gallery.enroll("somebody", fingers(9))
    link.close()
    report = centre.backup(tmp_path / "copies")
    assert [(one.name, one.subjects) for one in report.copy.galleries] == [
        ("gallery", 2), ("watch-wanted", 1),
    ]  # fmt: skip
    restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)
    with Gallery.open(tmp_path / "again" / "watch-wanted", keys=KEYS, read_only=True) as list_:
        assert list(list_) == ["somebody"]


def test_promises_that_were_open_are_kept(centre: Register, tmp_path: Path) -> None:
    """The station dies between the promise and the gallery; the copy is of that moment."""
    made = centre.people.add(somebody(5), unit="46")
    centre.prints._promise(made.reference, pack(fingers(5)), False)
    centre.backup(tmp_path / "copies")
    restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)
    with Register.open(tmp_path / "again", keys=KEYS) as again:
        assert again.check().clean
        assert again.prints.identify(fingers(5))[0].reference == made.reference


def test_nobody_enrols_between_the_gallery_and_the_register(
    centre: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody tries to, in the moment between the two: prints that only one has would be lost."""
    threads: list[threading.Thread] = []

    def enrol() -> None:
        made = centre.people.add(somebody(8), unit="46")
        centre.prints.enrol(made.reference, fingers(8))

    @contextmanager
    def slowly(*args: Any, **kwargs: Any) -> Iterator[Any]:
        with taking.taking(*args, **kwargs) as finish:
            threads.append(threading.Thread(target=enrol))
            threads[-1].start()
            threads[-1].join(1.0)
            yield finish

    with monkeypatch.context() as patched:
        patched.setattr(backups, "taking", slowly)
        centre.backup(tmp_path / "copies")
    threads[0].join()
    assert centre.prints.identify(fingers(8))
    restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)
    with Register.open(tmp_path / "again", keys=KEYS) as again:
        report = again.check()
        assert report.clean, report.found
        assert not again.find(number=number(8)).people


def test_without_keys_and_without_prints(tmp_path: Path) -> None:
    with Register.open(tmp_path / "plain", create=True) as register:
        register.people.add(somebody(1), unit="46")
        assert register.backup(tmp_path / "copies").copy.galleries == ()
    with pytest.raises(RegisterKeyError):
        restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob("*.restoring"))
    restore(tmp_path / "copies", tmp_path / "again")


def test_a_gallery_that_is_just_being_made(tmp_path: Path) -> None:
    """It is encrypted a moment after it is there: until then nobody is in it."""
    with Register.open(tmp_path / "centre", create=True, keys=KEYS) as register:
        made = register.people.add(somebody(1), unit="46")
        Gallery.open(tmp_path / "centre" / "gallery").close()
        register.backup(tmp_path / "copies")
    restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)
    with Register.open(tmp_path / "again", keys=KEYS) as again:
        assert again.check().clean
        again.prints.enrol(made.reference, fingers(1))
        assert again.check().clean


def test_the_wrong_key(centre: Register, tmp_path: Path) -> None:
    centre.backup(tmp_path / "copies")
    for keys in (None, OTHER):
        with pytest.raises(RegisterKeyError):
            restore(tmp_path / "copies", tmp_path / "again", keys=keys)
    assert not (tmp_path / "again").exists()


def _files(backup: Path) -> list[Path]:
    found = [*backup.glob("registers/*"), *backup.glob("galleries/*/files/*")]
    return sorted([*found, *backup.glob("copies/*"), *backup.glob("galleries/*/copies/*")])


def test_every_file_that_was_changed_is_found(centre: Register, tmp_path: Path) -> None:
    centre.backup(tmp_path / "copies")
    names = _files(tmp_path / "copies")
    assert len(names) >= 4
    for path in names:
        data = path.read_bytes()
        for wrong in (data[: len(data) // 2], _flipped(data), None):
            path.unlink()
            if wrong is not None:
                path.write_bytes(wrong)
            with pytest.raises(RegisterError) as caught:
                restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)
            missing = wrong is None and path.suffix == ".json"
            assert missing or isinstance(caught.value, RegisterDamagedError), path
            assert not (tmp_path / "again").exists()
            path.write_bytes(data)
    restore(tmp_path / "copies", tmp_path / "again", keys=KEYS)


def _flipped(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def test_a_manifest_that_a_forger_wrote(centre: Register, tmp_path: Path) -> None:
    """With a digest that fits: only the register's keys make the seal."""
    from civid.register.backup import manifest

    centre.backup(tmp_path / "copies")
    centre.backup(tmp_path / "copies")
    place = BackupPlace(tmp_path / "copies")
    first, second = place.copies()
    for forged in (
        replace(second, size=first.size, digest=first.digest, entries=first.entries,
                         log=first.log),
        replace(second, galleries=()),
        replace(second, seal="0" * 64),
    ):  # fmt: skip
        place.manifest(2).write_bytes(manifest.pack(forged))
        place.register(2).write_bytes(
            place.register(1 if forged.digest == first.digest else 2).read_bytes()
        )
        with pytest.raises(RegisterDamagedError):
            restore(place.path, tmp_path / "again", keys=KEYS)
        assert not (tmp_path / "again").exists()


def test_what_is_no_backup(centre: Register, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("x")
    (tmp_path / "file").write_text("x")
    for where in (tmp_path / "full", tmp_path / "file", "a\0b"):
        with pytest.raises(RegisterError):
            centre.backup(where)
    with pytest.raises(RegisterFormatError):
        restore(tmp_path / "nothing", tmp_path / "again")
    centre.backup(tmp_path / "copies")
    with pytest.raises(RegisterError, match="something else already"):
        restore(tmp_path / "copies", tmp_path / "full", keys=KEYS)
    with (
        Register.open(tmp_path / "other", create=True) as other,
        pytest.raises(RegisterError, match="another register"),
    ):
        other.backup(tmp_path / "copies")
    newer = json.dumps({"civid_register_backup": 9, "copy": {}})
    BackupPlace(tmp_path / "copies").manifest(2).write_text(newer)
    with pytest.raises(RegisterFormatError, match="version 9"):
        copies(tmp_path / "copies")


def test_one_at_a_time(centre: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_WAIT", 0.0)
    place = BackupPlace(tmp_path / "copies", create=True)
    with place.locked(0), pytest.raises(RegisterLockedError):
        centre.backup(place.path)


def test_who_may(centre: Register, tmp_path: Path) -> None:
    nobody = Actor("clerk", frozenset(Capability) - {Capability.ADMINISTER})
    with pytest.raises(AccessRefusedError):
        centre.acting_as(nobody).backup(tmp_path / "copies")
    assert not (tmp_path / "copies").exists()
    entry = [one for one in centre.audit.entries() if one.outcome == "refused"][-1]
    assert (entry.operation, entry.actor) == ("register.backup", "clerk")
    centre.backup(tmp_path / "copies")
    with pytest.raises(AccessRefusedError):
        restore(tmp_path / "copies", tmp_path / "again", keys=KEYS, actor=nobody)


def test_a_damaged_register_is_not_copied(centre: Register, tmp_path: Path) -> None:
    centre.backup(tmp_path / "copies")
    centre.close()
    with (tmp_path / "centre" / FILE).open("rb+") as file:
        file.seek(-8192, os.SEEK_END)
        file.write(os.urandom(8192))
    register = Register.open(tmp_path / "centre", keys=KEYS)
    with pytest.raises(RegisterError):
        register.backup(tmp_path / "copies")
    assert [one.number for one in copies(tmp_path / "copies")] == [1]


def test_a_server_has_tools_of_its_own(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.database(f"b{os.urandom(6).hex()}")
    with (
        Register.open(url, create=True, gallery=tmp_path / "gallery") as register,
        pytest.raises(RegisterError, match="pg_dump"),
    ):
        register.backup(tmp_path / "copies")


def test_while_four_write(tmp_path: Path) -> None:
    """Every copy is clean, whatever was under way, and holds what was acknowledged before it."""
    register = Register.open(tmp_path / "centre", create=True, keys=KEYS, timeout=60)
    done: list[int] = []
    stop = threading.Event()
    wrong: list[BaseException] = []

    def write(who: int) -> None:
        try:
            for turn in range(1_000):
                which = 100_000 * (who + 1) + turn
                made = register.people.add(somebody(which), unit="46")
                register.prints.enrol(made.reference, fingers(which))
                if turn % 3 == 2:
                    register.prints.enrol(made.reference, fingers(which + 1), replace=True)
                if turn % 5 == 4:
                    register.prints.remove(made.reference)
                done.append(which)
                if stop.is_set():
                    return
        except BaseException as error:
            wrong.append(error)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for one in writers:
        one.start()
    before = []
    try:
        for _ in range(ROUNDS):
            acknowledged = list(done)
            before.append(acknowledged)
            register.backup(tmp_path / "copies")
    finally:
        stop.set()
        for one in writers:
            one.join()
    assert not wrong
    assert done
    for copy, acknowledged in zip(copies(tmp_path / "copies"), before, strict=True):
        target = tmp_path / f"r{copy.number}"
        restore(tmp_path / "copies", target, copy=copy.number, keys=KEYS)
        with Register.open(target, keys=KEYS) as again:
            report = again.check()
            assert report.clean, report.found
            for which in acknowledged:
                again.person(number(which))


#: Copies that are taken while others write.
ROUNDS = int(os.environ.get("CIVID_BACKUPS", "3"))
