"""Accounts: made, read again, taken away; no password is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from civid.dedup.pages.officers import DECIDING, Officers
from civid.errors import FieldError, RegisterFormatError
from civid.register import Capability


def test_a_password_opens_its_own_account_only(tmp_path: Path) -> None:
    officers = Officers(tmp_path / "officers.json")
    first, second = officers.add("officer-1", unit="46"), officers.add("officer-2")
    found = officers.check("officer-1", first)
    assert found is not None
    assert found.actor("máy 1").capabilities == DECIDING == {Capability.ADJUDICATE}
    assert found.actor().covers("46/474")
    assert not found.actor().covers("01")
    assert officers.check("officer-1", second) is None
    assert officers.check("nobody", first) is None
    assert officers.check("officer-1", "") is None


def test_however_it_is_typed(tmp_path: Path) -> None:
    officers = Officers(tmp_path / "officers.json")
    password = officers.add("officer-1")
    assert officers.check("officer-1", f" {password.upper().replace('-', ' ')} ") is not None


def test_the_file_has_no_password_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "officers.json"
    password = Officers(path).add("officer-1")
    text = path.read_text("utf-8")
    assert password not in text
    assert password.replace("-", "") not in text
    made = {one.name: one.stat().st_mode & 0o077 for one in tmp_path.iterdir()}
    assert made == {"officers.json": 0, ".officers.json.lock": 0}
    assert password not in repr(Officers(path).all())


def test_a_new_password_ends_the_old_one_in_other_processes_too(tmp_path: Path) -> None:
    path = tmp_path / "officers.json"
    one, other = Officers(path), Officers(path)
    old = one.add("officer-1")
    assert other.check("officer-1", old) is not None
    new = one.add("officer-1")
    assert other.check("officer-1", old) is None
    assert other.check("officer-1", new) is not None
    one.remove("officer-1")
    assert other.get("officer-1") is None
    with pytest.raises(FieldError):
        one.remove("officer-1")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2, "officers": []}', '{"version": 1, "officers": [{}]}',
     '{"version": 1, "officers": 3}', "[" * 5000],
)  # fmt: skip
def test_a_broken_file_lets_nobody_in(tmp_path: Path, text: str) -> None:
    path = tmp_path / "officers.json"
    path.write_text(text, "utf-8")
    with pytest.raises(RegisterFormatError):
        Officers(path).check("officer-1", "x")


def test_a_capability_that_does_not_exist_lets_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "officers.json"
    Officers(path).add("officer-1")
    body = json.loads(path.read_text("utf-8"))
    body["officers"][0]["capabilities"] = ["everything"]
    path.write_text(json.dumps(body), "utf-8")
    with pytest.raises(RegisterFormatError):
        Officers(path).all()


def test_names_that_could_confuse_a_log_are_refused(tmp_path: Path) -> None:
    for name in ("", "a\nb", "x" * 65):
        with pytest.raises(FieldError):
            Officers(tmp_path / "officers.json").add(name)
