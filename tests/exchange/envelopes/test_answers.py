"""Answers, and messages that hold the granted fields and nothing else."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError, FormatError
from civid.exchange.envelopes import Answer, Fault, answer, granted_message, question
from civid.formats.qcvn109 import message_json, message_xml
from civid.formats.qcvn109.record import Birth, Citizen, Message, Name
from civid.people.citizen import FIELDS, Source
from civid.people.messages import claims

#: Of one invented person, one text a field that a message has a place for.
VALUES = {
    "number": "046301123456", "cmnd9": "191234567", "name": "Nguyễn Thị An",
    "birth": "05/03/2001", "sex": "Nữ", "marital": "1", "blood": "02", "ethnic": "Kinh",
    "religion": "Phật giáo", "nationality": "Việt Nam",
    "birth_registration_place": "Phú Hội, Huế", "home_town": "Hương Trà, Huế",
    "permanent_residence": "12 Lê Lợi, Huế", "current_residence": "3 Hai Bà Trưng, Hà Nội",
    "father_name": "Nguyễn Văn Ba", "father_number": "046201999991",
    "mother_name": "Trần Thị Mẹ", "mother_number": "046301999992",
    "spouse_name": "Lê Văn Chồng", "spouse_number": "046201999993",
    "representative_name": "Đỗ Đại Diện", "representative_number": "046201999994",
    "head_name": "Vũ Chủ Hộ", "head_number": "046201999995", "relation": "Con đẻ",
    "household_book": "HK-77-123",
}  # fmt: skip


@given(st.sets(st.sampled_from(sorted(VALUES))))
def test_a_message_says_what_was_granted_and_nothing_else(fields: set[str]) -> None:
    asked = Citizen("000000000000")  # another than the register's
    made = granted_message({name: VALUES[name] for name in fields}, fields, asked=asked)
    read = {
        one.field
        for person in made.message.citizens
        for one in claims(person, Source.SECTOR_DATABASE, date(2026, 1, 1)).claims
    }
    repeated = {"number"} if fields and not fields & {"number", "cmnd9", "name"} else set()
    assert read == fields | repeated
    text = message_xml.build(made.message).decode() + message_json.build(made.message).decode()
    for name, value in VALUES.items():
        if name not in fields and len(value) > 3 and name.endswith(("name", "number", "book")):
            assert value not in text, name


def test_a_value_beyond_the_grant_is_an_error() -> None:
    with pytest.raises(FieldError, match="not in the grant") as caught:
        granted_message(VALUES, {"name", "birth"})
    assert "046" not in str(caught.value)
    with pytest.raises(FieldError, match="no such field"):
        granted_message({}, {"shoe_size"})


def test_names_of_cards_are_the_same_fields() -> None:
    made = granted_message({"full_name": "Bùi Thị An"}, {"name"})
    assert made.message.citizens[0].name is not None


def test_what_a_message_has_no_place_for_is_told() -> None:
    made = granted_message({"phone": "0901234567", "name": "Bùi Thị An"}, {"phone", "name"})
    assert [one.code for one in made.warnings] == ["phone.no_place"]
    assert not granted_message({}, FIELDS).message.citizens


def test_units_of_fields_that_were_not_answered_stay_out() -> None:
    units = {"home_town": "19753", "permanent_residence": "19754"}
    made = granted_message({"home_town": "Huế"}, {"home_town"}, units=units)
    person = made.message.citizens[0]
    assert person.home_town is not None
    assert person.home_town.unit == "19753"
    assert person.permanent_residence is None
    assert not granted_message({}, {"home_town"}, units=units).message.citizens


def test_moment_and_trace() -> None:
    at = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
    made = granted_message({"name": "Bùi Thị An"}, {"name"}, at=at, note="trace 4b4b")
    assert (made.message.as_of, made.message.note) == ("2026-11-29T08:30:00Z", "trace 4b4b")
    assert message_xml.parse(message_xml.build(made.message), strict=True) == made.message


def test_a_question_is_what_can_be_compared() -> None:
    asked = Citizen("046301123456", name=Name("Bùi", "Thị", "An"), birth=Birth(year="2001"),
                    sex="7")  # fmt: skip
    assert question(asked) == {"number": "046301123456", "name": "Bùi Thị An", "birth": "2001"}


people = st.builds(
    Citizen, st.from_regex(r"[0-9]{12}", fullmatch=True),
    name=st.sampled_from([None, Name("Bùi", "Thị", "An"), Name(given="An")]),
    birth=st.sampled_from([None, Birth(year="1950"), Birth("2001-03-05")]),
)  # fmt: skip
answers = st.one_of(
    st.builds(Answer, exists=st.booleans()),
    st.builds(Answer, message=st.builds(Message, st.tuples() | st.tuples(people))),
    st.builds(
        Answer,
        fault=st.builds(
            Fault, st.sampled_from(["Client", "Server"]),
            st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF), max_size=60).map(
                str.strip
            ),
        ),
    ),
)  # fmt: skip


@given(answers)
def test_read_back_as_written(made: Answer) -> None:
    assert answer.parse(answer.build(made), strict=True) == made


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_format_error(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        answer.parse(data)


def test_a_deployed_answer() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?>
    <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
      <soapenv:Header xmlns:dan="http://dancuquocgia.bca"/>
      <soapenv:Body xmlns:dan="http://dancuquocgia.bca">
        <ns1:CongdanCollection xmlns:ns1="http://www.mic.gov.vn/dancu/1.0"><ns1:CongDan>
          <ns1:SoDinhDanh>046301123456</ns1:SoDinhDanh>
          <ns1:HoVaTen><ns1:Ho/><ns1:ChuDem/><ns1:Ten>NGUYỄN THỊ AN</ns1:Ten></ns1:HoVaTen>
          <ns1:NgayThangNamSinh><ns1:Nam>2001</ns1:Nam><ns1:NgayThangNam>20010305</ns1:NgayThangNam>
          </ns1:NgayThangNamSinh></ns1:CongDan></ns1:CongdanCollection>
      </soapenv:Body>
    </soapenv:Envelope>"""
    read = answer.parse(text.strip().encode())
    assert read.message is not None
    person = read.message.citizens[0]
    assert person.name is not None
    assert person.name.full == "NGUYỄN THỊ AN"
    assert read.warnings  # days of eight digits


