"""QR texts of both forms: the worked examples, tolerance, hostility, exactness."""

from __future__ import annotations

import contextlib
import string
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards import qr
from civid.cards.qr import QrRecord
from civid.errors import CividError, FormatError
from civid.people.sex import Sex

QR_2024 = (
    "046301123456|191234567|Nguyễn Thị An|05032001|Nữ|"
    "Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế|01082024||||"
)


def test_the_example_of_2021(qr_text: str) -> None:
    record = qr.parse(qr_text)
    assert record.personal_number == "046301123456"
    assert record.old_number == "191234567"
    assert record.full_name == "Nguyễn Thị An"
    assert record.birth == date(2001, 3, 5)
    assert record.sex is Sex.FEMALE
    assert record.residence == "Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế"
    assert record.issued == date(2021, 6, 10)
    assert (record.form, record.extras, record.warnings) == (2021, (), ())
    assert qr.build(record) == qr_text


def test_the_form_of_2024() -> None:
    record = qr.parse(QR_2024)
    assert (record.form, record.extras) == (2024, ("", "", "", ""))
    assert record.issued == date(2024, 8, 1)
    assert record.warnings == ()
    assert qr.build(record) == QR_2024


def test_the_undocumented_fields_stay_raw_and_are_told() -> None:
    record = qr.parse(QR_2024[:-4] + "|Nguyễn Văn Bình|Trần Thị Cúc||046301000001")
    assert record.extras == ("Nguyễn Văn Bình", "Trần Thị Cúc", "", "046301000001")
    assert [one.code for one in record.warnings] == ["extras.order"]


@pytest.mark.parametrize(
    "dirty",
    [
        "{}\r\n", "\x00{}\x00\x00", "\ufeff{}", "  {} ", "{}\u200b", "\u200e{}",
    ],
)  # fmt: skip
def test_dirt_around_and_inside_is_dropped(qr_text: str, dirty: str) -> None:
    assert qr.parse(dirty.format(qr_text)) == qr.parse(qr_text)


def test_zero_width_characters_inside_are_dropped(qr_text: str) -> None:
    assert qr.parse(qr_text.replace("0463", "04\u200b63").replace("Thị", "Th\u200dị")) == qr.parse(
        qr_text
    )


def test_decomposed_text_and_bytes_are_the_same(qr_text: str) -> None:
    wanted = qr.parse(qr_text)
    assert qr.parse(unicodedata.normalize("NFD", qr_text)) == wanted
    assert qr.parse(qr_text.encode()) == wanted
    assert qr.parse(qr_text.replace("|", " | ")) == wanted


def test_an_empty_field_is_not_a_missing_one(qr_text: str) -> None:
    assert qr.parse(qr_text.replace("191234567", "")).old_number == ""
    with pytest.raises(FormatError, match="has 6"):
        qr.parse(qr_text.replace("191234567|", ""))


@pytest.mark.parametrize(
    ("birth", "code"),
    [
        ("00032001", "birth.partial"),
        ("00002001", "birth.partial"),
        ("30022001", "birth.impossible"),
    ],
)
def test_odd_dates_are_kept_and_told(qr_text: str, birth: str, code: str) -> None:
    record = qr.parse(qr_text.replace("05032001", birth))
    assert record.birth is None
    assert record.birth_text == birth
    assert [one.code for one in record.warnings] == [code]
    assert birth in qr.build(record)


def test_other_doubts_are_told(qr_text: str) -> None:
    odd = (
        qr_text.replace("191234567", "19123456").replace("Nữ", "F").replace("10062021", "10061999")
    )
    codes = [one.code for one in qr.parse(odd).warnings]
    assert codes == ["old_number.form", "sex.form", "issued.order"]
    assert qr.parse(odd).sex is Sex.UNKNOWN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1"), ("x", "has 1"), ("|" * 5, "has 6"), ("|" * 6, "12 digits"),
        ("|" * 10, "12 digits"),
        ("|" * 7, "has 8"), ("|" * 11, "has 12"), ("a" * 5000, "4096"),
        ("04630112345|||05032001|||10062021", "12 digits"),
        ("０４６３０１１２３４５６||An|05032001|Nữ|Huế|10062021", "12 digits"),
        ("٠٤٦٣٠١١٢٣٤٥٦||An|05032001|Nữ|Huế|10062021", "12 digits"),
        ("046301123456|||05032001|Nữ|Huế|10062021", "full name"),
        ("046301123456||An|0503201|Nữ|Huế|10062021", "birth"),
        ("046301123456||An|05032001|Nữ|Huế|1006202I", "issued"),
        ("046301123456||An|²5032001|Nữ|Huế|10062021", "birth"),
        (b"\xff\xfe", "UTF-8"), (b"a" * 20000, "4096"),
        ("GD4790000000001|4e677579e1bb856e|01/01/1990|1|Hue|12|-", "health-insurance"),
    ],
)  # fmt: skip
def test_what_is_no_card_is_refused(text: str | bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        qr.parse(text)


def test_errors_and_reprs_never_hold_the_person(qr_text: str) -> None:
    with pytest.raises(FormatError) as caught:
        qr.parse(qr_text.replace("05032001", "0503200X"))
    for secret in ("046301123456", "Nguyễn", "0503200X", "Huế"):
        assert secret not in str(caught.value)
        assert secret not in repr(qr.parse(qr_text))


def test_many_are_read_and_bad_ones_stay_in_place(qr_text: str) -> None:
    found = qr.parse_many([qr_text, "nonsense", QR_2024.encode()])
    assert [type(one) for one in found] == [QrRecord, FormatError, QrRecord]
    assert found[0] == qr.parse(qr_text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("residence", "a|b"), ("residence", "a\nb"), ("full_name", ""), ("full_name", " An"),
        ("personal_number", "12"), ("birth_text", "2001"), ("issued_text", "00000000x"),
        ("extras", ("a",)), ("extras", ("a|", "", "", "")), ("residence", "a" * 5000),
        ("residence", "\u200b"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(qr_text: str, field: str, value: object) -> None:
    with pytest.raises(FormatError):
        qr.build(replace(qr.parse(qr_text), **{field: value}))


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="|"), max_size=40
).map(lambda text: unicodedata.normalize("NFC", text))
_NAME = _TEXT.filter(bool)
_DIGITS = st.text(string.digits, min_size=12, max_size=12)


@given(
    st.builds(
        QrRecord,
        _DIGITS, st.just("") | st.text(string.digits, min_size=9, max_size=9), _NAME,
        st.text(string.digits, min_size=8, max_size=8), st.sampled_from(["Nam", "Nữ", ""]), _TEXT,
        st.text(string.digits, min_size=8, max_size=8),
        st.just(()) | st.tuples(_TEXT, _TEXT, _TEXT, _TEXT),
    )
)  # fmt: skip
def test_round_trip(record: QrRecord) -> None:
    text = qr.build(record)
    assert qr.parse(text) == record
    assert qr.build(qr.parse(text)) == text
    assert isinstance(record.warnings, tuple)


@given(st.text(max_size=300) | st.binary(max_size=300) | st.text("0123456789|", max_size=80))
def test_no_input_crashes(text: str | bytes) -> None:
    with contextlib.suppress(CividError):
        qr.build(qr.parse(text))
