"""``civid share``: as an officer uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.sharing.office import AN, NOBODY, someone

from civid.cli.app import command_line
from civid.register import Register

GRANT = (
    "--partner", "bhxh", "--purpose", "bhyt.cap-the", "--law-code", "26/2023/QH15",
    "--law", "Luật Căn cước 2023, điều 10", "--ends", "2099-12-31",
    "--match", "name", "--match", "birth",
)  # fmt: skip
ASK = (
    "--partner", "bhxh", "--purpose", "bhyt.cap-the", "--procedure", "1.004", "--asking-unit",
    "BHXH/46", "--officer", "cb-1", "--given", "name=nguyen thi an",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Register.open(tmp_path / "register", create=True) as register:
        register.people.add(someone(), unit="46/19753")
    return tmp_path / "register"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        command_line()(["share", *map(str, words)])
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_from_the_grant_to_what_the_citizen_sees(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    def document(*words: object) -> tuple[int, Any]:
        code, out, err = run(capsys, *words, "--json")
        return code, json.loads(out or err)

    terms = ("--allow", "birth:over_age:18", "--allow", "birth:year", "--limit", "person/day=9")
    code, made = document("grant", "add", folder, *GRANT, *terms, "--as", "an")
    assert (code, made["state"]) == (0, "proposed")
    code, error = document("grant", "confirm", folder, made["reference"], "--as", "an")
    assert (code, error["error"]["code"]) == (4, "access-refused")
    code, active = document("grant", "confirm", folder, made["reference"], "--as", "binh")
    assert (code, active["state"]) == (0, "active")
    code, answer = document("ask", folder, AN, *ASK, "--given", "birth=05/03/2001", "--request",
                            "r-1", "--is", "birth over_age 18", "--want", "birth:year")  # fmt: skip
    assert (code, answer["match"], answer["predicates"]) == (0, "yes", ["yes"])
    assert answer["values"] == {"birth:year": "2001"}
    code, answer = document("ask", folder, NOBODY, *ASK, "--given", "birth=05/03/2001",
                            "--request", "r-2")  # fmt: skip
    assert (code, answer["match"]) == (1, "no")
    code, error = document("ask", folder, AN, *ASK, "--given", "birth=05/03/2001", "--request",
                           "r-3", "--want", "phone")  # fmt: skip
    assert code == 4
    assert "not_granted" in error["error"]["message"]
    code, seen = document("seen", folder, AN)
    assert (code, len(seen), seen[0]["partner"]) == (0, 1, "bhxh")
    code, shown = document("grant", "show", folder, made["reference"])
    (tmp_path / "grant.json").write_text(json.dumps(shown), encoding="utf-8")
    code, again = document("grant", "add", folder, "--file", tmp_path / "grant.json",
                           "--replaces", made["reference"], "--as", "an")  # fmt: skip
    assert (code, again["version"], again["grant"]) == (0, 2, active["grant"])
    code, ended = document("grant", "revoke", folder, made["reference"], "--reason", "law.changed")
    assert (code, ended["state"]) == (0, "ended")
    assert document("grant", "list", folder)[0] == 1


def test_in_words(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    added = run(capsys, "grant", "add", folder, *GRANT, "--allow", "birth:year", "--alone")
    assert added[1].endswith("in force\n")
    reference = added[1].split()[1].strip(",")
    asked = ("ask", folder, AN, *ASK, "--given", "birth=05/03/2001", "--request", "r-1",
             "--want", "birth:year")  # fmt: skip
    code, out, _ = run(capsys, *asked)
    assert code == 0
    assert "yes" in out
    assert "2001" in out
    assert "điều đã nêu được xác nhận" in run(capsys, *asked, "--lang", "vi")[1]
    assert "BHXH/46" in run(capsys, "seen", folder, AN)[1]
    assert "26/2023/QH15" in run(capsys, "grant", "show", folder, reference)[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ask", AN, *ASK), 3, "request: missing"),
        (("ask", AN, "--given", "name"), 2, "FIELD=TEXT"),
        (("grant", "add", *GRANT[:8]), 2, "--ends"),
        (("grant", "add", *GRANT, "--allow", "birth:whole"), 3, "operator"),
        (("grant", "show", "0" * 32), 1, "no such grant"),
        (("seen", AN), 1, ""),
    ],
)
def test_errors_for_clerks(
    capsys: pytest.CaptureFixture[str], folder: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    at = 2 if words[0] == "grant" else 1
    found, _, err = run(capsys, *words[:at], folder, *words[at:])
    assert found == code
    assert said in err
    assert AN not in err


def test_a_file_that_is_no_grant(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "grant.json"
    for text, code in (("[", 2), ("[" * 100_000, 2), ('{"grant": {"partner": 1}}', 3)):
        file.write_text(text)
        assert run(capsys, "grant", "add", folder, "--file", file)[0] == code
