"""What is killed: one process that changes a register for ever, and says what it does and has done.

Every line is JSON: what is about to be done, then ``{"done": ...}``; an error that has no type of
civid's is said, too, and counted as a fault.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from typing import Any, TextIO

from tests.register.people import said, somebody
from tests.search.prints import person

from civid.errors import CividError
from civid.people.citizen import Source
from civid.position import Position
from civid.register import Actor, Register, RegisterKeys
from civid.register.vault import Purpose
from civid.search.fingers import Fingers
from civid.search.segments.keys import StaticKeyProvider

BOTH = {"2026": bytes(range(32)), "2027": bytes(range(1, 33))}
ACTOR = Actor("worker", purpose="fault test")


def provider(current: str = "2026") -> StaticKeyProvider:
    return StaticKeyProvider(BOTH, current)


def open_register(where: str, gallery: str, *, create: bool = False) -> Register:
    keys = RegisterKeys(provider(), provider())
    return Register.open(
        where, keys=keys, actor=ACTOR, create=create, gallery=gallery, timeout=20
    )  # fmt: skip


def fingers(seed: int) -> Fingers:
    return person(seed, Position.RIGHT_INDEX, count=12)


class Worker:
    """Changes a register, at random."""

    def __init__(self, register: Register, people: dict[int, str], first: int, out: TextIO):
        self.register = register
        self.people = people  #: number -> reference
        self.next = first
        self.out = out
        self.choose = random.Random(first)

    def say(self, **what: Any) -> None:
        self.out.write(json.dumps(what) + "\n")
        self.out.flush()

    def step(self) -> None:
        acts: list[tuple[float, Callable[[], None]]] = [(0.3, self.enrol)]
        if self.people:
            acts += [
                (0.3, self.record), (0.15, self.replace), (0.08, self.remove), (0.05, self.erase),
                (0.08, self.rotate), (0.04, self.rewrap),
            ]  # fmt: skip
        weights, kinds = zip(*acts, strict=True)
        self.choose.choices(kinds, weights)[0]()

    def enrol(self) -> None:
        which, self.next = self.next, self.next + 1
        self.say(do="add", who=which)
        made = self.register.people.add(somebody(which), unit="46")
        self.people[which] = made.reference
        self.say(done="add", who=which, reference=made.reference)
        self._prints(which, "prints")

    def _prints(self, which: int, what: str) -> None:
        seed, self.next = self.next, self.next + 1
        self.say(do=what, who=which, seed=seed)
        self.register.prints.enrol(self.people[which], fingers(seed), replace=what == "replace")
        self.say(done=what, who=which, seed=seed)

    def _anybody(self) -> int:
        return self.choose.choice(sorted(self.people))

    def record(self) -> None:
        which, seed = self._anybody(), self.next
        self.next += 1
        self.say(do="record", who=which, text=f"Số {seed}")
        claim = said("permanent_residence", f"Số {seed}", source=Source.RESIDENCE)
        self.register.people.record(self.people[which], [claim])
        self.say(done="record", who=which, text=f"Số {seed}")

    def replace(self) -> None:
        self._prints(self._anybody(), "replace")

    def remove(self) -> None:
        which = self._anybody()
        if self.register.prints.fingers(self.people[which]):
            self.say(do="remove", who=which)
            self.register.prints.remove(self.people[which])
            self.say(done="remove", who=which)

    def erase(self) -> None:
        which = self._anybody()
        self.say(do="erase", who=which)
        self.register.protection.erase(self.people[which], basis="thử")
        del self.people[which]
        self.say(done="erase", who=which)

    def rotate(self) -> None:
        purpose = self.choose.choice([Purpose.FIELDS, Purpose.PRINTS, Purpose.MAPPING])
        self.say(do="rotate")
        self.register.protection.rotate(purpose, batch=5)
        self.say(done="rotate")

    def rewrap(self) -> None:
        self.say(do="rewrap")
        self.register.protection.rewrap(provider(self.choose.choice(list(BOTH))))
        self.say(done="rewrap")


def main(where: str, gallery: str, people: dict[int, str], first: int, out: TextIO) -> None:
    """Until it is killed, or something goes wrong."""
    out.write(json.dumps({"do": "open"}) + "\n")
    out.flush()
    try:
        with open_register(where, gallery, create=True) as register:
            worker = Worker(register, people, first, out)
            worker.say(done="open")
            while True:
                worker.step()
    except CividError as error:
        out.write(json.dumps({"error": type(error).__name__}) + "\n")
    except Exception as error:
        out.write(json.dumps({"untyped": f"{type(error).__name__}: {error}"[:300]}) + "\n")
        import traceback

        traceback.print_exc(file=sys.stderr)
    out.flush()
