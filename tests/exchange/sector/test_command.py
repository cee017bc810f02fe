"""``civid sector``: what it prints, writes and leaves with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.sector.office import DAY, GRANT, PARTNER, PURPOSE, person, register_of, table

Civid = Callable[..., Any]


@pytest.fixture
def example(civid: Civid, tmp_path: Path) -> Path:
    file = tmp_path / "customers.csv"
    done = civid("sector", "example", file, "--people", 300, "--seed", 3, "--json")
    assert done.code == 0
    assert done.json["rows"] >= 300
    assert min(rows[0] for rows in done.json["planted"].values()) >= 2
    return file


def test_a_table_alone(civid: Civid, example: Path, tmp_path: Path) -> None:
    done = civid("sector", "check", example, "--day", "2024-12-31", "--output", tmp_path / "o")
    assert done.code == 0
    assert "Ready with reservations" in done.out
    assert "'Số CCCD/CMND' is understood as number" in done.err
    as_json = civid("sector", "check", example, "--day", "2024-12-31", "--json")
    assert as_json.json == json.loads((tmp_path / "o/readiness.json").read_text("utf-8"))
    assert as_json.json["register"] is None


def test_what_is_not_ready_leaves_with_one(civid: Civid, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("Họ và tên;Mã\nLê An;046301123456\n", encoding="utf-8")
    assert civid("sector", "check", file).code == 1  # no number, no birth
    pairs = tmp_path / "columns.json"
    pairs.write_text('{"Mã": "number"}', encoding="utf-8")
    for given in ("Mã=number", pairs):
        done = civid("sector", "check", file, "--columns", given, "--json")
        assert done.json["table"]["columns"] == {"Họ và tên": "name", "Mã": "number"}


def test_under_a_grant(civid: Civid, tmp_path: Path) -> None:
    rows = [person(at) for at in range(10)]
    file = table(tmp_path / "t.csv", rows)
    ends = replace(GRANT, ends=DAY.replace(year=2099))
    with register_of(tmp_path / "r", rows[:9], ends):
        pass
    words = ("sector", "check", file, "--register", tmp_path / "r", "--as", "cb-7")
    done = civid(*words, "--grant", f"{PARTNER}/{PURPOSE}", "--unit", "46", "--json")
    assert done.code == 1  # nine of ten are at least five of ten
    assert done.json["register"]["became"]["agrees"] == {"from": 5, "to": 10}
    refused = civid(*words, "--grant", f"{PARTNER}/khac", "--unit", "46", "--json")
    assert (refused.code, refused.error["code"]) == (4, "access-refused")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--columns", "x"], 2), (["--columns", "Không có=name"], 3), (["--day", "hôm nay"], 2),
        (["--delimiter", "ab"], 3), (["--encoding", "nix"], 3), (["--criteria", "none.json"], 3),
        (["--grant", "a/b"], 2), (["--register", "r"], 2), (["--output", "/proc/none"], 5),
        (["--register", "r", "--grant", "a/b"], 2),
        (["--register", "r", "--grant", "a/b", "--unit", "46"], 4),
    ],
)  # fmt: skip
def test_what_makes_no_sense(
    civid: Civid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    file = table(tmp_path / "t.csv", [person(1)])
    done = civid("sector", "check", file, *more)
    assert done.code == code
    assert done.err.startswith("error: ")
    assert person(1)["name"] not in done.err
    for no_table in (tmp_path / "none.csv", tmp_path):
        assert civid("sector", "check", no_table).code == 3
