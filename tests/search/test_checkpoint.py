from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.search.prints import again, person

from civid.errors import GalleryError, GalleryStorageError, SearchError
from civid.search import Duplicate, Gallery, SearchParameters, checkpoint
from civid.search.arrays.parts import View
from civid.search.backends import backend_of
from civid.search.backends.base import Candidates, PairsQuery, SearchQuery
from civid.search.backends.exact import ExactBackend
from civid.search.checkpoint import backend_key
from civid.search.parameters.engine import engine_name

MATES = (1, 6, 7, 13, 19)


class Recorder:
    """A backend that remembers where it began and what it has done."""

    name = "exact"

    def __init__(self) -> None:
        self.inner, self.starts, self.blocks = ExactBackend(rows=4), list[int](), list[int]()

    def method(self, references: View) -> str:
        return self.inner.method(references)

    def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
        return self.inner.search(probe, references, query)

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        self.starts.append(query.start)
        for following, hits in self.inner.pairs(probes, references, query):
            self.blocks.append(following)
            yield following, hits


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("auto", "AutoBackend"),
        ("cascade", "CascadeBackend"),
        ("exact", "ExactBackend"),
        ("index", "IndexBackend"),
    ],
)
def test_checkpoints_know_backends_by_what_they_were_called_first(name: str, key: str) -> None:
    assert backend_key(backend_of(SearchParameters(method=name)).name) == key


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def gallery(recorder: Recorder) -> Gallery:
    """24 people in six blocks, five of them twice."""
    made = Gallery(backend=recorder)
    made.enroll_many({f"person-{i}": person(i, count=20) for i in range(24)})
    made.enroll_many({f"again-{i}": again(person(i, count=20), i) for i in MATES})
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoint"


def ask(gallery: Gallery, path: Path | None = None, **options: Any) -> Iterator[Duplicate]:
    return iter(gallery.duplicates(max_fpir=None, min_score=6, checkpoint=path, **options))


def stop_in(block: int, found: Iterator[Duplicate], recorder: Recorder) -> None:
    """Close the iterator after the first pair of this block or a later one, counted from 1."""
    recorder.blocks.clear()
    while len(recorder.blocks) < block:
        next(found)
    found.close()  # type: ignore[attr-defined]


def test_goes_on_where_it_was_stopped(gallery: Gallery, recorder: Recorder, path: Path) -> None:
    everything = list(ask(gallery))
    names = [(one.subject, one.other) for one in everything]
    assert set(names) >= {(f"person-{i}", f"again-{i}") for i in MATES}
    for block in range(1, 6):
        path.unlink(missing_ok=True)
        stop_in(block, ask(gallery, path), recorder)
        done = recorder.blocks[:-1]  # the last one was not finished
        recorder.blocks.clear()
        assert list(ask(gallery, path, threads=2)) == everything
        assert done + recorder.blocks == [4, 8, 12, 16, 20, 24, 28, 29]
        recorder.blocks.clear()
        assert list(ask(gallery, path)) == everything
        assert recorder.blocks == []  # all of it was done


def test_progress_goes_on_too(gallery: Gallery, recorder: Recorder, path: Path) -> None:
    stop_in(3, ask(gallery, path), recorder)
    steps: list[tuple[int, int]] = []
    list(ask(gallery, path, on_progress=lambda done, total: steps.append((done, total))))
    assert steps[0][0] > 8 * 28 - 8 * 7 // 2
    assert steps[-1] == (29 * 28 // 2,) * 2


def test_holds_no_ids(gallery: Gallery, path: Path) -> None:
    list(ask(gallery, path))
    text = path.read_text("ascii")
    assert "person" not in text
    assert "again" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["next"] for line in lines[1:]] == [4, 8, 12, 16, 20, 24, 28, 29]
    assert set(lines[0]) == {"kind", "of", "engine"}


