"""``civid dedup`` on eight prints of four fingers of two people."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from civid.dedup.folder.job import run_plan
from civid.search import Gallery

ALL = "{person}_{position}_{impression}"


@pytest.fixture
def folder(prints: Path, tmp_path: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(prints, tmp_path / "copy"))


def test_files_alone_are_paired_by_finger(civid: Callable, prints: Path) -> None:
    run = civid(
        *("dedup", prints, "--truth-pattern", ALL),
        *("--identity-fields", "person,position", "--json"),
    )
    assert (run.code, run.err) == (0, "")
    told = run.json
    assert (told["enrolments"], told["comparisons"]) == (8, 28)
    for pair in told["duplicates"]:
        assert pair["a"].rsplit("_", 1)[0] == pair["b"].rsplit("_", 1)[0]
        assert pair["score"] >= told["min_score"]
        assert pair["truth"] == "right"
    truth = told["truth"]
    assert (truth["found"], truth["missed"], truth["false"]) == (4, 0, 0)
    assert (truth["pairs_same"], truth["pairs_different"]) == (4, 24)
    assert (truth["identities_repeated"], truth["identities_found_whole"]) == (4, 4)
    assert [len(group) for group in told["groups"]] == [2, 2, 2, 2]


def test_fingers_of_one_enrolment_are_fused(civid: Callable, prints: Path) -> None:
    run = civid("dedup", prints, "--filename-pattern", ALL, "--same", "person", "--json")
    told = run.json
    assert (told["enrolments"], told["prints_extracted"]) == (4, 8)
    assert [(one["a"], one["b"]) for one in told["duplicates"]] != []
    assert {(one["a"][0], one["b"][0]) for one in told["duplicates"]} == {("1", "1"), ("2", "2")}
    for one in told["duplicates"]:
        assert [finger["position_a"] for finger in one["fingers"]] == [2, 7]
        assert one["score"] > max(finger["score"] for finger in one["fingers"])


def test_missed_pairs_are_told_with_their_scores(civid: Callable, prints: Path) -> None:
    words = ("dedup", prints, "--name", ALL, "--same", "person")
    found = {
        (one["a"], one["b"]): one["score"] for one in civid(*words, "--json").json["duplicates"]
    }
    run = civid(*words, "--min-score", 1e6, "--json")
    assert run.code == 1
    assert run.json["duplicates"] == []
    missed = {(one["a"], one["b"]): one["score"] for one in run.json["truth"]["missed_scores"]}
    assert missed == pytest.approx(found, abs=0.01)
    assert "missed pairs" in civid(*words, "--min-score", 1e6).out


def test_wrong_truth_shows_false_pairs(civid: Callable, prints: Path) -> None:
    run = civid("dedup", prints, "--truth", ALL, "--same", "impression", "--json")
    assert (run.json["truth"]["found"], run.json["truth"]["false"]) == (0, 4)
    text = civid("dedup", prints, "--truth", ALL, "--same", "impression", "--rows", 1).out
    assert text.count("false") == 4 + 1  # every false pair is shown, whatever --rows says


def test_a_table_a_csv_and_pictures(civid: Callable, prints: Path, tmp_path: Path) -> None:
    pictures, listed = tmp_path / "new" / "pictures", tmp_path / "d.csv"
    run = civid("dedup", prints, "--pictures", pictures, "--csv", listed, "--max-pictures", 3)
    assert run.code == 0
    assert "1_left-index_1.png" in run.out
    assert "8 prints extracted" in run.out
    with listed.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    assert [row["score"] for row in rows] == sorted(
        (row["score"] for row in rows), key=float, reverse=True
    )
    saved = sorted(pictures.iterdir())
    files = {(row["a"], row["b"]) for row in rows}
    names = [re.fullmatch(r"000(\d)_(\w+_[-a-z]+_\d)_(.+)_unknown\.png", one.name) for one in saved]
    assert [one and one[1] for one in names] == ["1", "2", "3"]
    assert {(f"{one[2]}.png", f"{one[3]}.png") for one in names if one} <= files
    with Image.open(saved[0]) as picture:
        assert picture.size[0] > 800


def test_unreadable_files_are_listed_and_passed_over(civid: Callable, folder: Path) -> None:
    (folder / "1_right-thumb_1.png").write_bytes(b"this is no picture")
    (folder / "odd name.png").write_bytes(b"")
    words = ("dedup", folder, "--name", ALL)
    run = civid(*words, "--json")
    assert run.code == 0
    assert [(Path(one["file"]).name, one["code"]) for one in run.json["skipped"]] == [
        ("odd name.png", "name"),
        ("1_right-thumb_1.png", "unreadable-image"),
    ]
    assert "skipped 2 files" in civid(*words).err
    assert civid(*words, "--strict").code == 3
    (folder / "odd name.png").unlink()
    assert civid(*words, "--strict", "--json").error["code"] == "unreadable-image"


def test_one_is_not_called_many(civid: Callable, folder: Path) -> None:
    kept = sorted(folder.glob("1_right-*"))[:2]
    for path in folder.glob("*.png"):
        if path not in kept:
            path.unlink()
    told = civid("dedup", folder).out
    assert "1 duplicate\n" in re.sub(" +\n", "\n", told)
    assert "2 enrolments are one group of duplicates" in told
    in_vietnamese = civid("dedup", folder, "--lang", "vi").out
    assert "2 lần ghi danh là một nhóm trùng" in in_vietnamese


def test_no_duplicate_is_exit_code_1(civid: Callable, folder: Path) -> None:
    for path in folder.glob("*_2.png"):
        path.unlink()
    run = civid("dedup", folder)
    assert (run.code, "no duplicates" in run.out) == (1, True)


def test_a_kept_gallery_is_extracted_once(civid: Callable, folder: Path, tmp_path: Path) -> None:
    words = ("dedup", folder, "--name", ALL, "--gallery", tmp_path / "g", "--json")
    first = civid(*words).json
    assert (first["prints_extracted"], first["subjects_reused"]) == (8, 0)
    again = civid(*words).json
    assert (again["prints_extracted"], again["subjects_reused"]) == (0, 4)
    assert again["duplicates"] == first["duplicates"]

    # One changed file: its enrolment alone is made again.
    shutil.copy(folder / "2_right-index_1.png", folder / "1_right-index_1.png")
    changed = civid(*words).json
    assert (changed["prints_extracted"], changed["subjects_reused"]) == (2, 3)
    assert changed["subjects"] == 4
    assert changed["duplicates"] != first["duplicates"]

    # A new file.
    shutil.copy(folder / "2_right-index_1.png", folder / "3_right-index_1.png")
    assert civid(*words).json["subjects"] == 5


def test_a_file_that_could_not_be_read_is_tried_again(
    civid: Callable, folder: Path, tmp_path: Path
) -> None:
    words = ("dedup", folder, "--name", ALL, "--gallery", tmp_path / "g", "--json")
    good = (folder / "1_right-index_1.png").read_bytes()
    (folder / "1_right-index_1.png").write_bytes(b"cut off")
    assert len(civid(*words).json["skipped"]) == 1
    assert len(civid(*words).json["skipped"]) == 1  # not forgotten
    (folder / "1_right-index_1.png").write_bytes(good)
    mended = civid(*words).json
    assert (mended["skipped"], mended["subjects_reused"]) == ([], 3)


def test_subjects_from_elsewhere_are_not_replaced(
    civid: Callable, folder: Path, tmp_path: Path
) -> None:
    gallery = tmp_path / "g"
    assert civid("enroll", gallery, "1/1", folder / "2_right-index_1.png").code == 0
    run = civid("dedup", folder, "--name", ALL, "--gallery", gallery, "--json")
    assert {one["code"] for one in run.json["skipped"]} == {"subject-exists"}
    assert run.json["subjects"] == 4


def test_a_damaged_gallery_is_refused(civid: Callable, folder: Path, tmp_path: Path) -> None:
    words = ("dedup", folder, "--gallery", tmp_path / "g", "--json")
    assert civid(*words).code == 0
    for path in (tmp_path / "g").iterdir():
        if path.stat().st_size:
            path.write_bytes(b"\xff" * path.stat().st_size)
    run = civid(*words)
    assert (run.code, run.out) == (4, "")
    assert run.error["code"] in ("gallery-damaged", "not-a-gallery")


def test_what_could_not_be_enrolled_counts_as_missed(civid: Callable, folder: Path) -> None:
    (folder / "1_right-index_2.png").write_bytes(b"")
    Image.new("L", (200, 200), 255).save(folder / "2_right-index_2.png", dpi=(500, 500))
    words = ("dedup", folder, "--truth", ALL, "--same", "person,position")
    told = civid(*words, "--json").json
    assert told["not_enrolled"] == ["1_right-index_2.png", "2_right-index_2.png"]
    assert {one["code"] for one in told["skipped"]} == {"unreadable-image", "no-minutiae"}
    assert (told["truth"]["found"], told["truth"]["missed"]) == (2, 2)
    assert [one["score"] for one in told["truth"]["missed_scores"]] == [None, None]
    assert "not enrolled" in civid(*words).out


@pytest.mark.accuracy
def test_real_prints_of_one_person(civid: Callable, data: Path, tmp_path: Path) -> None:
    # One of the easier people: a floor that only a broken engine falls through.
    for path in (data / "prints" / "UareU").glob("022_*.png"):
        (tmp_path / path.name).symlink_to(path.resolve())
    truth = ("--truth", "{person}_{finger}_{impression}", "--same", "person,finger")
    told = civid("dedup", tmp_path, *truth, "--json").json["truth"]
    assert (told["identities"], told["pairs_same"], told["pairs_different"]) == (10, 280, 2880)
    assert told["false"] == 0
    assert told["found"] >= 270
    assert told["identities_found_whole"] == 10


def test_it_says_how_many_were_compared_in_full(
    civid: Callable, prints: Path, large_from_six: None
) -> None:
    filtered = civid("dedup", prints)
    assert (filtered.code, "prefiltered" in filtered.out) == (0, True)
    exact = civid("dedup", prints, "--exact", "--swapped")
    assert (exact.code, "prefiltered" in exact.out) == (0, False)


@pytest.mark.parametrize("kept", [False, True])
def test_turned_prints_are_looked_for_on_request(
    civid: Callable, prints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    turns: list[int] = []

    def counted(plan: Any, options: Any, gallery: Gallery, **named: Any) -> Any:
        turns.append(gallery.parameters.turns)
        return run_plan(plan, options, gallery, **named)

    monkeypatch.setattr("civid.cli.commands.dedup.run_plan", counted)
    words = ("dedup", prints, *(("--gallery", tmp_path / "kept") if kept else ()), "--json")
    plain, wide = civid(*words), civid(*words, "--turned")
    assert turns == [1, 4]
    pairs = [{(one["a"], one["b"], one["score"]) for one in run.json["duplicates"]}
             for run in (plain, wide)]  # fmt: skip
    assert pairs[0] == pairs[1] != set()
