"""kill -9 at random moments, as often as asked for: ``make torture-register ROUNDS=1000``.

A round: a process enrols, records, replaces and removes prints, erases, rotates and rewraps keys
until it is killed; on PostgreSQL, every third time it is the server that is killed, with everything
in its memory. Then another process opens the register, settles and checks it, and compares it with
all that was acknowledged. Both are forks of this one, which opens nothing itself.

Printed at the end, as JSON: rounds, changes acknowledged, kills in doubt, and lost, half, untyped:
all three must be empty.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.register.faults import worker
from tests.register.faults.model import Model, One, verify
from tests.register.postgresql import Server

#: Rounds on one register before a new one is made; so that making is killed, too.
EACH = 25


def forked(work: Callable[[Any], None]) -> tuple[int, int]:
    """Run `work` with a pipe to write to, in a process of its own: its id, and what to read."""
    out, into = os.pipe()
    child = os.fork()
    if child:
        os.close(into)
        return child, out
    status = 1
    try:
        os.close(out)
        with os.fdopen(into, "w") as pipe:
            work(pipe)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


class Pipe:
    """Lines of JSON from a child; one that was cut short is dropped."""

    def __init__(self, out: int):
        self._out = out
        self._text = b""

    def lines(self, seconds: float) -> list[dict[str, Any]] | None:
        """What came within that time; None at the end."""
        ready, _, _ = select.select([self._out], [], [], seconds)
        if not ready:
            return []
        data = os.read(self._out, 1 << 16)
        if not data:
            os.close(self._out)
            return None
        *whole, self._text = (self._text + data).split(b"\n")
        return [json.loads(one) for one in whole]

    def rest(self) -> list[dict[str, Any]]:
        """Everything until the end."""
        found: list[dict[str, Any]] = []
        while (more := self.lines(60)) is not None:
            found += more
        return found


@dataclass
class Tally:
    """What came of it."""

    rounds: int = 0
    acknowledged: int = 0
    in_doubt: int = 0
    happened: int = 0
    registers: int = 0
    server_kills: int = 0
    done: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    untyped: list[str] = field(default_factory=list)


class Torture:
    """Rounds on one store."""

    def __init__(self, folder: Path, server: Server | None, seed: int):
        self.folder, self.server = folder, server
        self.choose = random.Random(seed)
        self.tally = Tally()
        self.next = 1
        self._new()

    def _new(self) -> None:
        self.tally.registers += 1
        self.model = Model()
        name = f"r{self.tally.registers}"
        self.gallery = str(self.folder / f"{name}-gallery")
        if self.server is None:
            self.where = str(self.folder / name)
        else:
            self.where = self.server.database(name)

    def _drop(self) -> None:
        name = f"r{self.tally.registers}"
        shutil.rmtree(self.gallery, ignore_errors=True)
        shutil.rmtree(self.folder / name, ignore_errors=True)
        if self.server is not None:
            self.server.drop(name)

    def round(self) -> None:
        if self.tally.rounds and self.tally.rounds % EACH == 0:
            self._drop()
            self._new()
        self.tally.rounds += 1
        lines = self._killed()
        for line in lines:
            self.model.follow(line)
            if "done" in line:
                self.tally.done[line["done"]] = self.tally.done.get(line["done"], 0) + 1
        self._look()
        self.next += 1000

    def _killed(self) -> list[dict[str, Any]]:
        people = {who: one.reference for who, one in self.model.people.items()}
        child, out = forked(
            lambda pipe: worker.main(self.where, self.gallery, people, self.next, pipe)
        )
        pipe = Pipe(out)
        lines: list[dict[str, Any]] = []
        wanted = self.choose.choice([1, 2, 4, 8, 14])  # now while it opens, now later
        deadline = time.monotonic() + 30
        while len(lines) < wanted and time.monotonic() < deadline:
            more = pipe.lines(1)
            if more is None:
                os.waitpid(child, 0)
                return lines  # it ended by itself: an error, which it has told
            lines += more
        time.sleep(self.choose.choice([0.0, 0.01, 0.05, 0.2]) * self.choose.random())
        if self.server is not None and self.choose.random() < 1 / 3:
            self.server.kill()
            self.tally.server_kills += 1
            lines += pipe.rest()  # it ends with an error, typed
            os.waitpid(child, 0)
            self.server.start("fsync=on", "full_page_writes=on")
            return lines
        os.kill(child, signal.SIGKILL)
        lines += pipe.rest()
        os.waitpid(child, 0)
        return lines

    def _look(self) -> None:
        model = self.model
        # Killed before there was a register: the next round makes it.
        made = bool(model.people or model.erased or model.acknowledged)

        def look(pipe: Any) -> None:
            with worker.open_register(self.where, self.gallery, create=not made) as register:
                pipe.write(json.dumps(verify(register, model)) + "\n")

        child, out = forked(look)
        answer = Pipe(out).rest()
        _, status = os.waitpid(child, 0)
        tally = self.tally
        if status or not answer:
            tally.lost.append(f"round {tally.rounds}: could not be looked at")
            return
        (found,) = answer
        for what, into in (("lost", tally.lost), ("half", tally.half)):
            into += [f"round {tally.rounds}: {one}" for one in found[what]]
        if model.doubt is not None:
            tally.in_doubt += 1
            tally.happened += found["happened"] is not None
        if found["happened"] is not None:
            model.take(found["happened"])
        tally.acknowledged += model.acknowledged
        for name, count in model.errors.items():
            tally.errors[name] = tally.errors.get(name, 0) + count
        tally.untyped += model.untyped
        people = {who: One(*one.to_list()) for who, one in model.people.items()}
        self.model = Model(people, model.erased)


def run(store: str, rounds: int, seconds: float, seed: int) -> Tally:
    """So many rounds on one store, or as many as the time allows."""
    until = time.monotonic() + seconds
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="civid-t-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o755)
        server = None
        if store == "postgresql":
            place = folder / "pg"
            place.mkdir()
            server = Server(place)
            server.start("fsync=on")
            stack.callback(server.stop)
        torture = Torture(folder, server, seed)
        while torture.tally.rounds < rounds and time.monotonic() < until:
            torture.round()
            if torture.tally.rounds % 50 == 0:
                print(store, torture.tally.rounds, file=sys.stderr, flush=True)
        return torture.tally


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="on each store")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="on each store")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args(arguments)
    wrong = 0
    for store in given.store or ["sqlite", "postgresql"]:
        tally = run(store, given.rounds, given.seconds, given.seed)
        wrong += len(tally.lost) + len(tally.half) + len(tally.untyped)
        print(json.dumps({"store": store, "seed": given.seed, **vars(tally)}), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
