"""Dates: incomplete, impossible, made up, in every way the papers write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import CividError, DateError
from civid.people import dates
from civid.people.dates import DateAgreement, PartialDate
from civid.people.tables import rows

DAYS = st.dates(date(1850, 1, 1), date(2399, 12, 31))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("05/03/2001", "2001-03-05"), ("5/3/2001", "2001-03-05"), ("05.03.2001", "2001-03-05"),
        ("05-03-2001", "2001-03-05"), ("2001-03-05", "2001-03-05"), ("05032001", "2001-03-05"),
        ("20010305", "2001-03-05"), ("2001-03-05T00:00:00Z", "2001-03-05"), ("2001", "2001"),
        ("ngày 05 tháng 3 năm 2001", "2001-03-05"), ("tháng 3 năm 2001", "2001-03"),
        ("Năm 1950", "1950"), ("00/00/1950", "1950"), ("00001950", "1950"), ("03/1950", "1950-03"),
        ("00/03/1950", "1950-03"), ("19500000", "1950"), ("1950-03", "1950-03"),
        ("  5 / 3/2001".replace(" / ", "/"), "2001-03-05"), ("29/02/2000", "2000-02-29"),
        ("05/3/2001", "2001-03-05"),
        # what spreadsheets, databases and forms write
        ("2001-03-05 00:00:00", "2001-03-05"), ("05/03/2001 00:00:00", "2001-03-05"),
        ("2001-03-05T00:00:00.000", "2001-03-05"), ("2001/03/05", "2001-03-05"),
        ("2001.03.05", "2001-03-05"), ("NĂM 1954", "1954"), ("Na\u0306m 1954", "1954"),
        ("SINH NĂM 1954", "1954"), ("tháng 3/1954", "1954-03"), ("THÁNG 3/1954", "1954-03"),
        ("ngày 5/3/2001", "2001-03-05"), ("5 tháng 3 năm 2001", "2001-03-05"),
        ("--/--/1954", "1954"), ("__/__/1954", "1954"), ("../../1954", "1954"),
        ("xx/03/1954", "1954-03"), ("??/??/1954", "1954"),
    ],
)  # fmt: skip
def test_reads(text: str, iso: str) -> None:
    found = dates.parse(text)
    assert found.iso() == iso
    assert found.recorded_as == text


@pytest.mark.parametrize(
    "text",
    ["2001-03-05 17:00:00", "ngày 5 năm 2001", "ngày 5 1954", "tháng 1954", "2001/03-05",
     "năm 54", "00:00:00 1954", "", "   ", "x", "32/13/2001", "5/3/01", "2001/03/05/7",
     "٠٥/٠٣/٢٠٠١", "５/３/2001",
     "05/00/1950", "1/1/0001", "99999999", "1" * 5000, "31/12/2500", "0000-00-00", "\u200b2001"],
)  # fmt: skip
def test_refuses(text: str) -> None:
    with pytest.raises(DateError) as caught:
        dates.parse(text)
    assert caught.value.field == "date"
    assert dates.read(text).date is None


@pytest.mark.parametrize(
    ("recorded", "repaired"),
    [
        ("29/02/1971", "1971-03-01"), ("30/02/1972", "1972-03-01"), ("30/02/1971", "1971-03-02"),
        ("31/04/1960", "1960-05-01"), ("31/06/1960", "1960-07-01"), ("31/09/1960", "1960-10-01"),
        ("31/11/1960", "1960-12-01"), ("29/02/1900", "1900-03-01"),
    ],
)  # fmt: skip
def test_official_repairs_of_impossible_dates(recorded: str, repaired: str) -> None:
    with pytest.raises(dates.ImpossibleDateError) as caught:
        dates.parse(recorded)
    (repair,) = caught.value.repairs
    assert repair.date.iso() == repaired
    assert repair.official


def test_the_table_of_repairs_is_the_code() -> None:
    listed = [row["recorded"] for row in rows("impossible_dates")]
    months = {entry[3:5] for entry in listed if entry.startswith("31/")}
    assert months == {"04", "06", "09", "11"}
    for row in rows("impossible_dates"):
        day, _, rest = row["recorded"].partition("/")
        if not day.isdigit():
            continue
        year = 1972 if "leap" in rest else 1971
        (repair,) = dates.repairs(year, int(rest[:2]), int(day))
        assert repair.date.vietnamese()[:5] == row["repaired_to"]


def test_what_nobody_repairs_stays_open() -> None:
    for text in ("31/02/1970", "32/01/1970", "40/40/1970"):
        reading = dates.read(text)
        assert reading.repairs == ()
        assert reading.recorded_as == text


def test_month_thirteen_suggests_a_swap_but_not_officially() -> None:
    (repair,) = dates.read("05/13/2001").repairs
    assert (repair.date.iso(), repair.official) == ("2001-05-13", False)


def test_precision_and_bounds() -> None:
    year, month, day = PartialDate(1950), PartialDate(1950, 2), PartialDate(1950, 2, 3)
    assert [d.precision.name for d in (year, month, day)] == ["YEAR", "MONTH", "DAY"]
    assert (year.earliest, year.latest) == (date(1950, 1, 1), date(1950, 12, 31))
    assert month.latest == date(1950, 2, 28)
    assert day.exact() == date(1950, 2, 3)
    with pytest.raises(DateError):
        month.exact()
    with pytest.raises(DateError):
        PartialDate(1950, None, 3)


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("05/03/2001", "2001-03-05", DateAgreement.SAME),
        ("05/03/2001", "03/05/2001", DateAgreement.SWAPPED),
        ("05/03/2001", "06/03/2001", DateAgreement.ONE_PART),
        ("05/03/2001", "05/03/2002", DateAgreement.ONE_PART),
        ("05/03/2001", "2001", DateAgreement.LESS_PRECISE),
        ("05/03/2001", "01/01/2001", DateAgreement.LESS_PRECISE),
        ("01/01/1950", "03/1950", DateAgreement.LESS_PRECISE),
        ("05/03/2001", "2002", DateAgreement.DIFFERENT),
        ("05/03/2001", "06/04/2001", DateAgreement.DIFFERENT),
    ],
)
def test_agreement(a: str, b: str, kind: DateAgreement) -> None:
    one, two = dates.parse(a), dates.parse(b)
    assert dates.agreement(one, two) is dates.agreement(two, one) is kind
    assert dates.weight(one, two) == dates.weight(two, one)


def test_the_first_of_january_is_weak_evidence() -> None:
    assert dates.weight(PartialDate(1960, 1, 1), PartialDate(1960, 1, 1)) < 7
    assert dates.weight(PartialDate(1960, 1, 2), PartialDate(1960, 1, 2)) > 14


def test_conventions_of_the_sectors() -> None:
    insurance, pension = dates.Convention.SOCIAL_INSURANCE, dates.Convention.OFFICER_PENSION
    assert dates.complete(PartialDate(1950), insurance).iso() == "1950-01-01"
    assert dates.complete(PartialDate(1950, 6), insurance).iso() == "1950-06-01"
    assert dates.complete(PartialDate(1950), pension).iso() == "1950-07-01"
    assert dates.complete(PartialDate(1950, 6, 9), pension).iso() == "1950-06-09"


@given(DAYS)
def test_round_trips(day: date) -> None:
    value = PartialDate(day.year, day.month, day.day)
    for text in (value.iso(), value.vietnamese(), value.vietnamese().replace("/", ""),
                 value.iso().replace("-", "")):  # fmt: skip
        assert dates.parse(text) == value
    assert dates.parse(text).exact() == day


@given(st.text(max_size=80))
def test_no_text_crashes(text: str) -> None:
    reading = dates.read(text)
    assert (reading.date is None) == bool(reading.problem)
    with suppress(CividError):
        assert dates.parse(text) == reading.date


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_every_triple_of_numbers_ends_well(year: int, month: int, day: int) -> None:
    reading = dates.read(f"{day:02d}/{month:02d}/{year:04d}")
    assert all(repair.date.year == year for repair in reading.repairs)
