"""Documents: strict JSON in, civid's errors out, nobody's data in a message."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.people.citizen import Citizen, Source, claim
from civid.people.dates.partial import PartialDate
from civid.people.documents import (
    CitizenModel,
    Dc01Model,
    Dc02RequestModel,
    Dc02UpdateModel,
    FindingModel,
    HouseholdModel,
    json_schemas,
    read_json,
)
from civid.people.documents.models import MODELS
from civid.people.findings import check_record
from civid.people.forms import Change, Dc01, Dc02Request, Dc02Update, Procedure
from civid.people.household import Household, Member
from civid.people.sex import Sex

CITIZEN = {
    "reference": "p-1",
    "claims": [
        {"field": "name", "text": "Nguyễn Thị An", "source": "CIVIL_STATUS",
         "effective": "2001-03-12"},
        {"field": "birth", "text": "05/03/2001", "source": "CITIZEN", "effective": "2021-01-01"},
    ],
}  # fmt: skip


def test_a_citizen_comes_in() -> None:
    citizen = read_json(CitizenModel, json.dumps(CITIZEN)).to_domain()
    assert citizen.value("name") == "Nguyễn Thị An"
    assert citizen.text("birth") == "05/03/2001"


def test_household_and_forms_come_in() -> None:
    household = read_json(
        HouseholdModel,
        json.dumps({"code": "H1", "members": [
            {"reference": "a", "relation": "chủ hộ", "since": "2021-07-01", "sex": "Nam",
             "birth": "1970"}]}),
    ).to_domain()  # fmt: skip
    assert household.head.reference == "a"
    slip = {"values": {"name": "NGUYỄN THỊ AN"}, "filled": "2021-05-01",
            "signed_by_declarant": True, "signed_by_police": True}  # fmt: skip
    assert read_json(Dc01Model, json.dumps(slip)).to_domain().version.circular == "104/2020/TT-BCA"
    update = {"number": "046301123456", "filled": "2021-05-01",
              "changes": [{"field": "birth", "new": "2001"}]}  # fmt: skip
    assert read_json(Dc02UpdateModel, json.dumps(update)).to_domain().changes[0].new == "2001"
    request = {"number": "046301123456", "filled": "2024-08-01", "procedures": ["ISSUE"]}
    made = read_json(Dc02RequestModel, json.dumps(request)).to_domain()
    assert made.procedures == {Procedure.ISSUE}
    with pytest.raises(FieldError):
        read_json(Dc02RequestModel, json.dumps({**request, "procedures": ["FLY"]})).to_domain()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"reference": 5}, "reference"), ({"reference": ""}, "reference"),
        ({"secret name": "Nguyễn"}, "?"), ({"claims": None}, "claims"),
        ({"claims": [{**CITIZEN["claims"][0], "effective": "yesterday"}]}, "claims.0.effective"),  # type: ignore[dict-item]
        ({"claims": [{**CITIZEN["claims"][0], "source": "NEIGHBOUR"}]}, "claims.0.source"),  # type: ignore[dict-item]
        ({"claims": [{**CITIZEN["claims"][0], "text": "x" * 2000}]}, "claims.0.text"),  # type: ignore[dict-item]
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_not_repeated(change: dict[str, object], where: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_json(CitizenModel, json.dumps({**CITIZEN, **change}))
    assert caught.value.field == where
    assert "Nguyễn" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, "null", "\ud800", "x" * (2 << 20), b"\xff\xfe", "[]", 5]
)
def test_hostile_json_is_a_typed_error(text: str) -> None:
    with pytest.raises(FieldError):
        read_json(CitizenModel, text)


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers(),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["reference", "claims", "x"]), inner),
                    max_leaves=8))  # fmt: skip
def test_no_json_crashes(value: object) -> None:
    try:
        read_json(CitizenModel, json.dumps(value)).to_domain()
    except FieldError as error:
        assert len(str(error)) < 300  # noqa: PT017 - any outcome is fine but a crash


def test_schemas_are_exported() -> None:
    schemas = json_schemas()
    assert set(schemas) == set(MODELS)
    assert schemas["Citizen"]["additionalProperties"] is False
    assert json.loads(json.dumps(schemas)) == schemas


def test_findings_go_out() -> None:
    (finding,) = [
        f for f in check_record({"birth": "31/04/1960"}, date(2021, 7, 1))
        if f.rule == "birth.impossible"
    ]  # fmt: skip
    out = json.loads(FindingModel.from_domain(finding).model_dump_json())
    assert (out["axis"], out["suggestion"]) == ("đúng", "01/05/1960")


def test_the_first_name_of_the_package_still_leads_here() -> None:
    from civid.people import border, documents

    assert {name: getattr(border, name) for name in border.__all__} == {
        name: getattr(documents, name) for name in documents.__all__
    }


def test_a_citizen_goes_out_and_comes_back() -> None:
    day = date(2001, 3, 12)
    wrong = claim("home_town", "Huế", Source.CITIZEN, date(2015, 1, 1), evidence="DC01", unit="U")
    citizen = Citizen("p-1").with_claims(
        claim("name", "Nguyễn Thị An", Source.CIVIL_STATUS, day),
        claim("number", "046 301 123456", Source.CIVIL_STATUS, day, recorded=date(2016, 1, 1)),
        claim("birth", "31/04/1960", Source.CITIZEN, day, keep_unread=True),
        wrong,
    ).retract(wrong, date(2020, 1, 1), "nhập nhầm")  # fmt: skip
    text = CitizenModel.from_domain(citizen).model_dump_json()
    assert read_json(CitizenModel, text).to_domain() == citizen


def test_every_document_goes_out_and_comes_back() -> None:
    head = Member("a", "chủ hộ", date(2021, 7, 1), Sex.MALE, PartialDate(1970))
    wife = Member("b", "vợ", date(2021, 7, 1), Sex.FEMALE, PartialDate(1972, 3, 5), spouse="a")
    house = Household("H1", (head, wife), "19789", "2025", "12 Lê Lợi")
    split = house.without(frozenset({"b"}), date(2024, 1, 1), "tách hộ")
    dc01 = Dc01({"name": "NGUYỄN THỊ AN"}, date(2021, 5, 1), unit="U", signed_by_police=False)
    change = Change("birth", "", "2001", "Giấy khai sinh", correction=False)
    update = Dc02Update("046301123456", (change,), date(2021, 5, 1), "U")
    asked = frozenset({Procedure.RENEW, Procedure.ISSUE})
    request = Dc02Request("046301123456", asked, date(2024, 8, 1), {"birth": "2001"}, "CC01")
    for model, record in (
        (HouseholdModel, house), (HouseholdModel, split), (Dc01Model, dc01),
        (Dc02UpdateModel, update), (Dc02RequestModel, request),
    ):  # fmt: skip
        text = model.from_domain(record).model_dump_json()  # type: ignore[attr-defined]
        assert read_json(model, text).to_domain() == record  # type: ignore[attr-defined]


def test_what_the_form_does_not_allow_is_a_typed_error() -> None:
    day = date(2001, 3, 12)
    made = Citizen("p").with_claims(claim("name", "An", Source.CITIZEN, day, evidence="x" * 300))
    with pytest.raises(FieldError, match="too long"):
        CitizenModel.from_domain(made)
    text = CitizenModel.from_domain(Citizen("p")).model_dump_json()
    document = json.loads(text) | {
        "retractions": [{"claim": 0, "recorded": "2020-01-01", "reason": ""}]
    }
    with pytest.raises(FieldError, match="not there"):
        read_json(CitizenModel, json.dumps(document)).to_domain()
