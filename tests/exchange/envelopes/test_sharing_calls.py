"""A call over the platform, answered by the register under a grant, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.register.citizens import Clock, citizen
from tests.register.people import KEYS

from civid.errors import FieldError
from civid.exchange.envelopes import Call, Operation, answer, call_xml
from civid.exchange.envelopes.sharing_calls import Told, as_answer, as_fault, as_question
from civid.exchange.sharing import Allow, Grant, Limit, RefusedError, Sharing
from civid.register import Register

NUMBER = "046301000777"
GRANT = Grant(
    "bhxh", "bhyt.cap-the", "46/2014/QH13", "Luật Bảo hiểm y tế",
    tuple(map(Allow.of, ("birth:year", "home_town:full", "father_name:masked", "sex:="))),
    date(2026, 1, 1), date(2026, 12, 31), match=("name",), two_person=False,
    limits=(Limit.of("person/day=3"),),
)  # fmt: skip
CALL = Call(
    Operation.LOOK_UP, "r1", "G15-TP110", "037", "an.ca", "46.474", number=NUMBER,
    name="NGUYỄN THỊ AN",
)  # fmt: skip


@pytest.fixture
def sharing(tmp_path: Path) -> Iterator[Sharing]:
    with Register.open(tmp_path / "register", create=True, keys=KEYS, clock=Clock()) as register:
        said = citizen(number=NUMBER, home_town="Hương Trà, Huế", father_name="Nguyễn Văn Ba",
                       permanent_residence="12 Lê Lợi, Huế")  # fmt: skip
        register.people.add(said, unit="46/474")
        made = Sharing(register)
        made.grants.add(GRANT)
        yield made


def served(sharing: Sharing, data: bytes) -> tuple[bytes, Told | None]:
    """What a gateway does with a call: bytes in, bytes out."""
    call = call_xml.parse(data)
    try:
        told = as_answer(sharing.ask(as_question(call, GRANT)), call, trace="4bf92f35")
    except (RefusedError, FieldError) as error:
        return answer.build(as_fault(error)), None
    return answer.build(told.answer), told


def test_a_look_up_gives_what_is_granted(sharing: Sharing) -> None:
    data, told = served(sharing, call_xml.build(CALL))
    message = answer.parse(data, strict=True).message
    assert message is not None
    (person,) = message.citizens
    assert (person.number, message.note) == (NUMBER, "4bf92f35")
    assert person.birth is not None
    assert (person.birth.day, person.birth.year) == (None, "2001")
    assert person.home_town is not None
    assert told is not None
    assert [one.code for one in told.warnings] == ["father_name.masked"]
    for held in ("Lê Lợi", "Ba<", "N***", "Nữ", "2001-03-05"):
        assert held not in data.decode()


@pytest.mark.parametrize(
    "other", [{"name": "Nguyễn Thị Bình"}, {"number": "046301000778"}, {"birth_year": "1999"}]
)
def test_nobody_else_is_told_of(sharing: Sharing, other: dict[str, str]) -> None:
    """Another name and a number that nobody has get the same bytes."""
    data, _ = served(sharing, call_xml.build(replace(CALL, **other)))
    message = answer.parse(data).message
    if "birth_year" in other:  # not among what the grant lets be matched
        assert answer.parse(data).fault is not None
        return
    assert message is not None
    assert not message.citizens


@pytest.mark.parametrize(("name", "exists"), [("NGUYỄN THỊ AN", True), ("Nguyễn An", False)])
def test_a_confirmation_is_true_or_false(sharing: Sharing, name: str, exists: bool) -> None:
    call = replace(CALL, operation=Operation.CONFIRM, name=name)
    data, _ = served(sharing, call_xml.build(call))
    assert answer.parse(data).exists is exists


def test_refusals_are_faults_that_say_nothing_of_anybody(sharing: Sharing) -> None:
    for missing in ("request", "procedure", "officer", "unit"):
        data, _ = served(sharing, call_xml.build(replace(CALL, **{missing: ""})))
        fault = answer.parse(data).fault
        assert fault is not None
        assert fault.code == "Client"
        assert missing in fault.text
    for turn in range(4):
        data, _ = served(sharing, call_xml.build(replace(CALL, request=f"again-{turn}")))
    fault = answer.parse(data).fault
    assert fault is not None
    assert (fault.code, fault.text) == ("Server", "too_often")
    assert NUMBER not in data.decode()


def test_the_header_comes_back(sharing: Sharing) -> None:
    text = (
        call_xml.build(CALL)
        .decode()
        .replace("<soapenv:Header/>", "<soapenv:Header><id>29f4</id></soapenv:Header>")
    )
    data, _ = served(sharing, text.encode())
    assert answer.parse(data).header[0].text == "29f4"
