"""An office with cases to decide: a register, prints nobody has, officers, a running server."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from tests.register.citizens import WEEKDAYS
from tests.register.enrolment.fingers import capture_all, only, pressed

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


def face(seed: int) -> bytes:
    """A portrait of nobody."""
    rng = random.Random(seed)
    made = Image.new("RGB", (300, 400), tuple(rng.randint(170, 235) for _ in range(3)))
    draw = ImageDraw.Draw(made)
    draw.rectangle((40, 320, 260, 400), fill=tuple(rng.randint(40, 160) for _ in range(3)))
    draw.rectangle((125, 270, 175, 335), fill=(214, 172, 140))
    draw.ellipse((75, 80, 225, 290), fill=(222, 180, 148))
    draw.pieslice((65, 60, 235, 240), 180, 360, fill=(30, 28, 26))
    for middle in (115, 185):
        draw.ellipse((middle - 9, 170, middle + 9, 184), fill=(20, 20, 20))
    draw.arc((120, 235, 180, 260), 10, 170, fill=(150, 50, 50), width=rng.randint(3, 6))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


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
    enrolment.portrait(face(fingers_of))
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
