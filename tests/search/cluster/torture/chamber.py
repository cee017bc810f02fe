"""Rounds of changes and searches while something fails, checked against one gallery.

A round is bad when something acknowledged is lost, when an answer is wrong (a subject that was
removed, another score than one gallery's, a subject that is missing without `IncompleteError`), or
when an error has no type of civid's.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from tests.search.cluster.torture.machines import Machine
from tests.search.prints import again, person

from civid import Gallery
from civid.errors import (
    CividError,
    IncompleteError,
    NotAcknowledgedError,
    SubjectNotFoundError,
)

BAD = ("lost", "wrong", "untyped", "stuck")
#: What may fail, and how often.
FAULTS = {
    "kill a node": 6,
    "kill two nodes": 3,
    "kill the keeper": 3,
    "kill the head": 1,
    "full disk": 3,
    "slow node": 3,
    "old disk": 2,
    "restart": 1,
    "drain and add": 1,
}
#: Seconds for everything to be whole again after a fault.
_PATIENCE = 120.0


class Chamber:
    """One cluster, and what it must know.

    Parameters
    ----------
    machine : Machine
    seed : int
    """

    def __init__(self, machine: Machine, seed: int) -> None:
        self.machine = machine
        self.random = random.Random(seed)
        self.here: dict[str, Any] = {}  # acknowledged, in order
        self.removed: dict[str, Any] = {}
        self.doubt: dict[str, Any] = {}  # not acknowledged
        self.leaving: set[str] = set()  # removals not acknowledged
        self.count = 0
        self.bad: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def round(self, fault: str) -> None:
        """One fault, work meanwhile, and a look at everything afterwards."""
        self.faults[fault] += 1
        before = sum(self.bad.values())
        self._change(self.random.randrange(1, 6))
        mend = self._start(fault)
        try:
            self._work()
        finally:
            mend()
        self._settle()
        self._check()
        if sum(self.bad.values()) > before:
            print(f"bad round: {fault}, {dict(self.bad)}", flush=True)

    # ---- faults

    def _start(self, fault: str) -> Any:
        machine, names = self.machine, self.machine.names()
        one, other = self.random.sample(names, 2)
        if fault == "kill a node":
            machine.kill(one)
        elif fault == "kill two nodes":
            machine.kill(one)
            machine.kill(other)
        elif fault == "kill the keeper":
            machine.kill_keeper()
        elif fault == "kill the head":
            machine.kill_head()
        elif fault == "full disk":
            return machine.fill(one)
        elif fault == "slow node":
            return machine.slow(one)
        elif fault == "old disk":
            machine.put_back(one)
        elif fault == "restart":
            with suppress(CividError):
                machine.cluster.restart()
        elif fault == "drain and add":
            with suppress(CividError):
                machine.cluster.drain_node(one)
            with suppress(CividError):
                machine.add(one)
                machine.cluster.rebalance()
        return lambda: None

    # ---- work

    def _work(self) -> None:
        for _ in range(self.random.randrange(2, 5)):
            if self.random.random() < 0.5:
                self._change(self.random.randrange(1, 4))
            else:
                self._search()

    def _change(self, count: int) -> None:
        kind = self.random.random()
        sure = [name for name in self.here if name not in self.leaving]
        if kind < 0.2 and len(sure) > 5:
            self._remove(self.random.choice(sure))
            return
        new = {}
        for _ in range(count):
            self.count += 1
            new[f"s{self.count}"] = person(self.count, 2, 7, count=16)
        if kind > 0.8 and sure:  # again: it must change nothing
            name = self.random.choice(sure)
            new[name] = self.here[name]
        lost: tuple[int, ...] = ()
        try:
            self.machine.cluster.enroll_many(new)
        except NotAcknowledgedError as error:
            lost = error.places
        except CividError:
            lost = tuple(range(len(new)))
        except Exception as error:
            self._untyped(error)
            lost = tuple(range(len(new)))
        for place, (name, fingers) in enumerate(new.items()):
            if place not in lost:
                self.here.setdefault(name, fingers)
            elif name not in self.here:
                self.doubt[name] = fingers

    def _remove(self, name: str) -> None:
        try:
            self.machine.cluster.remove(name)
        except SubjectNotFoundError:
            self._note("lost", f"{name} to be removed is not there")
        except CividError:
            self.leaving.add(name)
            return
        except Exception as error:
            self._untyped(error)
            self.leaving.add(name)
            return
        self.removed[name] = self.here.pop(name)

    def _search(self) -> None:
        """Somebody who is here must be found, or the answer be incomplete; nobody who is gone."""
        if not self.here:
            return
        name = self.random.choice(list(self.here))
        probe = again(self.here[name], self.random.randrange(1 << 20))
        try:
            found = self.machine.cluster.search(probe, None)
        except IncompleteError as error:
            found = list(error.found)
            if any(one.subject_id in self.removed for one in found):
                self._note("wrong", "a removed subject in an incomplete answer")
            return
        except CividError:
            return
        except Exception as error:
            self._untyped(error)
            return
        names = {one.subject_id for one in found}
        sure = set(self.here) - self.leaving
        if not sure <= names:
            self._note("lost", f"{len(sure - names)} of {len(sure)} missing in a complete answer")
        if names & set(self.removed):
            self._note("wrong", "a removed subject was found")
        if name in sure and found and found[0].subject_id != name:
            self._note("wrong", "another one came first")

    # ---- afterwards

    def _settle(self) -> None:
        """Wait until all is whole; then do again what was in doubt."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with suppress(CividError):
                status = self.machine.cluster.status()
                if status["whole"] == len(status["shards"]):
                    break
            time.sleep(0.05)
        else:
            self._note("stuck", "not whole again")
            with suppress(CividError):
                for one in self.machine.cluster.status()["shards"]:
                    print(f"    {one}", flush=True)
        while self.doubt or self.leaving:
            try:
                for name in list(self.leaving):
                    with suppress(SubjectNotFoundError):
                        self.machine.cluster.remove(name)
                    self.leaving.discard(name)
                    self.removed[name] = self.here.pop(name)
                while self.doubt:
                    name = next(iter(self.doubt))
                    self.machine.cluster.enroll(name, self.doubt[name])
                    self.here[name] = self.doubt.pop(name)
            except CividError:
                if time.monotonic() > until:
                    self._note("stuck", "what was in doubt cannot be done")
                    return
                time.sleep(0.1)

    def _check(self) -> None:
        """All of it, against one gallery."""
        one = Gallery()
        one.enroll_many(self.here)
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                size = len(self.machine.cluster)
                probe = again(self.here[self.random.choice(list(self.here))], self.count)
                got = self.machine.cluster.search(probe, None)
                break
            except CividError:
                if time.monotonic() > until:
                    self._note("stuck", "no complete answer")
                    return
                time.sleep(0.1)
        want = one.search(probe, None)
        if size != len(one):
            self._note("lost", f"{size} subjects instead of {len(one)}")
        # Who was in doubt may have another place in the order, which shows among equals alone.
        if sorted((c.subject_id, c.score, c.fpir) for c in got) != sorted(
            (c.subject_id, c.score, c.fpir) for c in want
        ) or [c.score for c in got] != [c.score for c in want]:
            self._note("wrong", "not the answer of one gallery")

    def _untyped(self, error: Exception) -> None:
        self._note("untyped", f"{type(error).__name__}: {error}"[:200])

    def _note(self, kind: str, words: str) -> None:
        self.bad[kind] += 1
        print(f"  {kind}: {words}", flush=True)


def torture(machine: Machine, rounds: int, seed: int, *, only: str | None = None) -> Chamber:
    """So many rounds; -> what came of them."""
    chamber = Chamber(machine, seed)
    kinds = [kind for kind, often in FAULTS.items() for _ in range(often)]
    for number in range(rounds):
        fault = only or chamber.random.choice(kinds)
        started = time.monotonic()
        chamber.round(fault)
        if rounds > 20 and number % 10 == 9:
            print(f"{number + 1} rounds, {len(chamber.here)} subjects, {dict(chamber.bad)}, "
                  f"last {fault} {time.monotonic() - started:.1f} s", flush=True)  # fmt: skip
    return chamber
