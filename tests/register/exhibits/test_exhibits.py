"""All that is kept of one person, as who decides is shown it; on both stores."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import capture_all, only, portrait
from tests.register.people import KEYS
from tests.search.prints import person as some_prints

from civid.errors import AccessRefusedError, NotInRegisterError
from civid.position import Position
from civid.register import Actor, Capability

UNIT = "46/474"
THUMB = Position.RIGHT_THUMB


def test_prints_with_their_captures_and_who_made_them(opened: Opener) -> None:
    clock = Clock(date(2026, 3, 2))
    register = opened(keys=KEYS, clock=clock)
    who = register.people.add(citizen(cmnd9="191234567"), unit=UNIT)
    register.cards.record(who.reference, "cmnd9", "191234567", date(2015, 5, 5))
    counter = register.acting_as(Actor("officer-1", unit=UNIT, station="máy 1"))
    enrolment = counter.enrolment(who, unit=UNIT, calendar=WEEKDAYS)
    enrolment.check()
    enrolment.confirm()
    only(enrolment, THUMB)
    capture_all(enrolment, 1)

    # Before the prints are in the gallery, the captures are shown.
    early = register.exhibits.of(who.reference)
    assert set(early.prints) == {THUMB}
    assert early.portrait is None
    enrolment.finish_prints()
    enrolment.portrait(portrait())

    shown = register.exhibits.of(who.reference)
    assert shown.person.name == "Nguyễn Thị An"
    assert shown.portrait == portrait()
    assert [one.number for one in shown.cards] == ["191234567"]
    image = shown.prints[THUMB].image
    assert image is not None
    assert image.pixels.shape == (400, 300)
    (sitting,) = shown.sittings
    assert {one.station for one in sitting.events if one.officer == "officer-1"} == {"máy 1"}
    assert {"flat_thumbs", "rolled_right_thumb", "portrait"} == {
        one.frame for one in sitting.captures
    }


def test_minutiae_alone_where_no_capture_is_kept(opened: Opener) -> None:
    register = opened()
    who = register.people.add(citizen(), unit=UNIT).reference
    register.prints.enrol(who, some_prints(1, 2, 7))
    shown = register.exhibits.of(who)
    assert set(shown.prints) == {Position.RIGHT_INDEX, Position.LEFT_INDEX}
    assert all(one.image is None for one in shown.prints.values())
    assert "An" not in repr(shown)


def test_the_household_with_names(opened: Opener) -> None:
    register = opened()
    head = register.people.add(citizen(), unit=UNIT).reference
    other = register.people.add(
        citizen("Nguyễn Văn Khoa", "02/04/1970", "Nam"), unit=UNIT
    ).reference
    register.households.make(
        "HH1", {head: "chủ hộ", other: "cháu ruột"}, address="12 Lê Lợi", unit=UNIT
    )
    shown = register.exhibits.of(other)
    assert [one.household.code for one in shown.households] == ["HH1"]
    assert shown.members == {head: "Nguyễn Thị An", other: "Nguyễn Văn Khoa"}


def test_not_without_the_capability_nor_outside_the_scope(opened: Opener) -> None:
    register = opened()
    who = register.people.add(citizen(), unit=UNIT).reference
    counter = register.acting_as(Actor("clerk", frozenset({Capability.READ}), scope=("",)))
    with pytest.raises(AccessRefusedError):
        counter.exhibits.of(who)
    elsewhere = register.acting_as(Actor("chief", unit="01"))
    with pytest.raises(AccessRefusedError):
        elsewhere.exhibits.of(who)
    with pytest.raises(NotInRegisterError):
        register.exhibits.of("0" * 32)
    told = [one for one in register.audit.entries() if one.operation == "case.exhibit"]
    assert [one.outcome for one in told] == ["refused", "refused"]
    assert told[1].subjects == (who,)
