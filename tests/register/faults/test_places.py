"""Places that are no place for a register: a typed error, and nothing is made there."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.register.people import number, somebody
from tests.register.postgresql import Server

from civid.errors import RegisterError, RegisterFormatError, RegisterStorageError
from civid.register import Register
from civid.register.store.database import FILE


@pytest.mark.parametrize(
    "where",
    [
        "", "a\0b", "x" * 5000, "/etc/passwd", "/dev/null", "mysql://a@b/c", "sqlite:///etc/passwd",
        "postgresql://[:::", "postgresql://u@h:x/d",
    ],
)  # fmt: skip
@pytest.mark.parametrize("create", [False, True])
def test_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, create: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()  # "" is the folder that one is in
    with pytest.raises((RegisterFormatError, RegisterStorageError)):
        Register.open(where, create=create)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_no_place_to_pack_into(tmp_path: Path) -> None:
    with Register.open(tmp_path / "r", create=True) as register:
        for where in ("a\0b", "x" * 5000, "/etc/passwd"):
            with pytest.raises((RegisterFormatError, RegisterStorageError)):
                register.pack(where, unit="46")


@pytest.mark.parametrize("name", ["a%20b ?mode=ro#x", "a\nb", os.fsdecode(b"\xff\xfe"), "Sổ 46"])
def test_odd_names_of_folders(tmp_path: Path, name: str) -> None:
    for _ in range(2):
        with Register.open(tmp_path / name, create=True) as register:
            assert not register.find(name="An").people
    with Register.open(os.fsencode(tmp_path / name)) as register:  # type: ignore[arg-type]
        assert register.check().clean


def test_a_database_of_somebody_else(tmp_path: Path, postgresql: Server) -> None:
    file = tmp_path / "r" / FILE
    file.parent.mkdir()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(RegisterFormatError, match="empty database"):
        Register.open(tmp_path / "r", create=True)
    assert file.read_bytes()[100:] == before[100:]
    import psycopg

    url = postgresql.database("theirs")
    with psycopg.connect(url, autocommit=True) as theirs:
        theirs.execute("CREATE TABLE theirs (a integer)")
    with pytest.raises(RegisterFormatError, match="empty database"):
        Register.open(url, create=True)
    with Register.open(postgresql.database("alias").replace("postgresql://", "postgres://"),
                       create=True) as register:  # fmt: skip
        assert not register.find(name="An").people


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO alembic_version VALUES ('0001x')", "DELETE FROM alembic_version",
        "UPDATE audit_head SET seq = 9223372036854775807", "UPDATE audit_head SET seq = 'x'",
        "UPDATE audit_head SET at = 'x'", "UPDATE audit_head SET hash = 'x'",
        "UPDATE audit_head SET newest_key = 99", "UPDATE audit_head SET newest_key = NULL",
        "UPDATE persons SET version = 'x'", "UPDATE audit SET entry = x'00'",
        "UPDATE audit SET hash = 'x'", "UPDATE acts SET sealed = 'x'",
        "UPDATE meta SET value = 'x'",
        "DELETE FROM audit_head", "DROP TABLE audit_head", "UPDATE numbers SET person = 'x'",
    ],
)  # fmt: skip
def test_values_that_a_column_cannot_have(tmp_path: Path, change: str) -> None:
    """SQLite keeps a text for a number: typed errors, and the check finds it."""
    with Register.open(tmp_path / "r", create=True) as register:
        register.people.add(somebody(1), unit="46")
    with sqlite3.connect(tmp_path / "r" / FILE) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            connection.execute(change)
        except sqlite3.IntegrityError:
            return  # the table itself refuses it
    connection.close()

    def asked(register: Register, what: str) -> Any:
        try:
            if what == "verify":
                return register.audit.verify().whole
            if what == "check":
                return register.check().clean
            return register.person(number(1)).version == 1 and register.people.add(
                somebody(2), unit="46"
            )
        except RegisterError:
            return None

    try:
        with Register.open(tmp_path / "r") as register:
            told = [asked(register, what) for what in ("use", "verify", "check")]
    except RegisterError:
        return
    assert not told[2]
