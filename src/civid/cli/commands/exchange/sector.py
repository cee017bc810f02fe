"""``civid sector``: is a partner's own table ready to be connected to the register?"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.register.opening import ACTOR_VARIABLE, As, RegisterKeysFile, opened
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, Problem, usage
from civid.cli.language.choice import spoken
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.exchange.sector import Asker, Readiness

app = typer.Typer(help="Sectors (cơ sở dữ liệu chuyên ngành): is a table ready to be connected?")
_STAGES = {"looking": "Looking", "examining": "Examining", "asking": "Asking the register",
           "writing": "Writing"}  # fmt: skip
_SHOWN = 10
_LARGEST = 1 << 20


@app.callback()
def sector() -> None:
    """Sectors (cơ sở dữ liệu chuyên ngành): is a table ready to be connected?"""


@app.command()
def check(
    table_file: Annotated[
        Path, typer.Argument(metavar="TABLE", help="CSV in any encoding, XLSX or Parquet.")
    ],
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--columns",
            metavar="TITLE=FIELD",
            help="Correct how a column is understood, several times over: 'Số BHXH=number',"
            " 'Ghi chú=' to pass it over; or a JSON file of title and field.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FOLDER",
            help="Write the report there: two pages, JSON, the rows with findings, and the"
            " normalised table. A run that was stopped goes on where it stood.",
        ),
    ] = None,
    criteria: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON with other thresholds than civid's own."),
    ] = None,
    day: Annotated[
        str | None, typer.Option(metavar="DAY", help="Judge by this day: 2026-11-29; today.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of a CSV file; found out, unless given.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(metavar="SIGN", help="Of a CSV file; found out, unless given.")
    ] = None,
    register: Annotated[
        str | None,
        typer.Option(
            "--register",
            metavar="REGISTER",
            help="Hold the table against this register, under a grant: a folder or an address.",
        ),
    ] = None,
    grant: Annotated[
        str | None,
        typer.Option(
            metavar="PARTNER/PURPOSE",
            help="With --register: whose grant, such as bhxh/bhyt.cap-the.",
        ),
    ] = None,
    procedure: Annotated[
        str, typer.Option(metavar="CODE", help="In which procedure is asked (mã thủ tục).")
    ] = "sector.check",
    unit: Annotated[
        str, typer.Option(metavar="UNIT", help="With --register: unit that asks, such as 46.")
    ] = "",
    keys: RegisterKeysFile = None,
    who: As = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Normalise and validate a table, find its duplicates, and say what to mend first.

    With a register every row is a question under the grant: limited, counted and logged.

    Exit code 0: ready, perhaps with reservations; 1: not ready.
    """
    from civid.exchange import sector as room

    out = Output(as_json=as_json, quiet=quiet)
    _there(table_file)
    thresholds = None if criteria is None else room.Criteria.read(criteria)
    said, judged_by = _columns(columns), _day(day)
    with (
        _asker(register, grant, procedure, unit, keys, who) as asker,
        out.stages(_STAGES) as progress,
    ):
        made = room.check(
            table_file, columns=said, encoding=encoding, delimiter=delimiter, asker=asker,
            criteria=thresholds, as_of=judged_by, output=output, on_progress=progress,
        )  # fmt: skip
    if as_json:
        out.json(made.to_dict())
    else:
        _show(out, made, output)
    return Exit.NOTHING if made.grade is room.Grade.NOT_READY else Exit.DONE


