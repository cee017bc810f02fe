"""Which files of a folder are prints, and what becomes of those that are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from civid import Template
from civid.dedup import duplicates_in_folder
from civid.dedup.folder.grouping import find_prints, group
from civid.dedup.folder.prints import load
from civid.formats.minutiae import iso19794_2_2005 as iso
from civid.problems import Problem


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    from civid.lab import synthetic

    seen = synthetic.impression(synthetic.master(1), 1, difficulty=0.1)
    return Image.fromarray(seen.image.pixels)


@pytest.fixture(scope="module")
def record(picture: Image.Image, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("one") / "print.png"
    picture.save(path, dpi=(500, 500))
    return load(path, None)[1].to_iso19794_2()


def out_of_range(record: bytes) -> bytes:
    """The first minutia at x = 5000, which ISO allows and no comparison takes."""
    data = bytearray(record)
    data[28:30] = ((1 << 14) | 5000).to_bytes(2, "big")
    assert iso.sniff(bytes(data))
    return bytes(data)


@pytest.mark.parametrize("suffix", ["gif", "ppm", "pgm", "jfif", "dib", "jpx", "jpe"])
def test_images_of_rarer_suffixes_are_read(
    suffix: str, picture: Image.Image, tmp_path: Path
) -> None:
    kinds = {"jfif": "JPEG", "jpe": "JPEG", "dib": "BMP", "jpx": "JPEG2000", "pgm": "PPM"}
    path = tmp_path / f"a.{suffix}"
    picture.save(path, kinds.get(suffix, suffix.upper()))
    assert find_prints(tmp_path) == [path]
    assert len(load(path, 500)[1]) > 10


@pytest.mark.parametrize("suffix", [".dat", ".fmd", ".bin", ".tpl", ""])
def test_a_record_is_known_by_its_first_bytes(suffix: str, record: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(record)
    (tmp_path / f"notes{suffix}.txt").write_text("hello")
    assert find_prints(tmp_path) == [path]
    assert len(load(path, None)[1]) > 10


def test_what_looks_like_a_print_and_cannot_be_read_is_listed(
    picture: Image.Image, tmp_path: Path
) -> None:
    picture.save(tmp_path / "a.png", dpi=(500, 500))
    (tmp_path / "cards.an2").write_bytes(b"1.001:58\x1d1.002:0300")
    report = duplicates_in_folder(tmp_path)
    assert [(one.path.name, one.code) for one in report.skipped] == [
        ("cards.an2", "unreadable-image")
    ]
    assert "ANSI/NIST" in report.skipped[0].reason


def test_one_record_out_of_range_is_named_and_the_rest_is_done(
    picture: Image.Image, record: bytes, tmp_path: Path
) -> None:
    picture.save(tmp_path / "a.png", dpi=(500, 500))
    (tmp_path / "b.iso").write_bytes(record)
    (tmp_path / "c.iso").write_bytes(out_of_range(record))
    report = duplicates_in_folder(tmp_path)
    assert report.subjects == 2
    assert [(one.path.name, one.code) for one in report.skipped] == [("c.iso", "unusable-template")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(picture: Image.Image, tmp_path: Path) -> None:
    picture.save(tmp_path / "a.png", dpi=(500, 500))
    os.mkfifo(tmp_path / "b.png")
    _, skipped = group(find_prints(tmp_path), tmp_path, None)
    assert [(one.path.name, one.code) for one in skipped] == [("b.png", "unreadable-file")]
    with pytest.raises(Problem, match="not a regular file"):
        load(tmp_path / "b.png", None)


def test_a_template_is_what_load_gives(record: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.iso").write_bytes(record)
    image, template = load(tmp_path / "a.iso", None)
    assert image is None
    assert isinstance(template, Template)