def test_a_line_cut_short_is_done_again(gallery: Gallery, recorder: Recorder, path: Path) -> None:
    everything = list(ask(gallery, path))
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for end in (len(whole) - 1, len(whole) - len(lines[-1]) + 1):
        path.write_bytes(whole[:end])
        recorder.starts.clear()
        assert list(ask(gallery, path)) == everything
        assert recorder.starts == [28]
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"nonsense\n",
        b"\xff\xfe\n",
        b"[" * 5000 + b"\n",
        b"[]\n",
        b"7\n",
        b"{}\n",
        b'{"next":8}\n',
        b'{"next":8,"found":7}\n',
        b'{"next":8,"found":[[1,2]]}\n',
        b'{"next":8,"found":[[1,2,null]]}\n',
        b'{"next":8,"found":[[1,2,NaN]]}\n',
        b'{"next":8,"found":[[1,2,1e999]]}\n',
        b'{"next":8,"found":[[8,9,7.0]]}\n',
        b'{"next":8,"found":[[5,29,7.0]]}\n',
        b'{"next":8,"found":[[3,9,7.0]]}\n',
        b'{"next":8,"found":[[-1,9,7.0]]}\n',
        b'{"next":30,"found":[]}\n',
        b'{"next":2,"found":[]}\n',
        b'{"next":8.0,"found":[]}\n',
        b'{"next":true,"found":[]}\n',
        b'{"next":Infinity,"found":[]}\n',
    ],
)
def test_a_damaged_line_is_named(
    gallery: Gallery, recorder: Recorder, path: Path, line: bytes
) -> None:
    stop_in(4, ask(gallery, path), recorder)
    lines = path.read_bytes().splitlines(keepends=True)
    assert json.loads(lines[1])["next"] == 4
    damaged = b"".join([*lines[:2], line, *lines[3:]])
    path.write_bytes(damaged)
    with pytest.raises(SearchError, match="line 3 of the checkpoint is damaged"):
        ask(gallery, path)
    assert path.read_bytes() == damaged


