"""``civid facts``: which laws, fees and lists are built in, and when somebody last checked them?"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

import typer

from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say
from civid.people.residence.calendar import add_months

_AGE = re.compile(r"([1-9][0-9]{0,3})([dwmy])", re.ASCII)


def facts(
    older_than: Annotated[
        str | None,
        typer.Option(
            metavar="AGE", help="Only what nobody has checked for so long: 1y, 18m, 26w, 90d."
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Count from this day, not today."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """List built-in laws, fees and lists. Exit code 1: some are older than asked for."""
    from civid.cards.facts import facts as listed

    day = as_of.date() if as_of is not None else date.today()
    before = _before(day, older_than) if older_than is not None else None
    out, found = Output(as_json=as_json), listed(checked_before=before)
    if as_json:
        columns = ("table", "what", "valid_from", "valid_to", "confidence", "source", "checked")
        rows = [{name: getattr(one, name) for name in columns} for one in found]
        out.json({"as_of": day, "older_than": older_than, "facts": rows})
    elif found:
        made = table("", "table", "what", "from", "to", "checked", "mark", "source")
        for one in found:
            add_row(
                made, one.table, one.what, str(one.valid_from or ""), str(one.valid_to or ""),
                str(one.checked), say(one.confidence), one.source,
            )  # fmt: skip
        out.print(made)
    else:
        out.print("nothing is that old")
    return Exit.NOTHING if before is not None and found else Exit.DONE


def _before(day: date, age: str) -> date:
    read = _AGE.fullmatch(age.strip().lower())
    if read is None:
        raise usage("--older-than is no age", "write 1y, 18m, 26w or 90d")
    count, unit = int(read[1]), read[2]
    try:
        if unit in "my":
            return add_months(day, -count * (12 if unit == "y" else 1))
        return date.fromordinal(day.toordinal() - count * (7 if unit == "w" else 1))
    except ValueError:
        raise usage("--older-than is too long", "the calendar begins with the year 1") from None
