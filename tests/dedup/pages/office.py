"""An office with cases to decide: a register, prints nobody has, officers, a running server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.register.citizens import WEEKDAYS
from tests.register.enrolment.fingers import capture_all, only, portrait, pressed

from civid.dedup.cases import CaseDesk
from civid.dedup.decision import Deduplicator, Enrolment
from civid.dedup.pages.officers import FILE, Officers
from civid.dedup.pages.server import listen
from civid.fingerprint.extract import extract
from civid.fingerprint.template import Template
from civid.people.citizen import Claim
from civid.position import Position
from civid.register import Actor, Register

UNIT = "46/474"
FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
HOSTILE = "<script>document.title='broken'</script>"


def enrol(
    register: Register, said: list[Claim], fingers_of: int, seed: int = 1, station: str = "máy 1",
    positions: tuple[Position, ...] = FINGERS,
) -> tuple[str, str]:  # fmt: skip
    """Take somebody in at a counter; references of person and dossier."""
    who = register.people.add(said, unit=UNIT)
    counter = register.acting_as(Actor("clerk-1", unit=UNIT, station=station))
    enrolment = counter.enrolment(who, unit=UNIT, filed=date(2026, 3, 2), calendar=WEEKDAYS)
    enrolment.check()
    enrolment.confirm()
    only(enrolment, *positions)
    capture_all(enrolment, fingers_of, seed)
    enrolment.finish_prints()
    enrolment.portrait(portrait())
    return who.reference, enrolment.reference


def file_case(
    register: Register, person: str, fingers: dict[Position, Template] | None = None,
    dossier: str | None = None,
) -> str:  # fmt: skip
    """Ask whether somebody is here already, and file what was found."""
    claims = register.people.get(person).citizen.claims
    decision = Deduplicator(register).check(Enrolment(tuple(claims), fingers, frozenset({person})))
    made = CaseDesk(register).file(decision, person=person, dossier=dossier)
    assert made is not None
    return made.reference


def templates(fingers_of: int, seed: int = 1) -> dict[Position, Template]:
    """What a scanner and the engine make of somebody's fingers."""
    return {one: extract(pressed(fingers_of, one, seed)) for one in FINGERS}


@dataclass
class Office:
    """A register in a folder with its officers, and the passwords that were given out."""

    register: Register
    folder: Path
    passwords: dict[str, str]

    def officer(self, name: str, **more: object) -> str:
        """An account; returns its password."""
        made = Officers(self.folder / FILE).add(name, scope=("",), **more)
        self.passwords[name] = made
        return made


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """An empty office."""
    with Register.open(folder / "register", create=True, actor="chief") as register:
        yield Office(register, folder / "register", {})


@contextmanager
def served(room: Office) -> Iterator[str]:
    """The pages of an office, answering in a thread; gives their address."""
    made = listen(room.register, room.folder / FILE, port=0)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        yield made.address
    finally:
        made.server.should_exit = True
        thread.join(30)


def sign_in(page: Any, address: str, name: str, password: str) -> None:
    """As an officer does it."""
    page.goto(address)
    page.get_by_label("Name of the account").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
