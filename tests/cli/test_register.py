"""``civid register`` and ``civid audit`` on a register of one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civid.cli.commands.register.check import _COUNT_WORDS
from civid.people.citizen import Source, claim
from civid.register import Register
from civid.register.store.sealed import SEALED

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


def test_words_of_tables_and_counts_are_vietnamese(
    civid: Civid, folder: str, tmp_path: Path
) -> None:
    assert "hộ tịch" in civid("register", "show", folder, NUMBER, "--lang", "vi").out
    counted = civid("check", folder, "--lang", "vi").err
    assert {"người: 1", "lần ghi nhận: 1", "lần hợp nhất: 0"} <= set(counted.splitlines())
    file, mapping = tmp_path / "people.csv", tmp_path / "mapping.json"
    file.write_text("so\n12\n")
    mapping.write_text('{"so": "number"}')
    survey = ("register", "survey", folder, file, "--mapping", mapping)
    assert "đủ (complete): rows" in civid(*survey).out
    assert "đủ: số dòng" in civid(*survey, "--lang", "vi").out


def test_every_table_that_is_checked_has_words() -> None:
    said = {one.table.name.replace("_", " ") for one in SEALED}
    assert said <= set(_COUNT_WORDS)


def test_backup_and_restore(civid: Civid, folder: str, tmp_path: Path) -> None:
    backup, again = str(tmp_path / "copies"), str(tmp_path / "again")
    made = civid("register", "backup", folder, backup, "--as", "clerk-9")
    assert (made.code, "copy 1 of 1 people" in made.out) == (0, True)
    told = civid("register", "backup", folder, backup, "--keep", "1", "--json").json
    assert (told["copy"]["number"], told["copy"]["people"], told["forgotten"]) == (2, 1, [1])
    listed = civid("register", "restore", backup, "--json").json
    assert [one["number"] for one in listed["copies"]] == [2]
    assert "2" in civid("register", "restore", backup).out
    assert civid("register", "restore", backup, again).code == 0
    assert civid("register", "restore", backup, again).err.startswith(
        "error: again: there is something else already"
    )
    assert civid("check", again).code == 0
    assert civid("register", "show", again, NUMBER).code == 0
    (path,) = (tmp_path / "copies" / "registers").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    broken = civid("register", "restore", backup, str(tmp_path / "third"))
    assert (broken.code, "has another length" in broken.err) == (4, True)


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
    keys.touch(0o600)
    keys.write_text("2026:" + "A" * 43 + "=\n", encoding="utf-8")
    folder = str(tmp_path / "register")
    assert civid("register", "init", folder, "--keys", str(keys), "--json").json["encrypted"]
    assert (
        civid("register", "find", folder, "--name", "An", "--json").error["code"] == "register-key"
    )
    assert civid("register", "find", folder, "--name", "An", "--keys", str(keys)).code == 1
    # What is to be typed next works as it is told: with the keys.
    backup, again, unit = (str(tmp_path / name) for name in ("copies", "again", "unit"))
    with_keys = ("--keys", str(keys))
    assert civid("register", "backup", folder, backup, *with_keys).code == 0
    told = civid("register", "restore", backup, again, *with_keys).err
    assert f"civid check {again} --keys FILE" in told
    told = civid("register", "pack", folder, unit, "--unit", "46/474", *with_keys).err
    assert f"{unit} --keys FILE" in told


def test_the_log_is_verified_against_an_anchor(civid: Civid, folder: str) -> None:
    first = civid("audit", "verify", folder, "--json").json
    assert first["whole"]
    anchor = f"{first['entries']}:{first['head']}"
    assert civid("audit", "verify", folder, "--anchor", anchor).code == 0
    wrong = f"{first['entries']}:{'0' * 64}"
    tampered = civid("audit", "verify", folder, "--anchor", wrong)
    assert tampered.code == 4
    assert "anchored" in tampered.out
    for none in ("x", f"5:{'z' * 64}", f"5:{'a' * 63}"):  # no word of tampering for a typing error
        assert civid("audit", "verify", folder, "--anchor", none).code == 2


def test_init_says_that_there_is_one_already(civid: Civid, tmp_path: Path) -> None:
    folder = str(tmp_path / "register")
    assert civid("register", "init", folder, "--json").json["made"]
    assert not civid("register", "init", folder, "--json").json["made"]
    assert "already" in civid("register", "init", folder).out
    assert civid("register", "check", folder).code == 0


def test_an_export_is_for_its_owner_alone(civid: Civid, folder: str, tmp_path: Path) -> None:
    file = tmp_path / "an.json"
    assert civid("register", "export", folder, NUMBER, "-o", str(file)).code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert civid("register", "export", folder, NUMBER, "-o", str(file)).code == 5


def test_a_dossier_that_is_open_is_named_to_who_comes_second(civid: Civid, folder: str) -> None:
    added = Path(folder).parent / "more.csv"
    added.write_text(
        "id,so,ten,sinh,gioi\n1,046201000017,Trần Văn Ba,17/11/2001,Nam\n", encoding="utf-8"
    )
    mapping = Path(folder).parent / "mapping.json"
    mapping.write_text(
        '{"id": "external", "so": "number", "ten": "name", "sinh": "birth", "gioi": "sex"}'
    )
    where = ("--unit", "46/474")
    took = civid("register", "import", folder, str(added), "--mapping", str(mapping),
                 "--source", "old", *where)  # fmt: skip
    assert took.code == 0
    wrong = civid("enrol", folder, "046201000017", *where, "--missing", "right-ring=lost")
    assert (wrong.code, "amputated" in wrong.err) == (2, True)  # and no dossier was opened
    # All that is known at once: what is missing is declared when its step has come.
    first = civid("enrol", folder, "046201000017", *where, "--confirm", "--missing",
                  "right-ring=amputated")  # fmt: skip
    assert first.code == 0, first.err
    assert "--prints FOLDER" in first.err
    assert "ethnic group" in first.err  # a sentence, not the code of a rule
    second = civid("enrol", folder, "046201000017", *where, "--json")
    assert second.code == 4
    reference = second.error["advice"].rpartition(" ")[2]
    assert reference in first.err
    assert civid("enrol", folder, "--dossier", reference).code == 0


def test_files_that_are_not_there_are_named(civid: Civid, folder: str, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"id": "external"}')
    for file, code in ((tmp_path / "none.csv", "no-such-file"), (tmp_path, "is-a-folder")):
        for command in (("survey",), ("import", "--source", "old", "--unit", "46")):
            told = civid("register", command[0], folder, str(file), "--mapping", str(mapping),
                         *command[1:], "--json")  # fmt: skip
            assert (told.code, told.error["code"]) == (3, code)
            assert str(file) in told.error["message"]
