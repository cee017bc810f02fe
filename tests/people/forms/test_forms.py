"""Forms by circular, and verification slips."""

from __future__ import annotations

from datetime import date

import pytest

from civid.errors import FieldError, FormError
from civid.people import forms
from civid.people.citizen import Citizen, Source, claim
from civid.people.forms import Change, Dc01, Dc02Request, Dc02Update, Procedure, SlipState
from civid.people.forms import VerificationSlip as Slip
from civid.people.forms.dc01 import BOXES
from civid.people.forms.dc01 import apply as apply_dc01
from civid.people.forms.dc01 import validate as validate_dc01
from civid.people.forms.dc02 import (
    apply_request,
    apply_update,
    validate_request,
    validate_update,
)

NUMBER = "046301123456"
D2021, D2024 = date(2021, 5, 1), date(2024, 8, 1)
SLIP = {
    "name": "NGUYỄN THỊ AN", "birth": "05/3/2001", "sex": "Nữ", "nationality": "Việt Nam",
    "number": NUMBER, "father_name": "NGUYỄN VĂN BA", "relation": "con đẻ",
}  # fmt: skip


def codes(slip: Dc01) -> set[str]:
    return {warning.code for warning in validate_dc01(slip)}


def citizen(**texts: str) -> Citizen:
    texts = {"number": NUMBER, **texts}
    return Citizen("p").with_claims(
        *(claim(f, t, Source.CIVIL_STATUS, date(2001, 3, 12)) for f, t in texts.items())
    )


def test_a_code_is_another_form_after_july_2024() -> None:
    assert forms.form_version("DC02", date(2024, 6, 30)).purpose == "update"
    assert forms.form_version("DC02", date(2024, 7, 1)).purpose == "request"
    assert forms.form_version("DC01", D2021).purpose == "collect"
    assert forms.by_circular("DC02", "17/2024").purpose == "request"
    for code, day in [("DC01", date(2010, 1, 1)), ("DC99", D2021)]:
        with pytest.raises(FormError):
            forms.form_version(code, day)
    with pytest.raises(FormError):
        forms.by_circular("DC01", "")


def test_dc01_is_collected_as_claims_of_the_citizen() -> None:
    slip = Dc01(SLIP, D2021, unit="19753")
    assert validate_dc01(slip) == ()
    made = apply_dc01(slip, Citizen("p"))
    assert made.value("name") == "NGUYỄN THỊ AN"
    held = made.current("birth")
    assert held is not None
    assert (held.source, held.unit) == (Source.CITIZEN, "19753")
    assert "104/2020" in held.evidence
    assert set(SLIP) <= set(BOXES.values())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Nguyễn Thị An"}, "dc01.name.capitals"),
        ({"name": " "}, "dc01.name.missing"),
        ({"birth": "31/04/2001"}, "dc01.birth.unread"),
        ({"birth": "05/03/2001"}, "dc01.birth.month"),
        ({"blood": "A"}, "dc01.blood.paper"),
    ],
)
def test_dc01_problems(change: dict[str, str], code: str) -> None:
    assert code in codes(Dc01({**SLIP, **change}, D2021))


def test_dc01_month_rule_belongs_to_its_circular() -> None:
    assert "dc01.birth.month" not in codes(Dc01({**SLIP, "birth": "05/03/2001"}, D2024))
    assert "dc01.blood.paper" not in codes(Dc01({**SLIP, "blood": "A"}, D2021, medical_paper="x"))


def test_dc01_refuses() -> None:
    with pytest.raises(FormError, match="another person"):
        apply_dc01(Dc01({**SLIP, "number": "079085000123"}, D2021), citizen())
    with pytest.raises(FormError):
        apply_dc01(Dc01(SLIP, D2021, signed_by_police=False), Citizen("p"))
    with pytest.raises(FormError):
        validate_dc01(Dc01({"shoe size": "42"}, D2021))


def test_dc02_update_corrects_and_changes() -> None:
    held = citizen(birth="03/05/2001", permanent_residence="Huế")
    slip = Dc02Update(
        NUMBER,
        (
            Change("birth", "03/05/2001", "05/03/2001", "birth certificate 17/2001"),
            Change("permanent_residence", "Huế", "Hà Nội", "CT01", correction=False),
        ),
        D2021,
    )
    assert validate_update(slip, held) == ()
    made = apply_update(slip, held)
    assert made.text("birth") == "05/03/2001"
    assert made.text("birth", known=date(2020, 1, 1)) == "03/05/2001"
    assert made.value("permanent_residence") == "Hà Nội"
    assert made.value("permanent_residence", on=date(2020, 1, 1)) == "Huế"


