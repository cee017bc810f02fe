"""Templates in a segment that say who made them, and what other versions of civid make of that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.search.prints import again, person

from civid import Gallery, compare
from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.fingerprint.parameters import NEURAL
from civid.fingerprint.scores.calibration import DEFAULT_EXTRACTOR as CLASSICAL
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays.packing import INDEX_VERSION, NUMBERED_VERSION, arrays_of
from civid.search.segments import format as form
from civid.search.segments import segment, writer
from civid.search.segments.segment import Segment
from civid.search.segments.writer import write_segment
from civid.search.store import inspection

#: Of the segment of `subjects`("", CLASSICAL), written by civid before there were numbers.
BEFORE = "4a6a89bbcdc76edde2ec6d9beaf9efc6897c0fd8134c0380d1c5a27c4c5bae89"
RIGHT = Position.RIGHT_INDEX


def fingers(number: int, extractor: str) -> dict[Position, Template]:
    made = person(number, 2, 7, count=10 + number)
    return {place: replace(one, extractor=extractor) for place, one in made.items()}


def subjects(odd: str, even: str) -> list[tuple[int, str, encoding.EncodedFingers]]:
    out: list[tuple[int, str, encoding.EncodedFingers]] = []
    for number in range(1, 9):
        made = fingers(number, odd if number % 2 else even)
        stored = tuple((int(place), encoding.encode(one)) for place, one in made.items())
        out.append((number, f"s{number}", stored))
    return out


def version(path: Path) -> int:
    """What the file itself says."""
    data = path.read_bytes()
    return form.parse(data[: form.HEADER], len(data)).index_version


@pytest.mark.parametrize(
    ("odd", "even"), [("", CLASSICAL), ("", NEURAL), (NEURAL, NEURAL), ("vendor-x/2", CLASSICAL)]
)
def test_a_segment_says_whether_there_are_numbers_in_it(
    tmp_path: Path, odd: str, even: str
) -> None:
    path = tmp_path / "s"
    written = write_segment(path, subjects(odd, even), arrays_of, index_version=INDEX_VERSION)
    numbered = NEURAL in (odd, even)
    assert version(path) == (NUMBERED_VERSION if numbered else INDEX_VERSION)
    found = Segment.open(path, root=written.root)
    assert (found.index_version, found.numbered) == (INDEX_VERSION, numbered)
    numbers = found.block[found.offsets[:-1].astype(np.int64) + 6].tolist()
    assert numbers == [int(name == NEURAL) for name in (odd, odd, even, even) * 4]
    if (odd, even) == ("", CLASSICAL):
        assert written.root.hex() == BEFORE


def filled(path: Path, *extractors: str) -> Gallery:
    gallery = Gallery.open(path, background=False)
    for number, extractor in enumerate(extractors):
        gallery.enroll(f"{number}", fingers(number, extractor))
    return gallery


def segments(path: Path) -> list[Path]:
    return sorted(path.glob("*.seg*"))


def scores(gallery: Gallery, number: int, extractor: str) -> dict[str, float]:
    asked = replace(again(fingers(number, ""), 9)[RIGHT], extractor=extractor)
    return {one.subject_id: one.score for one in gallery.search({RIGHT: asked}, None)}


def expected(number: int, extractor: str, *held: str) -> dict[str, float]:
    asked = replace(again(fingers(number, ""), 9)[RIGHT], extractor=extractor)
    return {f"{k}": compare(asked, fingers(k, name)[RIGHT]).score for k, name in enumerate(held)}


def test_numbers_come_and_go_with_the_templates(tmp_path: Path) -> None:
    with filled(tmp_path, NEURAL, CLASSICAL, "") as gallery:
        gallery.compact()
        assert [version(path) for path in segments(tmp_path)] == [NUMBERED_VERSION]
        assert not gallery.compact(purge=True)  # it is of the present version
        assert gallery.describe().slow == ""
        assert scores(gallery, 0, NEURAL) == expected(0, NEURAL, NEURAL, CLASSICAL, "")
        gallery.remove("0")
        gallery.compact(purge=True)
        assert [version(path) for path in segments(tmp_path)] == [INDEX_VERSION]


def test_segments_of_before_get_numbers_when_they_are_compacted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As civid was for some days, which knew the neural extractor and had no numbers."""
    names = (NEURAL, CLASSICAL, f"{NEURAL};sigma_along=0.6", "")
    with monkeypatch.context() as then:
        then.setattr(encoding, "extractor_number", lambda name: 0)
        with filled(tmp_path, *names) as gallery:
            gallery.compact()
    assert [version(path) for path in segments(tmp_path)] == [INDEX_VERSION]
    with Gallery.open(tmp_path, background=False) as gallery:
        assert scores(gallery, 0, "") == expected(0, "", *("" for _ in names))
        for number in (4, 5, 6):  # so many that the segment is merged with them
            gallery.enroll(f"{number}", fingers(number, CLASSICAL))
        gallery.compact()
        assert scores(gallery, 0, "") == expected(0, "", *names, *(CLASSICAL,) * 3)
        gallery.check_integrity()
    assert [version(path) for path in segments(tmp_path)] == [NUMBERED_VERSION]


