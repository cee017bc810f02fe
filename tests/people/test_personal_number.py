"""Personal identification numbers: the worked examples, eras, hostile input."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import CividError, FieldError, NumberError
from civid.people import cmnd9, cmnd12, number_check, personal_number
from civid.people.citizen import Source, claim
from civid.people.numbers import NumberIndex
from civid.people.sex import Sex

NUMBERS = st.from_regex(r"[0-9]{12}", fullmatch=True)
HOSTILE = [
    "", "04630112345", "0463011234567", "04630112345a", "０４６３０１１２３４５６", "٠٤٦٣٠١١٢٣٤٥٦",
    "046301\u200b123456", "046301123456\n\x00", "-46301123456.", "4.63011E+10", "9" * 10_000,
    "046301¹23456", "\ud800" * 12, "12e45678901２",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "name", "sex", "year", "serial"),
    [
        ("046301123456", "046", "Thừa Thiên Huế", Sex.FEMALE, 2001, "123456"),
        ("079085000123", "079", "Hồ Chí Minh", Sex.MALE, 1985, "000123"),
        ("175222004567", "175", "Hoa Kỳ", Sex.MALE, 2022, "004567"),
    ],
)
def test_worked_examples(
    text: str, place: str, name: str, sex: Sex, year: int, serial: str
) -> None:
    number = personal_number.parse(text)
    assert number.place_code == place
    assert number.places[0].name.startswith(name.split(" (")[0][:3])
    assert (number.sex, number.birth_year, number.serial) == (sex, year, serial)
    assert number.warnings == ()


@pytest.mark.parametrize("digit", range(10))
def test_century_digit_follows_the_table(digit: int) -> None:
    number = personal_number.parse(f"001{digit}99000001")
    assert number.birth_year == 1999 + 100 * (digit // 2)
    assert number.sex is (Sex.FEMALE if digit % 2 else Sex.MALE)


@pytest.mark.parametrize("text", HOSTILE)
def test_refuses_what_is_not_twelve_ascii_digits(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        personal_number.parse(text)
    assert caught.value.field == "number"
    assert len(str(caught.value)) < 120
    assert not personal_number.is_valid(text)


@pytest.mark.parametrize("value", [None, 46301123456, 4.6e10, b"046301123456", ["0"] * 12])
def test_refuses_what_is_not_text(value: object) -> None:
    assert not personal_number.is_valid(value)
    with pytest.raises(NumberError):
        personal_number.parse(value)  # type: ignore[arg-type]


def test_errors_and_reprs_do_not_repeat_the_number() -> None:
    with pytest.raises(NumberError) as caught:
        personal_number.parse("04630112345")
    assert "046301" not in str(caught.value)
    assert "046301" not in repr(personal_number.parse("046301123456"))
    assert "1912345" not in repr(cmnd9.parse("191234567"))


def test_eleven_digits_hint_at_the_lost_zero() -> None:
    with pytest.raises(NumberError, match="zeros"):
        personal_number.parse("46301123456")


@given(NUMBERS)
def test_round_trips(text: str) -> None:
    number = personal_number.parse(text)
    assert personal_number.parse(personal_number.format(text, " ")) == number
    assert personal_number.parse(personal_number.format(text, "-")).text == text
    year, sex = number.birth_year, number.sex
    assert 1900 <= year <= 2399
    assert sex is not Sex.UNKNOWN
    assert all(warning.code.startswith("number.") for warning in number.warnings)


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_a_typed_error(text: str) -> None:
    try:
        number = personal_number.parse(text)
    except CividError:
        assert not personal_number.is_valid(text)
    else:
        assert len(number.text) == 12
        assert number.text.isascii()
        _ = number.warnings, number.places


@given(st.lists(st.one_of(NUMBERS, st.text(max_size=14)), max_size=20))
def test_many_agree_with_one(texts: list[str]) -> None:
    many = personal_number.parse_many(texts)
    assert [not isinstance(n, NumberError) for n in many] == list(
        map(personal_number.is_valid, texts)
    )
    assert personal_number.validate_many(texts) == list(map(personal_number.is_valid, texts))


def test_an_unassigned_place_is_a_warning_not_an_error() -> None:
    assert [w.code for w in personal_number.parse("003301123456").warnings] == ["number.place"]


def test_the_era_of_allocation_decides_what_the_place_code_means() -> None:
    before = personal_number.parse("015301123456", allocated_on=date(2021, 5, 1))
    after = personal_number.parse("015301123456", allocated_on=date(2025, 8, 1))
    assert [place.name for place in before.places] == ["Yên Bái"]
    assert [place.name for place in after.places] == ["Yên Bái", "Lào Cai"]
    assert [w.code for w in after.warnings] == ["number.era"]
    assert before.warnings == ()


def test_a_birth_after_allocation_is_odd() -> None:
    number = personal_number.parse("046322123456", allocated_on=date(2021, 5, 1))
    assert [w.code for w in number.warnings] == ["number.year"]
    assert [w.code for w in personal_number.parse("046401123456").warnings] == ["number.year"]


def test_check_against_the_person() -> None:
    def codes(**facts: object) -> list[str]:
        return [w.code for w in number_check.check("046301123456", **facts)]  # type: ignore[arg-type]

    assert codes() == []
    assert codes(sex=Sex.FEMALE, birth_year=2001, registration_code="046") == []
    assert codes(sex=Sex.MALE) == ["number.sex"]
    assert codes(birth_year=2002) == ["number.year"]
    assert codes(birth_year=1901) == ["number.century"]
    assert codes(registration_code="048") == ["number.place_differs"]
    assert codes(sex=Sex.UNKNOWN) == []


def test_cmnd9_keeps_zeros_and_knows_the_shared_range() -> None:
    assert cmnd9.parse("012345678").text == "012345678"
    assert cmnd9.parse("012345678").provinces == ("Hà Nội",)
    assert cmnd9.parse("231234567").provinces == ("Gia Lai",)
    assert cmnd9.parse("999999999").provinces == ()
    for text, shared in [("271450000", False), ("271450001", True), ("271500000", True),
                         ("271500001", False)]:  # fmt: skip
        assert bool(cmnd9.parse(text).warnings) is shared
    assert cmnd9.parse(cmnd9.format("191234567", "-")).text == "191234567"
    for bad in ["19123456", "1912345678", "19123456٧", ""]:
        assert not cmnd9.is_valid(bad)


def test_cmnd12_is_a_personal_number_of_sixteen_localities() -> None:
    assert cmnd12.parse("001085000123") == personal_number.parse("001085000123")
    assert len(cmnd12.LOCALITIES) == 16


def test_old_numbers_are_valid_or_not() -> None:
    assert cmnd9.is_valid("191234567")
    assert cmnd9.is_valid("191 234 567")
    assert not cmnd9.is_valid(191234567)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("19301123456.0", "decimal"),
        ("19301123456,0", "decimal"),
        ("1930112345.00", "decimal"),
        ("193011234.000", "decimal"),  # twelve digits with the point taken off
        ("046301123456.0", "decimal"),
        ("1.93E+10", "power of ten"),
        ("4,63011E10", "power of ten"),
        ("'046301123456", "quote"),
        ("\u2019046301123456", "quote"),
        ("046\u2009301\u2009123456", "space"),
        ("046301123456\u00a0", "space"),
        ("０４６３０１１２３４５６", "another script"),
        ("19301123456 0", "groups"),
        ("19301123456-0", "groups"),
        ("-19301123456 .0", "groups"),
        ("46301123456", "zeros"),
    ],
)
def test_what_spreadsheets_write_is_never_another_number(text: str, why: str) -> None:
    with pytest.raises(NumberError, match=why):
        personal_number.parse(text)
    with pytest.raises(FieldError, match=why):
        claim("number", text, Source.CITIZEN, date(2026, 1, 1))
    with pytest.raises(NumberError):
        NumberIndex([]).people(text)
    assert not cmnd9.is_valid(text)
    assert personal_number.validate_many([text]) == [False]


@pytest.mark.parametrize("text", ["12345678.0", "1234567.00", "12345678-9", "'123456789", "12e7"])
def test_an_old_number_is_no_quantity_either(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        cmnd9.parse(text)
    assert caught.value.field == "cmnd9"


@pytest.mark.parametrize(
    "text",
    ["046 301 123456", "046.301.123.456", "0463-0112-3456", " 046 3 01 123456 ", "046. 301123 456"],
)
def test_groups_of_digits_are_a_number(text: str) -> None:
    assert personal_number.validate(text) == "046301123456"
