"""Readers beside a writer that compacts."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from tests import child
from tests.search.segment_files import make, records
from tests.search.stores import add, files, held, opened, remove

from civid.errors import GalleryStorageError
from civid.search.segments.segment import Segment


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


def test_a_reader_keeps_its_segments_and_finds_the_new_ones(path: Path) -> None:
    store = opened(path)
    model = add(store, *range(30))
    store.compact(make)
    reader, late = opened(path, read_only=True), opened(path, read_only=True)
    before = held(reader)
    remove(store, 5)
    store.compact(make, purge=True)
    add(store, 99)
    assert len(files(path)) == 1
    assert held(reader) == before == model  # mapped, though its file is gone
    assert reader.get(5) is None
    assert reader.get(6) == model[6][1]
    assert reader.get(31) == records(99, 6, 0)
    assert reader.refresh() is None
    reader.tail = list(reader.load())  # type: ignore[attr-defined]
    del model[5]
    assert held(reader) == model | {31: ("subject 99", records(99, 6, 0))}
    kept = reader.segments()[0].segment
    remove(store, 6)
    assert reader.refresh() is None
    list(reader.load())
    assert reader.segments()[0].segment is kept
    assert reader.segments()[0].dead.tolist() == [6]
    with pytest.raises(GalleryStorageError, match="read-only"):
        late.compact(make)
    for one in (store, reader, late):
        one.close()


def test_readers_beside_a_compacting_writer(path: Path) -> None:
    """Files vanish between a reader's look into the manifest and its opening them."""
    store = opened(path)
    add(store, *range(50), minutiae=3)
    stop = threading.Event()

    def work() -> None:
        seed = 1000
        while not stop.is_set():
            add(store, seed, seed + 1, minutiae=3)
            store.compact(make)
            seed += 2

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(40):
            reader = opened(path, read_only=True)
            names = [name for name, _ in held(reader).values()]
            assert len(names) % 2 == 0
            reader.close()
    finally:
        stop.set()
        thread.join()
    store.close()


WRITER = """
import sys
from pathlib import Path
from civid.search.store.sqlite_store import SqliteStore
from tests.search.segment_files import make, records

store = SqliteStore(Path(sys.argv[1]), create=True, read_only=False, timeout=5)
assert not list(store.load())
print("open", flush=True)
for i in range(1, 10_000):
    with store.transaction() as transaction:
        transaction.add_many([(f"{i} left", records(i, 4)), (f"{i} right", records(i, 4))])
        if i % 3 == 0:
            transaction.remove_many([2 * i - 3, 2 * i - 2])
    if i % 5 == 0:
        store.compact(make, purge=i % 10 == 0)
"""


def test_readers_beside_a_writing_process_never_see_a_half(path: Path) -> None:
    """It adds pairs, removes every third but one, and compacts; only whole pairs may show."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env=child.environment(),
    ) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "open\n"
            reader, changes, compacted = opened(path, read_only=True), 0, 0
            for _ in range(60):
                time.sleep(0.01)
                added = reader.refresh()
                if added is None:
                    changes += 1
                    reader.tail = list(reader.load())  # type: ignore[attr-defined]
                else:
                    reader.tail += list(added)  # type: ignore[attr-defined]
                compacted = max(compacted, len(reader.segments()))
                found = held(reader)
                names = [name for name, _ in found.values()]
                assert {name.replace("left", "right") for name in names} <= set(names)
                last = max(found, default=0) // 2
                # Of what this reader sees, every pair with a number 3n - 1 was removed.
                expected = [i for i in range(1, last + 1) if i % 3 != 2 or i == last]
                assert sorted({int(name.split()[0]) for name in names}) == expected
                for sequence in list(found)[:: max(1, len(found) // 5)]:
                    assert reader.get(sequence) in (found[sequence][1], None)
                    if found[sequence][0].split()[0] != str(last):
                        assert reader.get(sequence) == found[sequence][1]
            assert changes > 3
            assert compacted
            reader.close()
        finally:
            writer.kill()


def test_a_reader_that_is_overtaken_looks_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its look into the manifest and its opening the file, that is replaced."""
    store = opened(path)
    model = add(store, *range(20))
    store.compact(make)
    open_segment = Segment.open
    overtaken = 0

    def late(where: Path, *arguments: Any, **options: Any) -> Segment:
        nonlocal overtaken
        if overtaken < 3:
            overtaken += 1
            monkeypatch.setattr(Segment, "open", open_segment)
            gone = min(model)
            del model[gone]
            remove(store, gone)
            store.compact(make, purge=True)
            monkeypatch.setattr(Segment, "open", late)
        return open_segment(where, *arguments, **options)

    monkeypatch.setattr(Segment, "open", late)
    reader = opened(path, read_only=True)
    assert overtaken == 3
    assert held(reader) == model
    remove(store, 10)
    store.compact(make, purge=True)
    overtaken = 1
    assert reader.get(2) is None
    assert reader.get(11) == model[11][1]
    assert overtaken == 3
    store.close()
    reader.close()
