"""A case from the decision to the last ruling: blind, one at a time, two who agree, then done."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from tests.dedup.cases.office import (
    OTHERS,
    SAME,
    alone_case,
    decided,
    decision_about,
    filed,
    officer,
    rule,
    twice,
)
from tests.register.citizens import Clock
from tests.register.conftest import Opener
from tests.register.people import KEYS

from civid.dedup.cases import Answer, CaseDesk, CaseState, Ruling
from civid.dedup.decision import Deduplicator, Enrolment
from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    CividError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.register import Actor, Capability, Register


def test_two_who_agree_merge(opened: Opener) -> None:
    register = opened(keys=KEYS)
    first, second = twice(register)
    case = filed(register, second, batch="2026-11-29", codes=("prints.alike",))
    assert (case.state, case.candidates, case.unit) == (CaseState.WAITING, 1, "46")
    file, answer = rule(register, "officer-1", *SAME)
    assert not answer.is_final
    assert register.people.get(second).reference == second  # nothing acts before the last
    assert [one.party.reference for one in file.candidates] == [first]
    assert file.subject.fields["name"] == "Trần Văn Ba"
    assert "name" in file.candidates[0].differing
    evidence = file.candidates[0].evidence
    assert evidence is not None
    assert evidence.prints.decibans > 60
    assert file.explanation["vi"]
    assert (file.batch, file.codes, file.rulings) == ("2026-11-29", ("prints.alike",), ())
    other, answer = rule(register, "officer-2", *SAME)
    assert other.to_dict() == file.to_dict() | {"ticket": other.ticket}  # of the first: nothing
    assert answer == Answer(case.reference, True, "same-person")
    assert register.people.get(second).reference == first
    closed = officer(register, "officer-3").show(case.reference)
    assert [one.officer for one in closed.rulings] == ["officer-1", "officer-2"]
    assert closed.final is not None
    assert [one.what for one in closed.history] == [
        "filed", "assigned", "ruled", "assigned", "ruled", "closed",
    ]  # fmt: skip
    assert officer(register, "officer-3").assign() is None
    report = register.check()
    assert report.clean, report.left
    assert report.counts["adjudications"] == 1


def test_a_pair_has_one_open_case(register: Register) -> None:
    first, second = twice(register)
    case = filed(register, second)
    assert filed(register, second).reference == case.reference
    back = filed(register, first)  # the other way round
    assert (back.reference, back.candidates) == (case.reference, 1)
    decided(register, *OTHERS)
    settled = CaseDesk(register).settled(second)
    assert first in settled
    assert CaseDesk(register).file(decision_about(register, second), person=second) is None
    assert register.check().clean


def test_two_file_the_same_pair_at_once(register: Register) -> None:
    _, second = twice(register)
    decision = decision_about(register, second)
    found: list[str] = []

    def file() -> None:
        made = CaseDesk(register).file(decision, person=second)
        assert made is not None
        found.append(made.reference)

    threads = [threading.Thread(target=file) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_different_people_are_not_asked_again_before_it_expires(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    first, second = twice(register)
    filed(register, second)
    until = date(2027, 3, 1)
    decided(register, *OTHERS, until=until)
    (apart,) = register.people.apart(first)
    assert (apart.other, apart.until, apart.reason) == (second, until, "prints.unlike")
    desk = CaseDesk(register)
    assert first in desk.settled(second)
    assert desk.file(decision_about(register, second), person=second) is None
    clock.wait(days=370)
    assert first not in desk.settled(second)
    assert desk.file(decision_about(register, second), person=second) is not None


def test_a_third_decides_when_two_differ(register: Register) -> None:
    first, second = twice(register)
    case = filed(register, second)
    rule(register, "officer-1", *SAME)
    _, answer = rule(register, "officer-2", *OTHERS)
    assert not answer.is_final
    assert officer(register, "officer-1").assign() is None
    assert officer(register, "officer-2").assign() is None
    file, answer = rule(register, "officer-3", "same-person", "papers.alike", note="giấy khai sinh")
    assert file.rulings == ()
    assert (answer.is_final, answer.outcome) == (True, "same-person")
    assert register.people.get(second).reference == first
    report = CaseDesk(register).report()
    assert (report.third.count, report.third.of) == (1, 1)
    assert (report.agreement.count, report.agreement.of) == (0, 1)
    assert (report.overturned.count, report.overturned.of) == (1, 3)
    assert CaseDesk(register).show(case.reference).rulings[2].statement.note == "giấy khai sinh"


def test_nobody_chooses_and_everybody_has_one(register: Register) -> None:
    _, second = twice(register)
    case = filed(register, second)
    one, other = officer(register, "officer-1"), officer(register, "officer-2")
    with pytest.raises(AccessRefusedError, match="not yours"):
        one.show(case.reference)
    with pytest.raises(ChangedMeanwhileError, match="not yours"):
        one.decide(case.reference, *SAME)
    mine = one.assign()
    assert mine is not None
    assert one.assign() == mine
    assert other.assign() is None
    for peek in (
        lambda: other.show(case.reference),
        lambda: other.portrait(case.reference, second),
        lambda: other.templates(case.reference, second),
        lambda: other.images(case.reference, second),
    ):
        with pytest.raises(AccessRefusedError):
            peek()
    (line,) = other.list()
    assert (line.state, line.mine, line.outcome) == (CaseState.TAKEN, False, "")
    assert [found.mine for found in one.list()] == [True]
    for broken in (("same-person", "twins"), ("merge", "prints.alike"), ("reject", "false_papers")):
        with pytest.raises(FieldError):
            one.decide(case.reference, *broken)
    with pytest.raises(FieldError, match="candidates"):
        one.decide(case.reference, *SAME, people=[second])
    with pytest.raises(FieldError, match="until"):
        one.decide(case.reference, *OTHERS, until=date(2090, 1, 1))
    with pytest.raises(NotInRegisterError):
        one.show("0" * 32)


def test_putting_off_is_limited_and_has_a_reason(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    _, second = twice(register)
    case = filed(register, second)
    desk = officer(register, "officer-1")
    for _ in range(2):
        mine = desk.assign()
        assert mine is not None
        assert mine.may_postpone
        with pytest.raises(FieldError):
            desk.postpone(case.reference, "papers.asked", days=15)
        with pytest.raises(FieldError):
            desk.postpone(case.reference, "chờ giấy tờ")
        desk.postpone(case.reference, "papers.asked", days=3)
        assert desk.assign() is None
        clock.wait(days=3)
    mine = desk.assign()
    assert mine is not None
    assert not mine.may_postpone
    with pytest.raises(TransitionError):
        desk.postpone(case.reference, "papers.asked")
    supervisor = register.acting_as("head")
    CaseDesk(supervisor).release(case.reference, "on.leave")
    with pytest.raises(ChangedMeanwhileError):
        desk.decide(case.reference, *SAME, ticket=mine.ticket)
    assert officer(register, "officer-2").assign() is not None


def test_who_worked_on_the_dossier_does_not_judge(register: Register) -> None:
    first, second = twice(register)
    clerk = register.acting_as("clerk")
    dossier = clerk.dossiers.open(second, unit="46")
    case = filed(register, second, dossier=dossier.reference)
    assert register.dossiers.get(dossier.reference).waits == ("duplicate",)
    assert officer(register, "clerk").assign() is None
    (held,) = register.cases.queue(kind="duplicate")
    for attempt in (
        lambda: register.cases.close(held.reference, "checked"),
        lambda: register.cases.give_back(held.reference),
        lambda: register.cases.take(held.reference),
    ):
        with pytest.raises(TransitionError, match="adjudicated"):
            attempt()
    decided(register, "reject", "false_papers")
    found = register.dossiers.get(dossier.reference)
    assert (found.state, found.waits) == ("refused", ())
    assert register.people.get(second).reference == second
    supervisor = CaseDesk(register.acting_as("head"))
    assert supervisor.undo(case.reference, "appeal").state is CaseState.UNDONE
    assert register.dossiers.get(dossier.reference).state == "requested"
    assert register.dossiers.history(dossier.reference)[-1].step == "reopened"
    assert register.check().clean
    assert first != second


@pytest.mark.parametrize("last", ["reject", "send-back"])
def test_who_ruled_on_a_dossier_judges_other_cases_of_that_person(
    register: Register, last: str
) -> None:
    first, second = twice(register)
    dossier = register.acting_as("clerk").dossiers.open(second, unit="46")
    filed(register, second, dossier=dossier.reference)
    decided(register, last, {"reject": "false_papers", "send-back": "poor_prints"}[last])
    assert register.dossiers.history(dossier.reference)[-1].officer == "officer-2"
    again = filed(register, first)  # somebody comes under the first name: second is a candidate
    assert officer(register, "clerk").assign() is None
    for name in ("officer-1", "officer-2"):
        case, _ = rule(register, name, "different-people", "relatives")
        assert case.reference == again.reference


@pytest.mark.parametrize("ruling", ["send-back", "mixed-biometrics"])
def test_back_to_the_counter(register: Register, ruling: str) -> None:
    _, second = twice(register)
    dossier = register.acting_as("clerk").dossiers.open(second, unit="46")
    case = filed(register, second, dossier=dossier.reference)
    reason = {"send-back": "poor_prints", "mixed-biometrics": "finger.operator"}[ruling]
    decided(register, ruling, reason)
    found = register.dossiers.get(dossier.reference)
    assert (found.stage, found.waits) == ("prints", ())
    assert register.people.apart(second) == ()
    CaseDesk(register.acting_as("head")).undo(case.reference, "appeal")
    assert register.dossiers.get(dossier.reference).todo == dossier.todo
    assert register.check().clean


def test_a_split_keeps_apart_and_asks_for_a_correction(register: Register) -> None:
    first, second = twice(register)
    case = filed(register, second)
    decided(register, "split", "number.shared")
    assert register.people.apart(first)[0].holds(register._session.today())
    (correction,) = register.cases.queue(kind="correction")
    assert correction.codes == ("number.shared",)
    CaseDesk(register.acting_as("head")).undo(case.reference, "appeal")
    assert len(register.cases.queue(kind="correction")) == 0
    assert not register.people.apart(first)[0].holds(register._session.today())
    assert register.check().clean


def test_undo_gives_both_back(register: Register) -> None:
    first, second = twice(register)
    case = filed(register, second)
    with pytest.raises(TransitionError, match="waiting cannot be undone"):
        officer(register, "head").undo(case.reference, "appeal")
    decided(register, *SAME)
    with pytest.raises(AccessRefusedError, match="who ruled"):
        officer(register, "officer-1").undo(case.reference, "appeal")
    undone = officer(register, "head").undo(case.reference, "court.order")
    assert (undone.state, undone.outcome) == (CaseState.UNDONE, "same-person")
    assert {register.people.get(one).reference for one in (first, second)} == {first, second}
    with pytest.raises(TransitionError):
        officer(register, "head").undo(case.reference, "appeal")
    report = CaseDesk(register).report()
    assert (report.undone.count, report.overturned.count, report.overturned.of) == (1, 2, 2)
    assert filed(register, second).reference != case.reference  # it may be asked again
    assert register.check().clean


def test_somebody_without_an_entry(opened: Opener) -> None:
    from tests.dedup.decision.people import BA, again, claims, prints

    register = opened(keys=KEYS)
    first, _ = twice(register)
    enrolment = Enrolment(claims(BA, number="001070654399"), again(prints(1), 5))
    decision = Deduplicator(register).check(enrolment)
    desk = CaseDesk(register)
    case = desk.file(decision, enrolment=enrolment)
    assert case is not None
    again_ = desk.file(decision, enrolment=enrolment)
    assert again_ is not None
    assert again_.reference == case.reference
    file = officer(register, "officer-1").assign()
    assert file is not None
    assert file.subject.is_probe
    assert file.subject.fields["name"] == "Trần Văn Ba"
    shown = officer(register, "officer-1").templates(file.reference, file.subject.reference)
    assert len(shown) == 2
    people = [one.party.reference for one in file.candidates]
    assert first in people
    decided(register, *SAME, people=people)
    assert register.check().clean


def test_of_nobody_it_cannot_be_said_that_they_are_the_same(register: Register) -> None:
    case = alone_case(register)
    desk = officer(register, "officer-1")
    file = desk.assign()
    assert file is not None
    assert set(file.allowed) == {Ruling.DIFFERENT_PEOPLE, Ruling.MIXED_BIOMETRICS}
    for ruling in (SAME, ("split", "number.shared")):
        with pytest.raises(FieldError, match="cannot be said"):
            desk.decide(case.reference, *ruling, ticket=file.ticket)
    assert decided(register, "mixed-biometrics", "finger.operator").is_final
    assert register.check().clean


def test_two_rule_at_once_and_one_is_told(register: Register) -> None:
    """The same officer in two windows, or a case released in between: one wins."""
    _, second = twice(register)
    filed(register, second)
    desk = officer(register, "officer-1")
    mine = desk.assign()
    assert mine is not None
    told: list[Answer | CividError] = []
    ready = threading.Barrier(2)

    def decide(ruling: tuple[str, str]) -> None:
        ready.wait()
        try:
            told.append(desk.decide(mine.reference, *ruling, ticket=mine.ticket))
        except CividError as error:
            told.append(error)

    threads = [threading.Thread(target=decide, args=(one,)) for one in (SAME, OTHERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(type(one).__name__ for one in told) == ["Answer", "ChangedMeanwhileError"]
    assert register.check().clean


def test_two_ask_for_the_last_case_at_once(register: Register) -> None:
    _, second = twice(register)
    filed(register, second)
    found: list[object] = []
    ready = threading.Barrier(2)

    def ask(name: str) -> None:
        ready.wait()
        found.append(officer(register, name).assign())

    threads = [threading.Thread(target=ask, args=(f"officer-{one}",)) for one in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one is None for one in found].count(True) == 1


def test_new_candidates_have_to_be_looked_at(register: Register) -> None:
    """Whoever has the case while another candidate is found is told so."""
    from tests.dedup.decision.people import AN, again, enrol, prints

    _, second = twice(register)
    case = filed(register, second)
    desk = officer(register, "officer-1")
    mine = desk.assign()
    assert mine is not None
    third = enrol(register, AN, again(prints(1), 12), number="046301123999", name="Lê Thị Hoa")
    assert filed(register, second).reference == case.reference
    with pytest.raises(ChangedMeanwhileError, match="look at it again"):
        desk.decide(case.reference, *OTHERS, ticket=mine.ticket)
    renewed = desk.assign()
    assert renewed is not None
    assert third in {one.party.reference for one in renewed.candidates}
    with pytest.raises(FieldError, match="which candidates"):
        desk.decide(case.reference, *SAME, ticket=renewed.ticket)
    assert not desk.decide(case.reference, *OTHERS, ticket=renewed.ticket).is_final


def test_scope_and_capabilities(register: Register) -> None:
    _, second = twice(register)
    case = filed(register, second)
    far = CaseDesk(register.acting_as(Actor("far", unit="79")))
    assert far.assign() is None
    assert len(far.list()) == 0
    with pytest.raises(AccessRefusedError, match="scope"):
        far.show(case.reference)
    without = frozenset(Capability) - {Capability.ADJUDICATE}
    clerk = CaseDesk(register.acting_as(Actor("clerk", without, unit="46")))
    for attempt in (
        clerk.assign, clerk.list, lambda: clerk.show(case.reference),
        lambda: clerk.decide(case.reference, *SAME), lambda: clerk.undo(case.reference, "x"),
        lambda: clerk.postpone(case.reference, "x"), lambda: clerk.images(case.reference, second),
    ):  # fmt: skip
        with pytest.raises(AccessRefusedError, match="adjudicate"):
            attempt()
    judge = Actor("judge", frozenset({Capability.ADJUDICATE}), unit="46")
    only = CaseDesk(register.acting_as(judge))
    assert only.assign() is not None
    for refused in (only.report, lambda: only.seed(case.reference), lambda: only.settled(second)):
        with pytest.raises(AccessRefusedError):
            refused()
    seen = [one for one in register.audit.about(second) if one.actor == "judge"]
    assert {one.operation for one in seen} == {"adjudication.assign", "adjudication.read"}


def test_known_cases_look_like_others_and_act_on_nothing(opened: Opener) -> None:
    clock = Clock()
    register = opened(clock=clock)
    first, second = twice(register)
    case = filed(register, second, batch="day-1")
    decided(register, *SAME)
    desk = CaseDesk(register)
    known = desk.seed(case.reference)
    assert (known.batch, known.state, known.candidates) == ("day-1", CaseState.WAITING, 1)
    assert officer(register, "officer-1").assign() is None  # judged it when it was real
    file = officer(register, "officer-3").assign()
    assert file is not None
    assert file.reference == known.reference
    # Each side as it was, though they are one now.
    assert {file.subject.reference, file.candidates[0].party.reference} == {first, second}
    assert file.subject.fields["name"] != file.candidates[0].party.fields["name"]
    assert [one.what for one in file.history] == ["filed"]
    clock.wait(seconds=90)
    officer(register, "officer-3").decide(known.reference, *OTHERS)
    rule(register, "officer-4", *OTHERS)
    assert register.people.get(second).reference == first
    assert register.people.apart(second) == ()
    report = desk.report()
    assert (report.known.count, report.known.of) == (2, 2)
    assert report.fatigue["1-10"].of == 2
    assert report.cases == {"closed": 1}
    assert report.reasons == {"day-1": {"same-person prints.alike": 1}}
    with pytest.raises(TransitionError):
        desk.seed(known.reference)
    assert register.check().clean


def test_what_is_said_does_not_show_in_the_file(opened: Opener, where: str) -> None:
    register = opened(keys=KEYS)
    _, second = twice(register)
    case = filed(register, second)
    rule(register, "officer-1", *SAME, note="bí mật")
    text = "".join(one.canonical() for one in register.audit.entries())
    for secret in ("same-person", "prints.alike", "bí mật", "Trần"):
        assert secret not in text
    assert "Trần" not in repr(officer(register, "officer-2").assign())
    if not where.startswith("postgresql"):
        from pathlib import Path

        data = b"".join(one.read_bytes() for one in Path(where).glob("register.sqlite3*"))
        assert case.reference
        for word in ("same-person", "prints.alike", "bí mật"):
            assert word.encode() not in data


def test_a_counter_may_have_the_gallery_open(register: Register, opened: Opener) -> None:
    """Officers read prints in another process than the one that enrols."""
    first, second = twice(register)
    filed(register, second)
    register.prints.fingers(first)  # from here on this process writes to the gallery
    other = officer(opened(create=False), "officer-1")
    file = other.assign()
    assert file is not None
    assert len(file.subject.fingers) == 2
    assert len(other.templates(file.reference, first)) == 2
