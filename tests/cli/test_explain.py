"""``civid explain``: the stages of one print, or why two prints got their score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from civid import extract, read_image

ONE, TWO, STRANGER = (
    f"{name}.png" for name in ("1_left-index_1", "1_left-index_2", "2_left-index_1")
)


def test_one_print_is_drawn_stage_by_stage(civid: Callable, prints: Path, tmp_path: Path) -> None:
    run = civid("explain", prints / ONE, "-o", tmp_path / "s.png", "--json")
    assert run.code == 0
    assert run.json == {
        "file": str(prints / ONE),
        "extractor": extract(read_image(prints / ONE)).extractor,
        "picture": str(tmp_path / "s.png"),
    }
    assert (tmp_path / "s.png").stat().st_size > 1000


def test_two_prints_are_laid_over_each_other(civid: Callable, prints: Path, tmp_path: Path) -> None:
    a, b, target = prints / ONE, prints / TWO, tmp_path / "x.png"
    run = civid("explain", a, b, "-o", target, "--json")
    compared = civid("compare", a, b, "--json").json
    assert run.code == 0
    assert [run.json[key] for key in ("a", "b", "score", "pairs")] == [
        compared[key] for key in ("a", "b", "score", "pairs")
    ]
    found = run.json["alignment"]
    assert 0 < found["residual_rms_px"] < 12
    assert 0.5 < found["paired_share"] <= 1
    assert min(found["overlap_minutiae"]) >= len(run.json["pairs"])
    assert "pairs of different fingers" in run.json["meaning"]
    with Image.open(target) as picture:
        assert picture.height > 1000
    text = civid("explain", a, b, "-o", target).out
    for words in ("score", "turned", "mm", "px rms", "Quality", str(target)):
        assert words in text


def test_the_way_there_is_the_way_back(civid: Callable, prints: Path, tmp_path: Path) -> None:
    a, b, to = prints / ONE, prints / TWO, tmp_path / "x.png"
    there = civid("explain", a, b, "-o", to, "--json").json["alignment"]
    back = civid("explain", b, a, "-o", to, "--json").json["alignment"]
    assert there["rotation_degrees"] == pytest.approx(-back["rotation_degrees"], abs=0.5)
    assert there["shift_mm"] == pytest.approx([-mm for mm in back["shift_mm"]], abs=0.2)


def test_a_print_that_was_turned_is_turned_back(
    civid: Callable, prints: Path, tmp_path: Path
) -> None:
    upright, lying = prints / ONE, tmp_path / "lying.png"
    with Image.open(upright) as image:  # counter-clockwise
        image.transpose(Image.Transpose.ROTATE_90).save(lying, dpi=(500, 500))
    found = civid("explain", upright, lying, "-o", tmp_path / "x.png", "--json").json["alignment"]
    assert found["rotation_degrees"] == pytest.approx(-90, abs=1)
    assert found["residual_rms_px"] < 2


def test_records_are_explained_too(civid: Callable, prints: Path, tmp_path: Path) -> None:
    record = tmp_path / "a.iso"
    civid("extract", prints / ONE, "-o", record)
    run = civid("explain", record, prints / TWO, "-o", tmp_path / "x.png", "--json")
    assert (run.code, run.json["alignment"]["paired_share"] > 0.5) == (0, True)


def test_nothing_to_align_is_said(civid: Callable, prints: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    Image.fromarray(np.full((300, 300), 255, np.uint8)).save(blank, dpi=(500, 500))
    run = civid("explain", blank, prints / ONE, "-o", tmp_path / "x.png", "--json")
    assert (run.code, run.json["alignment"], run.json["pairs"]) == (0, None, [])
    assert (tmp_path / "x.png").exists()
    assert "too few" in civid("explain", blank, prints / ONE, "-o", tmp_path / "x.png").out


def test_different_fingers_are_explained_and_no_failure(
    civid: Callable, prints: Path, tmp_path: Path
) -> None:
    run = civid("explain", prints / ONE, prints / STRANGER, "-o", tmp_path / "x.png", "--json")
    assert run.code == 0
    assert run.json["score"] < 40


def test_the_picture_is_named_after_both(
    civid: Callable, prints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert civid("explain", prints / ONE, prints / TWO).code == 0
    assert [path.name for path in tmp_path.iterdir()] == [
        "1_left-index_1-1_left-index_2-explained.png"
    ]


@pytest.mark.parametrize(
    ("second", "target", "code", "error"),
    [
        ("none.png", "x.png", 3, "no-such-file"),
        (".", "x.png", 3, "is-a-folder"),
        (TWO, "x.xyz", 2, "usage"),
        (TWO, "none/x.png", 5, "not-written"),
    ],
)
def test_what_goes_wrong_is_named(
    civid: Callable,
    prints: Path,
    tmp_path: Path,
    second: str,
    target: str,
    code: int,
    error: str,
) -> None:
    run = civid("explain", prints / ONE, prints / second, "-o", tmp_path / target, "--json")
    assert (run.code, run.error["code"], run.out) == (code, error, "")
    assert not list(tmp_path.iterdir())
