"""Dossiers: opened under the law of their day, taken from state to state, watched for delay."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.conftest import Opener

from civid.cards.lifecycle import DossierState, Role
from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.register import Actor, Register
from civid.register.identity import dossier_rows
from civid.register.identity.dossier import Dossier
from civid.register.identity.dossiers import Dossiers
from civid.register.session import Work

UNIT = "46/474"


def filed(register: Register, day: date | None = None, **more: object) -> Dossier:
    """A dossier of somebody new."""
    who = register.people.add(citizen(), unit=UNIT)
    options = {"unit": UNIT, "calendar": WEEKDAYS, **more}
    return register.dossiers.open(who.reference, filed=day, **options)  # type: ignore[arg-type]


def through_the_counter(register: Register, dossier: Dossier) -> Dossier:
    """As if every step at the counter were done: what lies behind it is tested here."""

    def write(connection: object) -> Dossier:
        session = register._session
        work = Work(connection, session, session.clock())  # type: ignore[arg-type]
        held = dossier_rows.load(work, bytes.fromhex(dossier.reference), lock=True)
        return dossier_rows.save(work, held, todo=[]).public(work)

    register._session.database.write(write)
    return register.dossiers.take(dossier.reference, "enrol", role=Role.COUNTER)


WAY = [
    ("check", Role.ARCHIVE, DossierState.CHECKED),
    ("approve", Role.DEPARTMENT_HEAD, DossierState.APPROVED),
    ("send_to_print", Role.NATIONAL_CENTRE, DossierState.SENT_TO_PRINT),
    ("print", Role.NATIONAL_CENTRE, DossierState.PRINTED),
    ("receive", Role.COUNTER, DossierState.RECEIVED_BY_UNIT),
    ("deliver", Role.COUNTER, DossierState.DELIVERED),
]


def test_the_law_of_the_day_of_filing_sets_the_deadline(opened: Opener) -> None:
    register = opened(clock=Clock())
    old = filed(register, date(2021, 3, 1))
    assert (old.law, old.working_days, old.due) == ("cccd-2014", 7, date(2021, 3, 10))
    remote = filed(register, date(2021, 3, 1), area="remote")
    assert remote.working_days == 20
    again = filed(register, date(2021, 3, 1), procedure="reissue")
    assert again.working_days == 15
    new = filed(register)
    assert (new.law, new.filed, new.due) == ("cancuoc-2023", date(2026, 3, 2), date(2026, 3, 11))
    assert new.todo == ("check", "confirm", "prints", "portrait", "sign", "hand_over")
    assert new.stage == "check"
    assert register.dossiers.get(new.reference) == new
    paused = filed(register, calendar=WEEKDAYS.without([(date(2026, 3, 3), date(2026, 3, 12))]))
    assert paused.due == date(2026, 3, 23)


def test_who_cannot_have_a_card(opened: Opener) -> None:
    register = opened(clock=Clock())

    def open_for(day: date | None = None, **said: str) -> Dossier:
        who = register.people.add(citizen(**said), unit=UNIT)  # type: ignore[arg-type]
        return register.dossiers.open(who.reference, unit=UNIT, filed=day, calendar=WEEKDAYS)

    with pytest.raises(FieldError, match="no card at this age"):
        open_for(date(2021, 3, 1), birth="05/03/2010")
    child = open_for(birth="05/03/2022")
    assert child.todo == ("check", "confirm", "sign", "hand_over")  # no biometrics under six
    assert "prints" in open_for(birth="05/03/2016").todo
    assert "prints" in open_for(birth="1950").todo
    with pytest.raises(FieldError, match="too incomplete"):
        open_for(birth="2020")
    with pytest.raises(FieldError, match="death"):
        open_for(death="01/01/2025")
    with pytest.raises(FieldError, match="still to come"):
        open_for(date(2026, 3, 3))
    with pytest.raises(NotInRegisterError):
        register.dossiers.open("0" * 32, unit=UNIT)
    stranger = register.acting_as(Actor("x", unit="79"))
    with pytest.raises(AccessRefusedError):
        filed(stranger)


def test_one_open_dossier_a_person_and_the_first_station_hears_of_the_second(
    opened: Opener,
) -> None:
    register = opened(clock=Clock())
    first = filed(register)
    second = register.acting_as(Actor("officer-2", unit="46", station="máy 2"))
    with pytest.raises(AlreadyInRegisterError):
        second.dossiers.open(first.person, unit=UNIT, calendar=WEEKDAYS)
    heard = register.dossiers.history(first.reference)[-1]
    assert (heard.step, heard.officer, heard.station) == ("contested", "officer-2", "máy 2")
    assert register.dossiers.get(first.reference).version == first.version


def test_from_the_counter_to_delivery(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    dossier = filed(register)
    with pytest.raises(TransitionError, match="steps at the counter"):
        register.dossiers.take(dossier.reference, "enrol", role=Role.COUNTER)
    dossier = through_the_counter(register, dossier)
    with pytest.raises(TransitionError, match="counter may not"):
        register.dossiers.take(dossier.reference, "check", role=Role.COUNTER)
    clerk = register.acting_as(Actor("clerk", unit=UNIT, roles=frozenset({Role.COUNTER})))
    with pytest.raises(AccessRefusedError):
        clerk.dossiers.take(dossier.reference, "check", role=Role.ARCHIVE)
    for transition, role, state in WAY:
        clock.wait(days=1)
        stale = dossier.version
        dossier = register.dossiers.take(dossier.reference, transition, role=role, version=stale)
        assert dossier.state is state
        with pytest.raises(ChangedMeanwhileError):
            register.dossiers.take(dossier.reference, transition, role=role, version=stale)
    assert dossier.ended
    steps = [one.step for one in register.dossiers.history(dossier.reference)]
    assert steps == ["open", "enrol", *(one for one, _, _ in WAY)]
    # A card with an error comes back, and is printed again.
    take = register.dossiers.take
    assert take(
        dossier.reference, "find_misprint", role=Role.CITIZEN, reason="spelling"
    ).state is DossierState.MISPRINTED  # fmt: skip
    with pytest.raises(TransitionError):
        take(dossier.reference, "deliver", role=Role.COUNTER)
    assert [one.reference for one in register.dossiers.of(dossier.person)] == [dossier.reference]


def test_a_clock_that_runs_backwards_stops_nobody(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    dossier = through_the_counter(register, filed(register))
    clock.wait(days=-3)
    made = register.dossiers.take(dossier.reference, "check", role=Role.ARCHIVE)
    assert made.state is DossierState.CHECKED


def test_what_comes_back_opens_a_case_and_goes_on_when_it_is_closed(opened: Opener) -> None:
    register = opened(clock=Clock())
    dossier = through_the_counter(register, filed(register))
    take = register.dossiers.take
    back = take(
        dossier.reference, "return_for_correction", role=Role.ARCHIVE, reason="data_conflict",
        note="khác tàng thư",
    )  # fmt: skip
    assert (back.state, back.todo) == (DossierState.NEEDS_CORRECTION, ("confirm",))
    assert back.waits == ("correction",)
    (case,) = register.cases.queue(dossier=dossier.reference)
    assert (case.codes, case.note, case.unit) == (("data_conflict",), "khác tàng thư", UNIT)
    with pytest.raises(TransitionError):
        take(dossier.reference, "correct", role=Role.COUNTER)


def test_a_dossier_waits_for_the_decision_about_a_duplicate(opened: Opener) -> None:
    register = opened(clock=Clock())
    dossier = through_the_counter(register, filed(register))
    case = register.cases.open("duplicate", unit=UNIT, other=dossier.person)
    with pytest.raises(TransitionError, match="waits for a decision"):
        register.dossiers.take(dossier.reference, "check", role=Role.ARCHIVE)
    register.cases.close(case.reference, "different_people")
    register.dossiers.take(dossier.reference, "check", role=Role.ARCHIVE)


def test_queue_by_unit_and_state_in_parts(opened: Opener) -> None:
    register = opened(clock=Clock())
    made = [filed(register, unit="46/474" if number % 3 else "46/475") for number in range(7)]
    through_the_counter(register, made[0])
    queue = register.dossiers.queue
    assert len(queue(unit="46")) == 7
    assert len(queue(unit="46/475")) == 3
    assert [one.reference for one in queue(state="enrolled")] == [made[0].reference]
    found, after = [], None
    while True:
        some = queue(limit=3, after=after)
        found += [one.reference for one in some]
        if (after := some.after) is None:
            break
    assert sorted(found) == sorted(one.reference for one in made)
    local = register.acting_as(Actor("x", unit="46/475"))
    assert len(local.dossiers.queue()) == 3
    with pytest.raises(AccessRefusedError):
        local.dossiers.get(made[1].reference)


def test_overdue_with_cause_and_ageing_by_stage(opened: Opener) -> None:
    clock = Clock(date(2026, 3, 2))
    register = opened(clock=clock)
    told, conflict, unknown, done = (filed(register) for _ in range(4))
    through_the_counter(register, conflict)
    register.dossiers.take(
        conflict.reference, "return_for_correction", role=Role.ARCHIVE, reason="data_conflict"
    )
    register.dossiers.explain_delay(told.reference, "material")
    with pytest.raises(FieldError):
        register.dossiers.explain_delay(told.reference, "dịch")
    register.dossiers.take(
        done.reference, "refuse", role=Role.DEPARTMENT_HEAD, reason="withdrawn_by_citizen"
    )
    assert len(register.dossiers.overdue(on=date(2026, 3, 11), calendar=WEEKDAYS)) == 0
    clock.wait(days=12)
    filed(register)
    late = register.dossiers.overdue(on=date(2026, 3, 16), calendar=WEEKDAYS)
    assert {(one.reference, one.cause, one.working_days) for one in late} == {
        (told.reference, "material", 3),
        (conflict.reference, "data_conflict", 3),
        (unknown.reference, "other", 3),
    }
    assert len(register.dossiers.overdue(unit="79", calendar=WEEKDAYS)) == 0
    some = register.dossiers.overdue(on=date(2026, 3, 16), calendar=WEEKDAYS, limit=2)
    assert (len(some), some.after is not None) == (2, True)
    stages = {one.stage: one for one in register.dossiers.ageing()}
    assert set(stages) == {"check", "confirm"}
    assert (stages["check"].count, stages["check"].overdue) == (3, 2)
    assert stages["check"].by_age == (1, 0, 2, 0)
    assert stages["check"].oldest_days == pytest.approx(12)
    assert stages["check"].mean_days == pytest.approx(8)
    assert stages["confirm"].by_age == (0, 0, 1, 0)


def test_the_interim_certificate_in_two_languages(opened: Opener) -> None:
    register = opened(clock=Clock())
    who = register.people.add(citizen(cmnd9="191234567"), unit=UNIT)
    dossier = register.dossiers.open(who.reference, unit=UNIT, calendar=WEEKDAYS)
    text = register.dossiers.certificate(dossier.reference)
    assert "Nguyễn Thị An" in text
    assert "05/03/2001" in text
    assert f"Số định danh cá nhân: {who.number}" in text
    assert "Hẹn trả thẻ: 11/03/2026" in text
    english = register.dossiers.certificate(dossier.reference, language="en")
    assert "Sex: female" in english
    assert "191234567" in english
    with pytest.raises(FieldError):
        register.dossiers.certificate(dossier.reference, language="fr")
    nameless = register.people.add(citizen(number="")[:2], unit=UNIT)
    other = register.dossiers.open(nameless.reference, unit=UNIT, calendar=WEEKDAYS)
    with pytest.raises(FieldError):
        register.dossiers.certificate(other.reference)
    log = "".join(one.canonical() for one in register.audit.entries())
    assert who.number is not None
    assert who.number not in log
    assert "Nguy" not in log


def test_what_is_shown_names_nobody(opened: Opener) -> None:
    register = opened(clock=Clock())
    dossier = filed(register)
    assert "46" not in repr(dossier)
    assert dossier.to_dict()["due"] == "2026-03-11"
    assert isinstance(register.dossiers, Dossiers)


def test_counts_by_unit_and_day_name_nobody(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    first, _ = filed(register), filed(register, unit="46/474/19753")
    before = register.dossiers.counts()
    assert [(one.unit, one.step, one.count) for one in before] == [
        ("46/474", "open", 1), ("46/474/19753", "open", 1)
    ]  # fmt: skip
    day = before[0].day
    done = through_the_counter(register, first)
    for step, role, _ in WAY[:2]:
        done = register.dossiers.take(done.reference, step, role=role)
    clock.wait(days=1)
    back = register.dossiers.take(
        done.reference, "return_for_correction", role=Role.DEPARTMENT_HEAD, reason="poor_portrait"
    )
    assert back.state is DossierState.NEEDS_CORRECTION
    found = {(one.step, one.unit): one for one in register.dossiers.counts(unit="46/474")}
    assert found["approve", "46/474"].count == 1
    assert found["approve", "46/474"].day == found["enrol", "46/474"].day == day
    assert {one.step for one in register.dossiers.counts(unit="46/474/19753")} == {"open"}
    stranger = opened(clock=clock, actor=Actor("x", unit="79", scope=("79",)))
    assert stranger.dossiers.counts() == ()
