"""``civid gallery re-extract``: new templates from the prints that were kept."""

from __future__ import annotations

import base64
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests import child

import civid as library
from civid.cli.console import output
from civid.dedup.folder.grouping import find_prints, group
from civid.dedup.folder.kept_prints import KeptPrints
from civid.dedup.folder.naming import NamePattern
from civid.fingerprint.parameters import EXTRACTOR, ExtractionParameters
from civid.register.store.database import FILE
from civid.search import Gallery, Metadata
from civid.search.arrays import encoding
from civid.search.segments.keys import StaticKeyProvider
from civid.search.upkeep import Unusable, backup

OTHERWISE = ExtractionParameters(sigma_along=0.6, crowd_most=8)
PATTERN = "{subject}_{position}_{impression}"
NAMED = ("--filename-pattern", PATTERN)


def filled(
    path: Path, prints: Path, keys: StaticKeyProvider | None = None, copies: int = 0
) -> Path:
    """A gallery of a folder, or of many copies of each file in it, made by other parameters."""
    enrolments, _ = group(find_prints(prints), prints, NamePattern.parse(PATTERN))
    kept = KeptPrints(enrolments, parameters=OTHERWISE)
    with Gallery.open(path, keys=keys, background=False) as gallery:
        for i, one in enumerate(enrolments):
            fingers = {
                position: found.template
                for position, found in kept(one.subject, frozenset(one.files)).items()
                if not isinstance(found, Unusable | library.FingerImage)
            }
            for name in [f"{n}-{one.subject}" for n in range(copies)] or [one.subject]:
                gallery.enroll(name, fingers, metadata=Metadata({"n": i}, ["border"]))
        gallery.compact()
    return path


def held(path: Path, keys: StaticKeyProvider | None = None) -> list[object]:
    """All that is in it, in order and to the bit."""
    with Gallery.open(path, keys=keys, read_only=True) as gallery:
        gallery.check_integrity()
        return [
            (name, gallery.metadata(name), *map(encoding.encode, gallery.get(name).values()))
            for name in gallery
        ]


def extractors(path: Path) -> dict[str, int]:
    with Gallery.open(path, read_only=True) as gallery:
        return gallery.extractors()


@pytest.fixture
def gallery(prints: Path, tmp_path: Path) -> Path:
    """Four subjects of two fingers."""
    return filled(tmp_path / "gallery", prints)


def test_everybody_by_todays_extractor(civid: Callable, gallery: Path, prints: Path) -> None:
    words = ("gallery", "re-extract", gallery, prints, *NAMED)
    due = civid(*words, "--dry-run", "--json").json
    assert (due["fingers"], due["subjects"], due["without_image"]) == (8, 4, 0)
    assert due["due"] == [{"extractor": OTHERWISE.name, "fingers": 8}]
    assert "8 fingers of 4 subjects would be" in civid(*words, "--dry-run").out
    assert extractors(gallery) == {OTHERWISE.name: 8}
    run = civid(*words)
    assert (run.code, "extracted 8 fingers of 4 subjects again" in run.out) == (0, True)
    assert "compact --purge" in run.err
    assert extractors(gallery) == {EXTRACTOR: 8}
    again = civid(*words)
    assert (again.code, "nothing to do" in again.out) == (0, True)
    probe = prints / "1_left-index_2.png"
    found = civid("search", gallery, f"left-index={probe}", "--json").json["candidates"]
    assert found[0]["subject"] in ("1/1", "1/2")
    enrolled = gallery.with_name("enrolled")
    civid("enroll", enrolled, "--folder", prints, *NAMED)
    mine, theirs = held(gallery), held(enrolled)
    assert [(one[0], one[2:]) for one in mine] == [(one[0], one[2:]) for one in theirs]  # type: ignore[index]


def test_other_parameters_and_back(
    civid: Callable, gallery: Path, prints: Path, tmp_path: Path
) -> None:
    before = held(gallery)
    words = ("gallery", "re-extract", gallery, prints, *NAMED, "--json")
    assert civid(*words).json["extractor"] == EXTRACTOR
    file = tmp_path / "parameters.json"
    file.write_text(json.dumps({"extraction": OTHERWISE.changes()}))
    told = civid(*words, "--parameters", file).json
    assert (told["extractor"], told["changed"]) == (OTHERWISE.name, 8)
    assert held(gallery) == before
    told = civid(*words, "--parameters", file, "--all").json
    assert (told["fingers"], told["changed"], told["same"]) == (8, 0, 8)


