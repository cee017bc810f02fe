"""Tokens of an office: shown once, kept as hashes, revoked at once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid.errors import FieldError, StorageFormatError
from civid.exchange.service import Refusal
from civid.exchange.service.access.office_tokens import OfficeTokens


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def refusal(tokens: OfficeTokens, token: str) -> str:
    with pytest.raises(Refusal) as caught:
        tokens.caller(token)
    assert caught.value.problem.status == 401
    return caught.value.problem.code


def test_a_token_lets_in_until_its_end(tmp_path: Path) -> None:
    clock = Clock()
    tokens = OfficeTokens(tmp_path / "tokens.json", clock=clock)
    token = tokens.add("office-7", ["enrol", "identify"], until=1_000_600)
    caller = tokens.caller(token)
    assert (caller.name, caller.scopes) == ("office-7", frozenset({"enrol", "identify"}))
    clock.now = 1_000_599.9
    assert tokens.caller(token).name == "office-7"
    clock.now = 1_000_600
    assert refusal(tokens, token) == "token-expired"


def test_the_file_holds_nothing_that_lets_in(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    token = OfficeTokens(path).add("office-7", ["enrol"], until=1 << 40)
    text = path.read_text()
    assert token not in text
    assert token.split("_", 2)[2] not in text
    assert path.stat().st_mode & 0o077 == 0
    assert token not in repr(OfficeTokens(path).all())


def test_a_revoked_token_is_refused_by_a_service_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    running = OfficeTokens(path)
    one = running.add("office-7", ["enrol"], until=1 << 40)
    two = running.add("office-7", ["read"], until=1 << 40)
    other = running.add("office-8", ["read"], until=1 << 40)
    command = OfficeTokens(path)
    assert command.revoke(one.split("_")[1]) == 1
    assert refusal(running, one) == "token"
    assert running.caller(two).name == "office-7"
    assert command.revoke("office-7") == 2
    assert refusal(running, two) == "token"
    assert running.caller(other).name == "office-8"
    with pytest.raises(FieldError):
        command.revoke("office-9")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_other_token_lets_in(
    tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    tokens = OfficeTokens(tmp_path_factory.mktemp("t") / "tokens.json")
    token = tokens.add("office-7", ["enrol"], until=1 << 40)
    at = draw.draw(st.integers(0, len(token) - 1))
    letter = draw.draw(st.sampled_from("ABCabc019_-é\x00"))
    changed = draw.draw(
        st.sampled_from([token[:at] + letter + token[at + 1 :], token[:at], token + letter])
    )
    if changed != token:
        assert refusal(tokens, changed) == "token"


@pytest.mark.parametrize(
    ("name", "scopes", "until"),
    [
        ("", ["enrol"], 1 << 40),
        ("a b", ["enrol"], 1 << 40),
        ("x" * 65, ["enrol"], 1 << 40),
        ("a", [], 1 << 40),
        ("a", ["everything"], 1 << 40),
        ("a", ["enrol"], 1),
    ],
)
def test_a_token_that_cannot_be_is_not_made(
    tmp_path: Path, name: str, scopes: list[str], until: int
) -> None:
    with pytest.raises(FieldError):
        OfficeTokens(tmp_path / "tokens.json").add(name, scopes, until=until)
    assert not (tmp_path / "tokens.json").exists()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "x", '{"version":2,"tokens":[]}', '{"version":1,"tokens":[{}]}', "[" * 99999],
)
def test_a_spoilt_file_lets_nobody_in(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tokens.json"
    token = OfficeTokens(path).add("office-7", ["enrol"], until=1 << 40)
    path.write_text(text)
    with pytest.raises(StorageFormatError):
        OfficeTokens(path).caller(token)


def test_who_makes_a_token_undoes_no_revocation_of_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokens.json"
    one, two = OfficeTokens(path), OfficeTokens(path)
    token = one.add("office-7", ["read"], until=1 << 40)
    other = threading.Thread(target=two.revoke, args=("office-7",))
    write = one._table._write

    def slow(known: Any) -> None:
        other.start()  # it has to wait, and to read what is written here
        other.join(0.2)
        write(known)

    monkeypatch.setattr(one._table, "_write", slow)
    new = one.add("office-8", ["read"], until=1 << 40)
    other.join()
    assert refusal(OfficeTokens(path), token) == "token"
    assert OfficeTokens(path).caller(new).name == "office-8"
