"""Invitation lists and notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import pytest
from tests.campaign.trees import small

from civid.campaign.organisation import cohort, invitations, notice, turnout
from civid.errors import CampaignError

DAY = date(2021, 5, 8)


@dataclass
class Person:
    reference: str
    birth: date
    permanent: str = "C1"
    temporary: str = ""
    household: str = "H"
    school: str = ""
    has_card: bool = False


PEOPLE = [
    Person("adult", date(1980, 1, 1)),
    Person("just", date(2007, 5, 8)),
    Person("tomorrow", date(2007, 5, 9)),
    Person("away", date(1990, 1, 1), "C1", "C3"),
    Person("guest", date(1990, 1, 1), "", "C2"),
    Person("nowhere", date(1990, 1, 1), ""),
    Person("has", date(1990, 1, 1), has_card=True),
    Person("pupil", date(2006, 1, 1), school="S"),
]


def test_each_is_invited_once_where_they_live_now() -> None:
    found = {one.reference: one for one in invitations(PEOPLE, small(), DAY)}
    assert set(found) == {"adult", "just", "away", "guest", "pupil"}
    assert (found["away"].unit, found["away"].basis) == ("C3", "temporary")
    assert found["just"].age == 14
    assert "adult" not in repr(found["adult"])


def test_a_unit_and_all_below_it() -> None:
    assert {one.reference for one in invitations(PEOPLE, small(), DAY, under="D2")} == {"away"}
    with_cards = invitations(PEOPLE, small(), DAY, under="D1", renewals=True)
    assert "has" in {one.reference for one in with_cards}


def test_the_law_of_2023_invites_from_fourteen_too_and_an_age_can_be_given() -> None:
    young = [Person("six", date(2018, 1, 1))]
    assert not list(invitations(young, small(), date(2025, 1, 1)))
    assert list(invitations(young, small(), date(2025, 1, 1), from_age=6))


def test_pupils_of_a_school() -> None:
    assert [one.reference for one in cohort(PEOPLE, small(), DAY, "S")] == ["pupil"]


def test_who_was_invited_came_or_is_missing() -> None:
    listed = list(invitations(PEOPLE, small(), DAY))
    rate, states = turnout(listed, {"adult": DAY, "just": DAY}, {"adult": DAY, "guest": DAY})
    assert (rate.done, rate.of) == (2, 3)
    assert states["just"] == "invited"
    assert states["away"] == "waiting"
    with pytest.raises(CampaignError, match="1 are not on the list"):
        turnout(listed, {}, {"stranger": DAY})


def test_a_residence_in_an_unknown_unit_is_an_error_that_names_no_person() -> None:
    with pytest.raises(CampaignError) as caught:
        list(invitations([Person("secret", date(1980, 1, 1), "X")], small(), DAY))
    assert "secret" not in str(caught.value)


def test_a_notice_is_lines_that_a_name_cannot_add_to() -> None:
    text = notice(
        "A\nĐịa điểm: khác {place}", unit="U", place="P", day=DAY, begins=time(7), ends=time(8)
    )
    assert len(text.splitlines()) == 7
    english = notice("A", unit="U", place="P", day=DAY, begins=time(7), ends=time(8), language="en")
    assert "07:00 to 08:00, Saturday, 2021-05-08" in english


@pytest.mark.parametrize(
    ("day", "book", "card"),
    [
        (date(2022, 12, 31), True, "thẻ căn cước công dân"),
        (date(2023, 1, 1), False, "thẻ căn cước công dân"),
        (date(2024, 7, 1), False, "thẻ căn cước\n"),
    ],
)
def test_a_notice_asks_for_what_its_day_has(day: date, book: bool, card: str) -> None:
    text, english = (
        notice("A", unit="U", place="P", day=day, begins=time(7), ends=time(8), language=language)
        for language in ("vi", "en")
    )
    assert ("Sổ hộ khẩu" in text, "household book" in english) == (book, book)
    assert f"làm thủ tục cấp {card}" in text
    assert "old identity card" in english
