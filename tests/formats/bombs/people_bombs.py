"""Names, dates, places, tables and JSON of people."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import date

from tests.formats.bombs.kinds import bomb, enter

DAY = date(2021, 7, 1)
MARKS = "\u0301\u0323"


def table(text: str) -> object:
    """One table; a file has as many as it is long."""
    from civid.people.findings.read_csv import read_csv

    return next(read_csv(io.StringIO(text, newline=""), DAY))


def examined(text: str) -> object:
    from civid.people.findings import check_record

    for column in ("name", "birth", "number", "address", "ethnic_name", "sex", "cmnd9",
                   "relation", "nationality", "paper_name", "registration_code",
                   "marital", "death"):  # fmt: skip
        check_record({column: text}, DAY)
    return None


@bomb(table)
def columns() -> str:
    head = "name," + ",".join(f"c{i}" for i in range(2000)) + "\n"
    return head + ("An," + "," * 1999 + "\n") * 50_000


@bomb(table)
def long_values() -> str:
    return "name,address\n" + ("a" * 4000 + "," + "b" * 4000 + "\n") * 6_000


@bomb(table)
def columns_of_long_values() -> str:
    titles = ["name", "birth", "number", "address", "sex", "cmnd9", "death", "relation"]
    return ",".join(titles) + "\n" + (",".join(["\u1ec5" * 4000] * 8) + "\n") * 1500


@bomb(table)
def one_line() -> str:
    return "name," * 20_000_000


@bomb(table)
def one_value() -> str:
    return 'name\n"' + "a\n" * 30_000_000


@bomb(table)
def one_row() -> str:
    return "name\n" + "a," * 30_000_000


@bomb(table)
def quotes() -> str:
    return "name\n" + '"""' * 10_000_000


@bomb(table)
def empty_lines() -> str:
    return "name\n" + "\n" * 10_000_000


for _name, _text in (
    ("letters", "a" * 4096),
    ("words", "Nguyễn " * 585),
    ("marks", "A" + MARKS * 2000),
    ("digits", "1" * 4096),
    ("slashes", "/" * 4096),
    ("commas", "," * 4096),
    ("dots", "N." * 2048),
    ("spaces", " " * 4096),
    ("telex", "nguwowfi " * 455),
    ("mojibake", "Ã¡Â»" * 1024),
    ("places", "Thành phố Huế, " * 273),
):
    enter(examined, f"record_of_{_name}", lambda text: text, _text)


def named(text: str) -> object:
    from civid.people.names import canonical, compare

    canonical(text)
    return compare(text, text[::-1])


def documents(text: str) -> object:
    from civid.errors import FieldError
    from civid.people.documents.models import MODELS
    from civid.people.documents.reading import read_json

    for model in MODELS.values():
        with suppress(FieldError):
            read_json(model, text)
    return None


def citizen(text: str) -> object:
    from civid.people.documents import CitizenModel
    from civid.people.documents.reading import read_json

    return read_json(CitizenModel, text).to_domain()


def card(text: str) -> object:
    from civid.cards.models import CardModel

    return CardModel.from_json(text)


for _read in (documents, card):
    _name = _read.__name__
    enter(_read, f"json_nested_{_name}", lambda: "[" * 60_000)
    enter(_read, f"json_nested_objects_{_name}", lambda: '{"a":' * 12_000)
    enter(
        _read, f"json_unknown_fields_{_name}", lambda: json.dumps({f"k{i}": 1 for i in range(5000)})
    )
    enter(_read, f"json_digits_{_name}", lambda: '{"number": ' + "9" * 60_000 + "}")
    enter(_read, f"json_escapes_{_name}", lambda: '{"number": "' + "\\u0301" * 10_000 + '"}')
enter(documents, "json_of_1_mib_unknown", lambda: json.dumps({f"k{i}": 1 for i in range(80_000)}))
enter(documents, "json_of_1_mib_nested", lambda: "[" * (1 << 20))
enter(documents, "json_of_1_mib_digits", lambda: "1" * (1 << 20))
enter(
    documents,
    "json_of_1_mib_claims",
    lambda: '{"reference":"a","claims":[' + "{}," * 300_000 + "{}]}",
)
enter(
    documents, "json_of_1_mib_members", lambda: '{"code":"a","members":[' + "{}," * 300_000 + "{}]}"
)


@bomb(citizen)
def json_of_many_claims() -> str:
    one = {"field": "name", "text": "Nguyễn Thị " + "An " * 100, "source": "CITIZEN",
           "effective": "2020-01-01"}  # fmt: skip
    return json.dumps({"reference": "a", "claims": [one] * 2000}, ensure_ascii=False)


@bomb(citizen)
def json_of_many_dates() -> str:
    one = {"field": "birth", "text": "1/" * 500, "source": "CITIZEN", "effective": "2020-01-01"}
    return json.dumps({"reference": "a", "claims": [one] * 900})


enter(named, "name_of_marks", lambda: "A" + MARKS * 40_000)
enter(named, "name_of_marks_short", lambda: "A" + MARKS * 120)
enter(named, "name_of_words", lambda: "An " * 80)
