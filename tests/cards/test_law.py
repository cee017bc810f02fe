"""The two laws as data: expiry, eligibility, deadlines, fees; worked examples and edges."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards import validity
from civid.cards.calendars import Calendar
from civid.cards.deadlines import due
from civid.cards.eligibility import Biometric, Way, eligibility, next_renewal, renewal_due
from civid.cards.fees import cases, fee
from civid.cards.regimes import Area, Procedure, all_regimes, regime_on
from civid.cards.validity import cmnd_expires_on, expires_on, expiry, is_valid_on
from civid.errors import CodeError, FieldError, UnavailableError
from civid.people.dates.ages import age_on, birthday

BORN = date(2001, 3, 5)
WEEKDAYS = Calendar(national=False)


def test_the_package_says_what_the_sources_say(data: Path) -> None:
    source = data.parent / "domain" / "legal_parameters.csv"
    if not source.is_file():
        pytest.skip("no legal parameters beside the test data")
    text = source.read_text(encoding="utf-8")
    given = {(row["regime"], row["parameter"]): row for row in csv.DictReader(text.splitlines())}
    old, new = all_regimes()
    for regime in (old, new):
        ages = given[regime.name, "renewal ages"]
        assert ages["value"] == ";".join(map(str, regime.renewal_ages))
        assert ages["valid_from"] == str(regime.valid_from)
        assert ages["valid_to"] == str(regime.valid_to or "")
        assert int(given[regime.name, "grace before renewal age"]["value"]) == regime.grace_years
    assert int(given["cccd-2014", "first card age"]["value"]) == old.first_age
    assert int(given["cancuoc-2023", "card compulsory from age"]["value"]) == new.first_age
    assert int(given["cancuoc-2023", "biometrics from age"]["value"]) == new.biometrics_age
    fees = given["fees-2024", "renewal CCCD/CMND9 to card / replacement / re-issue"]["value"]
    day = date(2024, 8, 1)
    found = [fee(day, Procedure.RENEWAL, "old_document"), fee(day, Procedure.RENEWAL, "name"),
             fee(day, Procedure.REISSUE, "lost")]  # fmt: skip
    assert fees == ";".join(str(one.amount_vnd) for one in found)


def test_the_law_is_chosen_by_the_day_of_filing() -> None:
    assert regime_on(date(2016, 1, 1)).name == "cccd-2014"
    assert regime_on(date(2024, 6, 30)).name == "cccd-2014"
    assert regime_on(date(2024, 7, 1)).name == "cancuoc-2023"
    with pytest.raises(FieldError):
        regime_on(date(2015, 12, 31))


# --- expiry


@pytest.mark.parametrize(
    ("birth", "issued", "end"),
    [
        (BORN, date(2021, 6, 10), date(2026, 3, 5)),  # the worked examples of the sources
        (BORN, date(2024, 3, 6), date(2041, 3, 5)),
        (BORN, date(2024, 3, 4), date(2026, 3, 5)),  # one day before the two years
        (BORN, date(2024, 3, 5), date(2041, 3, 5)),  # the first day of the two years
        (BORN, date(2026, 3, 4), date(2041, 3, 5)),
        (BORN, date(2026, 3, 5), date(2041, 3, 5)),  # the birthday itself
        (date(1981, 7, 1), date(2021, 7, 1), date(2041, 7, 1)),
        (date(1963, 1, 2), date(2021, 1, 1), date(2023, 1, 2)),
        (date(1963, 1, 2), date(2021, 1, 2), None),  # 58
        (date(1961, 1, 1), date(2021, 1, 1), None),  # 60
        (date(1920, 1, 1), date(2021, 1, 1), None),
        (date(2007, 1, 1), date(2021, 1, 1), date(2032, 1, 1)),  # 14
        (date(2020, 1, 1), date(2024, 7, 1), date(2034, 1, 1)),  # a child: until 14
        (date(2012, 7, 1), date(2024, 7, 1), date(2037, 7, 1)),  # 12: until 25
        (date(2012, 7, 2), date(2024, 7, 1), date(2026, 7, 2)),
        (date(2024, 7, 1), date(2024, 7, 1), date(2038, 7, 1)),  # the day of birth
    ],
)
def test_until_when(birth: date, issued: date, end: date | None) -> None:
    assert expires_on(birth, issued) == end


def test_a_reason_comes_with_it() -> None:
    found = expiry(BORN, date(2024, 3, 6))
    assert (found.age, found.postponed, found.regime.name) == (40, True, "cccd-2014")
    assert expiry(date(1950, 1, 1), date(2024, 8, 1)).age is None
    assert not expiry(BORN, date(2026, 3, 5)).postponed  # the birthday itself is past


def test_the_day_of_filing_decides_and_not_the_day_of_issue() -> None:
    found = expiry(date(2010, 6, 20), date(2024, 7, 3), filed=date(2024, 6, 25))
    assert found.regime.name == "cccd-2014"
    with pytest.raises(FieldError, match="before it was filed"):
        expiry(BORN, date(2024, 6, 1), filed=date(2024, 6, 2))


def test_29_february_is_a_doubt_and_said_so() -> None:
    found = expiry(date(2000, 2, 29), date(2021, 6, 10))
    assert found.on == date(2025, 2, 28)
    assert [one.code for one in found.warnings] == ["expiry.leap"]
    leap = expiry(date(2000, 2, 29), date(2024, 6, 10))
    assert (leap.on, leap.warnings) == (date(2040, 2, 29), ())


@pytest.mark.parametrize(
    ("birth", "issued", "said"),
    [
        (BORN, date(2015, 3, 3), "no law"),
        (date(2010, 1, 1), date(2021, 1, 1), "age of 14"),
        (date(2025, 1, 1), date(2024, 8, 1), "before birth"),
        (date(9990, 1, 1), date(9999, 1, 1), "late"),
    ],
)
def test_what_cannot_be_issued_is_refused(birth: date, issued: date, said: str) -> None:
    with pytest.raises(FieldError, match=said):
        expires_on(birth, issued)


def test_only_full_dates_will_do() -> None:
    with pytest.raises(FieldError):
        expires_on("2001-03-05", date(2021, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(FieldError):
        expires_on(BORN, datetime(2021, 1, 1))


def test_validity_ends_with_the_last_day_and_the_law_prolonged_some() -> None:
    assert is_valid_on(BORN, date(2021, 6, 10), date(2026, 3, 5))
    assert not is_valid_on(BORN, date(2021, 6, 10), date(2026, 3, 6))
    assert not is_valid_on(BORN, date(2021, 6, 10), date(2021, 6, 9))
    born = date(1999, 1, 15)  # 25 on 15 January 2024
    assert is_valid_on(born, date(2019, 1, 1), date(2024, 6, 30))
    assert not is_valid_on(born, date(2019, 1, 1), date(2024, 7, 1))
    assert validity.extended(date(2024, 1, 14)) == date(2024, 1, 14)
    assert validity.extended(date(2024, 6, 30)) == date(2024, 6, 30)


@pytest.mark.parametrize(
    ("issued", "end"),
    [
        (date(2000, 5, 5), date(2015, 5, 5)),
        (date(2009, 2, 1), date(2024, 6, 30)),  # ended in the months that were prolonged
        (date(2012, 9, 21), date(2024, 12, 31)),
    ],
)
def test_the_cmnd_ended_with_2024(issued: date, end: date) -> None:
    assert cmnd_expires_on(issued) == end


@given(st.dates(date(1920, 1, 1), date(2024, 1, 1)), st.dates(date(2016, 1, 1), date(2060, 12, 31)))
def test_expiry_is_a_renewal_birthday_at_least_two_years_away(birth: date, issued: date) -> None:
    if not eligibility(birth, issued).may if issued >= birth else True:
        return
    found = expiry(birth, issued)
    ages = found.regime.renewal_ages
    if found.on is None:
        assert age_on(birth, issued) >= ages[-1] - found.regime.grace_years
    else:
        assert found.age in ages
        assert found.on == birthday(birth, found.age)
        assert birthday(birth, found.age - 2) > issued
        assert not renewal_due(birth, issued, found.on - timedelta(days=1))
        assert renewal_due(birth, issued, found.on)


# --- eligibility


@pytest.mark.parametrize(
    ("birth", "filed", "may", "must", "way", "taken"),
    [
        (date(2007, 1, 1), date(2020, 12, 31), False, False, None, ""),
        (date(2007, 1, 1), date(2021, 1, 1), True, True, Way.SELF, "face fingers"),
        (date(2024, 7, 1), date(2024, 7, 1), True, False, Way.PORTAL, ""),
        (date(2018, 7, 2), date(2024, 7, 1), True, False, Way.PORTAL, ""),
        (date(2018, 7, 1), date(2024, 7, 1), True, False, Way.REPRESENTATIVE, "face fingers iris"),
        (date(2010, 7, 2), date(2024, 7, 1), True, False, Way.REPRESENTATIVE, "face fingers iris"),
        (date(2010, 7, 1), date(2024, 7, 1), True, True, Way.SELF, "face fingers iris"),
    ],
)
def test_who_may_and_what_is_taken(
    birth: date, filed: date, may: bool, must: bool, way: Way | None, taken: str
) -> None:
    found = eligibility(birth, filed)
    assert (found.may, found.must, found.way) == (may, must, way)
    assert found.biometrics == {Biometric(one) for one in taken.split()}


def test_nobody_files_before_birth() -> None:
    with pytest.raises(FieldError):
        eligibility(date(2025, 1, 1), date(2024, 12, 31))


def test_the_next_renewal() -> None:
    assert next_renewal(BORN, date(2024, 8, 1)) == date(2026, 3, 5)
    assert next_renewal(date(2020, 1, 1), date(2024, 8, 1)) == date(2034, 1, 1)
    assert next_renewal(date(1950, 1, 1), date(2024, 8, 1)) is None


# --- deadlines


@pytest.mark.parametrize(
    ("filed", "procedure", "area", "days"),
    [
        (date(2021, 3, 1), Procedure.FIRST, Area.CITY, 7),
        (date(2021, 3, 1), Procedure.RENEWAL, Area.CITY, 7),
        (date(2021, 3, 1), Procedure.REISSUE, Area.CITY, 15),
        (date(2021, 3, 1), Procedure.FIRST, Area.REMOTE, 20),
        (date(2021, 3, 1), Procedure.REISSUE, Area.REMOTE, 20),
        (date(2021, 3, 1), Procedure.FIRST, Area.OTHER, 15),
        (date(2024, 7, 1), Procedure.REISSUE, Area.REMOTE, 7),
    ],
)
def test_working_days_by_law(filed: date, procedure: Procedure, area: Area, days: int) -> None:
    assert due(filed, procedure, area, calendar=WEEKDAYS).working_days == days


def test_the_first_day_does_not_count_and_weekends_do_not_either() -> None:
    friday = date(2024, 7, 5)
    assert WEEKDAYS.add(friday, 1) == date(2024, 7, 8)
    assert WEEKDAYS.add(friday, 0) == friday
    assert due(friday, calendar=WEEKDAYS).on == date(2024, 7, 16)


def test_days_off_worked_weekends_and_pauses() -> None:
    monday, saturday = date(2024, 7, 8), date(2024, 7, 6)
    assert Calendar(frozenset([monday]), national=False).add(date(2024, 7, 5), 1) == date(
        2024, 7, 9
    )
    assert (
        Calendar(opened=frozenset([saturday]), national=False).add(date(2024, 7, 5), 1) == saturday
    )
    found = due(date(2021, 3, 1), calendar=WEEKDAYS, pauses=[(date(2021, 3, 3), date(2021, 3, 12))])
    assert found.on == date(2021, 3, 22)


def test_late_in_working_days() -> None:
    found = due(date(2024, 7, 5), calendar=WEEKDAYS)
    assert (found.late_by(found.on), found.late_by(date(2024, 7, 22))) == (0, 4)


def test_tet_and_swapped_days_count() -> None:
    pytest.importorskip("holidays")
    # Tết 2024: off from Thursday 8 to Wednesday 14 February.
    assert Calendar().add(date(2024, 2, 7), 1) == date(2024, 2, 15)
    # 29 April 2024 was off, Saturday 4 May was worked for it.
    assert Calendar().add(date(2024, 4, 26), 1) == date(2024, 5, 2)
    assert Calendar().is_working(date(2024, 5, 4))
    assert not Calendar().is_working(date(2024, 5, 11))
    assert due(date(2025, 1, 24)).on == date(2025, 2, 11)
    # Seen from the end of a year into the next.
    assert Calendar().add(date(2023, 12, 29), 1) == date(2024, 1, 2)


def test_without_the_calendar_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from civid.people import working_days

    working_days._national.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "holidays", None)
    with pytest.raises(UnavailableError, match=r"civid\[cards\]"):
        Calendar().is_working(date(2024, 7, 5))


@pytest.mark.parametrize("days", [-1, 10**9])
def test_a_deadline_is_bounded(days: int) -> None:
    with pytest.raises(FieldError):
        WEEKDAYS.add(date(2024, 7, 5), days)
    with pytest.raises(FieldError):
        WEEKDAYS.without([(date(2024, 7, 5), date(2024, 7, 4))])
    with pytest.raises(FieldError):
        Calendar().is_working(date(1800, 1, 1))


# --- fees


def test_fees_and_grounds() -> None:
    assert fee(date(2024, 8, 1), Procedure.FIRST).amount_vnd == 0
    assert fee(date(2021, 8, 1), Procedure.FIRST).amount_vnd == 0
    assert (
        fee(date(2024, 8, 1), Procedure.RENEWAL, "error", authority_at_fault=True).amount_vnd == 0
    )
    unknown = fee(date(2021, 8, 1), Procedure.REISSUE, "lost")
    assert unknown.amount_vnd is None
    assert [one.code for one in unknown.warnings] == ["fee.unknown"]
    assert "fee.age" in [
        one.code for one in fee(date(2024, 8, 1), Procedure.RENEWAL, "age").warnings
    ]
    with pytest.raises(CodeError):
        fee(date(2021, 8, 1), Procedure.RENEWAL, "unit")  # a ground of the law of 2023
    with pytest.raises(CodeError):
        fee(date(2024, 8, 1), Procedure.REISSUE)


def test_unknown_words_are_refused_with_the_known_ones() -> None:
    with pytest.raises(CodeError, match="first, renewal, reissue"):
        fee(date(2024, 8, 1), "theft")  # type: ignore[arg-type]
    with pytest.raises(CodeError, match="city, remote, other"):
        due(date(2024, 8, 1), area="moon", calendar=WEEKDAYS)  # type: ignore[arg-type]
    found = due(date(2024, 8, 1), "reissue", "remote", calendar=WEEKDAYS)  # type: ignore[arg-type]
    assert found.working_days == 7


def test_every_ground_has_words_and_a_source() -> None:
    for day in (date(2021, 1, 1), date(2025, 1, 1)):
        for one in cases(day):
            assert one.vietnamese
            assert one.english
            assert one.source
            assert fee(day, one.procedure, one.code).source
