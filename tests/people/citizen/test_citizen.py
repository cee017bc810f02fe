"""Citizens: claims with source and date, nothing overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from civid.errors import FieldError
from civid.people.citizen import FIELDS, Citizen, Source, claim, field_of
from civid.people.citizen.fields import CARD_NAMES

BORN = date(2001, 3, 12)


def test_the_best_source_wins_where_only_corrections_change() -> None:
    citizen = Citizen("p").with_claims(
        claim("birth", "05/03/2001", Source.CIVIL_STATUS, BORN),
        claim("birth", "03/05/2001", Source.CITIZEN, date(2021, 1, 1)),
    )
    assert citizen.text("birth") == "05/03/2001"
    assert set(citizen.conflicts()) == {"birth"}
    corrected = citizen.with_claims(claim("birth", "06/03/2001", Source.COURT, date(2022, 1, 1)))
    assert corrected.text("birth") == "06/03/2001"
    assert corrected.text("birth", on=date(2021, 6, 1)) == "05/03/2001"


def test_the_latest_wins_where_life_changes() -> None:
    citizen = Citizen("p").with_claims(
        claim("permanent_residence", "Huế", Source.CIVIL_STATUS, BORN),
        claim("permanent_residence", "Hà Nội", Source.CITIZEN, date(2020, 9, 1)),
    )
    assert citizen.value("permanent_residence") == "Hà Nội"
    assert citizen.value("permanent_residence", on=date(2010, 1, 1)) == "Huế"
    assert citizen.value("permanent_residence", on=date(1999, 1, 1)) is None
    assert citizen.conflicts() == {}


def test_what_the_register_knew_can_be_asked_again() -> None:
    late = claim("marital", "2", Source.CIVIL_STATUS, date(2020, 1, 1), recorded=date(2023, 1, 1))
    citizen = Citizen("p").with_claims(claim("marital", "1", Source.CITIZEN, BORN), late)
    assert citizen.value("marital", on=date(2021, 1, 1), known=date(2022, 1, 1)) == "1"
    assert citizen.value("marital", on=date(2021, 1, 1)) == "2"
    undone = citizen.retract(late, date(2024, 1, 1), "another person's paper")
    assert undone.value("marital") == "1"
    assert undone.value("marital", known=date(2023, 6, 1)) == "2"
    assert late in undone.claims


def test_old_papers_are_kept_even_when_they_cannot_be_read() -> None:
    kept = claim("birth", "31/04/1960", Source.ARCHIVE, date(1975, 1, 1), keep_unread=True)
    assert kept.value is None
    assert kept.recorded_as == "31/04/1960"
    citizen = Citizen("p").with_claims(
        kept, claim("birth", "1960", Source.CITIZEN, date(2021, 1, 1))
    )
    assert citizen.text("birth") == "1960"  # a readable claim goes before one that is not


@pytest.mark.parametrize(
    ("field", "text"),
    [("birth", "31/04/1960"), ("number", "123"), ("sex", "?"), ("name", "  "), ("home_town", ""),
     ("cmnd9", "12345678"), ("relation", "bạn"), ("marital", "9"), ("nonsense", "x"),
     ("home_town", "x" * 2000)],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_field(field: str, text: str) -> None:
    with pytest.raises(FieldError) as caught:
        claim(field, text, Source.CITIZEN, BORN)
    assert caught.value.field in (field, "field")
    assert not text.strip() or text not in str(caught.value)


def test_names_that_differ_in_writing_do_not_conflict() -> None:
    citizen = Citizen("p").with_claims(
        claim("name", "NGUYỄN THỊ HOÀ", Source.CITIZEN, BORN),
        claim("name", "Nguyễn Thị Hòa", Source.CIVIL_STATUS, BORN),
    )
    assert citizen.conflicts() == {}
    assert citizen.value("name") == "Nguyễn Thị Hòa"


def test_retracting_a_strange_claim_and_reprs() -> None:
    strange = claim("name", "Nguyễn An", Source.CITIZEN, BORN)
    with pytest.raises(FieldError):
        Citizen("p").retract(strange, BORN, "x")
    citizen = Citizen("p").with_claims(strange)
    assert "An" not in repr(citizen) + repr(strange)
    with pytest.raises(FieldError):
        claim("death", "2001", Source.CITIZEN, date(2002, 1, 1), recorded=BORN)


def test_every_field_has_its_term() -> None:
    assert all(field.vietnamese and field.name == name for name, field in FIELDS.items())
    assert len(FIELDS) > 30


def test_a_retraction_counts_from_its_day() -> None:
    wrong = claim("marital", "2", Source.CIVIL_STATUS, date(2020, 1, 1))
    citizen = Citizen("p").with_claims(wrong).retract(wrong, date(2024, 1, 1), "wrong person")
    assert citizen.value("marital", known=date(2023, 12, 31)) == "2"
    assert citizen.value("marital", known=date(2024, 1, 1)) is None


@pytest.mark.parametrize(("card", "own"), list(CARD_NAMES.items()))
def test_the_names_of_cards_are_taken_everywhere(card: str, own: str) -> None:
    from civid.cards.card import CardRecord
    from civid.people.documents import ClaimModel, json_schemas
    from civid.people.forms import Dc01

    assert card in CardRecord.__dataclass_fields__
    assert field_of(card) is field_of(own)
    texts = {"number": "046301123456", "cmnd9": "191234567"}
    text, day = texts.get(own, "Nguyễn Thị An"), date(2020, 1, 1)
    made = claim(card, text, Source.CIVIL_STATUS, day)
    assert made == claim(own, text, Source.CIVIL_STATUS, day)
    citizen = Citizen("p").with_claims(made)
    assert citizen.history(card) == citizen.history(own) == (made,)
    assert citizen.text(card) == citizen.text(own) == text
    assert citizen.value(card) == made.value
    names = json_schemas()["Citizen"]["$defs"]["ClaimModel"]["properties"]["field"]["enum"]
    assert {card, own} <= set(names)
    document = {"field": card, "text": text, "source": "CITIZEN", "effective": "2020-01-01"}
    assert ClaimModel.model_validate(document).to_domain().field == own
    assert Dc01({card: text}, day).values == {own: text}
