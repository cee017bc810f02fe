"""Places: two eras, seven codes that changed their meaning, many spellings."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import CividError, PlaceError
from civid.people import places
from civid.people.places import Successor, Unit, UnitRegister
from civid.people.tables import rows, sources

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_seed_figures() -> None:
    assert len(places.provinces(date(2021, 7, 1))) == 63
    assert len(places.provinces(BEFORE)) == 63
    assert len(places.provinces(AFTER)) == len(places.provinces(date(2026, 6, 1))) == 34
    assert len(rows("country_codes")) == 195
    assert sorted(places.changed_meaning()) == ["15", "24", "44", "52", "80", "82", "91"]


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [("15", "Yên Bái", "Lào Cai"), ("24", "Bắc Giang", "Bắc Ninh"),
     ("44", "Quảng Bình", "Quảng Trị"), ("52", "Bình Định", "Gia Lai"),
     ("80", "Long An", "Tây Ninh"), ("82", "Tiền Giang", "Đồng Tháp"),
     ("91", "Kiên Giang", "An Giang"), ("46", "Huế", "Huế"), ("01", "Hà Nội", "Hà Nội")],
)  # fmt: skip
def test_a_code_needs_its_day(code: str, before: str, after: str) -> None:
    assert places.province(code, BEFORE).name == before
    assert places.province(code, AFTER).name == after
    assert places.province("0" + code, BEFORE).name == before


def test_hue_was_renamed_half_a_year_earlier() -> None:
    assert places.province("046", date(2024, 12, 31)).name == "Thừa Thiên Huế"
    assert places.province("046", date(2025, 1, 1)).kind == "centrally-run city"
    assert places.province("75", date(2026, 4, 30)).kind == "centrally-run city"


def test_successors_and_predecessors_agree() -> None:
    old = places.provinces(BEFORE)
    for unit in places.provinces(AFTER):
        parts = places.predecessors(unit)
        assert parts
        assert all(places.successors(part) == {unit} for part in parts)
    assert sum(len(places.predecessors(unit)) for unit in places.provinces(AFTER)) == len(old)


def test_no_code_is_known_on_any_day_that_is_not_listed() -> None:
    for bad in ("03", "003", "99", "", "abc", "0460", "175"):
        with pytest.raises(PlaceError):
            places.province(bad, BEFORE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Đắk Lắk", "066"), ("Đắc Lắc", "066"), ("Dak Lak", "066"), ("ĐẮK LẮK", "066"),
        ("Đắc Nông", "067"), ("Bắc Cạn", "006"), ("Kontum", "062"), ("Kon Tum", "062"),
        ("TP.HCM", "079"), ("Thành phố Hồ Chí Minh", "079"), ("Sài Gòn", "079"),
        ("Tỉnh Thừa Thiên-Huế", "046"), ("Thừa Thiên Huế", "046"), ("Huế", "046"),
        ("Khánh Hoà", "056"), ("Hoà Bình", "017"), ("Hòa Bình", "017"), ("HA NOI", "001"),
        ("Bà Rịa-Vũng Tàu", "077"), ("tỉnh Lâm Đồng", "068"), ("Thanh Hoá", "038"),
    ],
)  # fmt: skip
def test_spellings(text: str, code: str) -> None:
    assert places.find_one(text, date(2021, 3, 11)).code == code


def test_a_name_without_a_day_may_be_two_units() -> None:
    assert {unit.list_version for unit in places.find("Hưng Yên")} == {"pid-63", "stat-34"}
    assert places.find("Atlantis") == frozenset()
    with pytest.raises(PlaceError):
        places.find_one("Hà Nam", AFTER)


@given(st.text(max_size=300))
def test_no_text_crashes_the_search(text: str) -> None:
    with suppress(CividError):
        assert len(places.find(text)) < 5


def test_communes_from_the_user() -> None:
    old = io.StringIO(
        "code,name,kind,valid_from,valid_to,parent,successors\n"
        "00001,Phúc Xá,ward,,2025-06-30,001,00004~ 00091~\n"
        "00004,Trúc Bạch,ward,,2025-06-30,001,00004\n"
        "00007,Phường 1,ward,,2025-06-30,001,\n"
    )
    new = io.StringIO(
        "code,name,kind,valid_from,valid_to,parent\n"
        "00004,Ba Đình,ward,2025-07-01,,01\n"
        "00091,Hồng Hà,ward,2025-07-01,,01\n"
    )
    register = UnitRegister([*places.load_units(old, "old", "new"), *places.load_units(new, "new")])
    assert len(register) == 5
    split = register.convert("00001", "old", "new")
    assert {unit.name for unit in split} == {"Ba Đình", "Hồng Hà"}
    assert {unit.code for unit in register.convert("00004", "old", "new")} == {"00004"}
    assert register.get("00004", "old").name != register.get("00004", "new").name
    assert {u.code for u in register.find("Phường 01", BEFORE)} == {"00007"}
    assert register.find("Phường 01", AFTER) == frozenset()
    with pytest.raises(PlaceError):
        register.convert("00007", "old", "new")
    with pytest.raises(PlaceError):
        register.get("99999", "old")
    with pytest.raises(PlaceError, match="line 2"):
        places.load_units(io.StringIO("code,valid_from\n1,yesterday\n"), "old")


def test_a_circle_of_successors_ends() -> None:
    ring = [
        Unit(str(i), "x", "commune", "a", successors=frozenset({Successor(str((i + 1) % 50), "a")}))
        for i in range(50)
    ]
    with pytest.raises(PlaceError):
        UnitRegister(ring).convert("0", "a", "b")


def test_every_table_says_where_it_comes_from() -> None:
    from importlib.resources import files

    tables = {p.name[:-4] for p in (files("civid.people") / "data").iterdir()}
    assert tables - {"sources"} == set(sources())
    assert {source.confidence for source in sources().values()} <= {"A", "B", "C"}


@given(st.dates(date(2012, 9, 21), date(2099, 1, 1)))
def test_every_day_has_its_provinces(day: date) -> None:
    units = places.provinces(day)
    assert len(units) == (63 if day < AFTER else 34)
    assert len({unit.code for unit in units}) == len(units)
