"""Logs, reprs and messages hold no name, no number, nothing biometric."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from tests.register.conftest import Opener
from tests.register.people import KEYS, number, said, somebody
from tests.search.prints import person

from civid.errors import CividError
from civid.people.citizen import Source
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.register.identity.gallery_link import pack
from civid.search.fingers import encoded

SECRETS = ("Nguyễn", "Xuânxuân", "nguyen thi", number(1), "191234567", "Hẻm 48", "Phật giáo")
LOGGERS = (
    *("sqlalchemy", "sqlalchemy.pool", "sqlalchemy.engine", "sqlalchemy.engine.Engine"),
    "sqlalchemy.engine.Engine.civid",
)
FINGERS = person(1, Position.RIGHT_INDEX)


def secrets() -> list[str]:
    (_, template), *_ = encoded(FINGERS)
    middle = template[8:40]
    return [
        *SECRETS, *(repr(one)[1:-1] for one in SECRETS),
        *(ascii(one)[1:-1] for one in SECRETS), middle.hex(), repr(middle)[2:-1],
        base64.b64encode(template).decode()[8:40],
    ]  # fmt: skip


def day(register: Register) -> list[Any]:
    """A day in the life of a register; everything that it answered."""
    made = register.people.add([*somebody(1), said("cmnd9", "191234567")], unit="46")
    other = register.people.add([said("name", "Xuânxuân")], unit="46")
    home = said("permanent_residence", "Hẻm 48", source=Source.RESIDENCE)
    register.prints.enrol(made.reference, FINGERS)
    wrong = said("religion", "Phật giáo")
    hold = register.protection.hold(made.reference, "Nguyễn")
    return [
        made, other, register.people.record(made.reference, [home, wrong]),
        register.people.retract(made.reference, wrong, "Xuânxuân"),
        register.person(number(1)), register.find(name="Nguyễn Thị Bình An"),
        register.find(number="191234567"), register.people.history(made.reference),
        register.prints.identify(FINGERS), register.prints.verify(made.reference, FINGERS),
        register.check(repair=True), register.protection.rotate(), hold,
        register.protection.holds(made.reference), register.protection.release(hold.hold),
        register.audit.about(made.reference), register.audit.readers(made.reference),
        register.audit.entries(), register.audit.verify(), register.people, register.prints,
        register.protection, register, register._session.vault, register._session.ring,
        register.protection.export(made.reference) and None,
        register.protection.erase(other.reference, basis="12/YC"),
    ]  # fmt: skip


@pytest.mark.parametrize("encrypted", [False, True])
def test_logs_and_reprs(opened: Opener, caplog: pytest.LogCaptureFixture, encrypted: bool) -> None:
    for name in ("", "civid", "psycopg", "alembic", *LOGGERS):
        caplog.set_level(logging.DEBUG, name)
    answers = day(opened(keys=KEYS if encrypted else None))
    assert any("INSERT INTO acts" in one.getMessage() for one in caplog.records)  # it does log
    text = "\n".join([caplog.text, *(one.getMessage() for one in caplog.records)])
    reprs = "\n".join(f"{one!r} {one!s}" for one in answers)
    for secret in secrets():
        assert secret not in text
        assert secret not in reprs


def failing(register: Register) -> list[Callable[[], Any]]:
    made = register.people.add(somebody(1), unit="46")
    register.prints.enrol(made.reference, FINGERS)
    far = register.acting_as(Actor("far", unit="79"))
    reader = register.acting_as(Actor("reader", frozenset({Capability.READ})))
    erased = register.people.add(somebody(2), unit="46").reference
    register.protection.erase(erased, basis="12/YC")
    return [
        lambda: register.people.add(somebody(1), unit="46"),
        lambda: register.people.add(somebody(2), unit="46"),
        lambda: register.people.add(somebody(1), unit="Nguyễn"),
        lambda: register.people.add(somebody(1)[1:], unit="46"),
        lambda: register.person("19123456"),
        lambda: register.person("191234567"),
        lambda: register.person("Nguyễn"),
        lambda: register.people.get("Nguyễn"),
        lambda: register.find(name="Nguyễn", number=number(1)),
        lambda: register.find(name="Nguyễn", birth="Xuânxuân"),
        lambda: register.find(name="Nguyễn", after="Xuânxuân"),
        lambda: register.people.record(made.reference, somebody(1), version=7),
        lambda: register.people.record(made.reference, ["Nguyễn"]),  # type: ignore[list-item]
        lambda: register.people.record(erased, somebody(3)),
        lambda: register.people.retract(made.reference, said("religion", "Phật giáo"), "x"),
        lambda: register.prints.enrol(made.reference, FINGERS),
        lambda: register.protection.hold(made.reference, "Nguyễn" * 200),
        lambda: register.protection.erase(made.reference, basis="Nguyễn\n"),
        lambda: far.person(number(1)),
        lambda: far.people.add(somebody(4), unit="46"),
        lambda: reader.people.add(somebody(4), unit="46"),
        lambda: reader.prints.identify(FINGERS),
        lambda: reader.check(),
        lambda: register.prints._promise(made.reference, pack(FINGERS), False),
    ]


def test_messages(opened: Opener) -> None:
    for attempt in failing(opened(keys=KEYS)):
        with pytest.raises(CividError) as caught:
            attempt()
        text = f"{caught.value!r} {caught.value!s}"
        chain: BaseException | None = caught.value
        while chain is not None:  # what a traceback would show
            text += "".join(traceback.format_exception_only(chain))
            chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
        for secret in secrets():
            assert secret not in text
