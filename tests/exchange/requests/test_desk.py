"""Requests between units: asked, answered, returned, late; on SQLite and PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.requests.offices import BASIS, HANOI, HUE, KEYS, NUMBER, SAIGON, Offices
from tests.register.citizens import WEEKDAYS, Clock
from tests.register.conftest import Opener

from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.exchange.requests import (
    Document,
    Kind,
    Question,
    Reply,
    RequestDesk,
    RequestState,
    Verdict,
)
from civid.exchange.requests.checks import checked_question, checked_reply
from civid.exchange.requests.standing import standings
from civid.people.citizen import Source, claim
from civid.register import Actor, Capability, Register
from civid.register.asking.request import RUNNING, STEPS

MONDAY = date(2026, 3, 2)
REPLY = Reply(results={"residence.real": "lives-there"})


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def offices(tmp_path: Path, clock: Clock) -> Iterator[Offices]:
    with Register.open(tmp_path / "register", create=True, keys=KEYS, clock=clock) as register:
        yield Offices.of(register, clock)


@pytest.fixture
def everywhere(opened: Opener, clock: Clock) -> Offices:
    """On SQLite, then on PostgreSQL: for what depends on the store."""
    return Offices.of(opened(keys=KEYS, clock=clock), clock)


def test_what_is_disputed_is_unknown(everywhere: Offices) -> None:
    register, born = everywhere.register, date(2001, 3, 12)
    said = [claim("ethnic", text, Source.CIVIL_STATUS, born) for text in ("Kinh", "Tày")]
    for one in said:
        register.people.record(
            everywhere.person, [one], version=register.people.get(everywhere.person).version
        )
    desk = everywhere.desk(HUE)
    for text in ("Kinh", "Tày"):
        done = desk.confirm(everywhere.confirmation(ethnic=text).reference)
        assert done.reply is not None
        assert done.reply.verdicts["ethnic"] is Verdict.UNKNOWN


def test_a_confirmation_from_end_to_end(everywhere: Offices) -> None:
    sent = everywhere.confirmation(permanent_residence="12 LÊ LỢI,  HUẾ", sex="Nam", phone="0901")
    assert (sent.sent, sent.due) == (MONDAY, date(2026, 3, 9))  # five working days later
    assert sent.person is None  # of another unit: that there is somebody is an answer in itself
    desk = everywhere.desk(HUE)
    assert [one.reference for one in desk.queue(HUE)] == [sent.reference]
    taken = desk.receive(sent.reference)
    assert (taken.state, taken.owner, taken.person) == (
        RequestState.RECEIVED, "clerk-46-474", everywhere.person,
    )  # fmt: skip
    desk.confirm(sent.reference)
    answered = everywhere.desk(SAIGON).get(sent.reference)
    assert answered.reply is not None
    assert answered.reply.verdicts == {
        "number": Verdict.YES, "name": Verdict.YES, "birth": Verdict.YES,
        "permanent_residence": Verdict.YES, "sex": Verdict.NO, "phone": Verdict.UNKNOWN,
    }  # fmt: skip
    assert answered.person is None
    assert "Nữ" not in str(answered.to_dict())
    assert [one.step for one in desk.history(sent.reference)] == ["sent", "received", "answered"]
    assert not desk.queue(HUE).items
    with pytest.raises(TransitionError):
        desk.confirm(sent.reference)


def test_nobody_of_that_number(offices: Offices) -> None:
    values = {"number": "046301000778", "name": "Nguyễn Thị An"}
    sent = offices.desk(SAIGON).send(HUE, "confirmation", basis=BASIS, values=values)
    done = offices.desk(HUE).confirm(sent.reference)
    assert done.reply is not None
    assert set(done.reply.verdicts.values()) == {Verdict.UNKNOWN}


def test_answered_from_paper(offices: Offices) -> None:
    sent = offices.confirmation()
    found = {"full_name": "Nguyễn Thị An", "birth": "05/03/2001"}
    done = offices.desk(HUE).confirm(sent.reference, found)
    assert done.reply is not None
    assert [one.value for one in done.reply.verdicts.values()] == ["unknown", "yes", "yes"]


def test_the_register_answers_only_in_its_unit(offices: Offices) -> None:
    """A unit that does not keep the record cannot find out through a request what it says."""
    values = {"number": NUMBER, "name": "NGUYỄN THỊ AN"}
    sent = offices.desk(SAIGON).send(HANOI, "confirmation", basis=BASIS, values=values)
    with pytest.raises(AccessRefusedError):
        offices.desk(HANOI).confirm(sent.reference)
    passed = offices.desk(HANOI).reassign(sent.reference, HUE, "kept_elsewhere")
    assert (passed.asked, passed.due) == (HUE, sent.due)
    with pytest.raises(AccessRefusedError):
        offices.desk(HANOI).confirm(sent.reference)
    assert offices.desk(HUE).confirm(sent.reference).reply is not None
    events = offices.desk(SAIGON).history(sent.reference)
    assert [(one.step, one.unit) for one in events][1] == ("reassigned", HUE)


def test_returned_and_sent_again(offices: Offices, clock: Clock) -> None:
    sent = offices.check(days=3)
    clock.wait(days=2)
    back = offices.desk(HUE).give_back(sent.reference, "name_unclear")
    assert not back.overdue(date(2027, 1, 1))  # its days do not run
    assert [one.reference for one in offices.desk(SAIGON).waiting(SAIGON)] == [sent.reference]
    clock.wait(days=30)
    again = offices.desk(SAIGON).send_again(sent.reference, text="ở nhà số 12")
    assert (again.sent, again.due) == (date(2026, 4, 3), date(2026, 4, 8))
    assert again.question.note == "ở nhà số 12"
    assert again.question.wanted == ("residence.real",)
    assert offices.desk(HUE).answer(sent.reference, REPLY).state is RequestState.ANSWERED


def test_documents_and_what_cannot_be_had(offices: Offices) -> None:
    sent = offices.desk(SAIGON).send(
        HUE, "document", basis=BASIS, wanted=["paper.birth", "paper.marriage"], matter="HS-17",
        partner="bhxh", trace="4bf92f35",
    )  # fmt: skip
    assert (sent.partner, sent.question.matter, sent.question.trace) == (
        "bhxh",
        "HS-17",
        "4bf92f35",
    )
    paper = Document("paper.birth", "123/2001", "ab" * 32)
    reply = Reply(results={"paper.marriage": "none"}, documents=(paper,), note="bản sao")
    offices.desk(HUE).answer(sent.reference, reply)
    assert offices.desk(SAIGON).get(sent.reference).reply == reply


@pytest.mark.parametrize(
    "reply",
    [
        Reply(),
        Reply(results={"residence.real": "yes", "more.than.asked": "x"}),
        Reply(results={"residence.real": "Ông ở đó"}),
        Reply(results={"residence.real": "yes"}, verdicts={"name": Verdict.YES}),
        Reply(documents=(Document("residence.real", "1"),)),
        Reply(results={"residence.real": "yes"}, note="x" * 3000),
    ],
)
def test_a_reply_answers_the_question_and_nothing_else(reply: Reply) -> None:
    with pytest.raises(FieldError):
        checked_reply(Kind.CHECK, Question(wanted=("residence.real",)), reply)


@pytest.mark.parametrize(
    "wrong",
    [
        {"basis": " "},
        {"wanted": []},
        {"wanted": ["Không phải mã"]},
        {"kind": Kind.CONFIRMATION, "values": {"name": "An"}},
        {"wanted": [], "values": {"name": "An"}},
        {"kind": Kind.CONFIRMATION, "wanted": [], "values": {}},
        {"kind": Kind.CONFIRMATION, "wanted": [], "values": {"shoe_size": "40"}},
        {"kind": Kind.CONFIRMATION, "wanted": [], "values": {"name": " "}},
        {"days": 0},
        {"days": 251},
        {"matter": "x" * 65},
        {"trace": "a\nb"},
    ],
)
def test_what_cannot_be_asked(wrong: dict[str, Any]) -> None:
    asked: dict[str, Any] = {
        "values": {}, "wanted": ["residence.real"], "procedure": "", "matter": "", "basis": BASIS,
        "text": "", "days": 7, "trace": "", **wrong,
    }  # fmt: skip
    with pytest.raises(FieldError):
        checked_question(asked.pop("kind", Kind.CHECK), **asked)


def test_whom_nobody_can_ask(offices: Offices) -> None:
    for wrong in (
        {"asked": SAIGON},
        {"kind": "gossip"},
        {"partner": "Bảo hiểm"},
        {"asked": "../1"},
    ):
        asked: dict[str, Any] = {"asked": HUE, "kind": "check", "wanted": ["a"], **wrong}
        with pytest.raises(FieldError):
            offices.desk(SAIGON).send(asked.pop("asked"), asked.pop("kind"), basis=BASIS, **asked)
    assert not offices.desk(HUE).queue(HUE).items


def test_reminders_once_a_day(everywhere: Offices, clock: Clock) -> None:
    soon, later = everywhere.check(days=2), everywhere.check(days=20)
    desk = everywhere.desk(SAIGON)
    assert not desk.remind(SAIGON, within=1)
    clock.wait(days=1)
    (first,) = desk.remind(SAIGON, within=1)
    assert (first.reference, first.reminded) == (soon.reference, date(2026, 3, 3))
    assert not desk.remind(SAIGON, within=1)
    clock.wait(days=2)
    (late,) = desk.remind(SAIGON, within=1)
    assert late.overdue(date(2026, 3, 5))
    reasons = [one.reason for one in desk.history(soon.reference) if one.step == "reminded"]
    assert reasons == ["due", "overdue"]
    assert not [one for one in desk.history(later.reference) if one.step == "reminded"]
    with pytest.raises(AccessRefusedError):
        desk.remind(HUE)


def test_the_league(everywhere: Offices, clock: Clock) -> None:
    late, answered_late = everywhere.check(days=1), everywhere.check(days=1)
    everywhere.check(days=30)
    quick = everywhere.check(asked=HANOI)
    everywhere.desk(HANOI).answer(quick.reference, REPLY)
    clock.wait(days=7)  # the Monday after
    everywhere.desk(HUE).answer(answered_late.reference, REPLY)
    chief = RequestDesk(
        everywhere.register.acting_as(Actor("chief", frozenset({Capability.READ}))),
        calendar=WEEKDAYS,
    )
    first, second = chief.league()
    assert first.to_dict() == {
        "unit": HUE, "running": 2, "overdue": 1, "oldest_days": 4, "answered": 1, "late": 1,
        "on_time": 0.0,
    }  # fmt: skip
    assert (second.unit, second.running, second.on_time) == (HANOI, 0, 1.0)
    assert [one.unit for one in everywhere.desk(HUE).league()] == [HUE]  # a unit sees its own
    assert [one.reference for one in everywhere.desk(HUE).queue(HUE, overdue=True)] == [
        late.reference
    ]
    assert chief.league(day=MONDAY)[0].overdue == 0
    with pytest.raises(FieldError):
        chief.league(day=MONDAY, since=date(2026, 4, 1))


def test_more_days_and_cancelling(offices: Offices) -> None:
    sent = offices.check()
    desk = offices.desk(SAIGON)
    assert desk.extend(sent.reference, 5, "flood").due == date(2026, 3, 16)
    assert desk.cancel(sent.reference, "found_otherwise").closed == MONDAY
    for step in (
        lambda: desk.extend(sent.reference, 5, "flood"),
        lambda: desk.cancel(sent.reference, "again"),
        lambda: offices.desk(HUE).receive(sent.reference),
        lambda: offices.desk(HUE).reassign(sent.reference, HANOI, "x"),
    ):
        with pytest.raises(TransitionError):
            step()


def test_nobody_but_the_two_units(offices: Offices) -> None:
    sent = offices.check()
    desk = offices.desk(HANOI)
    for step in (
        lambda: desk.get(sent.reference),
        lambda: desk.history(sent.reference),
        lambda: desk.receive(sent.reference),
        lambda: desk.cancel(sent.reference, "x"),
        lambda: desk.queue(HUE),
        lambda: desk.waiting(SAIGON),
        lambda: desk.send(HUE, "check", asks=SAIGON, basis=BASIS, wanted=["a"]),
        lambda: offices.desk(HUE).cancel(sent.reference, "x"),
        lambda: offices.desk(SAIGON).answer(sent.reference, REPLY),
        lambda: offices.desk(SAIGON).send(
            HUE, "check", basis=BASIS, wanted=["a"], person=offices.person
        ),
    ):
        with pytest.raises(AccessRefusedError):
            step()
    with pytest.raises(NotInRegisterError):
        desk.get("0" * 32)


RIGHTS: list[tuple[str, Capability, tuple[Any, ...]]] = [
    ("send", Capability.CORRECT, (HUE, "check")),
    ("send_again", Capability.CORRECT, ("0" * 32,)),
    ("extend", Capability.CORRECT, ("0" * 32, 1, "x")),
    ("cancel", Capability.CORRECT, ("0" * 32, "x")),
    ("remind", Capability.CORRECT, (HUE,)),
    ("receive", Capability.VERIFY, ("0" * 32,)),
    ("answer", Capability.VERIFY, ("0" * 32, REPLY)),
    ("confirm", Capability.VERIFY, ("0" * 32,)),
    ("give_back", Capability.VERIFY, ("0" * 32, "x")),
    ("reassign", Capability.VERIFY, ("0" * 32, HUE, "x")),
    ("get", Capability.READ, ("0" * 32,)),
    ("history", Capability.READ, ("0" * 32,)),
    ("queue", Capability.READ, (HUE,)),
    ("waiting", Capability.READ, (HUE,)),
    ("of_person", Capability.READ, ("0" * 32,)),
    ("league", Capability.READ, ()),
]


def test_every_method_asks_for_its_right(offices: Offices) -> None:
    public = {name for name in dir(RequestDesk) if not name.startswith("_")}
    assert {name for name, _, _ in RIGHTS} == public
    for name, right, arguments in RIGHTS:
        desk = offices.desk("", frozenset(Capability) - {right})
        with pytest.raises(AccessRefusedError, match=right):
            getattr(desk, name)(*arguments)
    refused = [one for one in offices.register.audit.entries() if one.outcome == "refused"]
    assert len(refused) == len(RIGHTS)


def test_everything_is_in_the_log_and_the_citizen_sees_it(offices: Offices) -> None:
    sent = offices.confirmation()
    offices.desk(HUE).confirm(sent.reference)
    seen = [(one.operation, one.unit) for one in offices.register.audit.readers(offices.person)]
    assert ("request.send", SAIGON) in seen
    assert ("request.confirm", HUE) in seen
    (one,) = offices.desk(HUE).of_person(offices.person)
    assert one.reference == sent.reference
    assert offices.register.check().clean
    assert offices.register.audit.verify().whole


def test_sealed_and_erased_with_the_person(offices: Offices) -> None:
    sent = offices.confirmation(permanent_residence="12 Lê Lợi, Huế")
    offices.register.protection.rotate()
    assert offices.desk(SAIGON).get(sent.reference) == sent
    with offices.register._session.database.reading() as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM unit_requests").all())
    assert NUMBER not in stored
    assert "Lê Lợi" not in stored
    offices.register.protection.erase(offices.person, basis="yêu cầu")
    with pytest.raises(NotInRegisterError):
        offices.desk(SAIGON).get(sent.reference)


def test_two_answer_at_once(everywhere: Offices) -> None:
    sent = everywhere.check()
    said: list[str] = []

    def work() -> None:
        try:
            everywhere.desk(HUE).answer(sent.reference, REPLY)
            said.append("answered")
        except (TransitionError, ChangedMeanwhileError):
            said.append("late")

    threads = [Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["answered", "late", "late", "late"]
    events = [one.step for one in everywhere.desk(HUE).history(sent.reference)]
    assert events == ["sent", "answered"]


def test_pages_of_a_queue(offices: Offices) -> None:
    made = [offices.check(days=1 + one % 3) for one in range(7)]
    desk, seen, after = offices.desk(HUE), [], None
    while True:
        page = desk.queue(HUE, limit=3, after=after)
        seen += [one.reference for one in page]
        if (after := page.after) is None:
            break
    order = sorted(made, key=lambda one: (one.due, one.reference))
    assert seen == [one.reference for one in order]


counts = st.lists(
    st.tuples(
        st.sampled_from(["46", "79"]),
        st.dates(date(2026, 1, 1), date(2026, 4, 1)).map(date.isoformat),
        *[st.integers(0, 5)] * 3,
    ),
    max_size=20,
)


@given(counts)
def test_standings_add_up(found: list[tuple[str, str, int, int, int]]) -> None:
    made = standings(found, MONDAY, WEEKDAYS)
    assert sum(one.running for one in made) == sum(row[2] for row in found)
    assert sum(one.overdue for one in made) == sum(
        row[2] for row in found if row[1] < MONDAY.isoformat()
    )
    assert [one.overdue for one in made] == sorted((one.overdue for one in made), reverse=True)


def test_a_random_walk_goes_where_the_workflow_says(offices: Offices) -> None:
    """Steps by either unit in any order: done where the workflow has them, refused elsewhere."""
    pick = random.Random(7)
    asks, asked = offices.desk(SAIGON), offices.desk(HUE)
    sent = [offices.check().reference for _ in range(4)]
    state = dict.fromkeys(sent, RequestState.SENT)
    done = dict.fromkeys(sent, 1)
    steps = {
        RequestState.RECEIVED: asked.receive,
        RequestState.ANSWERED: lambda one: asked.answer(one, REPLY),
        RequestState.RETURNED: lambda one: asked.give_back(one, "unclear"),
        RequestState.SENT: asks.send_again,
        RequestState.CANCELLED: lambda one: asks.cancel(one, "found"),
    }
    for _ in range(60):
        one, target = pick.choice(sent), pick.choice(list(steps))
        if STEPS.refusal(state[one], target, reason="x") is None:
            assert steps[target](one).state is target
            state[one], done[one] = target, done[one] + 1
        else:
            with pytest.raises(TransitionError):
                steps[target](one)
        if target in (RequestState.ANSWERED, RequestState.CANCELLED) and pick.random() < 0.9:
            one = offices.check().reference
            sent.append(one)
            state[one], done[one] = RequestState.SENT, 1
    assert set(state.values()) == set(RequestState)
    for one in sent:
        assert [each.step for each in asks.history(one)][-1] == state[one]
        assert len(asks.history(one)) == asks.get(one).version == done[one]
    running = {one for one in sent if state[one] in RUNNING}
    assert {one.reference for one in asked.queue(HUE, limit=1000)} == running
