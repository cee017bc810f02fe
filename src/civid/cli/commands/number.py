"""``civid number``: is this a number of a citizen, and what do its digits say?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, table
from civid.cli.console.problems import Exit
from civid.cli.language.sentences import say
from civid.errors import NumberError

if TYPE_CHECKING:
    from civid.people.sex import Sex


def number(
    numbers: Annotated[
        list[str], typer.Argument(metavar="NUMBER...", help="12 digits, or the 9 of a former CMND.")
    ],
    sex: Annotated[
        str | None, typer.Option(help="Hold the numbers against this sex: Nam/Nữ or M/F.")
    ] = None,
    birth_year: Annotated[
        int | None, typer.Option(help="Hold them against this year of birth.", min=1800, max=2400)
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Explain numbers. Exit code 0: all are well-formed, 1: one is not."""
    from civid.people.sex import Sex, parse

    out = Output(as_json=as_json)
    person = parse(sex) if sex else Sex.UNKNOWN
    found = [_explain(text, person, birth_year) for text in numbers]
    if as_json:
        out.json({"numbers": found})
    else:
        for one in found:
            _show(out, one)
    return Exit.DONE if all(one["valid"] for one in found) else Exit.NOTHING


def _explain(text: str, sex: Sex, year: int | None) -> dict[str, object]:
    from civid.people import cmnd9, number_check, personal_number

    try:
        if len(personal_number.compact(text)) == cmnd9.LENGTH:
            old = cmnd9.parse(text)
            odd = [{"code": one.code, "message": one.message} for one in old.warnings]
            return {"number": old.text, "valid": True, "kind": "cmnd9",
                    "provinces": list(old.provinces), "warnings": odd}  # fmt: skip
        parsed = personal_number.parse(text)
        warnings = number_check.check(parsed, sex=sex, birth_year=year)
    except NumberError as error:
        return {"number": text, "valid": False, "reason": error.reason}
    return {
        "number": parsed.text,
        "valid": True,
        "kind": "personal",
        "place_code": parsed.place_code,
        "places": [{"name": one.name, "country": one.country} for one in parsed.places],
        "sex": parsed.sex.name.lower(),
        "birth_year": parsed.birth_year,
        "serial": parsed.serial,
        "warnings": [{"code": one.code, "message": one.message} for one in warnings],
    }


def _show(out: Output, one: dict[str, object]) -> None:
    if not one["valid"]:
        out.print(f"{one['number']}: {say('not valid')}: {say(str(one['reason']))}")
        return
    made = table("", say("field"), "")
    personal = one["kind"] == "personal"
    kind = "personal identification number" if personal else "old identity card number"
    made.add_row(say("number"), str(one["number"]))
    made.add_row(say("kind"), say(kind))
    if personal:
        places = [str(place["name"]) for place in _list(one["places"])]
        made.add_row(say("place"), " / ".join(places) or "?")
        made.add_row(say("sex"), say(str(one["sex"])))
        made.add_row(say("birth year"), str(one["birth_year"]))
    else:
        names = one["provinces"] if isinstance(one["provinces"], list) else []
        made.add_row(say("place"), " / ".join(names) or "?")
    for warning in _list(one["warnings"]):
        made.add_row(say("what is odd"), say(str(warning["message"])))
    out.print(made)


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []
