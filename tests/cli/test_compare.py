"""``civid compare``: like ``diff``, its exit code is the answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.image import read_image
from civid.fingerprint.template import Template


def test_it_says_what_the_library_says(civid: Callable, prints: Path) -> None:
    a, b = prints / "1_left-index_1.png", prints / "1_left-index_2.png"
    run = civid("compare", a, b, "--json")
    result = compare(extract(read_image(a)), extract(read_image(b)))
    assert (run.code, run.json["same"]) == (0, True)
    assert abs(run.json["score"] - result.score) < 0.001
    assert run.json["pairs"] == result.pairs.tolist()
    assert "the same finger" in civid("compare", a, b).out


def test_different_fingers_are_exit_code_1(civid: Callable, prints: Path) -> None:
    a, b = prints / "1_left-index_1.png", prints / "2_left-index_1.png"
    run = civid("compare", a, b, "--json")
    assert (run.code, run.json["same"]) == (1, False)
    assert civid("compare", a, b, "--min-score", 0).code == 0
    assert "not the same" in civid("compare", a, b).out


def record(path: Path, count: int) -> Path:
    """A record of one print with so many minutiae."""
    rows = [(9 * i, 8 * i, 0.1 * i, 1, 60) for i in range(1, count + 1)]
    path.write_bytes(Template(rows, 60, 300, 300).to_iso19794_2())
    return path


def test_records_of_hardly_any_minutiae(civid: Callable, tmp_path: Path) -> None:
    none, one, many = (record(tmp_path / f"{n}.fmr", n) for n in (0, 1, 20))
    for pair in ((one, one), (one, many), (many, one)):
        run = civid("compare", *pair, "--picture", tmp_path / "pair.png")
        assert run.code == 1
        assert "1 pair among" in run.out
        assert "; 1 pair\n" in civid("explain", *pair, "-o", tmp_path / "why.png").out
    for pair in ((none, many), (many, none), (none, none)):
        run = civid("compare", *pair, "--json")
        assert (run.code, run.error["code"]) == (3, "no-minutiae")
        assert f"{none}: the record holds no minutiae" in run.error["message"]
        assert "civid explain" not in run.error["advice"]  # which asks for an image
        told = civid("explain", *pair, "-o", tmp_path / "why.png", "--json").json
        assert (told["score"], told["pairs"], told["alignment"]) == (0.0, [], None)
    both = civid("enroll", tmp_path / "g", "a", f"2={none}", "--json")
    assert "holds no minutiae" in both.error["message"]


@pytest.mark.parametrize("command", ["compare", "explain"])
def test_what_a_score_means_is_said_in_vietnamese(
    civid: Callable, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for count in (1, 12, 28):
        pair = (record(tmp_path / "a.fmr", count), record(tmp_path / "b.fmr", count))
        said = civid(command, *pair, "--lang", "vi").out
        assert "điểm " in said
        assert "cặp vân khác ngón" in said
        assert "different fingers" not in said
        assert "The second laid over" not in said
        told = civid(command, *pair, "--json", "--lang", "vi").json
        assert "different fingers" in told["meaning"]


def test_a_picture_of_records_alone(civid: Callable, prints: Path, tmp_path: Path) -> None:
    a, b = tmp_path / "a.iso", tmp_path / "b.iso"
    for number, record in enumerate((a, b), 1):
        civid("extract", prints / f"1_left-index_{number}.png", "-o", record)
    run = civid("compare", a, prints / "1_left-index_2.png", "--picture", tmp_path / "p.png")
    assert run.code == 0
    with Image.open(tmp_path / "p.png") as picture:
        assert picture.mode == "RGB"


def test_a_blank_picture_is_no_other_finger(civid: Callable, prints: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    Image.fromarray(np.full((300, 300), 255, np.uint8)).save(blank, dpi=(500, 500))
    for pair in ((prints / "1_left-index_1.png", blank), (blank, prints / "1_left-index_1.png")):
        run = civid("compare", *pair, "--json")
        assert (run.code, run.error["code"]) == (3, "no-minutiae")
