"""Questions and the least that answers them."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.exchange.sharing.office import (
    AN,
    BINH,
    NOBODY,
    Clock,
    asked,
    granted,
    partner,
    someone,
)

from civid.errors import AccessRefusedError, FieldError
from civid.exchange.consent import ConsentDesk, How
from civid.exchange.sharing import (
    Answer,
    Form,
    Grant,
    GuessBound,
    Limit,
    Naming,
    Question,
    Refusal,
    RefusedError,
    Sharing,
    Subject,
    Truth,
)
from civid.people.citizen import Source, claim
from civid.register import Actor, Capability, Register
from civid.register.audit import log

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
EVERYONE = (Naming.NUMBER, Naming.PSEUDONYM, Naming.MATCH_ID, Naming.ATTRIBUTES)


def refused(sharing: Sharing, question: Question) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        sharing.ask(question)
    return caught.value


def entries(register: Register) -> list[dict[str, object]]:
    with register._session.database.reading() as connection:
        return [one.to_dict() for one in log.entries(connection)]


def test_a_question_and_its_answer(both: Register) -> None:
    Sharing(both).grants.add(granted("birth:over_age:18", "birth:year", "death:is_alive"))
    answer = partner(both).ask(
        asked("birth over_age 18", "death is_alive", name="NGUYEN THI AN", attributes="birth:year")
    )
    assert (answer.match, answer.predicates, answer.values) == (
        YES,
        (YES, YES),
        {"birth:year": "2001"},
    )
    assert answer.found is None
    assert not answer.reasons
    assert answer.pseudonym is None
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


@pytest.mark.parametrize(
    "question",
    [
        asked("birth over_age 18", attributes="birth:year", number=NOBODY),
        asked("birth over_age 18", attributes="birth:year", name="Nguyễn Thị Bình"),
        asked("birth over_age 18", attributes="birth:year", birth="06/03/2001"),
        asked("birth over_age 18", attributes="birth:year", number=BINH),
    ],
    ids=["nobody", "another name", "another day", "somebody else"],
)
def test_who_does_not_exist_and_who_is_another_look_alike(
    register: Register, question: Question
) -> None:
    Sharing(register).grants.add(granted("birth:over_age:18", "birth:year"))
    answer = partner(register).ask(question)
    plain = answer.to_dict()
    assert plain["match"] == "no"
    assert plain["found"] is None
    assert plain["predicates"] == ["unknown"]
    assert plain["values"] == {"birth:year": None}


def test_who_is_erased_or_outside_the_grant_is_nobody(register: Register) -> None:
    Sharing(register).grants.add(granted("birth:year", units=("79",)))
    assert partner(register).ask(asked(attributes="birth:year")).match is NO
    register.people.move(register.person(AN).reference, "79/1")
    assert partner(register).ask(asked(attributes="birth:year")).match is YES
    register.protection.erase(register.person(AN).reference, basis="yêu cầu")
    assert partner(register).ask(asked(attributes="birth:year")).match is NO


def test_the_same_work_is_done_for_nobody(register: Register) -> None:
    """Statements to the store, and what they are: no shorter way says that nobody is there."""
    from sqlalchemy import event

    Sharing(register).grants.add(granted("birth:over_age:18", limits=(Limit.of("person/day=9"),)))
    seen: list[str] = []
    engine = register._session.database.engine
    sharing = partner(register)

    def note(statement: str) -> None:
        seen.append(re.split("WHERE|VALUES| SET ", statement)[0][:60])

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(note)

    def leave(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(None)

    made = []
    for question in (
        asked("birth over_age 18", number=NOBODY), asked("birth over_age 18", name="Lê Văn Tám"),
    ):  # fmt: skip
        sharing.ask(asked("birth over_age 18", number=BINH))  # connections and plans are warm
        event.listen(engine, "checkout", watch)
        event.listen(engine, "checkin", leave)
        sharing.ask(question)
        event.remove(engine, "checkout", watch)
        event.remove(engine, "checkin", leave)
        made.append(tuple(seen))
        seen.clear()
    assert made[0] == made[1]
    assert len(made[0]) > 8


def test_nothing_beyond_the_grant(register: Register) -> None:
    Sharing(register).grants.add(granted("birth:over_age:18", "birth:year", "phone:masked"))
    sharing = partner(register)
    for question in (
        asked("birth over_age 60"),
        asked("birth < 2000-01-01"),
        asked("sex = Nữ"),
        asked(attributes="birth"),
        asked(attributes="birth:month"),
        asked(attributes="phone"),
        asked(pseudonym=True),
        asked(match_id=True),
        asked("birth over_age 18", given={"name": "An", "birth": "05/03/2001", "sex": "Nữ"}),
        asked("birth over_age 18", subject=Subject(match_id="a" * 24)),
        asked("birth over_age 18", number=None),
    ):
        assert refused(sharing, question).reason is Refusal.NOT_GRANTED, question
    missing = asked("birth over_age 18", birth="")
    assert refused(sharing, missing).reason is Refusal.MATCH_NEEDED
    other = asked("birth over_age 18", purpose="thue.quyet-toan")
    assert refused(sharing, other).reason is Refusal.NO_GRANT
    assert {one["operation"] for one in entries(register)} <= {
        "person.add", "share.grant.add", "share.ask",
    }  # fmt: skip


def test_only_the_partner_and_only_with_the_capability(register: Register) -> None:
    Sharing(register).grants.add(granted("birth:over_age:18"))
    question = asked("birth over_age 18")
    assert refused(partner(register, "thue"), question).reason is Refusal.NOT_THE_PARTNER
    reader = Actor("doc", frozenset(Capability) - {Capability.VERIFY})
    with pytest.raises(AccessRefusedError, match="verify"):
        Sharing(register.acting_as(reader)).ask(question)
    outcomes = [one["outcome"] for one in entries(register)][-2:]
    assert outcomes == ["refused", "refused"]


def test_the_same_question_counts_once(both: Register, clock: Clock) -> None:
    Sharing(both).grants.add(granted("birth:over_age:18", limits=(Limit.of("partner/total=2"),)))
    sharing = partner(both)
    question = asked("birth over_age 18", request="r-a")
    first = sharing.ask(question)
    clock.later(seconds=5)
    assert sharing.ask(question) == first
    other = asked("birth over_age 18", request="r-a", name="Nguyễn Thị Hai")
    assert refused(sharing, other).reason is Refusal.REQUEST_REUSED
    sharing.ask(asked("birth over_age 18"))
    over = refused(sharing, asked("birth over_age 18"))
    assert over.reason is Refusal.TOO_OFTEN
    assert over.retry_after is None
    assert sharing.ask(question) == first
    last = entries(both)[-1]
    assert last["detail"]["repeated"] is True  # type: ignore[index]


def test_two_partners_may_use_the_same_request_id(register: Register) -> None:
    for code in ("bhxh", "thue"):
        Sharing(register).grants.add(granted("birth:over_age:18", partner=code))
    one = asked("birth over_age 18", request="1")
    assert partner(register).ask(one).match is YES
    assert partner(register, "thue").ask(replace(one, partner="thue")).match is YES


def test_a_limit_of_a_partner_counts_what_it_asks_under_all_its_grants(both: Register) -> None:
    for purpose, limits in (
        ("bhyt.cap-the", (Limit.of("partner/day=3"), Limit.of("person/total=2"))), ("bhyt.tra", ()),
    ):  # fmt: skip
        Sharing(both).grants.add(granted("birth:year", purpose=purpose, limits=limits))
    asker = partner(both)
    for _ in range(2):
        asker.ask(asked(attributes="birth:year", purpose="bhyt.tra"))
    assert refused(asker, asked(attributes="birth:year")).reason is Refusal.TOO_OFTEN  # person
    assert asker.ask(asked(attributes="birth:year", number=NOBODY)).match is NO
    assert refused(asker, asked(attributes="birth:year", number=BINH)).reason is Refusal.TOO_OFTEN
    assert asker.ask(asked(attributes="birth:year", purpose="bhyt.tra")).match is YES  # has none


def test_two_limits_of_a_kind_count_a_question_once(register: Register) -> None:
    limits = (Limit.of("person/day=4"), Limit.of("person/day=3"), Limit.of("person/day=3"))
    Sharing(register).grants.add(granted("birth:year", limits=limits))
    said = [partner(register).ask(asked(attributes="birth:year")).match for _ in range(3)]
    assert said == [YES] * 3
    assert refused(partner(register), asked(attributes="birth:year")).reason is Refusal.TOO_OFTEN


def test_limits_begin_again(both: Register, clock: Clock) -> None:
    Sharing(both).grants.add(
        granted(
            "birth:over_age:18", limits=(Limit.of("partner/minute=2"), Limit.of("person/day=3"))
        )
    )
    sharing = partner(both)
    for _ in range(2):
        sharing.ask(asked("birth over_age 18"))
    assert refused(sharing, asked("birth over_age 18")).retry_after == 60
    clock.later(seconds=60)
    sharing.ask(asked("birth over_age 18"))
    over = refused(sharing, asked("birth over_age 18"))
    assert over.reason is Refusal.TOO_OFTEN
    assert "person/day=3" in str(over)
    sharing.ask(asked("birth over_age 18", number=BINH))
    clock.later(seconds=over.retry_after or 0)
    sharing.ask(asked("birth over_age 18"))


def test_existence_and_reasons_need_a_grant_of_their_own(register: Register) -> None:
    with pytest.raises(FieldError, match="who does"):
        granted("birth:over_age:18", match=())
    with pytest.raises(FieldError, match="who exists"):
        granted("birth:over_age:18", reasons=True)
    Sharing(register).grants.add(granted("birth:over_age:18", existence=True, match=(),
                                         also_match=("name", "birth"), reasons=True))  # fmt: skip
    sharing = partner(register)
    answer = sharing.ask(asked("birth over_age 18", birth="", name="Nguyễn Thị Hai"))
    assert (answer.found, answer.match, answer.reasons) == (YES, NO, {"name": NO})
    answer = sharing.ask(asked("birth over_age 18", number=NOBODY))
    assert (answer.found, answer.match) == (NO, NO)
    assert answer.reasons == {"name": NO, "birth": NO}
    answer = sharing.ask(asked("birth over_age 18", given={}))
    assert (answer.found, answer.match, answer.predicates) == (YES, None, (YES,))


def test_what_is_disputed_or_missing_is_unknown(register: Register) -> None:
    reference = register.person(AN).reference
    Sharing(register).grants.add(granted(
        "sex:=", "ethnic:=", "death:is_alive", "permanent_residence:lives_in", "home_town:full"
    ))  # fmt: skip
    register.people.record(reference, [claim("sex", "Nam", Source.CIVIL_STATUS, date(2020, 1, 1))])
    sharing = partner(register)
    answer = sharing.ask(
        asked(
            "sex = Nữ",
            "ethnic = Kinh",
            "death is_alive",
            "permanent_residence lives_in 46",
            attributes="home_town",
        )
    )
    assert answer.predicates == (UNKNOWN, UNKNOWN, YES, UNKNOWN)
    assert answer.values == {"home_town:full": None}
    register.people.record(reference, [claim("sex", "Nữ", Source.COURT, date(2021, 1, 1))])
    assert sharing.ask(asked("sex = Nữ")).predicates == (YES,)


def test_a_disputed_birth_matches_nothing(register: Register) -> None:
    """In the open it is unknown; where it would show who exists, it is not confirmed."""
    register.people.record(
        register.person(AN).reference,
        [claim("birth", "06/03/2001", Source.CIVIL_STATUS, date(2020, 1, 1))],
    )
    Sharing(register).grants.add(granted("sex:full"))
    Sharing(register).grants.add(granted("sex:full", purpose="hien-dien", existence=True))
    assert partner(register).ask(asked(attributes="sex")).match is NO
    assert partner(register).ask(asked(attributes="sex", purpose="hien-dien")).match is UNKNOWN


def test_names_for_later_questions(both: Register, clock: Clock) -> None:
    for code in ("bhxh", "thue"):
        Sharing(both).grants.add(granted(
            "birth:year", partner=code, pseudonym=True, match_minutes=30, naming=EVERYONE
        ))  # fmt: skip
    bhxh, thue = partner(both), partner(both, "thue")
    first = bhxh.ask(asked(pseudonym=True, match_id=True))
    again = bhxh.ask(asked(pseudonym=True, match_id=True))
    other = thue.ask(asked(pseudonym=True, match_id=True, partner="thue"))
    assert first.pseudonym == again.pseudonym != other.pseudonym
    assert len({first.match_id, again.match_id, other.match_id}) == 3
    assert first.pseudonym is not None
    assert first.match_id is not None
    for subject in (Subject(pseudonym=first.pseudonym), Subject(match_id=first.match_id)):
        by_name = asked(attributes="birth:year", subject=subject, given={})
        assert bhxh.ask(by_name).values == {"birth:year": "2001"}
        stranger = replace(by_name, partner="thue")
        assert thue.ask(stranger).values == {"birth:year": None}
    clock.later(seconds=30 * 60)
    ended = asked(attributes="birth:year", subject=Subject(match_id=first.match_id), given={})
    assert bhxh.ask(ended).values == {"birth:year": None}


def test_pseudonyms_are_rotated(register: Register, clock: Clock) -> None:
    sharing = Sharing(register)
    sharing.grants.add(granted("birth:year", pseudonym=True, naming=EVERYONE))
    old = partner(register).ask(asked(pseudonym=True)).pseudonym
    assert old is not None
    assert sharing.rotate_pseudonyms("bhxh", days=10).version == 2
    by_old = {"subject": Subject(pseudonym=old), "given": {}, "attributes": "birth:year"}
    answer = partner(register).ask(asked(pseudonym=True, **by_old))  # type: ignore[arg-type]
    assert answer.values == {"birth:year": "2001"}
    assert answer.pseudonym not in (None, old)
    clock.later(days=10)
    answer = partner(register).ask(asked(**by_old))  # type: ignore[arg-type]
    assert answer.values == {"birth:year": None}
    assert sharing.tidy()["names"] == 1


def test_people_are_found_by_name_and_birth(register: Register) -> None:
    register.people.add(someone("046301123458"), unit="46")  # of the same name and day
    Sharing(register).grants.add(granted("number:masked", naming=(Naming.ATTRIBUTES,)))
    sharing = partner(register)
    found = sharing.ask(
        asked(attributes="number:masked", number=None, name="Tran Van Binh", birth="01/02/1960")
    )
    assert (found.match, found.values) == (YES, {"number:masked": "***457"})
    assert sharing.ask(asked(attributes="number:masked", number=None)).match is NO
    year = asked(attributes="number:masked", number=None, birth="2001")
    assert refused(sharing, year).reason is Refusal.NOT_GRANTED


def test_only_who_agreed(both: Register, clock: Clock) -> None:
    sharing = Sharing(both)
    made = sharing.grants.add(granted("birth:year", consent=True))
    asker, reference = partner(both), both.person(AN).reference
    assert refused(asker, asked(attributes="birth:year")).reason is Refusal.NO_CONSENT
    wrong = asker.ask(asked(attributes="birth:year", name="Lê Thị Hoa"))
    nobody = asker.ask(asked(attributes="birth:year", number=NOBODY))
    assert (wrong.match, nobody.match) == (NO, NO)
    until = clock.now + 86_400_000_000
    desk = ConsentDesk(both)
    desk.give(made.reference, reference, How.PAPER, "DK-12/2026", until=until)
    assert asker.ask(asked(attributes="birth:year")).values == {"birth:year": "2001"}
    clock.later(days=1)
    assert refused(asker, asked(attributes="birth:year")).reason is Refusal.NO_CONSENT
    desk.give(made.reference, reference, How.PAPER, "DK-13/2026")
    assert asker.ask(asked(attributes="birth:year")).match is YES
    assert desk.withdraw(made.reference, reference)
    assert refused(asker, asked(attributes="birth:year")).reason is Refusal.NO_CONSENT
    assert [one.evidence for one in desk.of(reference)] == ["DK-12/2026", "DK-13/2026"]


def test_that_consent_is_missing_counts_and_is_seen_like_an_answer(both: Register) -> None:
    """It confirms what was given: nobody may be asked about so without end and without traces."""
    sharing, who = Sharing(both), both.person(AN).reference
    limits = (Limit.of("person/total=2"),)
    made = sharing.grants.add(granted("birth:year", consent=True, limits=limits))
    asker, again = partner(both), asked(attributes="birth:year", request="r-consent")
    assert refused(asker, again).reason is Refusal.NO_CONSENT
    assert [one.topics for one in sharing.seen_by(who)] == [("identity",)]
    ConsentDesk(both).give(made.reference, who, How.PAPER, "DK-1")
    assert asker.ask(again).match is YES  # the same question may be asked again
    assert refused(asker, asked(attributes="birth:year")).reason is Refusal.TOO_OFTEN
    assert len(sharing.seen_by(who)) == 2
    assert sharing.statistics("bhxh").refused["no_consent"] == 1
    assert both.audit.verify().whole


def test_who_was_merged_is_one_person(register: Register) -> None:
    other = register.people.add(someone("046301123459"), unit="46")
    register.people.merge(register.person(AN).reference, other.reference, "prints.alike")
    Sharing(register).grants.add(granted("birth:year", pseudonym=True))
    one, two = (
        partner(register).ask(asked(pseudonym=True, number=number)).pseudonym
        for number in (AN, "046301123459")
    )
    assert one == two is not None


def test_a_grant_has_its_time(register: Register, clock: Clock) -> None:
    Sharing(register).grants.add(granted("birth:year", ends=date(2026, 7, 1)))
    assert partner(register).ask(asked(attributes="birth:year")).match is YES
    clock.later(seconds=12 * 3600)  # 2 July in Hà Nội, still 1 July in Greenwich
    assert refused(partner(register), asked(attributes="birth:year")).reason is Refusal.NO_GRANT


@pytest.mark.parametrize(
    ("form", "value"),
    [(Form.FULL, "2001-03-05"), (Form.MONTH, "2001-03"), (Form.YEAR, "2001")],
)
def test_forms_of_a_date(register: Register, form: Form, value: str) -> None:
    Sharing(register).grants.add(granted(f"birth:{form}"))
    assert partner(register).ask(asked(attributes=f"birth:{form}")).values == {
        f"birth:{form}": value
    }


def test_nothing_personal_in_the_log_nor_in_what_is_printed(register: Register) -> None:
    Sharing(register).grants.add(granted("birth:over_age:18", "phone:full", "sex:="))
    question = asked("birth over_age 18", "sex = Nữ", attributes="phone")
    answer = partner(register).ask(question)
    with pytest.raises(RefusedError) as caught:
        partner(register).ask(asked("ethnic = Kinh"))
    everything = json.dumps(entries(register), ensure_ascii=False)
    everything += repr((question, question.subject, question.predicates, answer, caught.value))
    for secret in (AN, "Nguyễn", "2001", "05/03", "Kinh", "Nữ"):
        assert secret not in everything
    (entry,) = (
        one for one in entries(register)
        if one["operation"] == "share.ask" and one["outcome"] == "done"
    )  # fmt: skip
    detail = entry["detail"]
    assert isinstance(detail, dict)
    assert detail["asked"] == [
        "birth match", "birth over_age", "name match", "phone:full", "sex ="
    ]  # fmt: skip
    assert (detail["unit"], detail["officer"], entry["purpose"]) == (
        "BHXH/46", "cb-0017", "bhyt.cap-the",
    )  # fmt: skip
    assert entry["subjects"] == [register.person(AN).reference]


def test_what_is_missing_is_no_question() -> None:
    questions: tuple[dict[str, Any], ...] = (
        {"request": " "}, {"procedure": ""}, {"unit": ""}, {"officer": "\n"}, {"partner": "B H"},
        {"purpose": ""}, {"subject": {"number": "12"}}, {"subject": {"pseudonym": "x"}},
        {"predicates": [{"attribute": "birth", "operator": "over_age", "values": ["old"]}]},
        {"predicates": [{"attribute": "sex", "operator": "<", "values": ["Nữ"]}]},
        {"predicates": [{"attribute": "shoe", "operator": "=", "values": ["42"]}]},
        {"predicates": [{"attribute": "birth", "operator": "="}]}, {"attributes": ["birth:yes_no"]},
        {"given": {"birth": "31/02/2001"}}, {"given": {}, "predicates": [], "attributes": []},
        {"given": {"name": "An", "full_name": "An"}}, {"surprise": 1}, {"given": 3},
        {"predicates": "birth"}, {"subject": {"number": AN, "match_id": "a" * 24}},
    )  # fmt: skip
    for broken in questions:
        with pytest.raises(FieldError):
            Question.from_dict(asked("birth over_age 18").to_dict() | broken)
    whole = asked("birth over_age 18", "sex in Nam|Nữ", attributes="birth:year phone")
    assert Question.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole


def test_grants_and_bounds_are_checked_when_made() -> None:
    grants: tuple[dict[str, Any], ...] = (
        {"allows": []}, {"partner": ""}, {"purpose": "Cấp"}, {"law": " "}, {"ends": "2020-01-01"},
        {"limits": ["person/day=0"]}, {"limits": ["day=3"]}, {"units": ["../x"]},
        {"match": ["shoe"]}, {"naming": ["guess"]}, {"bound": {"wrong": 1000}},
        {"telling": {"days": 3, "on": "2030-01-01"}}, {"match_minutes": -1}, {"v": 2},
    )  # fmt: skip
    for broken in grants:
        plain = granted("birth:year").to_dict() | {"match": ["name"]} | broken
        if "allows" in broken:
            plain["match"], plain["existence"] = [], True
        with pytest.raises(FieldError):
            Grant.from_dict(plain)
    for bits in (-1, 9):
        with pytest.raises(FieldError):
            GuessBound(bits=bits)
