"""Code lists: a code is nothing without its list."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import CodeError, PersonNameError
from civid.people import codes, sex
from civid.people.codes.ethnic import confidence_2008
from civid.people.sex import Sex


def test_two_ethnic_numberings_differ_in_37_of_54_codes() -> None:
    old, new = codes.ethnic("1979"), codes.ethnic("2008")
    assert len(old) == 56
    assert len(new) == 54
    groups = [term for _, term in new.entries]
    assert sum(old.code(term) != new.code(term) for term in groups) == 37
    assert codes.ethnic_meanings("04") == {"1979": "Hoa", "2008": "Mường"}
    assert codes.ethnic_meanings("01") == {"1979": "Kinh", "2008": "Kinh"}
    assert codes.ethnic_meanings("77") == {}
    for _, term in new.entries:
        assert codes.translate(old.code(term), "1979", "2008") == new.code(term)
    with pytest.raises(CodeError):
        codes.translate("55", "1979", "2008")
    assert (confidence_2008("11"), confidence_2008("43"), confidence_2008("99")) == ("A", "B", "C")


def test_terms_are_found_however_they_are_written() -> None:
    assert codes.ethnic("2008").code("Ê-ĐÊ") == "11"
    assert codes.religion().code("phật giáo HOÀ HẢO") == "03"
    assert codes.marital().code("Đã kết hôn") == "2"
    assert codes.blood().term("04") == "O"


def test_religions_with_and_without_codes() -> None:
    assert len(codes.religion()) == 14
    assert "99" in codes.religion("deployed")
    assert len(codes.religions_without_code()) == 2


@pytest.mark.parametrize(
    ("term", "implied", "age"),
    [
        ("vợ", Sex.FEMALE, "spouse"), ("Chồng", Sex.MALE, "spouse"), ("mẹ đẻ", Sex.FEMALE, "older"),
        ("con", Sex.UNKNOWN, "younger"), ("con trai", Sex.MALE, "younger"),
        ("bà ngoại", Sex.FEMALE, "older"), ("cháu nội", Sex.UNKNOWN, "younger"),
        ("con dâu", Sex.FEMALE, ""), ("chủ hộ", Sex.UNKNOWN, ""), ("chắt", Sex.UNKNOWN, "younger"),
    ],
)  # fmt: skip
def test_relations(term: str, implied: Sex, age: str) -> None:
    found = codes.relation(term)
    assert (found.sex, found.age) == (implied, age)


@given(st.one_of(st.text(max_size=300), st.none(), st.integers()))
def test_unknown_terms_and_codes_are_typed_errors(text: object) -> None:
    for look_up in (codes.relation, codes.marital().code, codes.blood().term, sex.parse):
        with suppress(CodeError, PersonNameError):
            assert look_up(text) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Nam", Sex.MALE), ("NỮ", Sex.FEMALE), ("nu", Sex.FEMALE), ("Nu\u031b\u0303", Sex.FEMALE),
     ("1", Sex.MALE), ("2", Sex.FEMALE), ("0", Sex.UNKNOWN), ("F", Sex.FEMALE), ("<", Sex.UNKNOWN),
     ("", Sex.UNKNOWN)],
)  # fmt: skip
def test_sex_as_any_register_writes_it(text: str, wanted: Sex) -> None:
    assert sex.parse(text) is wanted
    assert sex.parse(wanted.vietnamese) is wanted
    assert sex.parse(wanted.code) is wanted
