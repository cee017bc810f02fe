"""From the counter to the ruling: captures, images, portraits; dossiers that go on, or do not."""

from __future__ import annotations

import pytest
from tests.dedup.cases.office import decided, officer
from tests.register.citizens import Clock
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import capture_all, only, portrait
from tests.register.enrolment.test_steps import THUMB, UNIT, at_prints, past_prints

from civid.dedup.cases import CaseDesk
from civid.dedup.decision import Deduplicator
from civid.errors import FieldError
from civid.register import Actor, Register
from civid.register.enrolment.enrolment import Enrolment

pytestmark = pytest.mark.slow


def suspected(opened: Opener, station: str = "máy 2") -> tuple[Register, Enrolment, Enrolment]:
    """Somebody enrols under two names, at two stations; the case is taken up."""
    register = opened(clock=Clock())
    first = past_prints(register, 1)
    clerk = register.acting_as(Actor("clerk", unit=UNIT, station=station))
    second = at_prints(clerk)
    only(second, THUMB)
    capture_all(second, 1, seed=20)
    assert second.finish_prints()
    second.portrait(portrait())
    desk = CaseDesk(register)
    taken = desk.take_up(Deduplicator(register), batch="ngay-1")
    assert (len(taken.cases), taken.left) == (1, 0)
    return register, first, second


def test_everything_is_in_the_file(opened: Opener) -> None:
    register, first, second = suspected(opened)
    judge = officer(register, "officer-1")
    file = judge.assign()
    assert file is not None
    assert file.dossier == second.reference
    assert file.codes == ("prints.alike",)
    (candidate,) = file.candidates
    assert candidate.party.reference == first.dossier.person
    assert candidate.evidence is not None
    assert candidate.evidence.prints.score > 40
    subject = file.subject
    assert subject.reference == second.dossier.person
    assert {one.station for one in subject.captures} == {"máy 2"}
    assert {one.officer for one in subject.captures} == {"clerk"}
    assert {one.frame for one in subject.captures} >= {"rolled_right_thumb", "portrait"}
    assert subject.fingers == subject.images == (THUMB,)
    assert subject.has_portrait
    before = len(register.audit.about(subject.reference))
    assert judge.portrait(file.reference, subject.reference) == portrait()
    assert judge.portrait(file.reference, candidate.party.reference) is None
    (image,) = judge.images(file.reference, subject.reference).values()
    assert image.pixels.ndim == 2
    assert list(judge.templates(file.reference, candidate.party.reference)) == [THUMB]
    entries = register.audit.about(subject.reference)[before:]
    assert [one.operation for one in entries if one.actor == "officer-1"] == [
        "adjudication.portrait", "adjudication.portrait", "adjudication.images",
        "adjudication.templates",
    ]  # fmt: skip
    assert {one.detail["case"] for one in entries if one.actor == "officer-1"} == {file.reference}
    with pytest.raises(FieldError, match="nobody of this case"):
        judge.portrait(file.reference, "0" * 32)
    assert officer(register, "clerk").assign() is None
    assert CaseDesk(register).settled(subject.reference) == {subject.reference}


@pytest.mark.parametrize("station", ["", "máy 2"])
def test_who_rules_at_a_station_has_captured_nothing(opened: Opener, station: str) -> None:
    register, _, second = suspected(opened, station)
    for name in ("officer-1", "officer-2"):
        desk = CaseDesk(register.acting_as(Actor(name, station="máy 9")))
        case = desk.assign()
        assert case is not None
        desk.decide(case.reference, "send-back", "poor_prints", ticket=case.ticket)
    (reference,) = (one.reference for one in CaseDesk(register).list(states=["closed"]).items)
    closed = CaseDesk(register.acting_as("head")).show(reference)
    assert closed.dossier == second.reference
    taken = {(one.officer, one.station) for one in closed.subject.captures}
    assert taken == {("clerk", station)}


def test_different_people_let_both_dossiers_go_on(opened: Opener) -> None:
    register, first, second = suspected(opened)
    assert all(register.dossiers.get(one.reference).waits for one in (first, second))
    decided(register, "different-people", "prints.unlike")
    assert not any(register.dossiers.get(one.reference).waits for one in (first, second))
    # The search behind the counter does not ask again.
    again = register.enrolment(dossier=second.reference)
    assert not again.waits
    assert len(register.cases.queue(kind="duplicate")) == 0
    assert register.check().clean


def test_the_same_person_has_one_dossier_less(opened: Opener) -> None:
    register, first, second = suspected(opened)
    decided(register, "same-person", "prints.alike")
    kept = register.people.get(second.dossier.person)
    assert kept.reference == first.dossier.person
    back = register.dossiers.get(second.reference)
    assert (back.stage, back.waits) == ("confirm", ())
    assert register.check().clean
