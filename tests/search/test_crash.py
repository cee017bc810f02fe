"""kill -9 at random moments: nothing acknowledged is lost, nothing half-written appears."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from civid import Position, Template
from civid.search import Gallery

from .prints import person, same

# Enrols and removes for ever, and says what it is about to do and what was done.
WRITER = textwrap.dedent(
    """
    import random, sys
    from civid.search import Gallery
    from search.prints import person

    path, seed = sys.argv[1], int(sys.argv[2])
    choose = random.Random(seed)
    print("opening", flush=True)
    gallery = Gallery.open(path, timeout=20)
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


def rounds(path: Path, count: int, seed: int) -> None:
    choose = random.Random(seed)
    model = Model()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]),
                                                              *sys.path])}  # fmt: skip
    acknowledged = 0
    for number in range(4 * count):
        if number >= count and acknowledged > count // 3:
            break  # a slow machine is killed more often before it has written anything
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(number + 1)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as writer:
            assert writer.stdout is not None
            # Now while it opens, now after some changes; and a moment later.
            head = [writer.stdout.readline() for _ in range(choose.choice([1, 2, 5, 12]))]
            time.sleep(choose.choice([0.0, 0.003, 0.03]) * choose.random())
            writer.kill()
            text = "".join(head) + writer.stdout.read()
        lines = text[: text.rfind("\n") + 1].splitlines()  # a last line may be cut short
        acknowledged += lines.count("done")
        allowed = model.follow([line for line in lines if line[:4] != "open"])
        with Gallery.open(path) as gallery:  # checks every row and the whole
            # Two states can name the same subjects: a replaced one that was the last stays it.
            held = {name: gallery.get(name) for name in gallery}
            state = next((one for one in allowed if holds(held, one)), None)
            assert state is not None, f"round {number}"
            model.known = dict(state)
    assert acknowledged > count // 3  # the test has tested something


def test_kill_at_random_moments(tmp_path: Path) -> None:
    rounds(tmp_path / "gallery", 12, seed=random.randrange(1 << 30))


@pytest.mark.slow
def test_kill_hundreds_of_times(tmp_path: Path) -> None:
    rounds(tmp_path / "gallery", 200, seed=random.randrange(1 << 30))
