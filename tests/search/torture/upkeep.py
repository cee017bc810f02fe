"""Backups, restorations and compactions beside writers, and killed at random moments."""

from __future__ import annotations

import random
import shutil
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.child import Script

from civid import Position, Template
from civid.errors import GalleryLockedError
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider
from civid.search.upkeep import backup, compact, restore

from ..store.test_crash import Model, holds

WRITERS = 4

# Opens, changes a little, closes, for ever, taking turns with others; a thread compacts meanwhile.
# What it is about to do and what is done goes to a file that all share: who writes to it has the
# gallery's lock, so that its lines are in the order of the changes.
TAKES_TURNS = textwrap.dedent(
    """
    import os, random, sys, threading, time
    from civid.search import Gallery
    from civid.search.segments.keys import StaticKeyProvider
    from civid.search.store import background
    from tests.search.prints import person

    path, said, seed, stays = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    background.LOOK_EVERY = 0.01
    choose = random.Random(seed)
    log = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def say(*words):
        os.write(log, (" ".join(map(str, words)) + "\\n").encode())

    keys = StaticKeyProvider({"k": bytes(32)}) if path.endswith("sealed") else None
    step = seed * 100_000
    while True:
        with Gallery.open(path, timeout=600, keys=keys) as gallery:
            fold = threading.Thread(target=lambda: gallery.compact(purge=choose.random() < 0.3))
            fold.start()
            for _ in range(stays or choose.randrange(1, 12)):
                step += 1
                act = choose.random()
                if len(gallery) > 3 and (act < 0.25 or len(gallery) > 40):
                    name = choose.choice(list(gallery))
                    say("-", name)
                    gallery.remove(name)
                elif act < 0.4:
                    names = [f"{step}.{i}" for i in range(4)]
                    say("+", *names)
                    gallery.enroll_many([(n, person(step, 2, 7, count=12)) for n in names])
                elif act < 0.5 and len(gallery) > 0:
                    name = choose.choice(list(gallery))
                    say("=", name, step)
                    gallery.enroll(name, person(step, 2, 7, count=12), replace=True)
                else:
                    say("+", step)
                    gallery.enroll(str(step), person(step, 2, 7, count=12))
                say("done")
            fold.join()
        time.sleep(0.002)  # somebody else may have it
    """
)

# One piece of upkeep, to be killed.
WORKS = textwrap.dedent(
    """
    import sys
    from civid.search import upkeep
    from civid.search.segments.keys import StaticKeyProvider

    upkeep.transfer.BLOCK = 2048
    what, source, target = sys.argv[1:]
    keys = StaticKeyProvider({"k": bytes(32)}) if source.endswith("sealed") else None
    print("begun", flush=True)
    if what == "backup":
        upkeep.backup(source, target, keys=keys, timeout=60)
    elif what == "restore":
        upkeep.restore(source, target, keys=keys)
    else:
        upkeep.compact(source, keys=keys, timeout=60)
    print("done", flush=True)
    """
)


class History:
    """Every state that a gallery had, by what its writers said in a file."""

    def __init__(self, said: Path):
        self._said = said
        self._model = Model()
        self._at = 0
        self._doubtful: list[str] = []
        self._lines: list[str] = []
        #: Those that were acknowledged, the first one empty.
        self.states: list[dict[str, int]] = [{}]

    def read(self) -> int:
        """Take what was said since; -> how many changes were acknowledged."""
        with suppress(FileNotFoundError), self._said.open("rb") as file:
            file.seek(self._at)
            data = file.read()
            whole = data[: data.rfind(b"\n") + 1]
            self._at += len(whole)
            for line in whole.decode().splitlines():
                if line == "done":
                    self._model.follow([*self._lines, line])
                    self.states.append(dict(self._model.known))
                    self._lines = []
                else:
                    self._lines = [line]
        return len(self.states) - 1

    def since(self, first: int) -> list[dict[str, int]]:
        """The states from the so many-th on, and the one that is being made."""
        self.read()
        return [*self.states[first:], self._model.follow(list(self._lines))[1]]

    def settle(self, state: dict[str, int]) -> None:
        """All writers are dead: what they were about has come to this."""
        self._model.known = dict(state)
        self._lines = []
        self.states.append(dict(state))


def keys_of(path: Path) -> StaticKeyProvider | None:
    return StaticKeyProvider({"k": bytes(32)}) if path.name.endswith("sealed") else None


