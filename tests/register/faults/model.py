"""What must be there after a kill: all that was acknowledged; the last thing said may be or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.register.faults.worker import fingers
from tests.register.people import number

from civid.errors import NotInRegisterError
from civid.register import Register
from civid.register.identity.gallery_link import digest, pack
from civid.register.identity.prints import subject_of
from civid.register.ids import from_text
from civid.register.session import Work
from civid.search.fingers import encoded


@dataclass
class One:
    """Somebody who was acknowledged."""

    reference: str
    text: str = ""
    prints: int | None = None
    acts: int = 1

    def to_list(self) -> list[Any]:
        return [self.reference, self.text, self.prints, self.acts]


@dataclass
class Model:
    """Numbers -> people; and what was under way."""

    people: dict[int, One] = field(default_factory=dict)
    erased: dict[int, str] = field(default_factory=dict)
    doubt: dict[str, Any] | None = None
    acknowledged: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    untyped: list[str] = field(default_factory=list)

    def follow(self, line: dict[str, Any]) -> None:
        if "do" in line:
            self.doubt = line
        elif "error" in line:
            self.errors[line["error"]] = self.errors.get(line["error"], 0) + 1
        elif "untyped" in line:
            self.untyped.append(line["untyped"])
        else:
            self.take(line)
            self.acknowledged += line["done"] != "open"
            self.doubt = None

    def take(self, line: dict[str, Any]) -> None:
        what, who = line.get("done", line.get("do")), line.get("who", 0)
        if what == "add":
            self.people[who] = One(line["reference"])
        elif what in ("prints", "replace"):
            self.people[who].prints = line["seed"]
        elif what == "remove":
            self.people[who].prints = None
        elif what == "record":
            self.people[who].text = line["text"]
            self.people[who].acts += 1
        elif what == "erase":
            self.erased[who] = self.people.pop(who).reference


def verify(register: Register, model: Model) -> dict[str, Any]:
    """Look at everything: what was lost, what is half there; and how the doubt ended."""
    first = register.check(repair=True)
    second = register.check()
    lost, half = [], []
    for report in (first, second):
        half += [f"{one.what} {one.where}" for one in report.left if one.what != "open_intent"]
    if not second.clean:
        half.append("not clean after settling")
    happened = _doubt(register, model, half)
    if happened is not None:
        model.take(happened)
    for who, one in model.people.items():
        lost += _person(register, who, one)
    for who, reference in model.erased.items():
        lost += _erased(register, who, reference)
    return {"lost": lost, "half": half, "happened": happened, "counts": dict(second.counts)}


def _doubt(register: Register, model: Model, half: list[str]) -> dict[str, Any] | None:
    """What was under way: did it happen? It may, as a whole."""
    line = model.doubt
    if line is None or line["do"] in ("open", "rotate", "rewrap"):
        return None
    who = line["who"]
    if line["do"] == "add":
        try:
            found = register.person(number(who))
        except NotInRegisterError:
            return None
        if found.version != 1 or not register.find(name=found.name, birth=2001).people:
            half.append(f"add {who}")
        return {**line, "reference": found.reference}
    one = model.people[who]
    if line["do"] == "erase":
        return line if register.people.get(one.reference).state == "erased" else None
    if line["do"] == "record":
        return line if register.people.get(one.reference).version > one.acts else None
    held = _digest(register, one.reference)
    if line["do"] == "remove":
        return line if held is None else None
    return line if held == digest(pack(fingers(line["seed"]))) else None


def _person(register: Register, who: int, one: One) -> list[str]:
    try:
        found = register.person(number(who))
    except Exception as error:
        return [f"person {who}: {type(error).__name__}"]
    lost = []
    if found.reference != one.reference or found.version != one.acts:
        lost.append(f"acts of {who}: {found.version} of {one.acts}")
    if found.citizen.text("permanent_residence") != one.text:
        lost.append(f"record of {who}")
    expected = None if one.prints is None else digest(pack(fingers(one.prints)))
    if _digest(register, one.reference) != expected:
        lost.append(f"prints of {who}")
    return lost


def _erased(register: Register, who: int, reference: str) -> list[str]:
    lost = []
    if register.people.get(reference).state != "erased":
        lost.append(f"erasure of {who}")
    if not register.protection.verify_certificate(register.protection.certificate(reference)).holds:
        lost.append(f"certificate of {who}")
    return lost


def _digest(register: Register, reference: str) -> bytes | None:
    """Of the prints that the gallery holds of somebody."""
    session = register._session
    with session.database.reading() as connection:
        work = Work(connection, session, 0)
        subject = subject_of(work, from_text(reference))
    if subject is None:
        return None
    with session.link.looking() as gallery:
        return digest(pack(encoded(gallery.get(subject))))
