"""Forms: kept as they are, applied in one step, or waiting with what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.register.test_register import an, said

from civid.errors import (
    AccessRefusedError,
    FieldError,
    FormError,
    NotInRegisterError,
    TransitionError,
)
from civid.people.citizen import Source
from civid.people.forms import Change, Dc01, Dc02Request, Dc02Update, Procedure
from civid.register import Actor, Capability, Register

VALUES = {
    "name": "NGUYỄN THỊ AN", "birth": "05/3/2001", "sex": "nữ", "nationality": "Việt Nam",
    "number": "046301123456", "permanent_residence": "12 Lê Lợi",
}  # fmt: skip
DC01 = Dc01(VALUES, date(2021, 3, 1), unit="46/19753")


def test_a_slip_adds_who_is_not_here_and_speaks_of_who_is(register: Register) -> None:
    made = register.forms.record(DC01, unit="46/19753", collector="officer-3")
    assert (made.state, made.code, made.circular) == ("applied", "DC01", "104/2020/TT-BCA")
    assert (made.wrong, made.doubts) == ((), ())
    person = register.person("046301123456")
    assert made.person == person.reference
    assert person.citizen.text("permanent_residence") == "12 Lê Lợi"
    moved = replace(
        DC01, values={**VALUES, "permanent_residence": "5 Trần Phú"}, filled=date(2023, 5, 2)
    )
    again = register.forms.record(moved, unit="46/19753")
    assert again.person == made.person
    assert register.person("046301123456").citizen.text("permanent_residence") == "5 Trần Phú"
    acts = register.people.history(person.reference)
    assert [(one.kind, one.source) for one in acts] == [
        ("form", made.reference), ("form", again.reference),
    ]  # fmt: skip
    assert register.forms.of_person(person.reference) == (made, again)
    assert register.forms.get(again.reference).form == moved
    assert "officer-3" in str(made.to_dict())
    assert "AN" not in str(made.to_dict())


def test_a_slip_that_contradicts_waits_for_a_decision(register: Register) -> None:
    held = register.people.add([*an(), said("sex", "nữ")], unit="46/19753")
    wrong = replace(DC01, values={**VALUES, "birth": "05/3/2002"})
    made = register.forms.record(wrong, unit="46/19753")
    assert (made.state, made.wrong) == ("waiting", ("dc01.birth.contradicts",))
    assert register.people.get(held.reference).version == 1
    assert register.forms.page("46", "waiting").items == (made,)
    assert register.forms.page("46", "applied").items == ()
    with pytest.raises(FieldError):
        register.forms.decide(made.reference, accept=True, reason=" ")
    taken = register.forms.decide(made.reference, accept=True, reason="giấy khai sinh mới")
    assert (taken.state, taken.reason) == ("applied", "giấy khai sinh mới")
    citizen = register.people.get(held.reference).citizen
    assert len(citizen.history("birth")) == 2
    assert citizen.text("birth") == "05/03/2001"  # civil status stands over the citizen's word
    with pytest.raises(TransitionError):
        register.forms.decide(made.reference, accept=False, reason="x")


def test_what_cannot_be_applied_is_never_applied(register: Register) -> None:
    register.people.add(an(), unit="46/19753")
    other = register.people.add(
        [said("name", "Trần Ba"), said("number", "046301000002")], unit="46/19753"
    )
    unsigned = register.forms.record(replace(DC01, signed_by_police=False), unit="46/19753")
    assert (unsigned.state, unsigned.wrong) == ("waiting", ("form.signature",))
    another = register.forms.record(DC01, unit="46/19753", person=other.reference)
    assert another.wrong == ("form.number",)
    nobody = register.people.add([said("name", "Lê Tư")], unit="46/19753")
    taken = register.forms.record(DC01, unit="46/19753", person=nobody.reference)
    assert "form.number_taken" in taken.wrong
    for waiting in (unsigned, another, taken):
        with pytest.raises(TransitionError):
            register.forms.decide(waiting.reference, accept=True, reason="x")
        rejected = register.forms.decide(waiting.reference, accept=False, reason="x")
        assert rejected.state == "rejected"
    assert register.people.get(other.reference).version == 1
    assert register.people.get(nobody.reference).version == 1
    stranger = register.forms.record(
        replace(DC01, values={**VALUES, "number": "046301000003"}, signed_by_declarant=False),
        unit="46/19753",
    )
    assert stranger.person is None
    with pytest.raises(FormError):
        register.forms.record(replace(DC01, filled=date(1999, 1, 1)), unit="46/19753")
    with pytest.raises(FormError):
        register.forms.record(replace(DC01, values={"shoe_size": "36"}), unit="46/19753")


def test_an_update_corrects_and_keeps_what_was_wrong(register: Register) -> None:
    made = register.people.add([*an(), said("religion", "Không")], unit="46/19753")
    change = Change("birth", "05/03/2001", "06/03/2001", "giấy khai sinh 12/2001")
    slip = Dc02Update("046301123456", (change,), date(2022, 4, 1), "46/19753")
    done = register.forms.record(slip, unit="46/19753")
    assert (done.state, done.person) == ("applied", made.reference)
    citizen = register.people.get(made.reference).citizen
    assert citizen.text("birth") == "06/03/2001"
    assert [one.reason for one in citizen.retractions] == ["DC02"]
    twice = replace(
        slip, changes=(change, replace(change, old="", new="07/03/2001")), filled=date(2022, 5, 1)
    )
    doubtful = register.forms.record(twice, unit="46/19753")
    assert (doubtful.state, doubtful.wrong) == ("waiting", ("dc02.birth.old",))
    register.forms.decide(doubtful.reference, accept=True, reason="x")
    after = register.people.get(made.reference).citizen
    assert after.text("birth") == "07/03/2001"  # also a claim of the same act is retracted
    assert len(after.retractions) == 3
    unread = replace(slip, changes=(Change("birth", "", "mùa thu", "x"),))
    assert register.forms.record(unread, unit="46/19753").wrong == ("birth.unread",)
    with pytest.raises(NotInRegisterError):
        register.forms.record(replace(slip, number="046301777777"), unit="46/19753")


def test_a_request_of_the_new_dc02(register: Register) -> None:
    made = register.people.add(an(), unit="46/19753")
    request = Dc02Request(
        "046301123456", frozenset({Procedure.CORRECT_POPULATION, Procedure.RENEW}),
        date(2025, 8, 1), {"ethnic": "Tày"}, "giấy khai sinh",
    )  # fmt: skip
    done = register.forms.record(request, unit="46/19753")
    assert (done.state, done.circular) == ("applied", "53/2025/TT-BCA")
    held = register.people.get(made.reference).citizen.current("ethnic")
    assert held is not None
    assert held.source is Source.ARCHIVE
    assert register.forms.get(done.reference).form == request
    bare = replace(request, evidence="")
    assert register.forms.record(bare, unit="46/19753").state == "waiting"


def test_who_may_and_what_the_log_says(register: Register) -> None:
    collector = register.acting_as(
        Actor("officer-3", frozenset({Capability.CORRECT}), unit="46/19753")
    )
    with pytest.raises(AccessRefusedError):
        collector.forms.record(DC01, unit="46/19753")  # adds somebody
    assert not register.find(number="046301123456").people
    with pytest.raises(AccessRefusedError):
        register.acting_as(Actor("other", unit="79")).forms.record(DC01, unit="46/19753")
    made = register.forms.record(DC01, unit="46/19753")
    with pytest.raises(AccessRefusedError):
        register.acting_as(Actor("other", unit="79")).forms.get(made.reference)
    entries = [one for one in register.audit.entries() if one.operation == "form.record"]
    assert [one.outcome for one in entries] == ["refused", "refused", "done"]
    assert entries[-1].subjects == (made.person,)
    assert dict(entries[-1].detail) == {"code": "DC01", "state": "applied"}
    assert "046301123456" not in "".join(one.canonical() for one in entries)
