"""A process that is killed at one SQL statement after another, and what is found afterwards.

Run as ``python -m tests.exchange.abis.killed FOLDER plain|sealed STEP OFFSET``. Each child makes an
engine and holds the same conversation; the k-th statement that gallery or ledger begins is its
last. Then the parent opens what is left, proves that it is whole, and holds the conversation
again: whoever had an answer must get the same one, and in the end everything must be as if nobody
had been killed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.exchange.abis.model import KEYS
from tests.exchange.mosip.talk import Shelf, gallery, request
from tests.search.prints import again, person

from civid.exchange.abis import Abis
from civid.exchange.mosip import handle

Answers = list[Any]
_connect = sqlite3.connect


def watched(stop_at: int) -> None:
    """Be killed at this statement."""
    count = 0

    def step(_: str) -> None:
        nonlocal count
        count += 1
        if count == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*args: Any, **named: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = _connect(*args, **named)
        db.set_trace_callback(step)
        return db

    vars(sqlite3)["connect"] = connect


class Conversation:
    """Requests that are always the same."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        put = self.shelf.put
        one, other, third = person(1, 2, 3), person(2, 2), person(3, 7)
        self.first = [
            request("insert", referenceId="a", referenceURL=put(one)),
            request("insert", referenceId="b", referenceURL=put(again(one, 4))),
            request("insert", referenceId="a", referenceURL=put(other)),
        ]
        self.together = [
            request("insert", referenceId="c", referenceURL=put(again(one, 5))),
            request("identify", referenceId="b"),
            request("delete", referenceId="a"),
            request("insert", referenceId="d", referenceURL=put(third)),
        ]
        self.last = [
            request("identify", referenceId="c", gallery=gallery("b", "d")),
            request("delete", referenceId="b"),
            request("identify", referenceURL=put(again(one, 6))),
        ]
        self.changed = again(person(4, 2), 1)

    def held(self, engine: Abis) -> Iterator[Answers]:
        """Answers, as soon as they may be sent."""

        def ask(message: dict[str, Any]) -> Any:
            return handle(
                message, engine, fetch=self.shelf, threads=1,
                clock=lambda: datetime(2026, 11, 29, tzinfo=UTC),
            )  # fmt: skip

        for one in self.first:
            yield [ask(one)]
        with engine.batch():
            answers = [ask(one) for one in self.together]
        yield answers
        yield [engine.once("changed", b"", lambda: self.change(engine))]
        for one in self.last:
            yield [ask(one)]

    def change(self, engine: Abis) -> str:
        """New prints, and another encounter, for one person."""
        (row,) = engine.encounters("d")
        engine.update("d", row.encounter, fingers=self.changed, galleries=["G"])
        engine.insert("d", {}, encounter="second")
        engine.move("second", "d", "c")
        return "changed"


def child(work: Callable[[], None]) -> bool:
    """Do something in a process of its own; -> did it come to its end?"""
    number = os.fork()
    if number == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(number, 0)[1]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, "the child failed by itself"
    return not killed


def main(folder: Path, keys: str, step: int, offset: int) -> int:
    """-> how many children were killed."""
    provider = KEYS if keys == "sealed" else None
    talk = Conversation()

    def opened(path: Path) -> Abis:
        return Abis.open(path, create=True, keys=provider, threads=1)

    with opened(folder / "expected") as engine:
        expected = list(talk.held(engine))
    for points, stop_at in enumerate(range(1 + offset, 100_000, step)):
        path, heard = folder / f"{stop_at}", folder / "heard"
        heard.write_text("")

        def live(path: Path = path, heard: Path = heard, stop_at: int = stop_at) -> None:
            watched(stop_at)
            with heard.open("a") as file, opened(path) as engine:
                for answers in talk.held(engine):
                    file.write(json.dumps(answers) + "\n")
                    file.flush()

        ended = child(live)
        before = [json.loads(line) for line in heard.read_text().splitlines()]
        assert before == expected[: len(before)], f"{stop_at}: another answer"
        with opened(path) as engine:
            engine.check()
            subjects = sum(
                bool(one.fingers) for name in engine.people() for one in engine.encounters(name)
            )
            assert len(engine._parts.gallery) == subjects, f"{stop_at}: prints are left behind"
            assert list(talk.held(engine)) == expected, f"{stop_at}: another answer afterwards"
            assert engine.people() == ("c", "d")
            assert [one.encounter for one in engine.encounters("c")][1:] == ["second"]
            assert engine.galleries() == ("G",)
            assert engine.check() == 3
        shutil.rmtree(path)
        if ended:
            return points
    raise AssertionError("there is no end")


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
