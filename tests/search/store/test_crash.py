"""kill -9 at random moments: nothing acknowledged is lost, nothing half-written appears."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from tests import child
from tests.child import Script
from tests.search.prints import person, same
from tests.search.segment_files import make, records

from civid import Position, Template
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider
from civid.search.store.sqlite_store import SqliteStore

# Enrols and removes for ever, and says what it is about to do and what was done.
WRITER = textwrap.dedent(
    """
    import random, sys
    from civid.search import Gallery
    from civid.search.segments.keys import StaticKeyProvider
    from tests.search.prints import person

    path, seed = sys.argv[1], int(sys.argv[2])
    choose = random.Random(seed)
    print("opening", flush=True)
    keys = StaticKeyProvider({"k": bytes(32)}) if path.endswith("sealed") else None
    gallery = Gallery.open(path, timeout=20, keys=keys)
    print("open", len(gallery), flush=True)
    step = seed * 1000
    while True:
        step += 1
        act = choose.random()
        if act < 0.25 and len(gallery) > 3:
            name = choose.choice(list(gallery))
            print("- ", name, flush=True)
            gallery.remove(name)
        elif act < 0.4:
            names = [f"{step}.{i}" for i in range(4)]
            print("+", *names, flush=True)
            gallery.enroll_many([(name, person(step, 2, 7, count=12)) for name in names])
        elif act < 0.5 and len(gallery) > 0:
            name = choose.choice(list(gallery))
            print("=", name, step, flush=True)
            gallery.enroll(name, person(step, 2, 7, count=12), replace=True)
        elif act < 0.6:
            print("~", flush=True)
            gallery.compact(purge=choose.random() < 0.5)
        else:
            print("+", step, flush=True)
            gallery.enroll(str(step), person(step, 2, 7, count=12))
        print("done", flush=True)
    """
)


class Model:
    """What must be there: id -> the seed of its fingers. One change may be in doubt."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def follow(self, lines: list[str]) -> list[dict[str, int]]:
        """Take the acknowledged changes; -> the states that are allowed now."""
        doubtful: list[str] = []
        for line in lines:
            words = line.split()
            if words[0] == "done":
                self.known = self.after(doubtful)
                doubtful = []
            elif words[0] in "+-=":
                doubtful = words
        return [self.known, self.after(doubtful)]

    def after(self, change: list[str]) -> dict[str, int]:
        known = dict(self.known)
        if not change:
            return known
        if change[0] == "-":
            del known[change[1]]
        elif change[0] == "=":
            del known[change[1]]
            known[change[1]] = int(change[2])
        else:
            known |= {name: int(name.split(".")[0]) for name in change[1:]}
        return known


def holds(held: dict[str, dict[Position, Template]], state: dict[str, int]) -> bool:
    """Is this what the state says: the same subjects in the same order, each with its fingers?"""
    if list(held) != list(state):
        return False
    for name, seed in state.items():
        expected, got = person(seed, 2, 7, count=12), held[name]
        if got.keys() != expected.keys():
            return False
        if not all(same(got[position], expected[position]) for position in got):
            return False
    return True


def killed(script: str, path: Path, number: int, choose: random.Random) -> list[str]:
    """Run a writer, kill it; -> the whole lines that it wrote."""
    with Script(script, str(path), str(number)) as writer:
        # Now while it opens, now after some changes; and a moment later.
        head = [writer.stdout.readline() for _ in range(choose.choice([1, 2, 5, 12]))]
        time.sleep(choose.choice([0.0, 0.003, 0.03]) * choose.random())
        writer.kill()
        text = "".join(head) + writer.stdout.read()
    return text[: text.rfind("\n") + 1].splitlines()  # a last line may be cut short


