"""One true path: somebody is added, found, corrected, logged; on both stores."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.register.conftest import Opener

from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    NumberError,
    RegisterFormatError,
    RegisterKeyError,
)
from civid.people.citizen import Claim, Source, claim
from civid.register import Actor, Capability, Register
from civid.search.segments.keys import StaticKeyProvider

DAY = date(2001, 3, 12)
KEYS = StaticKeyProvider({"2026": bytes(range(32))})


def said(field: str, text: str, day: date = DAY, source: Source = Source.CIVIL_STATUS) -> Claim:
    return claim(field, text, source, day)


def an(number: str = "046301123456") -> list[Claim]:
    return [said("name", "Nguyễn Thị An"), said("birth", "05/03/2001"), said("number", number)]


def test_somebody_is_found_by_every_number_and_spelling(register: Register) -> None:
    made = register.people.add([*an(), said("cmnd9", "191234567")], unit="46/474")
    for number in ("046301123456", "046 301 123 456", "191234567"):
        assert register.person(number).reference == made.reference
    for name in ("Nguyễn Thị An", "NGUYEN THI AN", "nguyễn  thị an"):
        for birth in (None, 2001, "05/03/2001", date(2001, 3, 5), "2001"):
            found = register.find(name=name, birth=birth).people
            assert [one.reference for one in found] == [made.reference]
    assert not register.find(name="Nguyễn Thị An", birth="06/03/2001").people
    assert not register.find(name="Nguyễn Thị An", birth=2002).people
    assert not register.find(name="Trần Văn Ba").people
    assert register.find(number="191234567").people[0].number == "046301123456"


def test_nothing_is_overwritten(register: Register) -> None:
    made = register.people.add(an(), unit="46/474")
    wrong = said("name", "Nguyễn Thị Ân", date(2020, 1, 1), Source.COURT)
    changed = register.people.record(made.reference, [wrong], version=made.version)
    assert (changed.name, changed.version) == ("Nguyễn Thị Ân", 2)
    back = register.people.retract(made.reference, wrong, "read wrongly", version=2)
    assert back.name == "Nguyễn Thị An"
    acts = register.people.history(made.reference)
    assert [one.kind for one in acts] == ["add", "correct", "retract"]
    assert acts[1].fields == ("name",)
    with pytest.raises(ChangedMeanwhileError):
        register.people.record(made.reference, [wrong], version=1)


def test_a_number_belongs_to_one_person(register: Register) -> None:
    register.people.add(an(), unit="46")
    with pytest.raises(AlreadyInRegisterError):
        register.people.add([said("name", "Trần Ba"), said("number", "046301123456")], unit="46")
    assert not register.find(name="Trần Ba").people  # nothing half there
    with pytest.raises(NotInRegisterError):
        register.person("046301000000")
    with pytest.raises(NumberError):
        register.person("12")
    with pytest.raises(FieldError):
        register.people.add([said("birth", "2001")], unit="46")


def test_a_corrected_birth_year_moves_in_the_index(register: Register) -> None:
    made = register.people.add(an(), unit="46")
    register.people.record(
        made.reference, [said("birth", "05/03/2002", date(2020, 1, 1), Source.COURT)]
    )
    assert not register.find(name="Nguyễn Thị An", birth=2001).people
    assert register.find(name="Nguyễn Thị An", birth=2002).people


def test_pages(register: Register) -> None:
    wanted = set()
    for i in range(25):
        wanted.add(register.people.add(an(f"046301{i:06d}"), unit="46").reference)
    found: list[str] = []
    after = None
    while True:
        page = register.find(name="nguyen thi an", limit=10, after=after)
        found += [one.reference for one in page.people]
        if (after := page.after) is None:
            break
    assert len(found) == 25
    assert set(found) == wanted


def through(register: Register, **wanted: Any) -> list[str]:
    """References of everybody who is found, page by page."""
    found: list[str] = []
    after = None
    while True:
        page = register.find(limit=10, after=after, **wanted)
        found += [one.reference for one in page.people]
        if (after := page.after) is None:
            return found
        assert page.people


def test_one_among_very_many_of_a_name_is_on_the_first_page(register: Register) -> None:
    """A page goes on to read until somebody fits, and still gives everybody once."""
    rows = [
        (str(i), {"name": "Nguyễn Thị An", "number": f"046301{i:06d}", "residence_file": "TT1",
                  "relation": "Khác", "birth": "05/03/2001" if i % 400 == 399 else "17/08/2001"})
        for i in range(1200)
    ]  # fmt: skip
    register.bulk.synchronise(rows, source="old", unit="46")
    page = register.find(name="nguyen thi an", birth="05/03/2001", limit=2)
    assert [one.number for one in page.people] == ["046301000399", "046301000799"]
    rest = register.find(name="nguyen thi an", birth="05/03/2001", limit=2, after=page.after)
    assert [one.number for one in rest.people] == ["046301001199"]
    assert rest.after is None
    assert len(set(through(register, name="nguyen thi an", birth=2001))) == 1200
    # A dormitory has more members than a page, and all are listed.
    members = through(register, household="TT1")
    assert len(members) == len(set(members)) == 1200


def test_every_act_is_in_the_log(register: Register) -> None:
    made = register.people.add(an(), unit="46")
    register.acting_as(Actor("clerk-1", unit="46", purpose="sổ bảo hiểm")).person("046301123456")
    entries = register.audit.about(made.reference)
    assert [one.operation for one in entries] == ["person.add", "person.read"]
    assert (entries[1].actor, entries[1].purpose) == ("clerk-1", "sổ bảo hiểm")
    report = register.audit.verify()
    assert report.whole
    assert report.entries == 3
    text = "".join(one.canonical() for one in register.audit.entries())
    assert "046301123456" not in text
    assert "An" not in text.replace("ANSI", "")


def test_what_an_actor_may_not_do_is_refused_and_logged(register: Register) -> None:
    made = register.people.add(an(), unit="46/474")
    reader = register.acting_as(Actor("reader", frozenset({Capability.READ}), unit="79"))
    with pytest.raises(AccessRefusedError):
        reader.people.get(made.reference)  # of another province
    with pytest.raises(AccessRefusedError):
        reader.people.record(made.reference, [said("religion", "Phật giáo")])
    assert not reader.find(name="Nguyễn Thị An").people
    refused = [one for one in register.audit.entries() if one.outcome == "refused"]
    assert [one.operation for one in refused] == ["person.read", "person.record"]
    assert refused[0].subjects == (made.reference,)
    local = register.acting_as(Actor("clerk", frozenset({Capability.READ}), unit="46"))
    assert local.people.get(made.reference).unit == "46/474"


def test_what_is_stored_is_sealed(where: str, opened: Opener, tmp_path: Path) -> None:
    register = opened(keys=KEYS)
    register.people.add(an(), unit="46/474")
    register.close()
    with pytest.raises(RegisterKeyError):
        opened()
    with pytest.raises(RegisterKeyError):
        opened(keys=StaticKeyProvider({"2026": bytes(32)}))
    again = opened(keys=KEYS, create=False)
    assert again.person("046301123456").name == "Nguyễn Thị An"
    if not where.startswith("postgresql"):
        raw = b"".join(p.read_bytes() for p in Path(where).iterdir() if p.is_file())
        for secret in ("Nguyễn", "An", "046301123456", "05/03/2001"):
            assert f'"{secret}"'.encode() not in raw
        assert b"046301123456" not in raw
        assert "Nguyễn".encode() not in raw


def test_where_there_is_no_register(where: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterFormatError, match="no register here"):
        Register.open(where)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    with pytest.raises(RegisterFormatError, match="empty folder"):
        Register.open(tmp_path / "full", create=True)