def test_what_has_no_good_image_is_told_and_stays(
    civid: Callable, gallery: Path, prints: Path, tmp_path: Path
) -> None:
    folder, report = tmp_path / "kept", tmp_path / "left.csv"
    shutil.copytree(prints, folder)
    (folder / "1_left-index_1.png").unlink()
    (folder / "1_left-index_2.png").write_bytes(b"this is no picture")
    shutil.copy(prints / "1_right-index_1.png", folder / "2_left-index_1.png")
    Image.new("L", (300, 300), 255).save(folder / "2_left-index_2.png", dpi=(500, 500))
    before = held(gallery)
    words = ("gallery", "re-extract", gallery, folder, *NAMED)
    assert civid(*words, "--dry-run", "--json").json["without_image"] == 1
    run = civid(*words, "--report", report)
    assert run.code == 0
    for code in ("no-image", "unreadable-image", "other-finger", "no-minutiae"):
        assert f"1 {code}" in run.err
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["subject"], row["finger"]): row for row in csv.DictReader(file)}
    assert {key: row["code"] for key, row in rows.items()} == {
        ("1/1", "left-index"): "no-image",
        ("1/2", "left-index"): "unreadable-image",
        ("2/1", "left-index"): "other-finger",
        ("2/2", "left-index"): "no-minutiae",
    }
    assert all(row["extractor"] == OTHERWISE.name for row in rows.values())
    assert "is wanted" in rows["2/1", "left-index"]["detail"]
    assert extractors(gallery) == {OTHERWISE.name: 4, EXTRACTOR: 4}
    after = held(gallery)
    left = [(one[0], one[3]) for one in before]  # type: ignore[index]
    assert [(one[0], one[3]) for one in after] == left  # type: ignore[index]
    again = civid(*words, "--json")
    assert (again.code, again.json["changed"], again.json["current"]) == (0, 0, 4)
    assert sum(again.json["left"].values()) == 4
    assert held(gallery) == after
    assert civid(*words, "--min-score", 0, "--json").json["changed"] == 1


def test_nothing_that_could_be_extracted(civid: Callable, gallery: Path, prints: Path) -> None:
    run = civid("gallery", "re-extract", gallery, prints, *NAMED, "--min-minutiae", 200, "--json")
    assert (run.code, run.json["left"]) == (1, {"poor-print": 8})


def test_an_encrypted_gallery_stays_encrypted(
    civid: Callable, prints: Path, tmp_path: Path
) -> None:
    file = tmp_path / "keys"
    file.touch(0o600)
    file.write_text(f"2026:{base64.b64encode(bytes(range(32))).decode()}\n")
    keys = StaticKeyProvider.from_file(file)
    gallery = filled(tmp_path / "gallery", prints, keys)
    words = ("gallery", "re-extract", gallery, prints, *NAMED, "--json")
    assert civid(*words).error["code"] == "gallery-key"
    assert civid(*words, "--keys", file).json["changed"] == 8
    assert len(held(gallery, keys)) == 4
    assert civid("gallery", "info", gallery, "--keys", file, "--json").json["encrypted"]


def test_what_it_refuses(civid: Callable, gallery: Path, prints: Path, tmp_path: Path) -> None:
    def error(*words: object) -> tuple[int, str]:
        run = civid("gallery", "re-extract", *words, "--json")
        return run.code, run.error["code"]

    assert error(tmp_path / "none", prints, *NAMED) == (4, "no-such-gallery")
    assert error(gallery, tmp_path / "none", *NAMED) == (3, "no-such-folder")
    assert error(gallery, prints, "--filename-pattern", "{position}") == (3, "empty-folder")
    assert error(gallery, prints, *NAMED, "--report", "a.txt") == (2, "usage")
    assert error(gallery, prints, *NAMED, "--report", "a.csv", "--dry-run") == (2, "usage")
    assert error(gallery, prints, *NAMED, "--report", tmp_path / "x" / "a.csv") == (
        5, "not-written",
    )  # fmt: skip
    backup(gallery, tmp_path / "copies")
    assert error(tmp_path / "copies", prints, *NAMED) == (4, "not-a-gallery")
    with Gallery.open(gallery):
        due = civid("gallery", "re-extract", gallery, prints, *NAMED, "--dry-run", "--json")
        assert due.json["fingers"] == 8  # beside a writer
    (tmp_path / FILE).touch()
    assert error(gallery, prints, *NAMED) == (4, "gallery")
    assert extractors(gallery) == {OTHERWISE.name: 8}


def test_the_gallery_of_a_register_is_known_by_any_name(
    civid: Callable, gallery: Path, prints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE).touch()
    (tmp_path / "link").symlink_to(gallery)
    elsewhere = tmp_path / "disk" / "prints-of-2026"
    elsewhere.parent.mkdir()
    gallery.rename(elsewhere)
    gallery.symlink_to(elsewhere)
    monkeypatch.chdir(gallery)
    for name in (gallery, f"{gallery}/", tmp_path / "disk" / ".." / "gallery"):
        run = civid("gallery", "re-extract", name, prints, *NAMED)
        assert (run.code, "belongs to a register" in run.err) == (4, True), name
    gallery.unlink()
    elsewhere.rename(gallery)
    monkeypatch.chdir(gallery)
    for name in (".", "../gallery", tmp_path / "link"):
        run = civid("gallery", "re-extract", name, prints, *NAMED)
        assert (run.code, "belongs to a register" in run.err) == (4, True), name
    assert extractors(gallery) == {OTHERWISE.name: 8}


