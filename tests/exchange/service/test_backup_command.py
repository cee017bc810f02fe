"""``civid serve backup | restore``: what they say, refuse and leave behind."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from tests.exchange.abis.model import KEYS
from tests.search.prints import person
from typer.testing import CliRunner

from civid.cli.app import command_line
from civid.exchange.abis import Abis

Ran = tuple[int, str, str]


def civid(*words: object) -> Ran:
    done = CliRunner().invoke(command_line(), [str(word) for word in words], prog_name="civid")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def office(tmp_path: Path) -> Path:
    with Abis.open(tmp_path / "office", create=True) as engine:
        engine.insert("A-1", person(1, 2))
    return tmp_path / "office"


def test_a_service_is_copied_while_it_is_used_and_comes_back(office: Path, tmp_path: Path) -> None:
    assert civid("serve", "token", "add", office, "clerk", "--scope", "read")[0] == 0
    with Abis.open(office) as engine:
        code, out, err = civid("serve", "backup", office, tmp_path / "copies")
        assert (code, err) == (0, "")
        assert out.startswith("copy 1 of 1 people, ")
        engine.insert("A-2", person(2, 2))
        code, out, _ = civid("serve", "backup", office, tmp_path / "copies", "--json")
        said = json.loads(out)
        assert (code, said["copy"]["people"], said["copy"]["subjects"]) == (0, 2, 2)
        assert said["forgotten"] == []
    code, out, _ = civid("serve", "restore", tmp_path / "copies")
    assert code == 0
    assert "people" in out
    assert out.count("UTC") == 1
    code, out, _ = civid("serve", "restore", tmp_path / "copies", "--json")
    assert [one["number"] for one in json.loads(out)["copies"]] == [1, 2]
    code, out, err = civid("serve", "restore", tmp_path / "copies", tmp_path / "again")
    assert (code, err) == (0, "every row and every segment was proved\n")
    assert out.startswith("restored 2 people from copy 2 (")
    with Abis.open(tmp_path / "again") as engine:
        assert engine.people() == ("A-1", "A-2")
    code, out, _ = civid("serve", "token", "list", tmp_path / "again")
    assert (code, "clerk" in out) == (0, True)
    code, out, _ = civid(
        "serve", "restore", tmp_path / "copies", tmp_path / "one", "--copy", 1, "--json"
    )
    assert (code, json.loads(out)["copy"]["people"]) == (0, 1)


def test_one_with_keys(tmp_path: Path) -> None:
    file = tmp_path / "office.keys"
    file.touch(0o600)
    file.write_text(f"2026:{base64.b64encode(KEYS.key('2026')).decode()}\n")
    with Abis.open(tmp_path / "office", create=True, keys=KEYS) as engine:
        engine.insert("A-1", person(1, 2))
        code, _, err = civid("serve", "backup", tmp_path / "office", tmp_path / "copies")
        assert code == 4
        assert "opened without keys" in err
        assert not (tmp_path / "copies").exists()
        with_keys = ("--keys", file)
        code, _, err = civid(
            "serve", "backup", tmp_path / "office", tmp_path / "copies", *with_keys
        )
        assert code == 0, err
        assert "keep them elsewhere" in err
    assert civid("serve", "restore", tmp_path / "copies", tmp_path / "again")[0] == 4
    assert not list(tmp_path.glob("again*"))
    assert civid("serve", "restore", tmp_path / "copies", tmp_path / "again", *with_keys)[0] == 0


def test_what_cannot_be_is_said(office: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    assert civid("serve", "backup", office, copies)[0] == 0
    for words, code, said in [
        (("backup", tmp_path / "nowhere", copies), 4, "no such folder"),
        (("backup", office / "gallery", copies), 4, "no ledger.sqlite3"),
        (("backup", office, office), 4, "is not a backup, and is not empty"),
        (("backup", office, copies, "--keep", 0), 2, "--keep"),
        (("restore", office), 4, "is not a backup"),
        (("restore", copies, office), 4, "nothing was changed"),
        (("restore", copies, tmp_path / "again", "--copy", 7), 4, "the last is 1"),
    ]:
        ended, out, err = civid("serve", *words)
        assert (ended, out) == (code, ""), err
        assert said in err
    ledger = copies / "files" / "00000001-ledger.sqlite3"
    written = ledger.read_bytes()
    ledger.write_bytes(written[:-1] + bytes([written[-1] ^ 1]))
    code, _, err = civid("serve", "restore", copies, tmp_path / "again", "--json")
    assert (code, json.loads(err)["error"]["code"]) == (4, "gallery-damaged"), err
    assert not list(tmp_path.glob("again*"))
