"""``civid extract`` and ``civid explain``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from civid.fingerprint.extract import extract
from civid.fingerprint.image import read_image
from civid.fingerprint.template import Template


def test_it_says_what_the_library_says(civid: Callable, prints: Path) -> None:
    paths = sorted(prints.glob("1_*.png"))
    run = civid("extract", *paths, "--json", "--threads", 2)
    assert (run.code, run.err) == (0, "")
    templates = [extract(read_image(path)) for path in paths]
    assert [(one["file"], one["minutiae"], one["quality"]) for one in run.json["prints"]] == [
        (str(path), len(template), template.quality)
        for path, template in zip(paths, templates, strict=True)
    ]


def test_records_are_written_and_read_again(civid: Callable, prints: Path, tmp_path: Path) -> None:
    one, two = sorted(prints.glob("1_right*.png"))
    assert civid("extract", one, "-o", tmp_path / "x.iso").code == 0
    assert civid("extract", one, two, "-o", tmp_path / "new" / "folder").code == 0
    record = (tmp_path / "x.iso").read_bytes()
    assert len(Template.from_iso19794_2(record)) == len(extract(read_image(one)))
    assert (tmp_path / "new" / "folder" / f"{one.stem}.iso").read_bytes() == record
    again = civid("extract", tmp_path / "x.iso", "--json").json["prints"][0]
    assert again["minutiae"] == len(Template.from_iso19794_2(record))


@pytest.mark.parametrize("words", [("extract", "-o"), ("dedup", "--pictures")])
def test_nothing_is_written_among_the_prints_that_are_read(
    civid: Callable, prints: Path, words: tuple[str, str]
) -> None:
    before = sorted(prints.rglob("*"))
    for place in (prints, prints / "out", prints / "x" / ".." / "deep" / "out"):
        run = civid(words[0], prints, words[1], place, "--json")
        assert (run.code, run.error["code"]) == (2, "usage")
        assert "lies in the folder that is read" in run.error["message"]
    assert sorted(prints.rglob("*")) == before


def test_a_picture_is_drawn(civid: Callable, prints: Path, tmp_path: Path) -> None:
    one = prints / "1_right-index_1.png"
    assert civid("extract", one, "--picture", tmp_path / "p.png").code == 0
    assert civid("explain", one, "-o", tmp_path / "s.png").code == 0
    for name in ("p.png", "s.png"):
        with Image.open(tmp_path / name) as picture:
            assert min(picture.size) > 300


def test_one_bad_image_does_not_hide_the_good_ones(
    civid: Callable, prints: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"this is no picture")
    good = prints / "1_right-index_1.png"
    run = civid("extract", bad, good, "--json")
    assert run.code == 3
    first, second = run.json["prints"]
    assert first["error"]["code"] == "unreadable-image"
    assert second["minutiae"] > 10
    text = civid("extract", bad, good)
    assert (text.code, str(bad) in text.err, str(good) in text.out) == (3, True, True)


def test_dpi_goes_before_what_a_file_says(civid: Callable, prints: Path, tmp_path: Path) -> None:
    known, unknown = prints / "1_right-index_1.png", tmp_path / "unknown.png"
    with Image.open(known) as picture:
        Image.fromarray(np.asarray(picture)).save(unknown)
    run = civid("extract", known, unknown, "--dpi", 1000, "--json")
    widths = [one["width_px"] for one in run.json["prints"]]
    assert widths == [150, 150]
    assert civid("extract", known, "--json").json["prints"][0]["width_px"] == 300


def test_it_says_why_a_print_is_poor(civid: Callable, prints: Path, tmp_path: Path) -> None:
    good, half = prints / "1_right-index_1.png", tmp_path / "half.png"
    with Image.open(good) as picture:
        pixels = np.asarray(picture)
        dpi = picture.info["dpi"]
    moved = np.full_like(pixels, 250)
    moved[:, :150] = pixels[:, -150:]
    Image.fromarray(moved).save(half, dpi=dpi)
    record = tmp_path / "x.iso"
    assert civid("extract", good, "-o", record).code == 0
    first, second, third = civid("extract", good, half, record, "--json").json["prints"]
    assert first["reasons"] == []
    assert "off-centre" in [reason["code"] for reason in second["reasons"]]
    assert all(reason["advice"].endswith(".") for reason in second["reasons"])
    assert first["area_mm2"] > second["area_mm2"] > 0
    assert "reasons" not in third
    assert "off-centre" in civid("extract", half).out