@app.command()
def example(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file to write.")],
    people: Annotated[int, typer.Option(metavar="N", min=1, help="At least so many rows.")] = 1000,
    seed: Annotated[int, typer.Option(metavar="N", help="Other numbers, other people.")] = 0,
    errors: Annotated[
        float, typer.Option(metavar="SHARE", min=0, max=1, help="Households with an error.")
    ] = 0.1,
    people_file: Annotated[
        Path | None,
        typer.Option(
            "--people-file", metavar="FILE", help="Also write these people as a register has them."
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Write a table of people who do not exist, with known errors, to try things on.

    With --json the rows of every planted error are told.
    """
    from civid.exchange.sector.synthetic import write_example, write_people

    out = Output(as_json=as_json)
    if people_file is not None:
        write_people(people_file, people, seed=seed, error_rate=errors)
    noted = write_example(file, people, seed=seed, error_rate=errors)
    if as_json:
        out.json({"rows": noted.rows, "planted": dict(sorted(noted.planted.items()))})
    else:
        out.print(f"{file}: {noted.rows:,} rows")
    return Exit.DONE


@contextmanager
def _asker(
    register: str | None, grant: str | None, procedure: str, unit: str, keys: Path | None,
    who: str | None,
) -> Iterator[Asker | None]:  # fmt: skip
    """Somebody who asks the register under the grant; nobody without one."""
    if register is None:
        if grant is not None:
            raise usage("--grant goes with --register")
        yield None
        return
    partner, slash, purpose = (grant or "").partition("/")
    if not slash or not partner or not purpose:
        raise usage("--register goes with --grant PARTNER/PURPOSE, such as bhxh/bhyt.cap-the")
    if not unit:
        raise usage("--unit: which unit asks?")
    from civid.exchange.sector import UnderGrant

    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        officer = who or os.environ.get(ACTOR_VARIABLE) or getpass.getuser()
        yield UnderGrant(one, partner=partner, purpose=purpose, procedure=procedure, unit=unit,
                         officer=officer)  # fmt: skip


def _there(file: Path) -> None:
    if file.is_dir():
        raise Problem("is-a-folder", f"{file}: is a folder", "give the file in it")
    if not file.exists():
        raise Problem("no-such-file", f"{file}: no such file", "check the path")


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise usage(f"--day {text}: expected one such as 2026-11-29") from None


def _columns(given: list[str] | None) -> dict[str, str]:
    """Pairs, or files of pairs."""
    made: dict[str, str] = {}
    for one in given or ():
        if one.endswith(".json") and Path(one).is_file():
            made |= _column_file(Path(one))
            continue
        title, equals, name = one.rpartition("=")
        if not equals or not title:
            raise usage(f"--columns {one}: expected TITLE=FIELD, or a JSON file")
        made[title.strip()] = name.strip()
    return made


def _column_file(file: Path) -> dict[str, str]:
    wrong = usage(f"{file}: expected a JSON object of title and field")
    try:
        with file.open(encoding="utf-8-sig") as opened:
            said = json.loads(opened.read(_LARGEST))
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        raise wrong
    return said


def _show(out: Output, made: Readiness, output: Path | None) -> None:
    from civid.exchange.sector.judge.mending import by_all
    from civid.exchange.sector.report.words import number, percent, words

    tongue = spoken().value
    word = words(tongue)
    rows = f"{number(made.rows, tongue)} {say('rows')}"
    out.print(f"{made.table}: {word(f'grade.{made.grade.value}')}; {rows}")
    if made.missing:
        out.print(word("why.missing", ", ".join(made.missing)))
    held = table("", "criterion", "reached", "ready from", "grade", right=("reached", "ready from"))
    for one in made.judged:
        if one.share is not None and one.grade is not None:
            name = one.criterion.vietnamese if tongue == "vi" else one.criterion.english
            ready, grade = percent(one.criterion.ready, tongue), word(f"grade.{one.grade.value}")
            add_row(held, name, percent(one.share, tongue), ready, grade)
    out.print(held)
    if made.mend:
        first = table("What to mend first", "finding", "rows", "could be asked", "could match",
                      "work", right=("rows", "could be asked", "could match", "work"))  # fmt: skip
        for item in by_all(made.mend)[:_SHOWN]:
            work = say("by program") if item.automatic else f"{item.hours:,.1f} h"
            match = "-" if item.matching is None else number(item.matching, tongue)
            rows, askable = number(item.rows, tongue), number(item.askable, tongue)
            add_row(first, item.rule, rows, askable, match, work)
        out.print(first)
    if made.matched is not None:
        _show_matched(out, made)
    if made.sheet:
        out.note(f"sheet {made.sheet!r} is read; the others are not looked at")
    for title, field in made.columns.items():
        out.note(f"column {title!r} is understood as {field}")
    if output is None:
        out.note("nothing is written; --output FOLDER writes the report")
    else:
        out.note(f"{output}: readiness.vi.html, readiness.en.html, readiness.json to pass on;"
                 " rows.csv, normalised.csv and mend.csv for the officer of the table")  # fmt: skip


def _show_matched(out: Output, made: Readiness) -> None:
    from civid.exchange.sector.report.page import became

    found = made.matched
    assert found is not None
    shown = table("Against the register", "", "rows", right=("rows",))
    for name, count in found.became.items():
        add_row(shown, became(name, found, spoken().value), say(f"{count.low:,} to {count.high:,}"))
    out.print(shown)