def test_a_civid_without_numbers_packs_them_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has another scale for them, and takes nothing for damaged."""
    names = (NEURAL, CLASSICAL)
    with filled(tmp_path, *names) as gallery:
        gallery.compact()
    for module in (segment, writer):
        monkeypatch.setattr(module, "NUMBERED_VERSION", 99)
    monkeypatch.setattr(encoding, "extractor_number", lambda name: 0)
    monkeypatch.setattr(inspection, "_TAIL", 1)
    with Gallery.open(tmp_path, background=False) as gallery:
        assert "2 subjects were indexed by another version" in gallery.describe().slow
        assert scores(gallery, 0, "") == expected(0, "", "", "")
        gallery.compact()
        assert scores(gallery, 0, "") == expected(0, "", "", "")
    assert [version(path) for path in segments(tmp_path)] == [INDEX_VERSION]


def test_an_index_of_a_newer_civid_is_packed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(writer, "NUMBERED_VERSION", NUMBERED_VERSION + 1)
        with filled(tmp_path, NEURAL, CLASSICAL) as gallery:
            gallery.compact()
    assert [version(path) for path in segments(tmp_path)] == [NUMBERED_VERSION + 1]
    with Gallery.open(tmp_path, read_only=True) as gallery:
        assert scores(gallery, 0, NEURAL) == expected(0, NEURAL, NEURAL, CLASSICAL)


@pytest.mark.parametrize("backend", ["exact", "cascade"])
def test_an_extractor_that_is_not_known(tmp_path: Path, backend: str) -> None:
    """What a version to come might write under the number of today's, or somebody forged."""
    gallery = Gallery(backend=backend)
    gallery.enroll("a", fingers(3, NEURAL))
    block = gallery._directory.index._block.data
    block[6] = 7
    with pytest.raises(GalleryDamagedError):  # the check sum is not of this number
        gallery.search(fingers(3, ""))
    block[:4] = np.frombuffer(_check_sum(block[: 8 + 8 * 13]), np.uint8)
    with pytest.raises(GalleryFormatError, match="an extractor that this civid does not know"):
        gallery.search(fingers(3, ""))


def _check_sum(packed: np.ndarray) -> bytes:  # type: ignore[type-arg]
    """`civid__packed_hash`, slowly."""
    total = 0x9747B28C
    for word in np.frombuffer(packed[4:].tobytes(), "<u4").tolist():
        total = (total ^ word) * 0x85EBCA6B & 0xFFFFFFFF
        total ^= total >> 15
    total = total * 0xC2B2AE35 & 0xFFFFFFFF
    return (total ^ total >> 16).to_bytes(4, "little")
