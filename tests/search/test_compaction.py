"""Tail, segments and tombstones of a store against a dict; compaction; encryption; old versions."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import types
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryKeyError,
    GalleryStorageError,
)
from civid.search import compaction, folder
from civid.search.index import Records
from civid.search.keys import KeyProvider, StaticKeyProvider
from civid.search.segment import Segment
from civid.search.sqlite_store import SqliteStore
from civid.search.store import Part

from .segments import make, records

KEYS = StaticKeyProvider({"2026": bytes(range(32))})
Model = dict[int, tuple[str, Records]]


def opened(path: Path, *, read_only: bool = False, keys: KeyProvider | None = None) -> SqliteStore:
    store = SqliteStore(path, create=True, read_only=read_only, timeout=5, keys=keys)
    try:
        store.tail = list(store.load())  # type: ignore[attr-defined]
    except BaseException:
        store.close()
        raise
    return store


def held(store: SqliteStore) -> Model:
    """What a gallery sees through `segments`, and what it has loaded of the tail."""
    found: Model = {}
    for segment, dead in store.segments():
        segment.verify()
        alive = set(segment.sequences.tolist()) - set(dead.tolist())
        assert len(alive) == segment.subjects - len(dead)
        names = list(segment.ids())
        for row, sequence in enumerate(segment.sequences.tolist()):
            if sequence in alive:
                found[sequence] = names[row], segment.fingers_of(row)
                fingers = [f for f in found[sequence][1] if f[1][6]]
                low, high = segment.first[row : row + 2].tolist()
                made = make([template for _, template in fingers])
                assert segment.positions[low:high].tolist() == [p for p, _ in fingers]
                begin, end = segment.offsets[[low, high]].tolist()
                assert segment.block[begin:end].tobytes() == made.block.tobytes()
                words = slice(begin // 8 - low, end // 8 - high)
                assert segment.codes[words].tobytes() == made.codes.tobytes()
                assert segment.details[words].tobytes() == made.details.tobytes()
    last = max(found, default=0)
    for subject in store.tail:  # type: ignore[attr-defined]
        assert subject.sequence > last
        found[subject.sequence] = subject.subject_id, subject.fingers
    assert list(found) == sorted(found)
    return found


def add(store: SqliteStore, *seeds: int, minutiae: int = 6) -> Model:
    subjects = [(f"subject {seed}", records(seed, minutiae, seed % 3)) for seed in seeds]
    with store.transaction() as transaction:
        first = transaction.add_many(subjects)
    return {first + i: subject for i, subject in enumerate(subjects)}


def remove(store: SqliteStore, *sequences: int) -> None:
    with store.transaction() as transaction:
        transaction.remove_many(sequences)


def files(path: Path) -> list[str]:
    return sorted(p.name for p in path.iterdir() if p.suffix in (".seg", ".tmp"))


class StoreMachine(RuleBasedStateMachine):
    """A writer, a reader beside it, and a dict of each."""

    @initialize(sealed=st.booleans())
    def begin(self, sealed: bool) -> None:
        self.path = Path(tempfile.mkdtemp())
        self.keys = KEYS if sealed else None
        self.store = opened(self.path / "g", keys=self.keys)
        self.reader = opened(self.path / "g", read_only=True, keys=self.keys)
        self.model: Model = {}
        self.seen: Model = {}
        self.seed = 0

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.reader.close()
            shutil.rmtree(self.path)

    @rule(count=st.integers(1, 9))
    def add(self, count: int) -> None:
        self.model |= add(self.store, *range(self.seed, self.seed + count))
        self.seed += count

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.model:
            gone = data.draw(st.lists(st.sampled_from(sorted(self.model)), unique=True))
            remove(self.store, *gone)
            for sequence in gone:
                del self.model[sequence]

    @rule()
    def roll_back(self) -> None:
        with suppress(ZeroDivisionError), self.store.transaction() as transaction:
            transaction.add_many([("x", records(1, 3))])
            transaction.remove_many(sorted(self.model)[::2])
            raise ZeroDivisionError

    @rule(purge=st.booleans(), version=st.integers(0, 1))
    def compact(self, purge: bool, version: int) -> None:
        self.store.compact(make, purge=purge, index_version=version)
        assert self.store.tail_subjects == 0
        assert not self.store.compact(make, purge=purge, index_version=version)
        parts = self.store.segments()
        assert len(files(self.path / "g")) == len(parts)
        assert all(part.segment.index_version == version for part in parts)
        assert not purge or all(len(part.dead) == 0 for part in parts)

    @rule(data=st.data())
    def compact_while_others_change(self, data: st.DataObject) -> None:
        step = self.store.prepare(make)
        self.add(3)
        self.remove(data)
        if step is not None:
            self.store.finish(step)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = opened(self.path / "g", keys=self.keys)
        assert held(self.store) == self.model

    @rule()
    def refresh(self) -> None:
        added = self.reader.refresh()
        if added is None:
            self.reader.tail = list(self.reader.load())  # type: ignore[attr-defined]
        else:
            self.reader.tail += list(added)  # type: ignore[attr-defined]
        self.seen = dict(self.model)

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        if not hasattr(self, "store"):
            return
        for sequence in range(1, max(self.model, default=0) + 2):
            expected = self.model[sequence][1] if sequence in self.model else None
            assert self.store.get(sequence) == expected
            # A reader gives nothing that was removed, though its arrays may still hold it.
            assert self.reader.get(sequence) == expected
        assert held(self.reader) == self.seen


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


def test_few_segments_for_many_compactions(path: Path) -> None:
    store, model, most = opened(path), {}, 0
    for step in range(60):
        model |= add(store, *range(step * 10, step * 10 + 10), minutiae=3)
        store.compact(make)
        most = max(most, len(store.segments()))
    assert most <= 5
    store.tail = []  # type: ignore[attr-defined]
    assert held(store) == model
    sizes = [part.segment.subjects for part in store.segments()]
    assert sizes == sorted(sizes, reverse=True)
    store.close()


def test_dead_segments_are_written_anew(path: Path) -> None:
    store = opened(path)
    add(store, *range(100))
    store.compact(make)
    remove(store, *range(1, 21))
    assert not store.compact(make)  # a fifth
    remove(store, 21)
    assert store.compact(make)
    (part,) = store.segments()
    assert (part.segment.subjects, len(part.dead)) == (79, 0)
    remove(store, *range(22, 101))
    assert store.compact(make)
    assert store.segments() == ()
    assert files(path) == []
    assert add(store, 7).keys() == {101}
    store.close()


@pytest.mark.parametrize("keys", [None, KEYS])
def test_removed_bytes_are_gone_after_compaction(path: Path, keys: KeyProvider | None) -> None:
    store = opened(path, keys=keys)
    model = add(store, *range(300), minutiae=30)
    gone = [sequence for sequence in model if sequence % 7 in (1, 2)]
    remove(store, *gone[:20])
    store.compact(make)
    remove(store, *gone[20:])
    store.compact(make, purge=True)
    content = everything(path)
    for sequence in gone:
        assert not any(trace in content for trace in traces(*model[sequence]))
    there = sum(trace in content for trace in traces(*model[3]))
    assert there == 0 if keys else there > 3
    store.close()


def traces(name: str, fingers: Records) -> list[bytes]:
    found = [t[at : at + 28] for _, t in fingers for at in range(7, len(t) - 28, 28)]
    return [f"{name}subject".encode(), *found]


def everything(path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in path.iterdir() if not p.name.endswith("-shm"))


def test_nothing_plain_is_ever_on_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(path, keys=KEYS)
    contents = []
    unlink = Path.unlink

    def spy(self: Path, missing_ok: bool = False) -> None:
        if self.exists():
            contents.append(self.read_bytes())
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", spy)
    model = {}
    for step in range(4):
        model |= add(store, *range(step * 50, step * 50 + 50), minutiae=30)
        contents.append(everything(path))
        remove(store, step * 50 + 1)
        store.compact(make)
        contents.append(everything(path))
    store.close()
    contents.append(everything(path))
    assert len(contents) > 9
    for name, fingers in model.values():
        for trace in [name.encode(), *traces(name, fingers)[1::9]]:
            assert not any(trace in content for content in contents)


def test_keys_are_asked_for_and_can_be_changed(path: Path) -> None:
    store = opened(path)
    model = add(store, *range(40))
    store.compact(make)
    model |= add(store, 40, 41)
    store.close()
    store = opened(path, keys=KEYS)  # what is written from now on is encrypted
    model |= add(store, 42, 43)
    assert held(store) | {42: model[42], 43: model[43]} | {44: model[44]} == model
    store.close()
    for keys in (None, StaticKeyProvider({"2026": bytes(32)}), StaticKeyProvider({"x": bytes(32)})):
        for read_only in (False, True):
            with pytest.raises(GalleryKeyError):
                opened(path, keys=keys, read_only=read_only)
    both = StaticKeyProvider({"2026": KEYS.key("2026"), "2027": bytes(32)})
    store = opened(path, keys=both)
    assert held(store) == model
    store.compact(make, purge=True)
    store.close()
    store = opened(path, keys=StaticKeyProvider({"2027": bytes(32)}))
    assert held(store) == model
    assert not any(name.encode() in everything(path) for name, _ in model.values())
    store.close()


def test_an_encrypted_gallery_without_anybody_still_asks_for_its_key(path: Path) -> None:
    store = opened(path, keys=KEYS)
    add(store, 1)
    remove(store, 1)
    store.close()
    with pytest.raises(GalleryKeyError):
        opened(path)


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


def test_compaction_in_a_thread_while_the_store_is_used(path: Path) -> None:
    store = opened(path)
    model = add(store, *range(200), minutiae=3)
    failures: list[BaseException] = []
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                store.compact(make)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    choose = random.Random(4)
    try:
        for step in range(1000, 1060):
            model |= add(store, step, step + 5000)
            gone = choose.choice(sorted(model))
            remove(store, gone)
            del model[gone]
            one = choose.choice(sorted(model))
            assert store.get(one) == model[one][1]
            assert store.get(gone) is None
    finally:
        stop.set()
        thread.join()
    assert not failures
    store.close()
    store = opened(path)
    assert held(store) == model
    store.close()


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


def test_progress_and_steps_that_are_given_up(path: Path) -> None:
    store = opened(path)
    add(store, *range(20))
    steps: list[tuple[int, int]] = []
    step = store.prepare(make, on_progress=lambda *now: steps.append(now))
    assert steps == [(20, 20)]
    assert step is not None
    store.abandon(step)
    assert files(path) == []
    one, other = store.prepare(make), store.prepare(make)
    assert one is not None
    assert other is not None
    store.finish(one)
    with pytest.raises(GalleryError, match="meanwhile"):
        store.finish(other)
    store.close()
    store = opened(path)
    assert len(held(store)) == 20
    store.close()


def test_what_a_killed_compaction_left_is_swept_away(path: Path) -> None:
    store = opened(path)
    add(store, *range(5))
    store.compact(make)
    store.close()
    (named,) = files(path)
    for stray in ("gallery-00000077.seg", "gallery-00000078.tmp"):
        shutil.copy(path / named, path / stray)
    opened(path, read_only=True).close()
    assert len(files(path)) == 3
    opened(path).close()
    assert files(path) == [named]


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM segments",
        "UPDATE segments SET subjects = subjects + 1",
        "UPDATE segments SET root = zeroblob(32)",
        "UPDATE segments SET last = last + 1",
        "UPDATE segments SET first = 'x'",
        "DELETE FROM dead",
        "DELETE FROM dead WHERE sequence = 3",
        "INSERT INTO dead VALUES (7, 2)",
        "INSERT INTO dead VALUES (7, 'x')",
        "UPDATE dead SET sequence = 8 WHERE sequence = 4",
        "UPDATE dead SET sequence = 800 WHERE sequence = 4",
        "DELETE FROM tail WHERE sequence = 32",
        "UPDATE state SET shrunk = 0",
        "UPDATE state SET encrypted = 1",
    ],
)
def test_rows_that_were_lost_or_changed(path: Path, harm: str) -> None:
    store = opened(path)
    add(store, *range(30))
    store.compact(make)
    remove(store, 3, 4)
    add(store, 50, 51)
    store.close()
    with sqlite3.connect(path / folder.DATABASE) as connection:
        connection.execute(harm)
    connection.close()
    for read_only in (True, False):
        with pytest.raises(GalleryDamagedError):
            opened(path, read_only=read_only)


def test_segments_that_were_lost_or_exchanged(path: Path, tmp_path: Path) -> None:
    store = opened(path)
    add(store, *range(30))
    store.compact(make)
    add(store, *range(30, 33))
    store.compact(make)
    store.close()
    first, second = (path / name for name in files(path))
    for harm in (
        lambda: first.unlink(),
        lambda: first.write_bytes(b""),
        lambda: first.write_bytes(second.read_bytes()),
        lambda: first.write_bytes(first.read_bytes()[:-1]),
    ):
        backup = first.read_bytes()
        harm()
        for read_only in (True, False):
            with pytest.raises(GalleryDamagedError):
                opened(path, read_only=read_only)
        first.write_bytes(backup)
    assert len(held(opened(path, read_only=True))) == 33


def test_the_dead_are_given_as_a_mask(path: Path) -> None:
    store = opened(path)
    add(store, *range(6))
    store.compact(make)
    remove(store, 2, 6)
    (part,) = store.segments()
    assert part.alive().tolist() == [1, 0, 1, 1, 1, 0]
    assert part.living == 4
    assert part.dead.dtype == np.int64
    store.close()


def test_removing_twice_or_nobody_is_refused(path: Path) -> None:
    store = opened(path)
    add(store, *range(4))
    store.compact(make)
    add(store, 4)
    remove(store, 1)
    for wrong in ([1], [2, 2], [5, 5], [9], [0]):
        with pytest.raises(GalleryDamagedError), store.transaction() as transaction:
            transaction.remove_many(wrong)
    assert store.segments()[0].dead.tolist() == [1]
    store.close()


def test_closing_stops_a_compaction(path: Path) -> None:
    store = opened(path)
    add(store, *range(3000), minutiae=2)
    begun, closing = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def progress(done: int, total: int) -> None:
        assert total == 3000
        begun.set()
        closing.wait()

    def work() -> None:
        try:
            store.compact(make, on_progress=progress)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    threading.Timer(0.05, closing.set).start()
    store.close()
    assert files(path) == []
    with SqliteStoreOpened(path) as again:
        assert len(held(again)) == 3000
    thread.join()
    assert [(type(error), str(error)) for error in failures] == [
        (GalleryError, "the gallery is closed")
    ]


def test_a_step_that_outlives_its_store_harms_nobody(path: Path) -> None:
    store = opened(path)
    add(store, *range(10))
    step = store.prepare(make)
    assert step is not None
    store.close()
    with SqliteStoreOpened(path) as again:
        assert again.compact(make)  # a file of the same name
        for end in (store.finish, store.abandon):
            with suppress(GalleryError):
                end(step)
    with SqliteStoreOpened(path) as again:
        assert len(held(again)) == 10


def test_when_it_is_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "FOLD_FROM", 10)
    store = opened(path)
    add(store, *range(9))
    assert not store.wasteful
    add(store, 9)
    assert store.wasteful
    store.compact(make)
    assert not store.wasteful
    remove(store, 1, 2)
    assert not store.wasteful
    remove(store, 3)
    assert store.wasteful
    store.close()


class SqliteStoreOpened:
    """A store for the length of a block."""

    def __init__(self, path: Path):
        self._store = opened(path)

    def __enter__(self) -> SqliteStore:
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.close()


WRITER = """
import sys
from pathlib import Path
from civid.search.sqlite_store import SqliteStore
from search.segments import make, records

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
    where = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": where},
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


