"""``civid serve``: what it refuses to do, what it says, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from civid.cli.app import command_line
from civid.exchange.abis import Abis
from civid.exchange.service.log import Journal
from civid.listening import is_loopback

Ran = tuple[int, str, str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Abis.open(tmp_path / "office", create=True):
        pass
    return tmp_path / "office"


def civid(*words: object) -> Ran:
    done = CliRunner().invoke(command_line(), [str(word) for word in words], prog_name="civid")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_beyond_this_machine_only_under_tls(folder: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.7", "abis.example"):
        code, out, err = civid("serve", folder, "--host", host, "--port", 0)
        assert (code, out) == (3, "")
        assert "TLS" in err
        assert not is_loopback(host)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nowhere"], 4, "--create"),
        (["FOLDER", "--read-only", "--create"], 2, "a reader makes nothing"),
        (["FOLDER", "--private-key", "x"], 2, "--certificate"),
        (["FOLDER", "--certificate", "none.pem", "--port", "0"], 4, "certificate"),
        (["FOLDER", "--jwks", "x"], 2, "--issuer"),
        (["FOLDER", "--jwks", "none", "--issuer", "i", "--audience", "a"], 4, "none"),
        (["FOLDER", "--per-second", "0"], 2, "--per-second"),
    ],
)
def test_what_cannot_be_is_said(folder: Path, words: list[str], code: int, said: str) -> None:
    filled = [str(folder) if word == "FOLDER" else word for word in words]
    ended, out, err = civid("serve", *filled)
    assert (ended, out) == (code, ""), err
    assert said in err


def test_one_writes(folder: Path) -> None:
    with Abis.open(folder), Journal.open(folder / "service" / "log.jsonl"):
        code, _, err = civid("serve", folder, "--port", 0)
    assert code == 4
    assert "writing" in err or "writes" in err


def test_tokens_are_made_listed_and_revoked(folder: Path) -> None:
    add = ("serve", "token", "add", folder)
    code, out, _ = civid(*add, "clerk-7", "--scope", "enrol", "--until", "2099-12-31", "--json")
    assert code == 0
    token = json.loads(out)["token"]
    (listed,) = json.loads(civid("serve", "token", "list", folder, "--json")[1])
    assert listed["id"] in token
    assert (listed["name"], listed["scopes"]) == ("clerk-7", ["enrol"])
    assert (listed["until"], listed["state"]) == ("2099-12-31", "valid")
    assert civid("serve", "token", "revoke", folder, "clerk-7")[0] == 0
    assert "revoked" in civid("serve", "token", "list", folder)[1]
    for words, said in (
        (("a", "--scope", "everything"), "must be of"),
        (("a", "--scope", "enrol", "--until", "soon"), "2027-06-30"),
        (("a",), "--scope"),
    ):
        code, out, err = civid(*add, *words)
        assert code in (2, 3), words
        assert out == ""
        assert said in err
    assert civid("serve", "token", "revoke", folder, "nobody")[0] == 3


def test_a_log_that_was_changed_is_found(folder: Path) -> None:
    path = folder / "service" / "log.jsonl"
    with Journal.open(path) as log:
        for _ in range(3):
            log.write(operation="search", outcome="refused", status=403, code="scope")
    code, out, _ = civid("serve", "verify-log", folder)
    assert (code, out.splitlines()[0]) == (0, "the log is whole: 3 entries, 3 refused")
    anchor = out.splitlines()[1].removeprefix("anchor: ")
    assert civid("serve", "verify-log", path, "--anchor", anchor)[0] == 0
    path.write_text(path.read_text().replace("refused", "done", 1))
    code, out, _ = civid("serve", "verify-log", path)
    assert code == 4
    assert "line 1" in out
    code, out, _ = civid("serve", "verify-log", folder, "--json")
    assert (code, json.loads(out)["whole"]) == (4, False)
    assert civid("serve", "verify-log", folder / "none.jsonl")[0] == 4
