"""``civid campaign invite``: who is to come, who came, who is missing; lists and notices."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from civid.campaign.organisation.invitations import Invitation, Turnout, invitations, turnout
from civid.campaign.organisation.notices import notice
from civid.campaign.organisation.residents import ResidentRow, read_residents
from civid.campaign.sheets.write import Written
from civid.campaign.words import say
from civid.cli.commands.campaign.opening import (
    Day,
    Folder,
    Numbers,
    Result,
    as_of,
    bytes_of,
    check_places,
    keep_apart,
    opened,
    show_findings,
    show_table,
    write_tables,
)
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage
from civid.cli.console.results import check_place, write_bytes
from civid.cli.language.choice import Language, spoken
from civid.people.findings.model import Severity

TITLES = ("reference", "name", "unit-code", "household", "basis", "age", "school", "state")


def invite(
    folder: Folder,
    residents: Annotated[
        Path,
        typer.Argument(
            metavar="RESIDENTS.csv",
            help="reference, birth, permanent; if known name, temporary, household, school,"
            " has_card, invited, came.",
        ),
    ],
    unit: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only who lives in this unit or below it.")
    ] = None,
    school: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only pupils of this school.")
    ] = None,
    only: Annotated[
        Turnout | None, typer.Option(help="Only those who wait, are invited, or came.")
    ] = None,
    day: Day = None,
    notices: Annotated[
        Path | None, typer.Option(metavar="FILE.txt", help="Also write a notice for each.")
    ] = None,
    place: Annotated[str, typer.Option(help="Where to come, for the notices.")] = "",
    when: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], metavar="TIME", help="When, as 2021-05-08T18:00."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%H:%M"], metavar="HH:MM", help="Until when.")
    ] = None,
    numbers: Numbers = None,
    output: Result = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """List who is to be invited. Exit code 0: every row was read, 1: some were not."""
    lang = spoken()
    out = Output(as_json=as_json, quiet=quiet)
    check_places(output, folder, residents)
    if notices is not None:
        if not place or when is None or until is None:
            raise usage("--notices needs --place, --when and --until")
        check_place(notices)
        keep_apart([notices], folder, residents)
    plan, _ = opened(folder, numbers)
    on = as_of(day, date.today())
    rows, findings = read_residents(bytes_of(residents), plan.tree, on, name=residents.name)
    people = {one.reference: one for one in rows}
    listed = [one for one in invitations(rows, plan.tree, on, under=unit)
              if school is None or one.school == school]  # fmt: skip
    wanted = {one.reference for one in listed}
    asked = {one.reference: one.invited for one in rows if one.invited and one.reference in wanted}
    came = {one.reference: one.came for one in rows if one.came and one.reference in wanted}
    rate, states = turnout(listed, asked, came)
    shown = [one for one in listed if only is None or states[one.reference] is only]
    table = _table(shown, people, states, lang)
    write_tables(output, [table], lang)
    if notices is not None and when is not None and until is not None:
        texts = [
            notice(people[one.reference].name, unit=plan.tree[one.unit].name, place=place,
                   day=when.date(), begins=when.time(), ends=until.time(), language=lang.value)
            for one in shown
        ]  # fmt: skip
        write_bytes(notices, "\n\f\n".join(texts).encode())
    counts = Counter(state.value for state in states.values())
    if as_json:
        out.json(
            {"day": on, "unit": unit or plan.tree.top.code, "listed": len(listed),
             "states": {state.value: counts[state.value] for state in Turnout},
             "turnout": rate.to_dict(),
             "units": dict(sorted(Counter(one.unit for one in shown).items())),
             "findings": [one.to_dict() for one in findings]}
        )  # fmt: skip
    else:
        out.print(say("invited-whole", lang.value, listed=len(listed), waiting=counts["waiting"],
                      invited=counts["invited"], came=counts["came"]))  # fmt: skip
        by_unit = Counter(one.unit for one in shown)
        units = [(code, plan.tree[code].name, count) for code, count in sorted(by_unit.items())]
        show_table(out, Written.of("invitations", ("unit-code", "unit-name", "count"), units),
                   lang, 100)  # fmt: skip
        show_findings(out, findings, lang)
    bad = any(one.severity is Severity.ERROR for one in findings)
    return Exit.NOTHING if bad else Exit.DONE


def _table(
    shown: list[Invitation], people: dict[str, ResidentRow], states: dict[str, Turnout],
    lang: Language,
) -> Written:  # fmt: skip
    rows = [
        (one.reference, people[one.reference].name, one.unit, one.household,
         say(one.basis.value, lang.value), one.age, one.school,
         say(states[one.reference].value, lang.value))
        for one in shown
    ]  # fmt: skip
    return Written.of("invitations", [say(title, lang.value) for title in TITLES], rows)
