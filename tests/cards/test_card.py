"""One record: its parts agree, come back, and whatever disagrees is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards import mrz, qr
from civid.cards.card import CardRecord
from civid.cards.chip import dg1, dg13, ef_com
from civid.cards.chip.dg13 import Dg13Record
from civid.cards.chip.face import FaceImage
from civid.cards.chip.finger import FingerImageRecord, FingerView
from civid.cards.crosscheck import crosscheck
from civid.cards.gather import gather
from civid.cards.generations import Generation
from civid.cards.models import CardModel
from civid.cards.parts import printed, to_com, to_dg13, to_files, to_mrz, to_qr
from civid.cards.qr import QrRecord
from civid.errors import FieldError, FormatError, NumberError
from civid.people.dates.partial import PartialDate
from civid.people.sex import Sex
from civid.position import Position

ZONE = "IDVNM3011234567046301123456<<50103059F2603058VNM<<<<<<<<<<<0NGUYEN<<THI<AN" + "<" * 16


def test_the_parts_are_the_worked_examples(
    card: CardRecord, qr_text: str, zone: tuple[str, ...]
) -> None:
    assert qr.build(to_qr(card)) == qr_text
    assert mrz.build(to_mrz(card)) == zone
    assert card.expiry == date(2026, 3, 5)
    assert card.warnings == ()


def test_the_card_of_2024(new_card: CardRecord, qr_text: str) -> None:
    assert new_card.kind is Generation.CAN_CUOC
    assert new_card.expiry == date(2041, 3, 5)
    assert qr.build(to_qr(new_card)) == qr_text.replace("10062021", "01082024") + "||||"
    assert [one.code for one in new_card.warnings] == ["dg13.form"]


def test_undocumented_fields_are_not_made_up(person: dict[str, object]) -> None:
    child = CardRecord(issued=date(2024, 8, 1), **{**person, "birth": date(2015, 3, 5)})
    with pytest.raises(FieldError, match="not documented"):
        to_qr(child)
    assert to_qr(child, ("a", "b", "", "")).extras == ("a", "b", "", "")
    renumbered = CardRecord(
        issued=date(2024, 8, 1), **{**person, "cancelled_number": "046301000001"}
    )
    with pytest.raises(FieldError, match="not documented"):
        to_qr(renumbered)


def test_the_form_of_2021_has_no_such_fields(card: CardRecord) -> None:
    with pytest.raises(FieldError):
        to_qr(card, ("", "", "", ""))


def test_no_expiry_is_the_same_everywhere(person: dict[str, object]) -> None:
    old = CardRecord(issued=date(2021, 6, 10), **{**person, "birth": date(1950, 1, 2)})
    assert old.expiry is None
    assert to_mrz(old).no_expiry
    assert to_dg13(old).no_expiry
    assert {one.name: one.value for one in printed(old)}["expiry"] == "Không thời hạn"
    assert "number.century" in [one.code for one in old.warnings]


def test_an_incomplete_birth(person: dict[str, object]) -> None:
    made = CardRecord(
        issued=date(2021, 6, 10), expires_on=None, **{**person, "birth": PartialDate(1950, 3)}
    )
    assert (made.birth_text, made.birth_printed, made.age_at_issue) == ("00031950", "03/1950", None)
    assert to_mrz(made).birth_text == "5003<<"
    assert to_qr(made).birth_text == "00031950"
    assert to_mrz(replace(made, birth=PartialDate(1950))).birth_text == "50<<<<"
    assert "birth.partial" in [one.code for one in made.warnings]
    assert gather(qr=to_qr(made), mrz=to_mrz(made), dg13=to_dg13(made)) == replace(
        made, birth_registration=""
    )
    assert CardModel.from_json(CardModel.from_record(made).model_dump_json()) == made
    # Whatever the day was in 1950, the card does not expire; of 2001 it is not known.
    for birth in (PartialDate(1950), PartialDate(1950, 3), PartialDate(1962)):
        assert CardRecord(issued=date(2021, 6, 10), **{**person, "birth": birth}).expiry is None
    for birth in (PartialDate(2001), PartialDate(2001, 3), PartialDate(1963)):
        with pytest.raises(FieldError, match="give the day or None"):
            CardRecord(issued=date(2021, 6, 10), **{**person, "birth": birth})
    whole = CardRecord(issued=date(2021, 6, 10), **{**person, "birth": PartialDate(2001, 3, 5)})
    assert whole.birth == date(2001, 3, 5)


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("personal_number", "12", NumberError), ("full_name", " ", FieldError),
        ("full_name", "a|b", FieldError), ("residence", "a\nb", FieldError),
        ("residence", "a" * 600, FieldError), ("birth", date(2020, 1, 1), FieldError),
        ("issued", date(2019, 1, 1), FieldError), ("issued", date(2000, 1, 1), FieldError),
    ],
)  # fmt: skip
def test_what_no_card_can_hold_is_refused(
    person: dict[str, object], field: str, value: object, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        CardRecord(**{"issued": date(2021, 6, 10), **person, field: value})
    assert "Nguyễn" not in str(caught.value)


def test_the_generation_has_to_fit(person: dict[str, object]) -> None:
    with pytest.raises(FieldError, match="before 2021"):
        CardRecord(issued=date(2021, 6, 10), generation=Generation.CMND12, **person)
    early = CardRecord(issued=date(2021, 6, 10), generation=Generation.CAN_CUOC, **person)
    assert "generation.issued" in [one.code for one in early.warnings]


def test_the_record_does_not_show_the_person(card: CardRecord) -> None:
    for secret in ("046301123456", "Nguyễn", "2001", "Huế"):
        assert secret not in repr(card)


def test_the_printed_sides(card: CardRecord, new_card: CardRecord) -> None:
    old = {one.name: (one.side, one.value) for one in printed(card)}
    new = {one.name: (one.side, one.value) for one in printed(new_card)}
    assert old["full_name"] == ("front", "NGUYỄN THỊ AN")
    assert old["marks"][0] == "back"
    assert old["residence"][0] == "front"
    assert new["residence"][0] == "back"
    assert {"marks", "origin"}.isdisjoint(new)
    assert new["expiry"] == ("back", "05/03/2041")


def test_the_files_of_the_chip(card: CardRecord) -> None:
    finger = FingerImageRecord((FingerView(b"w", Position.LEFT_INDEX, 10, 10),))
    files = to_files(card, FaceImage(b"jpg", 3, 4), (finger,))
    assert list(files) == [1, 2, 3, 13]
    assert dg1.parse(files[1]) == to_mrz(card)
    assert dg13.parse(files[13]) == to_dg13(card)
    assert ef_com.parse(to_com(files)).groups == (1, 2, 3, 13)


def test_the_way_back(card: CardRecord) -> None:
    again = gather(qr=to_qr(card), mrz=to_mrz(card), dg13=to_dg13(card))
    assert again == replace(card, birth_registration="")
    assert gather(qr=to_qr(card)).expiry == card.expiry
    with pytest.raises(FieldError, match="full_name"):
        gather(mrz=to_mrz(card))
    with pytest.raises(FieldError, match="personal_number"):
        gather()


# --- cross-check


def found(**sources: object) -> set[tuple[str, str]]:
    """Field and severity of what disagrees."""
    return {(one.field, one.severity) for one in crosscheck(**sources)}  # type: ignore[arg-type]


def test_what_one_record_makes_agrees(card: CardRecord, new_card: CardRecord) -> None:
    for one in (card, new_card):
        parts = {"qr": to_qr(one), "mrz": to_mrz(one), "dg1": to_mrz(one), "dg13": to_dg13(one)}
        assert crosscheck(**parts, register=one) == ()


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"personal_number": "046301123457"}, {("personal_number", "conflict")}),
        ({"full_name": "Nguyễn Thị Ân"}, {("name", "conflict")}),
        ({"full_name": "NGUYỄN THỊ AN"}, set()),
        ({"full_name": "Nguyen Thi An"}, {("name", "conflict")}),
        ({"birth_text": "06032001"}, {("birth", "conflict"), ("expiry", "conflict")}),
        ({"birth_text": "00002001"}, {("birth", "note")}),
        ({"birth_text": "05032101"}, {("birth", "conflict"), ("issued", "conflict"),
                                      ("personal_number", "note")}),
        ({"sex_text": "Nam"}, {("sex", "conflict"), ("personal_number", "note")}),
        ({"issued_text": "11062021"}, {("issued", "conflict")}),
        ({"residence": "Đà Nẵng"}, {("residence", "note")}),
        ({"residence": "TỔ 3,  VĨNH NINH, THÀNH PHỐ HUẾ, THỪA THIÊN HUẾ"}, set()),
        ({"old_number": ""}, {("old_number", "note")}),
        ({"old_number": "191234568"}, {("old_number", "conflict")}),
    ],
)  # fmt: skip
def test_each_difference_of_the_qr_code_is_found(
    card: CardRecord, change: dict[str, str], wanted: set[tuple[str, str]]
) -> None:
    other = replace(to_qr(card), **change)
    assert found(qr=other, dg13=to_dg13(card), mrz=to_mrz(card)) == wanted


def test_names_are_compared_after_transliteration(card: CardRecord) -> None:
    zone = to_mrz(card)
    assert found(qr=to_qr(card), mrz=replace(zone, names="NGUYEN<<THI<ANH")) == {
        ("name", "conflict")
    }
    assert found(qr=to_qr(card), mrz=replace(zone, names="NGUYEN<<THI<<AN")) == {("name", "note")}
    assert found(qr=to_qr(card), mrz=replace(zone, names="NGUYEN<THI<<AN")) == {("name", "note")}
    assert found(mrz=zone, dg1=replace(zone, names="NGUYEN<<THI<ANH")) == {("name", "conflict")}


def test_a_cut_name_agrees(person: dict[str, object]) -> None:
    name = "Công Tằng Tôn Nữ Thị Thanh Huyền Trang"
    card = CardRecord(issued=date(2021, 6, 10), **{**person, "full_name": name})
    assert found(qr=to_qr(card), mrz=to_mrz(card)) == set()


def test_wrong_check_digits_and_the_law_are_told(card: CardRecord) -> None:
    lines = list(mrz.build(to_mrz(card)))
    lines[1] = lines[1].replace("260305", "360305")
    wrong = mrz.parse(lines, strict=False)
    assert found(qr=to_qr(card), mrz=wrong) == {
        ("expiry", "conflict"), ("composite", "conflict"),
    }  # fmt: skip
    late = replace(to_mrz(card), expiry_text="360305")
    (only,) = crosscheck(qr=to_qr(card), mrz=late)
    assert (only.field, only.sources) == ("expiry", ("mrz", "law"))


def test_a_disagreement_does_not_repeat_the_person(card: CardRecord) -> None:
    other = replace(to_qr(card), full_name="Trần Văn Ba", birth_text="06032001")
    text = repr(crosscheck(qr=other, dg13=to_dg13(card)))
    for secret in ("Trần", "Nguyễn", "2001", "046301"):
        assert secret not in text


_WORD = st.sampled_from(
    ["Nguyễn", "Thị", "Đặng", "H'Hen", "Niê", "Ưng", "Khuê", "Trường", "Ỷ", "An"]
)


@given(
    number=st.from_regex("0[0-9]{2}[0-3][0-9]{8}", fullmatch=True),
    words=st.lists(_WORD, min_size=1, max_size=9),
    birth=st.dates(date(1900, 1, 1), date(2005, 12, 31)),
    issued=st.dates(date(2021, 3, 1), date(2030, 12, 31)),
    sex=st.sampled_from([Sex.MALE, Sex.FEMALE]),
    old=st.just("") | st.from_regex("[0-9]{9}", fullmatch=True),
)
def test_parts_agree_by_construction(
    number: str, words: list[str], birth: date, issued: date, sex: Sex, old: str
) -> None:
    made = CardRecord(
        personal_number=number, full_name=" ".join(words), birth=birth, sex=sex, issued=issued,
        old_number=old, residence="Huế",
    )  # fmt: skip
    parts = {"qr": qr.parse(qr.build(to_qr(made))), "mrz": mrz.parse(mrz.build(to_mrz(made))),
             "dg13": dg13.parse(dg13.build(to_dg13(made)))}  # fmt: skip
    conflicts = [one for one in crosscheck(**parts, register=made) if one.severity == "conflict"]
    assert conflicts == []
    assert gather(**parts) == made


_ODD = st.none() | st.text(max_size=14) | st.text("0123456789/", min_size=8, max_size=12)


@given(
    st.builds(Dg13Record, _ODD, _ODD, _ODD, _ODD, _ODD, _ODD, _ODD, _ODD, _ODD, _ODD, _ODD, _ODD),
    st.builds(QrRecord, st.text(max_size=14), st.text(max_size=9), st.text(max_size=9),
              st.text("0123456789", min_size=8, max_size=8), st.text(max_size=4),
              st.text(max_size=4), st.text("0123456789", min_size=8, max_size=8)),
    st.text("0123456789<", min_size=6, max_size=6),
)  # fmt: skip
def test_whatever_was_read_can_be_compared(chip: Dg13Record, code: QrRecord, birth: str) -> None:
    zone = replace(mrz.parse(ZONE), birth_text=birth, names="A<<<B")
    for one in crosscheck(qr=code, mrz=zone, dg13=chip):
        assert one.severity in ("conflict", "note")


# --- the border


def test_json_at_the_border(card: CardRecord) -> None:
    text = CardModel.from_record(card).model_dump_json()
    assert CardModel.from_json(text) == card
    schema = CardModel.model_json_schema()
    assert schema["additionalProperties"] is False
    assert {"personal_number", "full_name", "birth", "sex", "issued"} == set(schema["required"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"personal_number": 46301123456}, "personal_number"), ({"shoe_size": 38}, "shoe_size"),
        ({"birth": "5/3/2001"}, "birth"), ({"sex": "Z"}, "sex"), ({"issued": None}, "issued"),
        ({"full_name": ""}, "full_name"), ({"birth": "2020-01-01"}, "issued"),
    ],
)  # fmt: skip
def test_the_border_is_strict_and_silent(
    card: CardRecord, change: dict[str, object], said: str
) -> None:
    document = json.loads(CardModel.from_record(card).model_dump_json()) | change
    document["expires_on"] = "law"
    with pytest.raises(FieldError, match=said) as caught:
        CardModel.from_json(json.dumps(document))
    assert "46301123456" not in str(caught.value)


def test_what_is_no_json_is_refused() -> None:
    for text in ("", "[]", "{", "1" * 70000):
        with pytest.raises(FieldError):
            CardModel.from_json(text)


def test_a_name_without_a_latin_form_cannot_be_written(person: dict[str, object]) -> None:
    made = CardRecord(issued=date(2021, 6, 10), **{**person, "full_name": "王小明"})
    with pytest.raises(FormatError):
        to_mrz(made)
    assert ("name", "note") in found(qr=to_qr(made), mrz=mrz.parse(ZONE))


def test_what_could_not_be_compared_does_not_agree(zone: tuple[str, ...], qr_text: str) -> None:
    read = mrz.parse((zone[0][:28] + "K" + zone[0][29], *zone[1:]), strict=False)
    other = qr.parse(qr_text.replace("046301123456", "079301123456"))
    found = {(one.field, one.sources, one.severity) for one in crosscheck(qr=other, mrz=read)}
    assert ("personal_number", ("mrz",), "note") in found
    assert ("number_form", ("mrz",), "conflict") in found
    assert crosscheck(qr=qr.parse(qr_text), mrz=mrz.parse(zone)) == ()
    silent = crosscheck(qr=qr.parse(qr_text), dg13=Dg13Record())
    assert {one.field for one in silent} >= {"personal_number", "name", "birth"}
    assert {one.severity for one in silent} == {"note"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sex", "Nam", "'M', 'F' or 'X'"), ("generation", "x", "'cccd-chip'"),
        ("birth", "05/03/2001", "pattern"), ("personal_number", "46", "pattern"),
        ("full_name", "", "min length 1"), ("marks", "x" * 600, "max length 512"),
    ],
)  # fmt: skip
def test_json_errors_say_what_is_allowed(
    person: dict[str, object], field: str, value: str, words: str
) -> None:
    made = CardRecord(issued=date(2021, 6, 10), **person)
    document = CardModel.from_record(made).model_dump(mode="json") | {field: value}
    with pytest.raises(FieldError, match=words) as caught:
        CardModel.from_json(json.dumps(document))
    assert caught.value.field == field


def test_words_of_a_chip_are_known_decomposed(person: dict[str, object]) -> None:
    made = to_dg13(CardRecord(issued=date(2021, 6, 10), expires_on=None, **person))
    apart = replace(
        made,
        expiry_text=normalize("NFD", "KHÔNG THỜI  HẠN"),
        sex_text=normalize("NFD", "Nữ"),
    )
    assert apart.no_expiry
    assert apart.sex is Sex.FEMALE
    assert apart.warnings == made.warnings
