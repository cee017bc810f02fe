from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.search.prints import again, person

from civid.errors import GalleryDamagedError
from civid.search import Gallery
from civid.search.arrays import inverted_lists as lists
from civid.search.backends import inverted_index
from civid.search.backends.inverted import IndexBackend
from civid.search.filters import Filter
from civid.search.segments import format as form
from civid.search.segments import writer
from civid.search.segments.inverted import WaitingForLists
from civid.search.segments.keys import StaticKeyProvider

PEOPLE = {f"p{i:03}": person(i, 1, 2, count=24) for i in range(60)}
KEYS = {"none": None, "one": StaticKeyProvider({"k": bytes(range(32))}, "k")}


@pytest.fixture(params=KEYS)
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gallery of one segment with three blocks of lists, encrypted or not."""
    monkeypatch.setattr(writer, "BLOCK", 20)
    monkeypatch.setattr(writer, "LEAST", 8)
    monkeypatch.setattr(writer, "SMALLEST", 8)
    path = tmp_path / request.param
    with Gallery.open(path, background=False, keys=KEYS[request.param]) as gallery:
        gallery.enroll_many(PEOPLE)
        gallery.compact()
        gallery.remove("p009")
    return path


def opened(folder: Path, *, most_bytes: int = 0) -> Gallery:
    backend = IndexBackend(share=0.1, share_of_several=0.1, least=6, most_bytes=most_bytes)
    return Gallery.open(folder, read_only=True, backend=backend, keys=KEYS[folder.name])


def test_lists_of_a_segment_are_those_that_would_be_built(folder: Path) -> None:
    with opened(folder) as gallery:
        (part,) = [one for one in gallery._directory.view().parts if one.subjects]
        assert [(one.begin, one.end) for one in part.lists] == [(0, 20), (20, 40), (40, 60)]
        for one in part.lists:
            part.check_lists(one.begin, one.end)
            part.check(one.begin, one.end)
            assert one.data.tobytes() == lists.build(part, one.begin, one.end).tobytes()
        del part


def test_a_search_reads_them_and_codes_once_both_were_looked_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    original = inverted_index.prefilter

    def noted(*arguments: object, **options: object) -> object:
        looked.append(1)
        return original(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(inverted_index, "prefilter", noted)
    with opened(folder) as gallery:
        for i in (3, 25, 59):
            hits = gallery.search(again(person(i, 1, 2, count=24), i), limit=2, threads=2)
            assert hits[0].subject_id == f"p{i:03}"
        assert len(looked) == 9
        (segment,) = [one.segment for one in gallery._directory._stored]
        assert segment._checked["lists"].all()
        assert segment._checked["block"].all()
        if KEYS[folder.name] is None:  # no others than those in the lists are read
            assert not segment._checked["codes"].any()
            assert not segment._checked["details"].any()
        gone = gallery.search(again(person(9, 1, 2, count=24), 9), limit=60)
        assert "p009" not in {one.subject_id for one in gone}
        segment.verify()


def test_damaged_lists_are_found(folder: Path) -> None:
    (path,) = folder.glob("*.seg*")
    header = form.parse(path.read_bytes()[: form.HEADER], path.stat().st_size)
    assert header.version == 2
    offset, length = header.places[form.NAMES.index("lists")]
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(1)
    for at in rng.integers(0, length, 4).tolist():
        data[offset + at] ^= 0x10
        path.write_bytes(data)
        with pytest.raises(GalleryDamagedError), opened(folder) as gallery:
            gallery.search(again(person(3, 1, 2, count=24), 3), limit=2)
        data[offset + at] ^= 0x10


@pytest.mark.parametrize("among", [None, 40], ids=["all", "some"])
def test_what_is_looked_for_is_checked_first(folder: Path, among: int | None) -> None:
    """A search among some reads the same lists, by a part of its own."""
    if KEYS[folder.name] is not None:
        return  # decrypted on opening: the test above
    (path,) = folder.glob("*.seg*")
    data = bytearray(path.read_bytes())
    data[data.rindex(b"3TSL") + CODES + 5] ^= 1
    path.write_bytes(data)
    some = None if among is None else list(PEOPLE)[-among:]
    probe = again(person(45, 1, 2, count=24), 3)
    with opened(folder) as gallery, pytest.raises(GalleryDamagedError, match="section lists"):
        gallery.search(probe, limit=2, among=some)


#: Where the codes of a block's first lists stand: behind header, counts and starts.
CODES = 64 + 64 + 65600

# Where a block's header, its lists' starts, its codes and its counts stand, and what they say.
LIES = {
    "subjects": (4, 65537),
    "positions": (8, 0b1110),
    "bits": (12, 25),
    "no bits": (12, 0),
    "minutiae": (20, 2**31 - 1),
    "late": (128, 1),
    "past the end": (128 + 4 * 77, 2**32 - 1),
    "early": (128 + 4 * 16384, 3),
    "counts": (64, 0x01010101),
}


@pytest.mark.parametrize("most_bytes", [0, 1 << 30])
def test_lists_of_an_older_civid_are_scanned_and_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_bytes: int
) -> None:
    monkeypatch.setattr(writer, "SMALLEST", 8)
    made = WaitingForLists.build

    def as_before(waiting: WaitingForLists, subjects: int) -> object:
        data = made(waiting, subjects)
        data[0] = ord("2")
        return data

    path = tmp_path / "none"
    with monkeypatch.context() as older, Gallery.open(path, background=False) as gallery:
        older.setattr(WaitingForLists, "build", as_before)
        gallery.enroll_many(PEOPLE)
        gallery.compact()
    probe = again(person(45, 1, 2, count=24), 3)
    with opened(path, most_bytes=most_bytes) as gallery:
        (part,) = [one for one in gallery._directory.view().parts if one.subjects]
        assert part.lists == ()
        del part
        for _ in range(3):
            assert gallery.search(probe, limit=2)[0].subject_id == "p045"
    with Gallery.open(path, background=False) as gallery:
        gallery.compact()
    with opened(path) as gallery:
        parts = [one for one in gallery._directory.view().parts if one.subjects]
        assert [len(one.lists) for one in parts] == [1]
        del parts
        assert gallery.search(probe, limit=2)[0].subject_id == "p045"


@pytest.mark.parametrize("lie", LIES)
def test_lists_that_lie_with_good_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    """Written so by somebody: a typed error, whatever is looked for."""
    monkeypatch.setattr(writer, "LEAST", 8)
    monkeypatch.setattr(writer, "SMALLEST", 8)
    monkeypatch.setattr(WaitingForLists, "build", _lying(*LIES[lie]))
    with pytest.raises(GalleryDamagedError):
        _compacted_and_searched(tmp_path / "none")


def _compacted_and_searched(folder: Path) -> None:
    with Gallery.open(folder, background=False) as gallery:
        gallery.enroll_many(PEOPLE)
        gallery.compact()
    with opened(folder) as gallery:
        gallery.search(again(person(3, 1, 2, count=24), 3), limit=2)


def _lying(at: int, value: int) -> Callable[[WaitingForLists, int], np.ndarray]:
    build = WaitingForLists.build

    def lying(waiting: WaitingForLists, subjects: int) -> np.ndarray:
        data = build(waiting, subjects)
        data[at : at + 4] = np.frombuffer(value.to_bytes(4, "little"), np.uint8)
        return data

    return lying


def test_some_of_many_are_scanned_and_most_are_not(folder: Path) -> None:
    names = list(PEOPLE)
    probe = again(person(45, 1, 2, count=24), 3)
    for among, listed in ((names[30:], 2), (names[44:47], 0), ([*names[:20], names[45]], 1)):
        with opened(folder) as gallery:
            view = Filter(among).view(gallery._directory)
            backend = gallery._how[0]
            assert isinstance(backend, IndexBackend)
            ranges = backend._ranges(view)
            blocks = {(0, 20), (20, 40), (40, 60)}
            assert sum((begin, end) in blocks for _, begin, end in ranges) == listed
            living = [s for part, begin, end in ranges for s in part.living(begin, end).tolist()]
            assert sorted(living) == [i for i, name in enumerate(names)
                                      if name in among and name != "p009"]  # fmt: skip
            hits = gallery.search(probe, limit=2, among=among)
            assert [one.subject_id for one in hits][:1] == ["p045"]
            del view, ranges


def test_compacted_again_without_the_removed(folder: Path) -> None:
    with Gallery.open(folder, background=False, keys=KEYS[folder.name]) as gallery:
        gallery.enroll_many({f"q{i}": person(100 + i, 1, 2, count=24) for i in range(15)})
        gallery.compact()
    with opened(folder) as gallery:
        assert sum(len(part.lists) for part in gallery._directory.view().parts) > 0
        hits = gallery.search(again(person(110, 1, 2, count=24), 1), limit=2)
        assert hits[0].subject_id == "q10"


def test_few_behind_many_have_lists_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LEAST", 40)
    with Gallery.open(folder, background=False, keys=KEYS[folder.name]) as gallery:
        gallery.enroll_many({f"q{i}": person(100 + i, 1, 2, count=24) for i in range(9)})
        gallery.compact()
    with opened(folder) as gallery:
        blocks = [[(one.begin, one.end) for one in part.lists]
                  for part in gallery._directory.view().parts]  # fmt: skip
        assert blocks == [[(0, 20), (20, 40), (40, 60)], [(0, 9)], []]
        probe = again(person(104, 1, 2, count=24), 1)
        said = gallery.explain(probe)
        assert (said.listed, said.scanned) == (68, 0)
        assert gallery.search(probe, limit=2)[0].subject_id == "q4"


def test_few_subjects_have_none(tmp_path: Path) -> None:
    with Gallery.open(tmp_path / "few", background=False) as gallery:
        gallery.enroll_many(PEOPLE)
        gallery.compact()
    (path,) = (tmp_path / "few").glob("*.seg*")
    assert form.parse(path.read_bytes()[: form.HEADER], path.stat().st_size).version == 1


def test_a_segment_of_an_older_civid_gets_them_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def versions() -> list[int]:
        found = sorted((tmp_path / "none").glob("*.seg*"), key=lambda one: -one.stat().st_size)
        return [form.parse(one.read_bytes()[: form.HEADER], one.stat().st_size).version
                for one in found]  # fmt: skip

    with Gallery.open(tmp_path / "none", background=False) as gallery:
        gallery.enroll_many(PEOPLE)
        gallery.compact()
        assert versions() == [1]  # 60 are too few
        assert not gallery.compact()
        monkeypatch.setattr(writer, "SMALLEST", 60)
        gallery.enroll("one more", person(99, 1, 2, count=24))
        assert gallery.compact()
        assert versions() == [2, 1]  # nobody had to be removed for it
        assert not gallery.compact()
        hits = gallery.search(again(person(3, 1, 2, count=24), 3), limit=1)
        assert hits[0].subject_id == "p003"
