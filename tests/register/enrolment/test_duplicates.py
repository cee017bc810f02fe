"""Somebody who is here already: found, queued, not told to the counter; also in the same second."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import capture_all, only, portrait
from tests.register.enrolment.test_steps import THUMB, UNIT, at_prints, past_prints

from civid.cards.lifecycle import Role
from civid.errors import AlreadyInRegisterError, ChangedMeanwhileError, TransitionError
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.register.enrolment import duplicates
from civid.register.enrolment.enrolment import Enrolment
from civid.register.identity import prints

CLERK = Actor("clerk", frozenset({Capability.ENROL, Capability.READ}), unit=UNIT)


def ready(register: Register, person: int, seed: int = 1) -> Enrolment:
    """Somebody whose frames are all captured."""
    enrolment = at_prints(register)
    only(enrolment, THUMB)
    capture_all(enrolment, person, seed)
    return enrolment


def test_the_counter_learns_only_that_the_dossier_waits(opened: Opener) -> None:
    register = opened(clock=Clock())
    first = past_prints(register, 1)
    clerk = register.acting_as(CLERK)
    second = ready(clerk, 1, seed=20)
    assert second.finish_prints() is True
    assert second.dossier.waits == ("decision",)
    assert not second.blocked
    assert second.step == "portrait"  # the citizen is served to the end
    shown = str(second.standing.to_dict()) + str(clerk.dossiers.get(second.reference).to_dict())
    assert "duplicate" not in shown
    assert first.dossier.person not in shown
    assert len(clerk.cases.queue()) == 0
    (case,) = register.cases.queue(kind="duplicate")
    assert {case.person, case.other} == {first.dossier.person, second.dossier.person}
    assert (case.dossier, case.unit) == (second.reference, UNIT)
    assert case.evidence["score"] > 40
    # The dossier of whoever came first waits, too.
    assert register.dossiers.get(first.reference).waits == ("duplicate",)
    told = [one for one in clerk.audit.about(second.dossier.person) if one.actor == "clerk"]
    assert "enrolment.finish_prints" in {one.operation for one in told}
    for entry in told:
        assert first.dossier.person not in entry.subjects
        assert "duplicate" not in entry.canonical()


def test_somebody_new_waits_for_nothing(opened: Opener) -> None:
    register = opened(clock=Clock())
    past_prints(register, 1)
    assert not past_prints(register, 2).waits
    assert len(register.cases.queue()) == 0


def test_prints_unlike_those_kept_are_a_case(opened: Opener) -> None:
    register = opened(clock=Clock())
    first = past_prints(register, 1)
    register.dossiers.take(
        first.reference, "refuse", role=Role.DEPARTMENT_HEAD, reason="withdrawn_by_citizen"
    )
    again = register.enrolment(first.dossier.person, unit=UNIT, calendar=WEEKDAYS)
    again.check()
    again.confirm()
    only(again, THUMB)
    capture_all(again, 2)
    assert again.finish_prints() is True
    (case,) = register.cases.queue()
    assert (case.kind, case.person) == ("mismatch", first.dossier.person)


def test_a_crash_between_the_step_and_the_gallery_is_completed(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = opened(clock=Clock())
    past_prints(register, 1)
    second = ready(register, 1, seed=20)
    one = second.dossier.person

    def die(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("civid.register.enrolment.enrolment.settle", die)
    monkeypatch.setattr(duplicates, "search", lambda *_: [])  # as if nobody were there yet
    with pytest.raises(KeyboardInterrupt):
        second.finish_prints()
    monkeypatch.undo()
    assert len(register._session.link.gallery) == 1
    assert len(register.cases.queue()) == 0
    again = register.enrolment(dossier=second.reference)
    assert len(register._session.link.gallery) == 2
    assert again.waits
    assert register.prints.fingers(one) == (Position.RIGHT_THUMB,)
    assert prints.settle(register._session) == 0


def test_a_search_that_was_cut_off_holds_the_dossier_up(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = opened(clock=Clock())
    enrolment = past_prints(register, 1)
    enrolment.portrait(portrait())
    enrolment.sign(enrolment.receipt())
    enrolment.hand_over()
    register.dossiers.take(
        enrolment.reference, "return_for_correction", role=Role.ARCHIVE, reason="poor_prints"
    )
    again = register.enrolment(dossier=enrolment.reference)

    def die(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("civid.register.enrolment.enrolment.settle", die)
        with pytest.raises(KeyboardInterrupt):
            again.finish_prints()
    with pytest.raises(TransitionError, match="a search was cut off"):
        register.dossiers.take(enrolment.reference, "check", role=Role.ARCHIVE)
    assert register.enrolment(dossier=enrolment.reference).step is None
    register.dossiers.take(enrolment.reference, "check", role=Role.ARCHIVE)


def both(*calls: Callable[[], object]) -> list[object]:
    """What each of several stations gets that act in the same second."""
    barrier, said = threading.Barrier(len(calls)), [None] * len(calls)

    def act(number: int, call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            said[number] = call()  # type: ignore[call-overload]
        except Exception as error:
            said[number] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=act, args=one) for one in enumerate(calls)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return list(said)


def test_two_stations_open_a_dossier_of_one_person_in_the_same_second(opened: Opener) -> None:
    register = opened(clock=Clock())
    for _ in range(4):
        who = register.people.add(citizen(), unit=UNIT)
        stations = [
            register.acting_as(Actor(f"officer-{n}", unit=UNIT, station=f"máy {n}"))
            for n in range(2)
        ]

        def call(one: Register, person: str) -> Callable[[], object]:
            return lambda: one.enrolment(person, unit=UNIT, calendar=WEEKDAYS)

        said = both(*(call(one, who.reference) for one in stations))
        won = [one for one in said if isinstance(one, Enrolment)]
        lost = [one for one in said if isinstance(one, AlreadyInRegisterError)]
        assert (len(won), len(lost)) == (1, 1), said
        assert won[0].refresh().contested == 1  # the other station is told as well
        assert len(register.dossiers.of(who.reference)) == 1


def test_two_stations_end_one_step_in_the_same_second(opened: Opener) -> None:
    register = opened(clock=Clock())
    for _ in range(4):
        who = register.people.add(citizen(), unit=UNIT)
        one = register.enrolment(who, unit=UNIT, calendar=WEEKDAYS)
        two = register.enrolment(dossier=one.reference)
        said = both(one.check, two.check)
        assert sum(isinstance(answer, ChangedMeanwhileError) for answer in said) == 1, said
        steps = [event.step for event in register.dossiers.history(one.reference)]
        assert steps.count("step:check") == 1


def test_the_same_fingers_under_two_names_in_the_same_second(opened: Opener) -> None:
    register = opened(clock=Clock())
    one, two = ready(register, 1), ready(register, 1, seed=20)
    said = both(one.finish_prints, two.finish_prints)
    assert not [answer for answer in said if isinstance(answer, Exception)], said
    assert len(register.cases.queue(kind="duplicate")) == 1
    for enrolment in (one, two):
        assert enrolment.refresh().waits
        with pytest.raises(TransitionError):
            register.dossiers.take(enrolment.reference, "check", role=Role.ARCHIVE)
    assert len(register._session.link.gallery) == 2


def test_prints_that_came_by_another_way_in_between_are_told(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.search.prints import person

    register = opened(clock=Clock())
    enrolment = ready(register, 1)
    real = duplicates.search

    def meanwhile(*args: object) -> object:
        register.prints.enrol(enrolment.dossier.person, person(9, THUMB))
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(duplicates, "search", meanwhile)
    with pytest.raises(ChangedMeanwhileError, match="another station enrolled"):
        enrolment.finish_prints()
    assert enrolment.refresh().step == "prints"
