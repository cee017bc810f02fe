"""A citizen of the register becomes a card, by what holds on the day of issue."""

from __future__ import annotations

from datetime import date

import pytest

from civid.cards.crosscheck import crosscheck
from civid.cards.from_register import card_of
from civid.cards.parts import to_dg13, to_mrz
from civid.errors import FieldError
from civid.people.citizen import Citizen, Source, claim
from civid.people.dates.partial import PartialDate

BORN = date(2001, 3, 12)
ISSUED = date(2024, 8, 1)
SAID = {
    "number": "046301123456", "name": "Nguyễn Thị An", "birth": "05/03/2001", "sex": "Nữ",
    "cmnd9": "191234567", "home_town": "Hương Thủy", "ethnic": "Kinh", "religion": "Không",
    "father_name": "Nguyễn Văn Bình", "permanent_residence": "Huế",
    "current_residence": "Hà Nội",
}  # fmt: skip


def citizen(**other: str | None) -> Citizen:
    """Somebody with these claims, an empty one left out."""
    said = {**SAID, **other}
    return Citizen("p-1").with_claims(
        *(claim(field, text, Source.CIVIL_STATUS, BORN) for field, text in said.items() if text)
    )


def test_a_card_says_what_the_register_says() -> None:
    card = card_of(citizen(), ISSUED, marks="Nốt ruồi")
    assert (card.full_name, card.birth, card.sex.value) == ("Nguyễn Thị An", date(2001, 3, 5), "F")
    assert (card.old_number, card.origin, card.father) == (
        "191234567", "Hương Thủy", "Nguyễn Văn Bình",
    )  # fmt: skip
    assert (card.nationality, card.residence, card.marks) == ("Việt Nam", "Huế", "Nốt ruồi")
    assert crosscheck(mrz=to_mrz(card), dg13=to_dg13(card), register=card) == ()


@pytest.mark.parametrize(
    ("said", "residence"),
    [
        ({"permanent_residence": None}, "Hà Nội"),
        ({"permanent_residence": None, "temporary_residence": "Đà Nẵng"}, "Đà Nẵng"),
        ({"permanent_residence": None, "current_residence": None}, ""),
    ],
)
def test_the_residence_line(said: dict[str, str | None], residence: str) -> None:
    assert card_of(citizen(**said), ISSUED).residence == residence


def test_the_day_of_issue_decides() -> None:
    moved = citizen().with_claims(
        claim("permanent_residence", "Cần Thơ", Source.RESIDENCE, date(2024, 9, 1))
    )
    assert card_of(moved, ISSUED).residence == "Huế"
    assert card_of(moved, date(2024, 9, 2)).residence == "Cần Thơ"


def test_a_cancelled_number_is_carried() -> None:
    renumbered = citizen().with_claims(
        claim("number", "046301999999", Source.CIVIL_STATUS, date(2022, 1, 1))
    )
    card = card_of(renumbered, ISSUED)
    assert (card.personal_number, card.cancelled_number) == ("046301999999", "046301123456")


@pytest.mark.parametrize("field", ["number", "name", "birth", "sex"])
def test_what_is_missing_is_named(field: str) -> None:
    with pytest.raises(FieldError, match=field):
        card_of(citizen(**{field: None}), ISSUED)


def test_nobody_gets_a_card_after_death() -> None:
    dead = citizen().with_claims(
        claim("death", "01/07/2024", Source.CIVIL_STATUS, date(2024, 7, 1))
    )
    with pytest.raises(FieldError, match="death"):
        card_of(dead, ISSUED)
    assert card_of(dead, date(2024, 6, 1)).kind.value == "cccd-chip"


def test_an_incomplete_birth_needs_an_expiry() -> None:
    with pytest.raises(FieldError, match="expires_on"):
        card_of(citizen(birth="2001"), ISSUED)
    assert card_of(citizen(birth="2001"), ISSUED, expires_on=None).birth_text == "00002001"
    assert card_of(citizen(birth="1950"), ISSUED).expiry is None
    assert isinstance(citizen(birth="1950").value("birth"), PartialDate)


def test_a_card_says_what_was_read_not_how_it_was_written() -> None:
    made = card_of(
        citizen(cmnd9="191 234 567", permanent_residence="Tổ 3,\n Vĩnh Ninh,\tHuế"), ISSUED
    )
    assert (made.old_number, made.residence) == ("191234567", "Tổ 3, Vĩnh Ninh, Huế")


@pytest.mark.parametrize("text", ["Tổ 3 | Huế", "Huế\x07", "Huế\x00"])
@pytest.mark.parametrize("field", ["permanent_residence", "name", "home_town", "residence_file"])
def test_what_no_card_can_hold_is_refused_when_it_is_claimed(field: str, text: str) -> None:
    with pytest.raises(FieldError, match="control character"):
        claim(field, text, Source.RESIDENCE, ISSUED)
