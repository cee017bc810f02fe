"""``civid compare``: like ``diff``, its exit code is the answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.image import read_image


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