@contextmanager
def writers(
    path: Path, said: Path, count: int, seed: int, stays: int = 0
) -> Iterator[list[Script]]:
    """So many processes that write until the block ends, and are killed then."""
    with ExitStack() as stack:
        started = []
        for i in range(count):
            words = [str(path), str(said), str(seed * 10 + i), str(stays)]
            one = stack.enter_context(Script(TAKES_TURNS, *words))
            stack.callback(one.kill)
            started.append(one)
        yield started


def held_by(path: Path) -> dict[str, dict[Position, Template]]:
    """All of a gallery, proved."""
    keys = keys_of(path)
    with Gallery.open(path, keys=keys, create=False, read_only=True) as gallery:
        gallery.check_integrity()
        return {name: gallery.get(name) for name in gallery}


def ended(path: Path, allowed: list[dict[str, int]]) -> str:
    """Does a gallery hold one of these? "" = yes."""
    held = held_by(path)
    if any(holds(held, state) for state in allowed if list(state) == list(held)):
        return ""
    return "lost" if all(state.keys() - held.keys() for state in allowed) else "wrong"


def begun(history: History, changes: int) -> None:
    """Wait until writers have done something."""
    until = time.monotonic() + 60
    while history.read() < changes and time.monotonic() < until:
        time.sleep(0.01)


def backups(path: Path, choose: random.Random) -> Iterator[str]:
    """Each backup beside four writers restores to a state that was acknowledged."""
    root = path.parent
    said, kept, again = root / "said", root / "copies", root / f"again-{path.name}"
    history = History(said)
    with writers(path, said, WRITERS, choose.randrange(1000)):
        begun(history, 3)
        for _ in range(10_000):
            before = history.read()
            backup(path, kept, keys=keys_of(path), keep=choose.choice([None, 1, 3]))
            allowed = history.since(before)
            restore(kept, again, keys=keys_of(path))
            yield ended(again, allowed)
            with Gallery.open(again, keys=keys_of(path), create=False) as gallery:
                gallery.compact(purge=True)  # it is a gallery like any other
            shutil.rmtree(again)


def killed_work(what: str, source: Path, target: Path, choose: random.Random) -> None:
    with Script(WORKS, what, str(source), str(target)) as work:
        work.stdout.readline()
        time.sleep(choose.choice([0.002, 0.02, 0.1]) * choose.random())
        work.kill()


def killed_backups(path: Path, choose: random.Random) -> Iterator[str]:
    """kill -9 in backup and restore, again and again; then they go on, and nothing is lost."""
    root = path.parent
    # What is restored has the name of its kind, so that the killed program knows the keys.
    said, kept, again = root / "said", root / f"copies-{path.name}", root / f"again-{path.name}"
    history = History(said)
    with writers(path, said, 2, choose.randrange(1000)):
        begun(history, 3)
        for _ in range(10_000):
            before = history.read()
            for _ in range(choose.randrange(1, 4)):
                killed_work("backup", path, kept, choose)
            report = backup(path, kept, keys=keys_of(path), timeout=30)
            allowed = history.since(before)
            for _ in range(choose.randrange(1, 4)):
                killed_work("restore", kept, again, choose)
                if again.exists():
                    break
            if not again.exists():
                restore(kept, again, copy=report.copy.number, keys=keys_of(path))
            yield ended(again, allowed)
            shutil.rmtree(again)


def killed_compactions(path: Path, choose: random.Random) -> Iterator[str]:
    """kill -9 of who compacts beside a writer, and of the writer; both lose nothing."""
    said = path.parent / "said"
    history = History(said)
    Gallery.open(path, keys=keys_of(path)).close()
    for _ in range(10_000):
        before = history.read()
        with writers(path, said, 1, choose.randrange(1, 100_000), stays=1_000_000) as (writer,):
            begun(history, before + choose.randrange(1, 6))
            killed_work("compact", path, path, choose)
            with suppress(GalleryLockedError):  # said nothing within its time: it is killed next
                compact(path, keys=keys_of(path), timeout=5)
            time.sleep(0.02 * choose.random())
            if choose.random() < 0.5:
                writer.kill()
                compact(path, keys=keys_of(path))
        before = history.read()
        allowed = history.since(before)
        yield ended(path, allowed)
        compact(path, keys=keys_of(path), purge=True)
        held = held_by(path)
        state = next((one for one in allowed if holds(held, one)), None)
        yield "" if state is not None else "wrong"
        if state is None:
            return
        history.settle(state)


KINDS = (backups, killed_backups, killed_compactions)
