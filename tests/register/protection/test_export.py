"""One person's record, all of it, and who has read it."""

from __future__ import annotations

import base64
import json

from tests.register.conftest import Opener
from tests.register.people import KEYS, number, said, somebody
from tests.register.protection.test_erasure import give_papers
from tests.search.prints import person, same

from civid.position import Position
from civid.register import Actor, Capability
from civid.register.ids import from_text
from civid.search.arrays.encoding import decode


def test_everything_that_is_held(opened: Opener) -> None:
    register = opened(keys=KEYS)
    made = register.people.add([*somebody(0), said("cmnd9", "191234567")], unit="46/474")
    register.people.add(somebody(1), unit="46/474")
    fingers = person(1, Position.RIGHT_INDEX, Position.LEFT_INDEX)
    register.prints.enrol(made.reference, fingers)
    wrong = said("religion", "Phật giáo")
    register.people.record(made.reference, [wrong])
    register.people.retract(made.reference, wrong, "đọc nhầm")
    give_papers(register, from_text(made.reference))
    found = json.loads(json.dumps(register.protection.export(made.reference)))
    assert found["fields"]["name"] == "Nguyễn Thị An An"
    assert [one["kind"] for one in found["acts"]] == ["add", "correct", "retract"]
    assert found["acts"][1]["claims"][0]["value"] == "Phật giáo"
    assert found["acts"][2]["retracted"][0]["reason"] == "đọc nhầm"
    assert {one["number"] for one in found["numbers"]} == {number(0), "191234567"}
    assert found["prints"][0]["fingers"] == ["right_index", "left_index"]
    assert "templates" not in found["prints"][0]
    tables = {one["table"]: one for one in found["records"]}
    assert {"members", "forms", "slips", "dossiers", "cards", "cases", "captures"} <= set(tables)
    assert tables["forms"]["contents"]["a"] == "Huế"
    assert "contents" not in tables["captures"]
    assert found["read_by"][0]["operation"] == "person.add"
    whole = register.protection.export(made.reference, biometrics=True)
    got = decode(base64.b64decode(whole["prints"][0]["templates"][0]))
    assert same(got, fingers[Position.RIGHT_INDEX])
    assert whole["read_by"][-1]["operation"] == "person.export"


def test_who_has_read_my_record(opened: Opener) -> None:
    register = opened()
    made = register.people.add(somebody(0), unit="46/474")
    bank = register.acting_as(Actor("officer-7", unit="46", purpose="vay vốn, hồ sơ 12"))
    bank.person(number(0))
    register.find(name="Nguyễn Thị An An")
    other = register.acting_as(Actor("stranger", frozenset({Capability.READ}), unit="79"))
    other.find(number=number(0))  # is not named anybody
    readers = register.audit.readers(made.reference)
    assert [one.operation for one in readers] == ["person.add", "person.read", "person.find"]
    assert (readers[1].unit, readers[1].purpose) == ("46", "vay vốn, hồ sơ 12")
    assert "officer-7" not in json.dumps([one.to_dict() for one in readers])
    assert readers[0].time <= readers[1].time
    assert register.audit.readers(made.reference)[-1].operation == "audit.readers"