def rounds(path: Path, count: int, seed: int) -> None:
    choose = random.Random(seed)
    model = Model()
    acknowledged = 0
    for number in range(4 * count):
        if number >= count and acknowledged > count // 3:
            break  # a slow machine is killed more often before it has written anything
        lines = killed(WRITER, path, number + 1, choose)
        acknowledged += lines.count("done")
        allowed = model.follow([line for line in lines if line[:4] != "open"])
        with Gallery.open(path) as gallery:  # checks every row and the whole
            gallery.check_integrity()
            # Two states can name the same subjects: a replaced one that was the last stays it.
            held = {name: gallery.get(name) for name in gallery}
            state = next((one for one in allowed if holds(held, one)), None)
            assert state is not None, f"round {number}"
            model.known = dict(state)
    assert acknowledged > count // 3  # the test has tested something


def test_kill_at_random_moments(tmp_path: Path) -> None:
    rounds(tmp_path / "gallery", 12, seed=random.randrange(1 << 30))


@pytest.mark.slow
def test_kill_a_hundred_times(tmp_path: Path) -> None:
    rounds(tmp_path / "gallery", 100, seed=random.randrange(1 << 30))


# The store alone: adds, removes, compacts.
STORE_WRITER = textwrap.dedent(
    """
    import random, sys
    from civid.search.segments.keys import StaticKeyProvider
    from civid.search.store.sqlite_store import SqliteStore
    from pathlib import Path
    from tests.search.segment_files import make, records

    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    choose = random.Random(seed)
    keys = StaticKeyProvider({"k": bytes(32)}) if path.name == "sealed" else None
    print("opening", flush=True)
    store = SqliteStore(path, create=True, read_only=False, timeout=20, keys=keys)
    known = [subject.sequence for subject in store.load()]
    for segment, dead in store.segments():
        known += set(segment.sequences.tolist()) - set(dead.tolist())
    print("open", flush=True)
    step = seed * 1000
    while True:
        step += 1
        act = choose.random()
        if act < 0.4 or len(known) < 5:
            first, count = store._state.next, choose.randrange(1, 30)
            print("+", first, step, count, flush=True)
            with store.transaction() as transaction:
                assert first == transaction.add_many(
                    [(f"{step}.{i}", records(step + i, 5, 3)) for i in range(count)]
                )
            known += range(first, first + count)
        elif act < 0.7:
            gone = choose.sample(known, choose.randrange(1, min(len(known), 12)))
            print("-", *gone, flush=True)
            with store.transaction() as transaction:
                transaction.remove_many(gone)
            known = [one for one in known if one not in gone]
        else:
            print("compact", flush=True)
            store.compact(make, purge=act > 0.9)
        print("done", flush=True)
    """
)