def test_files_that_take_no_part_are_told_by_cause(
    civid: Callable, gallery: Path, prints: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    shutil.copytree(prints, folder)
    shutil.copy(folder / "1_left-index_1.png", folder / "1_06_1.png")
    shutil.copy(folder / "1_left-index_1.png", folder / "1_07_1.png")
    shutil.copy(folder / "1_left-index_1.png", folder / "holiday.png")
    run = civid("gallery", "re-extract", gallery, folder, *NAMED)
    assert run.code == 0
    assert "2 files left out: 1 " in run.err
    told = civid("gallery", "re-extract", gallery, folder, *NAMED, "--json").json["skipped"]
    assert {Path(one["file"]).name: one["code"] for one in told} == {
        "1_left-index_1.png": "same-finger", "holiday.png": "name",
    }  # fmt: skip
    words = ("gallery", "duplicates", gallery, "--prints", folder, *NAMED, "--min-score", 0)
    assert "2 files left out: 1 " in civid(*words, "--report", tmp_path / "r.csv").err


def test_files_without_a_resolution_are_told_what_to_do(
    civid: Callable, gallery: Path, prints: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    shutil.copytree(prints, folder)
    for path in folder.iterdir():
        Image.open(path).save(path, dpi=None)
    words = ("gallery", "re-extract", gallery, folder, *NAMED)
    run = civid(*words)
    assert (run.code, "8 no-resolution" in run.err, "--dpi 500" in run.err) == (1, True, True)
    assert civid(*words, "--dpi", "500", "--json").json["changed"] == 8


def test_a_gallery_that_may_not_be_written(civid: Callable, gallery: Path, prints: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may write everywhere")
    for one in (*gallery.iterdir(), gallery):
        one.chmod(0o500 if one.is_dir() else 0o400)
    try:
        run = civid("gallery", "re-extract", gallery, prints, *NAMED, "--json")
        assert (run.code, run.error["code"]) == (4, "gallery-storage")
    finally:
        gallery.chmod(0o700)


def test_in_a_log_it_says_how_far_it_is(
    civid: Callable, gallery: Path, prints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output.Lines, "EVERY", 0.0)
    run = civid("gallery", "re-extract", gallery, prints, *NAMED)
    assert "Extracting: 8 of 8 (100%)" in run.err
    assert "Extracting" not in civid("gallery", "re-extract", gallery, prints, *NAMED, "-q").err


def test_stopped_it_says_that_what_is_done_is_kept(
    civid: Callable, gallery: Path, prints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of enrolling a folder, and of extracting it again."""
    told = "what is done is kept; the same command does the rest\nstopped"

    def stop(lines: output.Lines, done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    enrolling, again = ("enroll", tmp_path / "new", "--folder", prints), ("gallery", "re-extract")
    with monkeypatch.context() as stopping:
        stopping.setattr(output.Lines, "__call__", stop)
        stopping.setattr("civid.dedup.folder.enrolling._BATCH", 1)
        stopping.setattr("civid.search.upkeep.re_extracting._BATCH", 1)
        run = civid(*enrolling, *NAMED)
        assert (run.code, run.out, told in run.err) == (130, "", True)
        run = civid(*again, gallery, prints, *NAMED)
        assert (run.code, run.out, told in run.err) == (130, "", True)
        assert extractors(tmp_path / "new") == {EXTRACTOR: 4}
        assert 0 < extractors(gallery)[EXTRACTOR] < 8
        assert civid("--lang", "vi", *again, gallery, prints, *NAMED).err.startswith("phần đã làm")
    assert civid(*enrolling, *NAMED).code == civid(*again, gallery, prints, *NAMED).code == 0
    assert extractors(gallery) == extractors(tmp_path / "new") == {EXTRACTOR: 8}
    found = [{one[0]: one[2:] for one in held(path)} for path in (gallery, tmp_path / "new")]  # type: ignore[index]
    assert found[0] == found[1]


@pytest.mark.slow
def test_killed_twice_it_ends_as_one_run(civid: Callable, prints: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for copy in range(24):
        for path in prints.iterdir():
            (folder / f"{copy}-{path.name}").symlink_to(path)
    gallery = filled(tmp_path / "gallery", prints, copies=24)
    once = tmp_path / "once"
    shutil.copytree(gallery, once)
    words = ["gallery", "re-extract", str(gallery), str(folder), *NAMED, "--threads", "1"]
    for _ in range(2):
        before = extractors(gallery).get(EXTRACTOR, 0)
        process = subprocess.Popen(
            [sys.executable, "-m", "civid", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child.environment(),
        )
        deadline = time.monotonic() + 60
        while extractors(gallery).get(EXTRACTOR, 0) == before and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.03)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert before < extractors(gallery)[EXTRACTOR] < 192
    told: dict[str, Any] = civid(*words, "--json").json
    assert told["changed"] + told["current"] == 192
    assert told["current"] >= 128
    assert civid("gallery", "re-extract", once, folder, *NAMED).code == 0
    assert held(gallery) == held(once)
