"""A citizen goes from the check of the register to the card in their hand; on both stores."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import HARD, images, portrait, pressed
from tests.register.test_register import KEYS

from civid.cards.generations import Generation
from civid.cards.lifecycle import CardState, DossierState, Role
from civid.errors import TransitionError
from civid.fingerprint.extract import extract
from civid.position import Position
from civid.register import Actor
from civid.register.enrolment.frames import FRAMES, MissingReason
from civid.register.enrolment.plan import CounterStep
from civid.register.identity.card import Fate
from civid.register.identity.dossier import DossierEvent

UNIT = "46/474"
LOST = Position.LEFT_RING
WAY = [
    ("check", Role.ARCHIVE),
    ("approve", Role.DEPARTMENT_HEAD),
    ("send_to_print", Role.NATIONAL_CENTRE),
    ("print", Role.NATIONAL_CENTRE),
    ("receive", Role.COUNTER),
    ("deliver", Role.COUNTER),
]


def test_from_the_check_to_the_card(opened: Opener) -> None:
    clock = Clock(date(2026, 3, 2))
    register = opened(keys=KEYS, clock=clock)
    who = register.people.add(citizen(cmnd9="191234567"), unit=UNIT)
    assert who.number is not None
    old = register.cards.record(who.reference, "cmnd9", "191234567", date(2015, 5, 5))
    counter = register.acting_as(Actor("officer-1", unit=UNIT, station="máy 1"))

    enrolment = counter.enrolment(who.number, unit=UNIT, calendar=WEEKDAYS)
    assert enrolment.step == "check"
    clock.wait(seconds=20)
    found = enrolment.check()
    assert found.person.name == "Nguyễn Thị An"
    assert not found.lacking
    clock.wait(seconds=40)
    enrolment.confirm()

    # The prints: one finger is missing, one frame has to be taken again.
    assert enrolment.step == "prints"
    enrolment.missing(LOST, MissingReason.AMPUTATED, "cụt từ nhỏ")
    assert enrolment.next_frame == FRAMES[0]
    with pytest.raises(TransitionError, match="frames are left: 12"):
        enrolment.finish_prints()
    captured, retaken = 0, FRAMES[3]
    while (frame := enrolment.next_frame) is not None:
        if frame == retaken and captured == 3:
            poor = enrolment.capture(frame, pressed(1, frame.positions[0], 9, HARD))
            assert not poor.done
            assert poor.advice("vi")
            assert poor.next_frame == retaken
            captured += 1
        clock.wait(seconds=5)
        said = enrolment.capture(frame, images(1, frame, missing=(LOST,)))
        assert said.done
        assert said.kept
        assert LOST not in {one.position for one in said.fingers}
        captured += 1
    assert captured == 13  # twelve frames, for the rolled ring finger is missing, and one again
    assert enrolment.finish_prints() is False
    fingers = register.prints.fingers(who.reference)
    assert len(fingers) == 9
    assert LOST not in fingers
    (hit,) = register.prints.identify(
        {Position.RIGHT_INDEX: extract(pressed(1, Position.RIGHT_INDEX, 77))}
    )
    assert hit.reference == who.reference

    enrolment.portrait(portrait())
    form = enrolment.receipt()
    assert "191234567" in form.text
    assert "Không lấy được vân tay ngón áp út trái: cụt ngón" in form.text
    assert "\nGiới tính: " in form.text
    enrolment.sign(form, signature=b"strokes")
    slip = enrolment.hand_over([(old.reference, Fate.CORNER_CUT)])
    assert "11/03/2026" in slip
    assert enrolment.step is None
    assert enrolment.dossier.state is DossierState.ENROLLED

    # Behind the counter, and the card.
    dossier = enrolment.reference
    with pytest.raises(TransitionError):
        register.cards.issue(dossier)
    for transition, role in WAY:
        clock.wait(days=1)
        register.dossiers.take(dossier, transition, role=role)
    card = register.cards.issue(dossier)
    assert (card.generation, card.number) == (Generation.CAN_CUOC, who.number)
    assert (card.state, card.expires) == (CardState.ACTIVE, date(2041, 3, 5))
    papers = register.cards.papers(who.reference)
    assert [one.state for one in papers.cards] == [CardState.REPLACED, CardState.ACTIVE]
    assert papers.cards[0].fate == "corner_cut"
    assert papers.current == card
    assert not papers.warnings
    _timed(register.dossiers.history(dossier))
    assert register.audit.verify().whole
    log = "".join(one.canonical() for one in register.audit.entries(limit=1000))
    for secret in (who.number, "191234567", "Nguy", "strokes"):
        assert secret not in log


def _timed(events: tuple[DossierEvent, ...]) -> None:
    steps = {one.step: one for one in events if one.step.startswith("step:")}
    assert list(steps) == [f"step:{step.value}" for step in CounterStep]
    assert {(one.officer, one.station) for one in steps.values()} == {("officer-1", "máy 1")}
    first = [steps[f"step:{step}"].seconds for step in ("check", "confirm", "prints")]
    assert first == [20, 40, 60]
