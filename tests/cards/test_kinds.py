"""What is of another kind than wanted is refused with one typed error that says what was wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from civid.cards import fees, mrz, qr
from civid.cards.card import CardRecord
from civid.cards.chip import dg1, dg2, dg3, dg13, ef_com
from civid.cards.crosscheck import crosscheck
from civid.cards.deadlines import due
from civid.cards.eligibility import eligibility
from civid.cards.reading import Reading, read
from civid.cards.regimes import Procedure
from civid.cards.validity import expires_on
from civid.errors import CividError, FormatError
from civid.people import cmnd9, dates, names, personal_number, places, sex
from civid.people.citizen import Citizen, Source, claim
from civid.people.findings import Table, check_record, read_csv
from civid.people.sex import Sex

DAY = date(2026, 1, 1)
CARD: dict[str, Any] = {
    "personal_number": "046301123456", "full_name": "Nguyễn Thị An", "birth": date(2001, 3, 5),
    "sex": Sex.FEMALE, "issued": date(2021, 6, 10),
}  # fmt: skip
ASKED: dict[str, Callable[[Any], object]] = {
    "number": personal_number.parse,
    "cmnd9": cmnd9.parse,
    "compare": lambda value: names.compare(value, "An"),
    "canonical": names.canonical,
    "dates": dates.parse,
    "province": lambda value: places.province(value, DAY),
    "province day": lambda value: places.province("46", value),
    "sex": sex.parse,
    "check_record": lambda value: check_record({"number": value}, DAY),
    "row": lambda value: check_record(value, DAY),
    "as_of": lambda value: check_record({"number": "1"}, value),
    "column": lambda value: Table({"name": value}, DAY),
    "cell": lambda value: Table({"name": ["An", value]}, DAY),
    "csv": lambda value: list(read_csv(value, DAY)),
    "claim": lambda value: claim("name", value, Source.CITIZEN, DAY),
    "field": lambda value: claim(value, "An", Source.CITIZEN, DAY),
    "source": lambda value: claim("name", "An", value, DAY),
    "effective": lambda value: claim("name", "An", Source.CITIZEN, value),
    "claims": lambda value: Citizen("p").with_claims(value),
    "qr": qr.parse,
    "mrz": mrz.parse,
    "letters": mrz.letters,
    "fee": lambda value: fees.fee(value, Procedure.FIRST),
    "due": due,
    "eligibility": lambda value: eligibility(value, DAY),
    "expiry": lambda value: expires_on(value, DAY),
    "crosscheck": lambda value: crosscheck(qr=value or 0),
    "read": lambda value: read([value]),
    "dg1": dg1.parse,
    "dg2": dg2.parse,
    "dg3": dg3.parse,
    "dg13": dg13.parse,
    "com": ef_com.parse,
    "card name": lambda value: CardRecord(**CARD | {"full_name": value}),
    "card residence": lambda value: CardRecord(**CARD | {"residence": value}),
    "card sex": lambda value: CardRecord(**CARD | {"sex": value}),
    "card birth": lambda value: CardRecord(**CARD | {"birth": value}),
    "card issued": lambda value: CardRecord(**CARD | {"issued": value}),
}


@pytest.mark.parametrize("name", list(ASKED))
@pytest.mark.parametrize("value", [None, 46301123456, 1.5, object(), datetime(2026, 1, 1)])
def test_another_kind_is_a_typed_error(name: str, value: object) -> None:
    if name == "as_of" and isinstance(value, datetime):
        return  # the day of a time of day is taken
    with pytest.raises(CividError) as caught:
        ASKED[name](value)
    assert "301123456" not in str(caught.value)


def test_a_number_kept_as_int_is_told_what_it_lost() -> None:
    with pytest.raises(
        CividError, match=r"should be text \(str\), is of type int: .* lost its zeros"
    ):
        check_record({"number": 46301123456}, DAY)  # type: ignore[dict-item]
    with pytest.raises(CividError, match="is None"):
        check_record({"number": None}, DAY)  # type: ignore[dict-item]


def test_two_cards_are_not_mixed_into_one(qr_text: str) -> None:
    reading = Reading()
    reading.add_text(qr_text)
    reading.add_text(qr_text)
    with pytest.raises(FormatError, match="one card at a time"):
        reading.add_text(qr_text.replace("046301123456", "046301123457"))
