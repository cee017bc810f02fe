"""A service asks for the duplicates of a folder, without the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import civid
from civid.dedup import FolderOptions, NamePattern, duplicates_in_folder
from civid.dedup.folder.source_digests import SourceDigests
from civid.errors import SearchError
from civid.problems import Problem


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two fingers, pressed twice each, and a file that is no picture."""
    from civid.lab import synthetic

    folder = tmp_path_factory.mktemp("prints")
    for finger in (1, 2):
        master = synthetic.master(finger)
        for impression in (1, 2):
            seen = synthetic.impression(master, impression, difficulty=0.1)
            path = folder / f"{finger}_{impression}.png"
            Image.fromarray(seen.image.pixels).save(path, dpi=(500, 500))
    (folder / "3_1.png").write_bytes(b"no picture")
    return folder


OPTIONS = FolderOptions(truth=NamePattern.parse("{finger}_{impression}"), threads=1)


def test_found_missed_and_skipped(prints: Path) -> None:
    stages: list[tuple[str, int, int]] = []
    report = duplicates_in_folder(
        prints, OPTIONS, on_progress=lambda *told: stages.append(told)
    )  # fmt: skip
    found = {frozenset((one.subject, one.other)) for one in report.duplicates}
    assert found == {frozenset(("1_1.png", "1_2.png")), frozenset(("2_1.png", "2_2.png"))}
    assert [one.code for one in report.skipped] == ["unreadable-image"]
    assert report.truth is not None
    assert (len(report.truth.found), len(report.truth.missed), len(report.truth.false)) == (2, 0, 0)
    assert ("extracting", 5, 5) in stages
    assert {stage for stage, _, _ in stages} == {"extracting", "comparing"}


def test_a_second_run_extracts_only_what_changed(prints: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for extracted, reused in ((4, 0), (0, 4)):
        with civid.Gallery.open(kept) as gallery, SourceDigests(kept) as sources:
            report = duplicates_in_folder(prints, OPTIONS, gallery=gallery, sources=sources)
        assert (report.filling.prints, report.filling.reused) == (extracted, reused)
        assert len(report.duplicates) == 2


def test_strict_stops_at_the_first_file_that_cannot_be_read(prints: Path) -> None:
    with pytest.raises(Problem, match=r"3_1\.png") as caught:
        duplicates_in_folder(prints, FolderOptions(strict=True))
    assert caught.value.code == "unreadable-image"


@pytest.mark.parametrize(
    "options",
    [
        FolderOptions(max_fpir=float("nan")),
        FolderOptions(max_fpir=0.0),
        FolderOptions(min_score=float("nan")),
        FolderOptions(min_score=-1.0),
        FolderOptions(threads=0),
    ],
)
def test_what_makes_no_sense_is_said_before_any_work(prints: Path, options: FolderOptions) -> None:
    with civid.Gallery() as gallery:
        with pytest.raises(SearchError):
            duplicates_in_folder(prints, options, gallery=gallery)
        assert len(gallery) == 0


def test_a_folder_of_blank_prints_enrols_nobody(tmp_path: Path) -> None:
    blank = Image.fromarray(np.full((200, 160), 255, np.uint8))
    blank.save(tmp_path / "a.png", dpi=(500, 500))
    with pytest.raises(Problem) as caught:
        duplicates_in_folder(tmp_path)
    assert caught.value.code == "no-minutiae"
