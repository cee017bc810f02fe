"""Which column is which, by its heading: with or without accents, in Vietnamese or English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.exchange.sector.table.headings import _headings, chosen, field_of, guess
from civid.people.findings import COLUMNS
from civid.people.names import key


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Họ và tên", "name"), ("HỌ TÊN KHÁCH HÀNG", "name"), ("ho_va_ten", "name"),
        ("Tên người được bảo hiểm", "name"), ("FullName", "name"), ("Họ tên (chữ in hoa)", "name"),
        ("Ngày, tháng, năm sinh", "birth"), ("DateOfBirth", "birth"), ("D.O.B.", "birth"),
        ("Ngày sinh (dd/mm/yyyy)", "birth"), ("NGAYSINH", "birth"), ("Giới tính", "sex"),
        ("Phái", "sex"), ("Gender", "sex"), ("Số CCCD", "number"),
        ("Số định danh cá nhân", "number"), ("CMND/CCCD", "number"), ("National ID", "number"),
        ("Số CMND/CCCD/Hộ chiếu", "number"),
        ("Số CMND", "cmnd9"), ("Chứng minh nhân dân", "cmnd9"), ("Tỉnh/Thành phố", "province_name"),
        ("Địa chỉ thường trú", "address"), ("HKTT", "address"), ("Date of issue", "card_issued"),
        ("Ngày cấp", "card_issued"), ("STT", ""), ("Ghi chú", ""), ("", ""), ("Số tiền", ""),
        ("Tên sản phẩm", ""), ("Mức đóng", ""), ("Ngày tham gia", ""), ("Số điện thoại", ""),
    ],
)  # fmt: skip
def test_headings_of_real_tables(title: str, field: str) -> None:
    assert field_of(title) == field


def test_every_heading_means_a_column_and_one_alone() -> None:
    known = _headings()
    assert set(known.values()) <= COLUMNS.keys()
    for heading, field in known.items():
        assert field_of(heading) == field_of(key(heading)) == field
        assert field_of(key(heading).replace(" ", "").upper()) == field


@given(st.sampled_from(sorted(_headings())), st.sampled_from([str.upper, str.title, str.lower]),
       st.sampled_from([" ", "_", "  ", ".", "-"]))  # fmt: skip
def test_case_and_what_stands_between_words_do_not_matter(
    heading: str, change: object, between: str
) -> None:
    assert field_of(between.join(change(heading).split())) == _headings()[heading]  # type: ignore[operator]


@given(st.text(max_size=300))
def test_any_text_can_be_a_title(title: str) -> None:
    assert field_of(title) in {"", *COLUMNS}


def test_the_first_of_two_columns_is_taken_and_a_title_that_is_there_twice_is_not() -> None:
    assert guess(["Họ tên", "Họ và tên", "Ngày sinh", "Ngày sinh"]) == {"Họ tên": "name"}


def test_only_cmnd_becomes_the_number_and_both_stay_apart() -> None:
    assert guess(["Số CMND"]) == {"Số CMND": "number"}
    assert guess(["Số CMND", "Số CCCD"]) == {"Số CMND": "cmnd9", "Số CCCD": "number"}


def test_what_somebody_says_goes_before_the_guess() -> None:
    titles = ["Họ và tên", "Số CCCD", "Mã", "Tên thật"]
    made = chosen(titles, {"Tên thật": "name", "Số CCCD": "", "Mã": "number"})
    assert made == {"Tên thật": "name", "Mã": "number"}
    assert chosen(titles, {"Mã": "cmnd9"}) == {
        "Họ và tên": "name", "Số CCCD": "number", "Mã": "cmnd9"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given_columns", "said"),
    [
        ({"Không có": "name"}, "not in the file"),
        ({"Họ và tên": "tên"}, "does not exist"),
        ({"Họ và tên": "reference"}, "does not exist"),
        ({"Họ và tên": "name", "Mã": "name"}, "two columns"),
        ({"Họ và tên": "", "Số CCCD": ""}, "no title is understood"),
    ],
)
def test_corrections_that_make_no_sense(given_columns: dict[str, str], said: str) -> None:
    with pytest.raises(FieldError, match=said):
        chosen(["Họ và tên", "Số CCCD", "Mã"], given_columns)