@pytest.mark.parametrize("space", ["http://dancuquocgia.bca", ""])
@pytest.mark.parametrize(("word", "exists"), [("true", True), ("0", False)])
def test_a_verdict_with_or_without_its_namespace(space: str, word: str, exists: bool) -> None:
    text = (
        '<d:KetQuaXacThuc xmlns:d="http://dancuquocgia.bca">'
        f'<TonTai xmlns="{space}">{word}</TonTai></d:KetQuaXacThuc>'
    )
    assert answer.parse(text.encode()).exists is exists


def test_faults_of_both_versions() -> None:
    newer = b"""<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault>
      <e:Code><e:Value>e:Sender</e:Value></e:Code>
      <e:Reason><e:Text xml:lang="en">no such service</e:Text></e:Reason></e:Fault></e:Body>
    </e:Envelope>"""
    assert answer.parse(newer).fault == Fault("Sender", "no such service")


@pytest.mark.parametrize(
    "text",
    ["<KetQuaXacThuc/>", '<KetQuaXacThuc xmlns="http://dancuquocgia.bca"/>',
     '<KetQuaXacThuc xmlns="http://dancuquocgia.bca"><TonTai>co</TonTai></KetQuaXacThuc>'],
)  # fmt: skip
def test_what_is_no_answer(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        answer.parse(text.encode())
    assert caught.value.offset is not None


def test_an_answer_is_one_thing() -> None:
    for wrong in ({}, {"exists": True, "fault": Fault("Client")}):
        with pytest.raises(FormatError):
            Answer(**wrong)  # type: ignore[arg-type]
    assert "046301123456" not in repr(Answer(message=Message((Citizen("046301123456"),))))
