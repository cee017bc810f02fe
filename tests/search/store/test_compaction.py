"""Tail, segments and tombstones of a store against a dict; when and how it is compacted."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
import types
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.search.segment_files import make, records
from tests.search.stores import KEYS, Model, Opened, add, files, held, opened, remove

from civid.errors import GalleryError
from civid.search.store import compaction
from civid.search.store.base import StoredSegment


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
    store, model, most = opened(path), {}, 0  # type: ignore[var-annotated]
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
    with Opened(path) as again:
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
    with Opened(path) as again:
        assert again.compact(make)  # a file of the same name
        for end in (store.finish, store.abandon):
            with suppress(GalleryError):
                end(step)
    with Opened(path) as again:
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


def a_part(living: int, dead: int) -> StoredSegment:
    segment = types.SimpleNamespace(subjects=living + dead, number=1)
    return StoredSegment(segment, np.arange(dead))  # type: ignore[arg-type]


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
