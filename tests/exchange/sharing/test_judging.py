"""Comparisons against plain dates and sets, computed without civid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.exchange.sharing import Form, Predicate, Truth
from civid.exchange.sharing.judging import agrees, held, truth
from civid.exchange.sharing.releasing import released
from civid.people.citizen import FIELDS, Citizen, Source, claim

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
TODAY = date(2026, 7, 1)
days = st.dates(date(1900, 1, 1), date(2026, 7, 1))
SIGNS = {
    "<": date.__lt__, "<=": date.__le__, ">": date.__gt__, ">=": date.__ge__,
    "=": date.__eq__, "!=": date.__ne__,
}  # fmt: skip


def born(text: str) -> Citizen:
    return Citizen("").with_claims(claim("birth", text, Source.CIVIL_STATUS, TODAY))


def who(*said: tuple[str, str, Source], day: date = TODAY) -> Citizen:
    return Citizen("").with_claims(*(claim(*one, day) for one in said))


@given(days, days, st.sampled_from(sorted(SIGNS)))
def test_exact_dates_compare_as_dates(one: date, other: date, sign: str) -> None:
    asked = Predicate("birth", sign, (other.isoformat(),))  # type: ignore[arg-type]
    expected = YES if SIGNS[sign](one, other) else NO
    assert truth(born(f"{one:%d/%m/%Y}"), asked, TODAY) is expected


@given(days, days, st.sampled_from(["%Y", "%m/%Y"]), st.sampled_from(sorted(SIGNS)))
def test_dates_that_are_not_known_to_the_day_answer_only_what_is_sure(
    one: date, other: date, form: str, sign: str
) -> None:
    """Yes or no where every day it can have been says so; unknown otherwise."""
    asked = Predicate("birth", sign, (other.isoformat(),))  # type: ignore[arg-type]
    first = date(one.year, one.month if "m" in form else 1, 1)
    could = [first + timedelta(days=n) for n in range(366)]
    could = [day for day in could if day.strftime(form) == one.strftime(form)]
    said = {SIGNS[sign](day, other) for day in could}
    expected = UNKNOWN if len(said) == 2 else YES if said == {True} else NO
    assert truth(born(one.strftime(form)), asked, TODAY) is expected


@given(days, st.dates(date(2020, 1, 1), date(2026, 7, 1)), st.integers(1, 100))
def test_of_age_on_the_birthday(one: date, today: date, years: int) -> None:
    full = today.year - one.year - ((today.month, today.day) < (one.month, one.day))
    asked = Predicate.of(f"birth over_age {years}")
    assert truth(born(f"{one:%d/%m/%Y}"), asked, today) is (YES if full >= years else NO)


def test_whoever_was_born_on_a_leap_day_is_of_age_on_the_first_of_march() -> None:
    adult = Predicate.of("birth over_age 18")
    assert truth(born("29/02/2004"), adult, date(2022, 2, 28)) is NO
    assert truth(born("29/02/2004"), adult, date(2022, 3, 1)) is YES


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Nguyễn Thị Hòa", YES), ("NGUYỄN THỊ HOÀ", YES), ("nguyen thi hoa", YES),
        ("Thị Hòa Nguyễn", YES), ("Nguyễn Thị Hoa", NO), ("Nguyễn Hòa", NO), ("Trần Thị Hòa", NO),
    ],
)  # fmt: skip
def test_what_is_given_may_be_written_otherwise(given: str, expected: Truth) -> None:
    hoa = who(("name", "Nguyễn Thị Hòa", Source.CIVIL_STATUS))
    assert agrees(hoa, "name", given) is expected


def test_a_comparison_of_names_is_by_their_canonical_form() -> None:
    hoa = who(("name", "Nguyễn Thị Hòa", Source.CIVIL_STATUS))
    for text, expected in (("NGUYỄN  THỊ HOÀ", YES), ("nguyen thi hoa", NO)):
        assert truth(hoa, Predicate("name", "=", (text,)), TODAY) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("register", "given", "expected"),
    [
        ("05/03/2001", "2001-03-05", YES), ("05/03/2001", "03/2001", NO),
        ("05/03/2001", "2001", NO), ("03/2001", "05/03/2001", YES),
        ("2001", "05/03/2001", YES), ("2001", "01/01/2001", YES), ("2001", "2001", YES),
        ("2001", "05/03/2002", NO), ("01/01/2001", "05/03/2001", NO),
    ],
)  # fmt: skip
def test_a_date_has_to_be_given_as_precisely_as_it_is_known(
    register: str, given: str, expected: Truth
) -> None:
    assert agrees(born(register), "birth", given) is expected


def test_where_somebody_lives() -> None:
    lives = Citizen("").with_claims(
        claim("permanent_residence", "12 Lê Lợi", Source.RESIDENCE, TODAY, unit="46/19753")
    )
    for unit, expected in (("46", YES), ("46/19753", YES), ("79", NO), ("46/1", NO),
                           ("46/19753/2", UNKNOWN)):  # fmt: skip
        asked = Predicate.of(f"permanent_residence lives_in {unit}")
        assert truth(lives, asked, TODAY) is expected
    assert released(lives, "permanent_residence", Form.PROVINCE) == "46"


def test_alive_until_a_death_is_recorded() -> None:
    alive = Predicate.of("death is_alive")
    one = who(("name", "An", Source.CIVIL_STATUS))
    assert truth(one, alive, TODAY) is YES
    dead = one.with_claims(claim("death", "2020", Source.CIVIL_STATUS, TODAY))
    assert truth(dead, alive, TODAY) is NO
    unread = one.with_claims(claim("death", "31/04/2020", Source.CITIZEN, TODAY, keep_unread=True))
    assert truth(unread, alive, TODAY) is UNKNOWN


def test_only_claims_of_the_best_source_dispute_each_other() -> None:
    one = who(("sex", "Nữ", Source.CIVIL_STATUS), ("sex", "Nam", Source.CITIZEN))
    assert held(one, "sex") is not None
    assert held(one.with_claims(claim("sex", "Nam", Source.CIVIL_STATUS, TODAY)), "sex") is None
    moved = who(("permanent_residence", "Huế", Source.RESIDENCE), day=date(2010, 1, 1))
    moved = moved.with_claims(claim("permanent_residence", "Hà Nội", Source.RESIDENCE, TODAY))
    assert held(moved, "permanent_residence") is not None  # moving is no dispute
    same = who(("birth", "2001", Source.CIVIL_STATUS), ("birth", "05/03/2001", Source.CIVIL_STATUS))
    assert held(same, "birth") is not None  # less precise is no dispute


@given(st.sampled_from(sorted(FIELDS)))
def test_nobody_says_anything(name: str) -> None:
    nobody = Citizen("")
    assert agrees(nobody, name, "2001") is UNKNOWN
    assert released(nobody, name, Form.FULL) is None
