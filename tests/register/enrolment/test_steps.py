"""The steps at the counter: their order, what holds them up, who may, and what a crash leaves."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import capture_all, images, only, portrait, pressed

from civid.cards.lifecycle import DossierState, Role
from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    ImageError,
    TransitionError,
)
from civid.fingerprint.gate import Gate
from civid.people.citizen import Source, claim
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.register.enrolment.enrolment import Enrolment
from civid.register.enrolment.frames import FRAMES
from civid.register.enrolment.plan import CounterStep, Place, Plan
from civid.register.identity.dossier import StepTime

UNIT = "46/474"
THUMB = Position.RIGHT_THUMB


def begun(register: Register, **said: str) -> Enrolment:
    """Somebody new at the counter."""
    who = register.people.add(citizen(**said), unit=UNIT)  # type: ignore[arg-type]
    return register.enrolment(who, unit=UNIT, calendar=WEEKDAYS)


def at_prints(register: Register, **said: str) -> Enrolment:
    enrolment = begun(register, **said)
    enrolment.check()
    enrolment.confirm()
    return enrolment


def past_prints(register: Register, person: int = 1, **said: str) -> Enrolment:
    """With one finger, to be quick."""
    enrolment = at_prints(register, **said)
    only(enrolment, THUMB)
    capture_all(enrolment, person)
    enrolment.finish_prints()
    return enrolment


def test_steps_come_in_order(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = begun(register)
    for attempt in (
        enrolment.confirm,
        lambda: enrolment.missing(THUMB, "worn"),
        lambda: enrolment.portrait(portrait()),
        enrolment.hand_over,
        lambda: enrolment.sign(enrolment.receipt()),
    ):
        with pytest.raises(TransitionError, match="the next step is check"):
            attempt()
    enrolment.check()
    with pytest.raises(TransitionError):
        enrolment.check()
    assert enrolment.step == "confirm"
    assert "step" in enrolment.standing.to_dict()


def test_a_crash_is_gone_on_from(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    enrolment = at_prints(register)
    only(enrolment, THUMB, Position.LEFT_THUMB)
    enrolment.capture("flat_thumbs", images(1, FRAMES[2]))
    reference, number = enrolment.reference, register.people.get(enrolment.dossier.person).number
    assert number is not None
    register.close()  # all that lived in memory is gone
    clock.wait(seconds=30)
    again = opened(clock=clock, create=False).enrolment(dossier=reference)
    assert again.step == "prints"
    assert again.next_frame is not None
    assert again.next_frame.name == "rolled_right_thumb"
    assert len(again.dossier.missing) == 8
    again.capture("rolled_right_thumb", pressed(1, THUMB, 3))
    again.capture("rolled_left_thumb", pressed(1, Position.LEFT_THUMB, 3))
    assert again.finish_prints() is False


def test_what_lacks_opens_a_correction_and_goes_on_when_it_is_closed(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = begun(register, sex="", number="046301000001")
    found = enrolment.check()
    assert [one.rule for one in found.lacking] == ["sex.missing"]
    enrolment.confirm()
    assert enrolment.blocked
    assert enrolment.step == "confirm"
    with pytest.raises(TransitionError, match="waits for a correction"):
        enrolment.confirm()
    (case,) = register.cases.queue(dossier=enrolment.reference)
    assert (case.kind, case.codes, case.unit) == ("correction", ("sex.missing",), UNIT)
    day = date(2001, 3, 12)
    register.people.record(enrolment.dossier.person, [claim("sex", "Nữ", Source.CIVIL_STATUS, day)])
    register.cases.close(case.reference, "corrected")
    enrolment.refresh()
    assert not enrolment.blocked
    assert not enrolment.confirm().lacking
    assert enrolment.step == "prints"


def test_corrections_at_the_counter_need_the_right_to_correct(opened: Opener) -> None:
    register = opened(clock=Clock())
    who = register.people.add(citizen(), unit=UNIT)
    clerk = register.acting_as(Actor("clerk", frozenset({Capability.ENROL}), unit=UNIT))
    enrolment = clerk.enrolment(who.reference, unit=UNIT, calendar=WEEKDAYS)
    shown = [claim("home_town", "Huế", Source.CITIZEN, date(2026, 3, 1))]
    other = [claim("name", "Nguyễn Thị Ân", Source.CITIZEN, date(2026, 3, 1))]
    assert enrolment.check(other).differs == ("name",)
    with pytest.raises(AccessRefusedError):
        enrolment.confirm(shown)
    officer = register.enrolment(dossier=enrolment.reference)
    officer.confirm(shown, source="DC02")
    act = register.people.history(who.reference)[-1]
    assert (act.kind, act.source, act.fields) == ("correct", "DC02", ("home_town",))


def test_a_child_under_six_gives_no_biometrics(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = at_prints(register, birth="05/03/2022")
    assert enrolment.step == "sign"
    form = enrolment.receipt()
    with pytest.raises(FieldError, match="legal representative"):
        enrolment.sign(form)
    enrolment.sign(form, signer="representative")
    enrolment.hand_over()
    assert enrolment.dossier.state is DossierState.ENROLLED
    assert "representative" in enrolment.dossier.exceptions


def test_a_birth_that_was_corrected_decides_about_biometrics(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = begun(register, birth="05/03/2022", number="046322000001")
    assert "prints" not in enrolment.dossier.todo
    enrolment.check()
    enrolment.confirm([claim("birth", "05/03/2002", Source.COURT, date(2025, 3, 12))])
    assert enrolment.step == "prints"


def test_exceptions_are_noted_with_their_reason(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = at_prints(register, birth="1940")
    enrolment.exception("elderly")
    enrolment.exception("home_visit", "không đi lại được, nhà ở tổ 3")
    with pytest.raises(FieldError):
        enrolment.exception("già")
    for position in list(Position)[1:]:
        enrolment.missing(position, "worn")
    assert enrolment.next_frame is None
    assert enrolment.finish_prints() is False
    assert enrolment.dossier.exceptions == ("elderly", "home_visit", "no_usable_finger")
    assert register.prints.fingers(enrolment.dossier.person) == ()
    events = register.dossiers.history(enrolment.reference)
    assert events[-1].reason == "no_usable_finger"
    assert [one.reason for one in events if one.step == "exception"][:2] == [
        "elderly", "home_visit",
    ]  # fmt: skip
    assert enrolment.step == "portrait"  # the face stands in for the fingers


def test_portraits_and_forms_are_checked(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = past_prints(register)
    with pytest.raises(ImageError):
        enrolment.portrait(b"no picture")
    with pytest.raises(FieldError, match="236"):
        enrolment.portrait(portrait(100, 150))
    picture = portrait()
    enrolment.portrait(picture)
    form = enrolment.receipt(language="en")
    assert "\nPersonal number: " in form.text
    assert "\nNo print of the left ring finger: worn\n" in form.text
    assert "_" not in form.text
    register.people.record(
        enrolment.dossier.person, [claim("religion", "Phật giáo", Source.CITIZEN, date(2026, 1, 1))]
    )
    with pytest.raises(ChangedMeanwhileError, match="print again"):
        enrolment.sign(form)
    with pytest.raises(FieldError):
        enrolment.sign(form, signer="somebody")
    enrolment.sign(enrolment.receipt(), signer="mark", signature=b"mark")
    slip = enrolment.hand_over(language="en")
    assert "On: 11/03/2026" in slip
    papers = enrolment._papers
    assert papers.kept(enrolment.reference, "portrait") == picture
    assert papers.kept(enrolment.reference, "signature") == b"mark"
    signed = papers.kept(enrolment.reference, "receipt")
    assert signed is not None
    assert "Phật giáo" in signed.decode()
    with pytest.raises(FieldError):
        papers.kept(enrolment.reference, "rolled_right_thumb")


def test_poor_prints_come_back_to_that_step_alone(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = past_prints(register)
    enrolment.portrait(portrait())
    enrolment.sign(enrolment.receipt())
    enrolment.hand_over()
    assert enrolment.step is None
    assert register.enrolment(dossier=enrolment.reference).step is None
    with pytest.raises(TransitionError, match="nothing is left"):
        enrolment.hand_over()
    register.dossiers.take(
        enrolment.reference, "return_for_correction", role=Role.ARCHIVE, reason="poor_prints"
    )
    again = register.enrolment(dossier=enrolment.reference)
    assert (again.step, again.dossier.todo) == ("prints", ("prints",))
    again.capture("rolled_right_thumb", pressed(1, THUMB, 31))
    again.finish_prints()
    assert again.dossier.state is DossierState.ENROLLED
    assert not again.waits  # the same fingers as before


def test_the_next_station_takes_a_dossier_up_and_both_hear_of_it(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    who = register.people.add(citizen(), unit=UNIT)
    first = register.acting_as(Actor("officer-1", unit=UNIT, station="máy 1"))
    second = register.acting_as(Actor("officer-2", unit=UNIT, station="máy 2"))
    one = first.enrolment(who, unit=UNIT, calendar=WEEKDAYS)
    one.check()
    clock.wait(seconds=600)  # the citizen waits in the line
    two = second.enrolment(dossier=one.reference)
    with pytest.raises(ChangedMeanwhileError):
        one.confirm()
    assert two.standing.contested == 1
    clock.wait(seconds=25)
    two.confirm()
    done = register.dossiers.history(one.reference)[-1]
    assert (done.step, done.seconds, done.station) == ("step:confirm", 25, "máy 2")
    times = {(a.step, a.station, a.count, a.mean_seconds) for a in _times(register)}
    assert times == {("check", "máy 1", 1, 0.0), ("confirm", "máy 2", 1, 25.0)}
    assert [a.longest_seconds for a in register.dossiers.times(since=clock.now)] == [25]
    assert register.dossiers.times(unit="79") == ()
    with pytest.raises(AlreadyInRegisterError):
        first.enrolment(who, unit=UNIT, calendar=WEEKDAYS)
    assert second.enrolment(dossier=one.reference).standing.contested == 2


def _times(register: Register) -> tuple[StepTime, ...]:
    return register.dossiers.times(unit=UNIT, by_station=True)


def test_only_who_may_stand_at_a_counter(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = begun(register)
    reader = register.acting_as(Actor("reader", frozenset({Capability.READ}), unit=UNIT))
    with pytest.raises(AccessRefusedError):
        reader.enrolment(dossier=enrolment.reference)
    elsewhere = register.acting_as(Actor("other", unit="79"))
    with pytest.raises(AccessRefusedError):
        elsewhere.enrolment(dossier=enrolment.reference)
    judge = register.acting_as(Actor("head", unit=UNIT, roles=frozenset({Role.DEPARTMENT_HEAD})))
    with pytest.raises(AccessRefusedError):
        judge.enrolment(dossier=enrolment.reference).check()
    with pytest.raises(FieldError):
        register.enrolment()
    with pytest.raises(FieldError):
        register.enrolment("046301123456", dossier=enrolment.reference)


def test_the_order_may_be_another_and_the_staff(opened: Opener) -> None:
    steps = CounterStep
    order = (steps.CHECK, steps.CONFIRM, steps.PORTRAIT, steps.PRINTS, steps.SIGN, steps.HAND_OVER)
    plan = Plan(tuple(Place(step, 2) for step in order), Gate(20, retries=0))
    assert plan.staff == 12
    assert Plan.from_dict(plan.to_dict()) == plan
    register = opened(clock=Clock())
    who = register.people.add(citizen(), unit=UNIT)
    enrolment = register.enrolment(who, unit=UNIT, calendar=WEEKDAYS, plan=plan)
    enrolment.check()
    enrolment.confirm()
    assert enrolment.step == "portrait"
    assert register.enrolment(dossier=enrolment.reference).standing.plan == plan


def test_plans_that_cannot_be() -> None:
    steps = list(CounterStep)
    for order in (steps[:-1], [*steps, steps[0]], steps[::-1], [steps[1], steps[0], *steps[2:]]):
        with pytest.raises(FieldError):
            Plan(tuple(map(Place, order)))
    with pytest.raises(FieldError):
        Plan(tuple(Place(step, 0) for step in steps))
    for gate, max_fpir in ((Gate(retries=20), 0.01), (Gate(), 0.0)):
        with pytest.raises(FieldError):
            Plan(tuple(map(Place, steps)), gate, max_fpir)
    with pytest.raises(FieldError):
        Plan.from_dict({"places": [["dance", 1]]})
