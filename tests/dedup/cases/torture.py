"""kill -9 in the middle of filing, ruling, merging and parting: ``make torture-cases ROUNDS=250``.

A round: a process does these at random until it is killed; on PostgreSQL, every third time it is
the server that is killed. Then another process opens the register, checks it, and compares people,
cases, gallery and log with all that was acknowledged. Printed at the end, as JSON: rounds, what was
acknowledged, kills in doubt, and lost, half, untyped, which must be empty.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import asdict
from typing import Any

from tests.dedup.cases import killed
from tests.dedup.cases.killed import Pair
from tests.register.faults import torture as faults
from tests.register.faults import worker
from tests.register.faults.torture import Pipe, Torture, forked


class CaseTorture(Torture):
    """Rounds on one store, with cases."""

    def _new(self) -> None:
        super()._new()
        self.pairs: list[Pair] = []
        self.made = False

    def round(self) -> None:
        if self.tally.rounds and self.tally.rounds % faults.EACH == 0:
            self._drop()
            self._new()
        self.tally.rounds += 1
        lines = self._killed()
        doubt: dict[str, Any] | None = None
        before = [Pair(**asdict(one)) for one in self.pairs]
        for line in lines:
            if "do" in line:
                doubt = line
            elif "error" in line:
                name = line["error"]
                self.tally.errors[name] = self.tally.errors.get(name, 0) + 1
            elif "untyped" in line:
                self.tally.untyped.append(line["untyped"])
            else:
                killed.follow(before, line)
                what = line["done"]
                self.made = self.made or what == "open"
                self.tally.done[what] = self.tally.done.get(what, 0) + 1
                self.tally.acknowledged += what != "open"
                doubt = None
        self.pairs = before
        self._compare(doubt if doubt is not None and doubt["do"] not in ("open", "file") else None)
        self.next += 1000

    def _killed(self) -> list[dict[str, Any]]:
        pairs, first = [Pair(**asdict(one)) for one in self.pairs], self.next
        child, out = forked(lambda pipe: killed.main(self.where, self.gallery, pairs, first, pipe))
        pipe = Pipe(out)
        lines: list[dict[str, Any]] = []
        wanted = self.choose.choice([1, 3, 6, 10, 16])
        deadline = time.monotonic() + 30
        while len(lines) < wanted and time.monotonic() < deadline:
            more = pipe.lines(1)
            if more is None:
                os.waitpid(child, 0)
                return lines  # it ended by itself: an error, which it has told
            lines += more
        time.sleep(self.choose.choice([0.0, 0.005, 0.02, 0.1]) * self.choose.random())
        if self.server is not None and self.choose.random() < 1 / 3:
            self.server.kill()
            self.tally.server_kills += 1
            lines += pipe.rest()
            os.waitpid(child, 0)
            self.server.start("fsync=on", "full_page_writes=on")
            return lines
        os.kill(child, signal.SIGKILL)
        lines += pipe.rest()
        os.waitpid(child, 0)
        return lines

    def _compare(self, doubt: dict[str, Any] | None) -> None:
        pairs, made = self.pairs, self.made

        def look(pipe: Any) -> None:
            with worker.open_register(self.where, self.gallery, create=not made) as register:
                pipe.write(json.dumps(killed.verify(register, pairs, doubt)) + "\n")

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
        tally.in_doubt += doubt is not None
        tally.happened += found["happened"]
        self.pairs = [Pair(**one) for one in found["pairs"]]


if __name__ == "__main__":
    faults.Torture = CaseTorture  # type: ignore[misc]
    raise SystemExit(faults.main(sys.argv[1:]))
