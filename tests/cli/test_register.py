"""``civid register`` and ``civid audit`` on a register of one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civid.people.citizen import Source, claim
from civid.register import Register

Civid = Callable[..., Any]
NUMBER = "046301123456"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    day = date(2001, 3, 12)
    made = tmp_path / "register"
    with Register.open(made, create=True) as register:
        register.people.add(
            [
                claim(field, text, Source.CIVIL_STATUS, day)
                for field, text in (
                    ("name", "Nguyễn Thị An"),
                    ("birth", "05/03/2001"),
                    ("number", NUMBER),
                    ("cmnd9", "191234567"),
                )
            ],
            unit="46/474",
        )
    return str(made)


def test_init_find_show_history(civid: Civid, folder: str) -> None:
    found = civid(
        "register", "find", folder, "--name", "nguyen thi an", "--birth", "2001", "--json"
    )
    (person,) = found.json["people"]
    assert (found.code, person["fields"]["number"]) == (0, NUMBER)
    shown = civid("register", "show", folder, "191234567")
    assert "Nguyễn Thị An" in shown.out
    assert "số định danh cá nhân" in shown.out
    assert (
        civid("register", "show", folder, NUMBER, "--json").json["fields"]["cmnd9"] == "191234567"
    )
    told = civid(
        "register", "history", folder, NUMBER, "--as", "clerk-9", "--purpose", "BHXH", "--json"
    ).json
    assert [one["kind"] for one in told["acts"]] == ["add"]
    assert told["log"][-1]["actor"] == "clerk-9"
    assert told["log"][-1]["purpose"] == "BHXH"
    assert "person.history" in civid("register", "history", folder, NUMBER).out


def test_nobody_is_exit_code_1(civid: Civid, folder: str) -> None:
    assert civid("register", "find", folder, "--name", "Trần Ba").code == 1
    gone = civid("register", "show", folder, "046301000000", "--json")
    assert (gone.code, gone.error["code"]) == (1, "not-in-register")
    bad = civid("register", "show", folder, "12", "--json")
    assert (bad.code, bad.error["code"]) == (3, "impossible-field")
    assert civid("register", "find", folder).code == 2


def test_no_register(civid: Civid, tmp_path: Path) -> None:
    none = civid("register", "find", str(tmp_path / "none"), "--name", "An", "--json")
    assert (none.code, none.error["code"]) == (4, "not-a-register")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert civid("register", "init", str(tmp_path / "full")).code == 4


def test_encrypted(civid: Civid, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("2026:" + "A" * 43 + "=\n", encoding="utf-8")
    folder = str(tmp_path / "register")
    assert civid("register", "init", folder, "--keys", str(keys), "--json").json["encrypted"]
    assert (
        civid("register", "find", folder, "--name", "An", "--json").error["code"] == "register-key"
    )
    assert civid("register", "find", folder, "--name", "An", "--keys", str(keys)).code == 1


def test_the_log_is_verified_against_an_anchor(civid: Civid, folder: str) -> None:
    first = civid("audit", "verify", folder, "--json").json
    assert first["whole"]
    anchor = f"{first['entries']}:{first['head']}"
    assert civid("audit", "verify", folder, "--anchor", anchor).code == 0
    wrong = f"{first['entries']}:{'0' * 64}"
    tampered = civid("audit", "verify", folder, "--anchor", wrong)
    assert tampered.code == 4
    assert "anchored" in tampered.out
    assert civid("audit", "verify", folder, "--anchor", "x").code == 2
