"""What a kept gallery was made from: cut off, damaged, killed in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from civid.dedup.folder.grouping import Enrolment
from civid.dedup.folder.source_digests import SourceDigests, digest
from civid.fingerprint.parameters import ExtractionParameters, extractor_name
from civid.position import Position
from civid.problems import Problem


def test_the_last_word_holds_and_a_cut_off_line_is_passed_over(tmp_path: Path) -> None:
    gallery = tmp_path / "g"
    with SourceDigests(gallery) as sources:
        sources.write([("a", "1"), ("b", "1")])
        sources.write([("a", "2")])
        assert sources.get("a") == "2"
    with sources.path.open("a", encoding="utf-8") as file:
        file.write('[]\n{"subject": 3}\n{"subject": "b", "fil')
    again = SourceDigests(gallery)
    assert (again.get("a"), again.get("b"), again.get("c")) == ("2", "1", None)


@pytest.mark.parametrize(
    "line", [b"\xff\xfe", b"[" * 200_000, b"{}", b"7", b"\0", b'{"subject": 1']
)
def test_a_damaged_line_is_passed_over(line: bytes, tmp_path: Path) -> None:
    with SourceDigests(tmp_path / "g") as sources:
        sources.write([("a", "1")])
        with sources.path.open("ab") as file:
            file.write(line + b"\n")
        sources.write([("b", "2")])
    again = SourceDigests(tmp_path / "g")
    assert (again.get("a"), again.get("b")) == ("1", "2")


def test_a_line_after_a_cut_off_one_is_not_lost(tmp_path: Path) -> None:
    with SourceDigests(tmp_path / "g") as sources:
        sources.path.write_text('{"subject": "a", "fil', encoding="utf-8")
        sources.write([("b", "1")])
    assert SourceDigests(tmp_path / "g").get("b") == "1"


def test_a_digest_is_one_of_what_extracts(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"a print")
    one = Enrolment("a", {Position.LEFT_THUMB: file})
    by = [None, *(ExtractionParameters(method=method) for method in ("classical", "neural"))]
    by.append(ExtractionParameters(sigma_along=0.6))
    marks = {extractor_name(each): digest(one, 500.0, each) for each in by}
    assert len(set(marks.values())) == len(marks) == 3
    # The default is one of the two, and the same by its name.
    assert digest(one, 500.0) == digest(one, 500.0, ExtractionParameters(method="auto"))
    assert marks[extractor_name(None)] == digest(one, 500.0)


def test_digests_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    sources = SourceDigests(tmp_path / "none" / "g")
    with pytest.raises(Problem) as caught:
        sources.write([("a", "1")])
    assert caught.value.code == "not-written"


def test_the_digest_changes_with_content_finger_and_resolution(tmp_path: Path) -> None:
    one, two = tmp_path / "1.png", tmp_path / "2.png"
    one.write_bytes(b"one")
    two.write_bytes(b"two")

    def made(path: Path, finger: int = 2, dpi: float | None = None) -> str:
        return digest(Enrolment("x", {Position(finger): path}), dpi)

    assert made(one) == digest(Enrolment("y", {Position(2): one}), None)
    assert len({made(one), made(two), made(one, 3), made(one, 2, 500.0)}) == 4
