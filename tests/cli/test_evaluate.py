"""``civid evaluate`` on eight synthetic prints of four fingers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


def test_a_folder_becomes_a_report(civid: Command, prints: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = civid("evaluate", prints, "--out", out, "--protocol", "fvc", "--protocol", "search")
    assert run.code == 0
    assert "not measurable" in run.out
    assert "rank-1" in run.out
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("<img") == 4 + 4  # at most four of each kind, and there are four and six
    document = json.loads((out / "results.json").read_text(encoding="utf-8"))
    (one,) = document["verification"]
    assert (one["genuine"], one["impostor"], one["protocol"]) == (4, 6, "fvc")
    assert one["eer"] == 0
    (search,) = document["identification"]
    assert (search["enrolled"], search["probes"], search["rank1"]) == (4, 4, 1)
    assert len(list((out / "final").glob("*.npz"))) == 2


def test_json_is_the_same_document(civid: Command, prints: Path, tmp_path: Path) -> None:
    words = ("evaluate", prints, "-o", tmp_path, "--json", "--pictures", 0, "--rounds", 20)
    first, second = civid(*words), civid(*words)
    assert first.err == ""
    known = first.json
    assert known["verification"] == second.json["verification"]  # times too: nothing was repeated
    assert known["verification"][0]["impostor"] == 24
    assert known["verification"][0]["extraction"]["prints"] == 8
    assert set(known["versions"]) == {"civid", "Python"}
    assert "<img" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_two_systems_stand_beside_each_other(civid: Command, prints: Path, tmp_path: Path) -> None:
    (tmp_path / "toy_matcher_of_a_test.py").write_text(
        "def compare(probe, reference):\n    return -abs(len(probe) - len(reference))\n"
    )
    import sys

    sys.path.insert(0, str(tmp_path))
    try:
        run = civid(
            *("evaluate", prints, "-o", tmp_path / "o", "--json", "--pictures", 1),
            *("-m", "civid", "-m", "civid+toy_matcher_of_a_test:compare"),
        )
    finally:
        sys.path.remove(str(tmp_path))
    own, toy = run.json["verification"]
    assert own["eer"] < toy["eer"]
    assert toy["system"] == "civid+toy_matcher_of_a_test:compare"


def test_pooled_sets_leave_out_a_finger_that_is_in_both(
    civid: Command, prints: Path, tmp_path: Path
) -> None:
    import shutil

    other = Path(shutil.copytree(prints, tmp_path / "sets" / "other"))
    finger, name = "1_right-index", prints.resolve()
    mine = "/".join(name.parts[-2:])
    words = ("evaluate", prints, other, "-o", tmp_path / "o", "--json", "--pictures", 0)
    run = civid(*words, "--pool", "--same", f"{mine}:{finger}=sets/other:{finger}")
    (one,) = run.json["verification"]
    assert (one["genuine"], one["impostor"], one["left_out"]) == (8, 16 * 15 // 2 - 8 - 4, 4)
    assert civid(*words, "--same", f"{mine}:{finger}=sets/other:{finger}").code == 2


@pytest.mark.parametrize(
    ("words", "code", "about"),
    [
        (["--protocol", "fvd"], 3, "no protocol is called fvd"),
        (["--protocol", "ten-finger"], 3, "column 'person'"),
        (["--protocol", "cross"], 3, "column 'set'"),
        (["-m", "nobody"], 3, "no matcher is called nobody"),
        (["--pool", "--same", "a:1"], 2, "SET:FINGER=SET:FINGER"),
    ],
)
def test_what_cannot_be_evaluated_is_told(
    civid: Command, prints: Path, tmp_path: Path, words: list[str], code: int, about: str
) -> None:
    run = civid("evaluate", prints, "-o", tmp_path, "--json", *words)
    assert run.code == code
    assert about in run.error["message"]
    assert run.out == ""


def test_a_folder_without_prints_is_told(civid: Command, tmp_path: Path) -> None:
    run = civid("evaluate", tmp_path, "-o", tmp_path / "o", "--json")
    assert (run.code, run.error["code"]) == (3, "evaluation")
    assert "finger_impression" in run.error["message"]


def test_names_that_mix_up_fingers_are_doubted(
    civid: Command, prints: Path, tmp_path: Path
) -> None:
    """Person and position taken for finger and impression: ten fingers of one."""
    folder = tmp_path / "in"
    folder.mkdir()
    from PIL import Image

    from civid.lab import synthetic

    for person in range(4):
        for position in range(1, 6):
            seen = synthetic.impression(synthetic.master(10 * person + position), 1)
            path = folder / f"{person}_{position}.png"
            Image.fromarray(seen.image.pixels).save(path, dpi=(500, 500))
    words = ("evaluate", folder, "-o", tmp_path / "o", "--pictures", 0, "--rounds", 20)
    run = civid(*words)
    assert run.code == 0
    assert "--filename-pattern" in run.err
    assert "reused" not in run.err
    assert "reused" in civid(*words).err
    assert "reused" not in civid(*words, "--fresh").err


def test_a_pattern_names_the_fingers(civid: Command, prints: Path, tmp_path: Path) -> None:
    words = ("evaluate", prints, "-o", tmp_path, "--json", "--pictures", 0, "--rounds", 20)
    run = civid(*words, "--filename-pattern", "{person}_{position}_{impression}")
    assert run.json["verification"][0]["genuine"] == 4
    assert run.json["verification"][0]["eer"] == 0


def test_runs_are_compared(civid: Command, prints: Path, tmp_path: Path) -> None:
    common = ("--pictures", 0, "--rounds", 20, "--json")
    for name in ("a", "b"):
        assert civid("evaluate", prints, "-o", tmp_path / name, *common).code == 0
    run = civid("evaluate", "--compare", tmp_path / "a", tmp_path / "b", "-o", tmp_path / "c")
    assert run.code == 0
    assert "civid (a)" in run.out
    assert (tmp_path / "c" / "leaderboard.html").is_file()
    refused = civid("evaluate", "--compare", tmp_path / "a", "-o", tmp_path / "c", "--fresh")
    assert refused.code == 2
    nothing = civid("evaluate", "--compare", prints, "-o", tmp_path / "c", "--json")
    assert (nothing.code, nothing.error["code"]) == (3, "evaluation")