def test_dc02_update_without_paper_stays_the_citizens_word() -> None:
    held = citizen(birth="03/05/2001")
    slip = Dc02Update(NUMBER, (Change("birth", "01/01/1999", "05/03/2001"),), D2021)
    found = {warning.code for warning in validate_update(slip, held)}
    assert found == {"dc02.birth.evidence", "dc02.birth.old"}
    assert apply_update(slip, held).text("birth") == "03/05/2001"


def test_the_two_meanings_of_dc02_do_not_mix() -> None:
    with pytest.raises(FormError):
        apply_update(Dc02Update(NUMBER, (Change("birth", "", "2001"),), D2024), citizen())
    with pytest.raises(FormError):
        validate_request(Dc02Request(NUMBER, frozenset({Procedure.ISSUE}), D2021, {}), citizen())
    with pytest.raises(FormError):
        apply_update(Dc02Update(NUMBER, (), D2021), citizen())
    with pytest.raises(FieldError):
        apply_update(Dc02Update(NUMBER, (Change("birth", "", "x", "paper"),), D2021), citizen())


def test_dc02_request() -> None:
    held = citizen(name="Nguyễn Thị Ân")
    correct = frozenset({Procedure.RENEW, Procedure.CORRECT_POPULATION})
    slip = Dc02Request(NUMBER, correct, D2024, {"name": "Nguyễn Thị An"}, "birth certificate")
    assert validate_request(slip, held) == ()
    assert apply_request(slip, held).value("name") == "Nguyễn Thị An"
    for bad in (
        Dc02Request(NUMBER, frozenset(), D2024, {}),
        Dc02Request(NUMBER, frozenset({Procedure.ISSUE, Procedure.RENEW}), D2024, {}),
        Dc02Request(NUMBER, correct, D2024, {"name": "Nguyễn Thị An"}),
        Dc02Request(NUMBER, correct, D2024, {}, "paper"),
        Dc02Request(NUMBER, frozenset({Procedure.RENEW}), D2024, {"name": "X"}, "paper"),
    ):
        assert validate_request(bad, held)
        with pytest.raises(FormError):
            apply_request(bad, held)


def slip(**more: object) -> Slip:
    values = {"name": "Nguyễn Thị Hoà", "birth": "05/03/2001"}
    return Slip("v-1", "p-1", "00001", "19753", values, **more)  # type: ignore[arg-type]


def test_a_verification_slip_is_answered() -> None:
    sent = slip().send(date(2021, 5, 1))
    assert sent.due() == date(2021, 5, 8)
    assert (sent.overdue(date(2021, 5, 8)), sent.overdue(date(2021, 5, 9))) == (False, True)
    same = sent.answer({"name": "NGUYỄN THỊ HÒA", "birth": "2001-03-05"}, date(2021, 5, 4))
    assert same.state is SlipState.CONFIRMED
    other = sent.answer({"name": "NGUYỄN THỊ HOA"}, date(2021, 5, 4))
    assert other.state is SlipState.CONTRADICTED
    assert other.contradictions == {"name": "NGUYỄN THỊ HOA"}
    assert sent.answer(None, date(2021, 5, 4)).state is SlipState.UNKNOWN_PERSON
    assert forms.overdue([sent, same], date(2021, 6, 1)) == {"19753": 1}


def test_a_verification_slip_refuses() -> None:
    with pytest.raises(FormError):
        slip().answer({}, D2021)
    sent = slip().send(D2021)
    for wrong in (
        lambda: sent.send(D2021),
        lambda: sent.answer({}, date(2020, 1, 1)),
        lambda: sent.answer({}, D2021).withdraw(),
        lambda: Slip("v", "p", "1", "1", {"name": "x"}),
        lambda: Slip("v", "p", "1", "2", {}),
        lambda: Slip("v", "p", "1", "2", {"shoe": "x"}),
    ):
        with pytest.raises(FieldError):
            wrong()
    assert slip().withdraw().state is SlipState.WITHDRAWN
