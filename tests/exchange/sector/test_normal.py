"""What can be put right without asking anybody is put right; nothing else is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.exchange.sector.table.normal import chunk_of, normal

DAY = date(2026, 11, 29)


def one(**cells: str) -> dict[str, str]:
    made = normal(chunk_of([(2, cells)], DAY))
    return {name: column[0] for name, column in made.items()}


@pytest.mark.parametrize(
    ("said", "number", "old"),
    [
        ("046301123456", "046301123456", ""), ("046 301 123456", "046301123456", ""),
        ("'046301123456", "046301123456", ""), ("46301123456", "046301123456", ""),
        ("46301123456.0", "046301123456", ""), ("191234567", "", "191234567"),
        ("191 234 567", "", "191234567"), ("191234567.0", "", ""), ("4.63E+10", "", ""),
        ("không có", "", ""), ("", "", ""), ("1234", "", ""), ("0463011234567", "", ""),
    ],
)  # fmt: skip
def test_numbers(said: str, number: str, old: str) -> None:
    made = one(number=said)
    assert (made["number"], made["cmnd9"]) == (number, old)


def test_an_old_number_beside_a_column_of_old_numbers_stays_where_it_is() -> None:
    chunk = chunk_of([(2, {"number": "191234567", "cmnd9": "191234567"})], DAY)
    assert chunk.old == (False,)
    assert chunk.table.texts("number") == ["191234567"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("NguyÔn V¨n An", "Nguyễn Văn An"), ("Nguyeenx Vawn An", "Nguyễn Văn An"),
        ("Nguyá»…n VÄƒn An", "Nguyễn Văn An"), ("  Lê\u00a0 An ", "Lê An"),
        ("Lê\u200b An", "Lê An"), ("Ðặng An", "Đặng An"), ("LÊ AN", "LÊ AN"), ("", ""),
        ("Nguyen Van An", "Nguyen Van An"), ("x" * 300, ""),
    ],
)  # fmt: skip
def test_names(said: str, name: str) -> None:
    assert one(name=said)["name"] == name


@pytest.mark.parametrize(
    ("said", "birth"),
    [
        ("05/03/2001", "2001-03-05"), ("5.3.2001", "2001-03-05"), ("20010305", "2001-03-05"),
        ("36955", "2001-03-05"), ("3/2001", "2001-03"), ("2001", "2001"), ("31/04/1960", ""),
        ("không rõ", ""), ("00/00/1960", "1960"), ("1960", "1960"), ("99999", ""),
    ],
)  # fmt: skip
def test_births(said: str, birth: str) -> None:
    assert one(birth=said)["birth"] == birth


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ("Thừa Thiên Huế", "Huế"), ("TP. Huế", "Huế"), ("Bình Định", "Gia Lai"),
        ("Đắc Lắc", "Đắk Lắk"), ("ha noi", "Hà Nội"), ("Atlantis", ""), ("", ""),
    ],
)  # fmt: skip
def test_provinces_of_before_and_after_the_first_of_july_2025(said: str, now: str) -> None:
    assert one(province_name=said)["province_now"] == now


@pytest.mark.parametrize(("said", "sex"), [("1", "Nam"), ("nữ", "Nữ"), ("F", "Nữ"), ("?", "")])
def test_sexes(said: str, sex: str) -> None:
    assert one(sex=said)["sex"] == sex


CELL = st.text(max_size=40) | st.from_regex(r"[0-9 .'/-]{1,14}", fullmatch=True)


@given(st.dictionaries(st.sampled_from(["number", "name", "birth", "sex", "cmnd9",
                                        "province_name"]), CELL, min_size=1))  # fmt: skip
def test_what_was_normalised_once_stays_as_it_is(cells: dict[str, str]) -> None:
    first = one(**cells)
    again = {name: text for name, text in first.items() if name != "province_now"}
    second = one(**again)
    for name in again:
        assert second[name] == first[name], name
