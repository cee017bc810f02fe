"""A register of an earlier version is brought to this one: as a whole, logged, or not at all.

The step is made for the test: it goes over every person, so that a kill finds it in the middle.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.child import Script
from tests.register.conftest import Opener
from tests.register.people import KEYS, number, somebody

from civid.errors import (
    AccessRefusedError,
    RegisterDamagedError,
    RegisterFormatError,
    RegisterKeyError,
)
from civid.register import Actor, Capability, Register, upgrade
from civid.register.store import migrate

PEOPLE = 30
STEP = """
import os, time
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", {head!r}, None, None
def upgrade():
    op.add_column("persons", sa.Column("made", sa.Integer()))
    op.create_table("extra", sa.Column("id", sa.LargeBinary(16), primary_key=True))
    if os.environ.get("CIVID_TEST_FAILS"):
        op.execute("SELECT nothing FROM nowhere")
    for (one,) in op.get_bind().execute(sa.text("SELECT id FROM persons")).all():
        for what in (
            "UPDATE persons SET made = 1 WHERE id = :one", "INSERT INTO extra VALUES (:one)",
        ):
            op.get_bind().execute(sa.text(what), {{"one": one}})
        print("step", flush=True)
        time.sleep(float(os.environ.get("CIVID_TEST_SLEEP", "0")))
"""
CHILD = """
import sys
from pathlib import Path
from tests.register.store.test_upgrade import next_version
from tests.register.people import KEYS
from civid.register import upgrade
next_version(Path(sys.argv[2]), setattr)
upgrade(sys.argv[1], keys=KEYS)
print("done", flush=True)
"""


def next_version(folder: Path, put: Callable[[Any, str, Any], None]) -> None:
    """Let this process have a version 9999 behind the present one."""
    folder.mkdir(exist_ok=True)
    (folder / "9999_next.py").write_text(STEP.format(head=migrate.HEAD))
    before, config = migrate.HEAD, migrate._config

    def with_next(connection: Any) -> Any:
        made = config(connection)
        own = Path(migrate.__file__).parent / "migrations" / "versions"
        made.set_main_option("path_separator", "os")
        made.set_main_option("version_locations", f"{own}{os.pathsep}{folder}")
        return made

    put(migrate, "_config", with_next)
    put(migrate, "HEAD", "9999")
    put(migrate, "_KNOWN", (before, "9999"))


@pytest.fixture
def old(opened: Opener, where: str) -> str:
    register = opened(keys=KEYS)
    for which in range(PEOPLE):
        register.people.add(somebody(which), unit="46")
    register.close()
    return where


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    next_version(tmp_path / "versions", monkeypatch.setattr)
    return tmp_path / "versions"


def half(register: Register) -> set[str]:
    """What of the step is there."""
    from sqlalchemy import inspect

    with register._session.database.reading() as connection:
        found = inspect(connection)
        columns = {one["name"] for one in found.get_columns("persons")}
        return {"made"} & columns | {"extra"} & set(found.get_table_names())


def test_there_is_nothing_to_do(old: str) -> None:
    assert not upgrade(old, keys=KEYS).changed
    with Register.open(old, keys=KEYS) as register:
        assert "register.upgrade" not in {one.operation for one in register.audit.entries()}


def test_an_older_register(old: str, steps: Path) -> None:
    before = migrate._KNOWN[0]
    with pytest.raises(RegisterFormatError, match="run civid register upgrade"):
        Register.open(old, keys=KEYS)
    for keys in (None, type(KEYS)({"2026": bytes(32)})):
        with pytest.raises(RegisterKeyError):
            upgrade(old, keys=keys)
    with pytest.raises(AccessRefusedError):
        upgrade(old, keys=KEYS, actor=Actor("clerk", frozenset(Capability) - {"administer"}))  # type: ignore[arg-type]
    done = upgrade(old, keys=KEYS, actor="admin")
    assert done.to_dict() == {"before": before, "after": "9999", "changed": True}
    with Register.open(old, keys=KEYS) as register:
        assert register.person(number(7)).version == 1
        entries = [one for one in register.audit.entries() if one.operation == "register.upgrade"]
        assert [(one.actor, one.outcome) for one in entries] == [
            ("clerk", "refused"), ("admin", "done"),
        ]  # fmt: skip
        assert register.check().clean
        assert half(register) == {"made", "extra"}
    assert not upgrade(old, keys=KEYS).changed


def test_a_step_that_fails_leaves_all_as_it_was(
    old: str, steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVID_TEST_FAILS", "1")
    from civid.errors import RegisterError

    with pytest.raises(RegisterError):
        upgrade(old, keys=KEYS)
    monkeypatch.undo()
    with Register.open(old, keys=KEYS) as register:
        assert not half(register)
        assert register.check().clean


def test_two_upgrade_at_once(old: str, steps: Path) -> None:
    told: list[bool] = []
    threads = [
        threading.Thread(target=lambda: told.append(upgrade(old, keys=KEYS).changed))
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == [False, False, False, True]


@pytest.mark.parametrize("rounds", [2, pytest.param(25, marks=pytest.mark.slow)])
def test_killed_in_the_middle(old: str, tmp_path: Path, rounds: int) -> None:
    pick = random.Random(7)
    folder = tmp_path / "versions"
    for _ in range(rounds):
        with Script(CHILD, old, str(folder), CIVID_TEST_SLEEP="0.02") as script:
            for _ in range(pick.randrange(1, PEOPLE)):
                assert script.stdout.readline() == "step\n"
            time.sleep(pick.random() * 0.02)
            script.kill()
        with Register.open(old, keys=KEYS) as register:  # still of the earlier version
            assert not half(register)
            assert register.person(number(3)).version == 1
            assert register.check().clean
    with pytest.MonkeyPatch.context() as patch:
        next_version(folder, patch.setattr)
        assert upgrade(old, keys=KEYS).changed
        with Register.open(old, keys=KEYS) as register:
            assert register.check().clean


def test_no_register(tmp_path: Path, old: str) -> None:
    with pytest.raises(RegisterFormatError, match="no register here"):
        upgrade(tmp_path / "none")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "register.sqlite3").write_bytes(b"x" * 5000)
    with pytest.raises((RegisterFormatError, RegisterDamagedError)):
        upgrade(tmp_path / "damaged")