class StoreModel:
    """Sequence number -> (id, seed of the fingers); follows what the writer said."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[str, int]] = {}

    def follow(self, lines: list[str]) -> list[dict[int, tuple[str, int]]]:
        after = self.known
        for line in lines:
            words = line.split()
            if words[0] == "+":
                first, step, size = (int(word) for word in words[1:])
                more = {first + i: (f"{step}.{i}", step + i) for i in range(size)}
                after = self.known | more
            elif words[0] == "-":
                gone = {int(word) for word in words[1:]}
                after = {key: one for key, one in self.known.items() if key not in gone}
            elif words[0] == "done":
                self.known = after
        return [self.known, after]


def store_rounds(path: Path, count: int, seed: int) -> None:
    choose = random.Random(seed)
    model, acknowledged, compacted = StoreModel(), 0, 0
    keys = StaticKeyProvider({"k": bytes(32)}) if path.name == "sealed" else None
    for number in range(4 * count):
        if number >= count and acknowledged > count // 3 and compacted:
            break
        lines = killed(STORE_WRITER, path, number + 1, choose)
        acknowledged += lines.count("done")
        compacted += ("compact", "done") in itertools.pairwise(lines)
        allowed = model.follow(lines)
        store = SqliteStore(path, create=True, read_only=False, timeout=20, keys=keys)
        found = {s.sequence: (s.subject_id, s.fingers) for s in store.load()}
        for segment, dead in store.segments():
            segment.verify()
            for row, sequence in enumerate(segment.sequences.tolist()):
                if sequence not in dead:
                    assert segment.find(segment.id(row)) == row
                    found[sequence] = segment.id(row), segment.fingers_of(row)
        state = next((one for one in allowed if one.keys() == found.keys()), None)
        assert state is not None, f"round {number}"
        for sequence, (name, finger_seed) in state.items():
            assert found[sequence] == (name, records(finger_seed, 5, 3))
        model.known = state
        store.close()
        named = {f"gallery-{part.segment.number:08}.seg" for part in store.segments()}
        assert {p.name for p in path.iterdir() if p.suffix in (".seg", ".tmp")} == named
    assert acknowledged > count // 3
    assert compacted


@pytest.mark.parametrize("name", ["plain", "sealed"])
def test_kill_while_compacting(tmp_path: Path, name: str) -> None:
    store_rounds(tmp_path / name, 12, seed=random.randrange(1 << 30))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "sealed"])
def test_kill_while_compacting_many_times(tmp_path: Path, name: str) -> None:
    store_rounds(tmp_path / name, 70, seed=random.randrange(1 << 30))


# Copies a store again and again, and dies in its compaction at the given calls, one after another.
DIES = textwrap.dedent(
    """
    import os, shutil, sys
    from pathlib import Path
    from tests.search.store.test_crash import compacted_until, contents, original

    path, first, stride = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    original(path / "original")
    expected = contents(path / "original")
    calls = first
    while True:
        copy = path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(path / "original", copy)
        child = os.fork()
        if child == 0:
            os._exit(compacted_until(copy, calls))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (9, 0), status
        assert contents(copy, read_only=True) == expected, calls
        assert contents(copy) == expected, calls
        print(calls, status, flush=True)
        if status == 0:
            break
        calls += stride
    """
)


def original(path: Path) -> None:
    """Two segments that will be merged, tombstones, a tail."""
    store = SqliteStore(path, create=True, read_only=False, timeout=5)
    list(store.load())
    for size, gone in ((40, [3, 17]), (12, [45]), (30, [60])):
        with store.transaction() as transaction:
            transaction.add_many([(f"{size}.{i}", records(size + i, 5, 3)) for i in range(size)])
        if size != 30:
            store.compact(make)
        with store.transaction() as transaction:
            transaction.remove_many(gone)
    store.close()


def contents(path: Path, *, read_only: bool = False) -> dict[int, tuple[str, object]]:
    store = SqliteStore(path, create=False, read_only=read_only, timeout=5)
    found = {s.sequence: (s.subject_id, s.fingers) for s in store.load()}
    for segment, dead in store.segments():
        segment.verify()
        for row, sequence in enumerate(segment.sequences.tolist()):
            if sequence not in dead:
                found[sequence] = segment.id(row), segment.fingers_of(row)
    store.close()
    return dict(sorted(found.items()))


def compacted_until(path: Path, calls: int) -> int:
    """Compact, and die without a word at this call of any function."""
    left = calls

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal left
        if event in ("call", "c_call"):
            left -= 1
            if left < 0:
                os._exit(9)

    store = SqliteStore(path, create=False, read_only=False, timeout=5)
    list(store.load())
    sys.setprofile(count)
    store.compact(make)
    sys.setprofile(None)
    return 0


def die(path: Path, stride: int) -> int:
    path.mkdir()
    first = random.randrange(stride)
    script = [sys.executable, "-c", DIES, str(path), str(first), str(stride)]
    run = subprocess.run(script, capture_output=True, text=True, env=child.environment())
    assert run.returncode == 0, run.stderr
    return len(run.stdout.splitlines())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_die_at_any_call_of_a_compaction(tmp_path: Path) -> None:
    assert die(tmp_path / "here", 200) > 10


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_die_at_hundreds_of_calls_of_a_compaction(tmp_path: Path) -> None:
    assert die(tmp_path / "here", 13) > 100
