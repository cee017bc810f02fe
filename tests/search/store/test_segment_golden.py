"""Folders that older versions wrote stay readable, and can be written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.search.golden.make_golden import KEYS, v1, v2, v3, write_v2
from tests.search.segment_files import make, records

from civid.errors import GalleryDamagedError
from civid.search.segments.keys import KeyProvider
from civid.search.store.files import commit_counter as commit_counter
from civid.search.store.files import folder
from civid.search.store.sqlite_store import SqliteStore

GOLDEN = Path(__file__).parents[1] / "golden"


def held(store: SqliteStore) -> list:  # type: ignore[type-arg]
    tail = [tuple(subject) for subject in store.load()]
    found = []
    for segment, dead in store.segments():
        segment.verify()
        for row, sequence in enumerate(segment.sequences.tolist()):
            if sequence not in dead:
                found.append((sequence, segment.id(row), segment.fingers_of(row)))
    return found + tail


def opened(path: Path, read_only: bool, keys: KeyProvider | None) -> SqliteStore:
    # Version 1 was never encrypted; who gives keys has to say that it shall be.
    return SqliteStore(
        path, create=False, read_only=read_only, timeout=5, keys=keys, encrypt=not read_only
    )


CASES = [
    ("gallery-v1", v1(), None),
    ("gallery-v1", v1(), KEYS),
    ("gallery-v2", v2(), None),
    ("gallery-v2-encrypted", v2(), KEYS),
    ("gallery-v3", v3(), None),
]


@pytest.mark.parametrize(("name", "expected", "keys"), CASES)
def test_old_galleries_stay_readable(
    tmp_path: Path,
    name: str,
    expected: list,
    keys: KeyProvider | None,  # type: ignore[type-arg]
) -> None:
    path = Path(shutil.copytree(GOLDEN / name, tmp_path / "g"))
    before = {p.name: p.read_bytes() for p in path.iterdir()}
    reader = opened(path, True, None if name == "gallery-v1" else keys)
    assert held(reader) == expected
    assert [reader.get(sequence) for sequence, _, _ in expected] == [f for _, _, f in expected]
    assert reader.get(3 if name == "gallery-v1" else 2) is None
    assert not list(reader.refresh() or ())
    # To read changes nothing.
    assert {p.name: p.read_bytes() for p in path.iterdir() if p.name in before} == before
    writer = opened(path, False, keys)
    assert held(writer) == expected
    with writer.transaction() as transaction:
        transaction.add("new", records(5, 5))
        transaction.remove(1)
    more = [*expected[1:], (transaction.state().next - 1, "new", records(5, 5))]
    if keys is None or name != "gallery-v1":  # else it is encrypted now
        assert reader.refresh() is None
        assert held(reader) == more
        assert reader.get(more[0][0]) == more[0][2]
        assert reader.get(1) is None
    writer.compact(make)
    writer.close()
    reader.close()
    for read_only in (True, False):
        back = opened(path, read_only, keys)
        assert held(back) == more
        back.close()


def test_a_segment_is_still_written_as_then(tmp_path: Path) -> None:
    """The bytes depend on nothing but the subjects; if this fails, the version must rise."""
    write_v2(tmp_path / "g", None)
    (new,), (old,) = (list(path.glob("*.seg")) for path in (tmp_path / "g", GOLDEN / "gallery-v2"))
    assert (new.name, new.read_bytes()) == (old.name, old.read_bytes())


@pytest.mark.parametrize("when", ["before the commit counter", "before the commit"])
def test_an_upgrade_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    path = Path(shutil.copytree(GOLDEN / "gallery-v1", tmp_path / "g"))
    write = commit_counter.CommitCounter.write

    def fail(self: commit_counter.CommitCounter, generation: int) -> None:
        if when == "before the commit":
            write(self, generation)
        raise KeyboardInterrupt

    store = opened(path, False, None)
    monkeypatch.setattr(commit_counter.CommitCounter, "write", fail)
    with pytest.raises(KeyboardInterrupt):
        held(store)
    monkeypatch.undo()
    store.close()
    for read_only in (True, False, True):
        back = opened(path, read_only, None)
        assert held(back) == v1()
        back.close()


def test_a_v1_gallery_that_is_damaged_is_not_upgraded(tmp_path: Path) -> None:
    path = Path(shutil.copytree(GOLDEN / "gallery-v1", tmp_path / "g"))
    data = bytearray((path / folder.DATABASE).read_bytes())
    data[-100] ^= 1
    (path / folder.DATABASE).write_bytes(data)
    for read_only in (True, False):
        store = opened(path, read_only, None)
        with pytest.raises(GalleryDamagedError):
            held(store)
        store.close()
    assert (path / folder.DATABASE).read_bytes() == bytes(data)