def a_part(living: int, dead: int) -> Part:
    segment = types.SimpleNamespace(subjects=living + dead)
    return Part(segment, np.arange(dead))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sizes", "tail", "expected"),
    [
        ([], 0, None),
        ([], 1, (0, 0, True)),
        ([(1000, 0), (100, 0)], 0, None),
        ([(1000, 0), (100, 0)], 10, (2, 2, True)),
        ([(1000, 0), (100, 0)], 50, (1, 2, True)),
        ([(1000, 0), (100, 0)], 400, (0, 2, True)),
        ([(100, 20), (100, 0)], 0, (0, 2, False)),  # so many were removed that they are equal
        ([(1000, 250), (100, 25)], 0, None),
        ([(1000, 251), (100, 0)], 0, (0, 1, False)),
        ([(1000, 0), (100, 26)], 0, (1, 2, False)),
        ([(0, 9)], 0, (0, 1, False)),
        ([(1000, 0), (0, 9)], 0, (1, 2, False)),
    ],
)
def test_plans(
    sizes: list[tuple[int, int]], tail: int, expected: tuple[int, int, bool] | None
) -> None:
    parts = [a_part(*size) for size in sizes]
    assert compaction.plan(parts, tail, lambda part: False) == expected
    if expected is None and parts:
        last = len(parts) - 1
        assert compaction.plan(parts, tail, lambda part: part is parts[-1]) == (
            last, last + 1, False,
        )  # fmt: skip