def test_no_byte_can_change_unseen(gallery: Gallery, recorder: Recorder, path: Path) -> None:
    stop_in(3, ask(gallery, path), recorder)
    whole = path.read_bytes()
    expected = list(ask(gallery, path))
    first, refused = whole.index(b"\n") + 1, 0
    for place in range(first, whole.rindex(b"\n"), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        try:
            found = list(ask(gallery, path))
        except SearchError:
            refused += 1
        else:  # the last digit of a number may say the same number
            assert found == expected
    assert refused > (len(whole) - first) // 7 * 0.9
    lines = [json.loads(line) for line in whole.splitlines()]
    assert all(line.pop("check") for line in lines[1:])  # as civid 0.1 wrote them
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert list(ask(gallery, path)) == expected


def test_other_galleries_and_options_are_refused(
    gallery: Gallery, recorder: Recorder, path: Path
) -> None:
    stop_in(3, ask(gallery, path), recorder)
    before = path.read_bytes()
    copy, other, sifted = (Gallery(backend=one) for one in (recorder, recorder, "cascade"))
    for made in (copy, other, sifted):
        made.enroll_many((name, gallery.get(name)) for name in gallery)
    other.remove("person-3")
    other.enroll("person-3", person(99, count=20))  # as many minutiae, another print
    swapped = Gallery(backend=recorder)
    names = list(gallery)
    swapped.enroll_many(
        (name, person(98, count=20) if k == 5 else gallery.get(name))
        for k, name in enumerate(names)
    )
    for refused in (
        lambda: ask(other, path),
        lambda: ask(swapped, path),
        lambda: ask(sifted, path),
        lambda: ask(gallery, path, other=copy),
        lambda: ask(gallery, path, swapped=True),
        lambda: gallery.duplicates(max_fpir=None, min_score=6.0000001, checkpoint=path),
        lambda: ask(Gallery(backend=recorder), path),
    ):
        with pytest.raises(SearchError, match="other galleries or other options"):
            refused()
    assert path.read_bytes() == before
    assert list(ask(copy, path))  # the same people in the same order


@pytest.mark.parametrize("content", [b"a letter\n", b'{"kind":', b"{}\n", b"\x00" * 1000, b"[]\n"])
def test_other_files_are_left_alone(gallery: Gallery, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SearchError, match="not a checkpoint"):
        ask(gallery, path)
    assert path.read_bytes() == content
    path.write_bytes(b"")
    assert list(ask(gallery, path)) == list(ask(gallery))


def test_what_cannot_be_written_is_said(gallery: Gallery, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing" / "checkpoint"):
        with pytest.raises(GalleryStorageError, match="cannot be used"):
            ask(gallery, place)


def test_a_full_disk_is_said(gallery: Gallery) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(GalleryStorageError, match="cannot be written"):
        ask(gallery, full)


def test_survives_removals_and_reopening(tmp_path: Path, path: Path) -> None:
    with Gallery.open(tmp_path / "g", backend="exact") as gallery:
        gallery.enroll_many({f"person-{i}": person(i, count=20) for i in range(20)})
        gallery.enroll_many({f"again-{i}": again(person(i, count=20), i) for i in MATES})
        gallery.remove_many(["person-0", "person-6", "person-15"])
        everything = list(ask(gallery))
        found = ask(gallery, path)
        for _ in range(len(everything) // 2):
            next(found)
        del found
    size = path.stat().st_size
    with Gallery.open(tmp_path / "g", backend="exact") as gallery:
        assert list(ask(gallery, path)) == everything
        gallery.compact()
        assert list(ask(gallery, path)) == everything  # now in a segment
    assert path.stat().st_size > size


def test_two_galleries(gallery: Gallery, recorder: Recorder, path: Path) -> None:
    day = Gallery(backend=recorder)
    day.enroll_many({f"today-{i}": again(person(i, count=20), -i % 7) for i in range(10, 20)})
    steps: list[tuple[int, int]] = []
    found = list(
        ask(day, other=gallery, on_progress=lambda done, total: steps.append((done, total)))
    )
    assert steps[-1] == (290, 290)
    strong = {(one.subject, one.other) for one in found if one.score > 30}
    assert strong >= {(f"today-{i}", f"person-{i}") for i in range(10, 20)}
    assert all(one.subject.startswith("today") for one in found)
    for one in found:
        (same,) = [
            c for c in gallery.search(day.get(one.subject), None) if c.subject_id == one.other
        ]
        assert (same.score, same.evidence) == (one.score, one.evidence)
    stop_in(2, ask(day, path, other=gallery), recorder)
    assert list(ask(day, path, other=gallery)) == found
    assert recorder.starts[-1] > 0
    with pytest.raises(SearchError, match="other galleries"):
        ask(gallery, path, other=day)
    assert list(ask(gallery, other=gallery)) == list(ask(gallery))
    assert len(list(gallery.duplicates(day))) >= 10
    day.close()
    with pytest.raises(GalleryError, match="closed"):
        gallery.duplicates(day)


@pytest.mark.parametrize("stop", [True, False])
def test_what_was_removed_meanwhile_is_wiped_in_the_end(gallery: Gallery, stop: bool) -> None:
    index = gallery._directory.index
    begin, end = (int(offset) for offset in index._offsets.data[1:3])
    found = ask(gallery, other=gallery if stop else None)
    next(found)
    gallery.remove("person-1")
    assert index._block.data[begin:end].any()  # may still be read
    if stop:
        found.close()  # type: ignore[attr-defined]
    else:
        assert len(list(found)) > 5
    assert not index._block.data[begin:end].any()


def test_a_checkpoint_of_the_first_version_is_of_another_engine(tmp_path: Path) -> None:
    """Written by commit bcc8843, and left in the middle; it named no engine."""
    people = {f"person-{i}": person(i, count=20) for i in range(80)}
    made = Gallery()
    made.enroll_many(people)
    made.enroll_many({f"again-{i}": again(person(i, count=20), i) for i in (1, 6, 70)})
    path = Path(shutil.copy(Path(__file__).parent / "golden" / "checkpoint-1", tmp_path))
    begun = path.read_bytes()
    with pytest.raises(SearchError, match=r"does not name the engine .* another scale"):
        ask(made, path)
    assert path.read_bytes() == begun
    made.remove("person-3")
    with pytest.raises(SearchError, match="other galleries or other options"):
        ask(made, path)


def test_another_engine_does_not_go_on(
    gallery: Gallery, recorder: Recorder, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_in(3, ask(gallery, path), recorder)
    begun = path.read_bytes()
    assert json.loads(begun.splitlines()[0])["engine"] == engine_name()
    monkeypatch.setattr(checkpoint, "engine_name", lambda: "civid-comparison/9 00000000")
    with pytest.raises(SearchError, match=f"{engine_name()}: its scores .* civid-comparison/9"):
        ask(gallery, path)
    assert path.read_bytes() == begun
    path.write_bytes(begun.replace(b'"engine":', b'"engines":', 1))
    with pytest.raises(SearchError, match="other galleries or other options"):
        ask(gallery, path)
