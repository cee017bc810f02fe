"""What the commands of a campaign share: options, a plan out of its folder, tables into files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.campaign.finding import Finding, worst
from civid.campaign.numerals import Numerals
from civid.campaign.organisation.unit import Level, read_level
from civid.campaign.sheets.write import Cell, Written, write_csv, write_xlsx
from civid.campaign.words import say, shown_value
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Problem, explain, usage
from civid.cli.console.results import check_place, write_bytes
from civid.cli.language.choice import Language

if TYPE_CHECKING:
    from civid.campaign.organisation import Plan

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER", help="Folder of the plan: campaign.json, units.csv, kits.csv, teams.csv."
    ),
]
Numbers = Annotated[
    Numerals | None,
    typer.Option("--numbers", help="How numbers in the files are written: vi 1.234,5; en 1,234.5."),
]
Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], metavar="DAY", help="As of this day."),
]
Result = Annotated[
    list[Path] | None,
    typer.Option("--output", "-o", metavar="FILE", help="Also write this: .csv or .xlsx."),
]
AtLevel = Annotated[
    str | None,
    typer.Option(metavar="LEVEL", help="province, district, commune or group; tỉnh, huyện, xã."),
]
_SHOWN = 10


def bytes_of(path: Path) -> bytes:
    """The content of a file, or the problem with it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise explain(error, path) or error from error


def opened(folder: Path, numbers: Numerals | None) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan of a folder, and what should be looked at in it."""
    from civid.campaign.organisation.reading import FILES, read_plan

    if not folder.is_dir():
        raise Problem("no-such-folder", f"{folder}: no such folder")
    files = {name: bytes_of(folder / name) for name in FILES if (folder / name).is_file()}
    return read_plan(files, numerals=numbers)


def level_of(plan: Plan, asked: str | None, under: str) -> Level:
    """The level that was asked for, or the one right below a unit."""
    if asked is not None:
        return read_level(asked)
    below = plan.tree.children(under)
    return below[0].level if below else plan.tree[under].level


def as_of(day: datetime | None, default: date) -> date:
    """The day that was asked for."""
    return default if day is None else day.date()


def check_places(results: Sequence[Path] | None, *read: Path | None) -> None:
    """Refuse files that cannot be written or are to be read, before any work is done."""
    keep_apart(results, *read)
    for path in results or ():
        if path.suffix.lower() not in (".csv", ".xlsx"):
            raise usage(f"{path}: neither .csv nor .xlsx")
        check_place(path)


def keep_apart(results: Sequence[Path] | None, *read: Path | None) -> None:
    """Refuse to write a result over what it is made of: a file, or one of a plan's folder."""
    from civid.campaign.organisation.reading import FILES

    given = [path for path in read if path is not None]
    kept = {path.resolve() for path in given}
    kept |= {(path / name).resolve() for path in given if path.is_dir() for name in FILES}
    for path in results or ():
        if path.resolve() in kept:
            raise usage(f"{path}: is read, and would be written over", "give another name")


def write_tables(results: Sequence[Path] | None, tables: Sequence[Written], lang: Language) -> None:
    """All tables into each XLSX, the first one into each CSV."""
    for path in results or ():
        excel = path.suffix.lower() == ".xlsx"
        write_bytes(path, write_xlsx(tables) if excel else write_csv(tables[0], lang.value))


def show_table(out: Output, shown: Written, lang: Language, rows: int) -> None:
    """A table on the screen: titles by their keys, numbers as the language writes them."""
    titles = [say(title, lang.value) for title in shown.titles]
    numbers = tuple(
        title for at, title in enumerate(titles)
        if any(not isinstance(row[at], str) and row[at] is not None for row in shown.rows)
    )  # fmt: skip
    made = table(say(shown.name, lang.value), *titles, right=numbers)
    for row in shown.rows[:rows]:
        add_row(made, *(_shown(cell, lang) for cell in row))
    out.print(made)
    if len(shown.rows) > rows:
        out.note(say("and-more", lang.value, count=len(shown.rows) - rows))


def show_findings(out: Output, findings: Sequence[Finding], lang: Language) -> None:
    """On stderr: the gravest first, a few of each kind, and how many there are."""
    seen = dict[str, int]()
    for one in worst(findings):
        seen[one.code] = seen.get(one.code, 0) + 1
        if seen[one.code] <= _SHOWN:
            label = say(one.severity.name.lower(), lang.value)
            out.note(f"{label}: {one.sentence(lang.value)}")
    for code, count in seen.items():
        if count > _SHOWN:
            out.note(f"{code}: {say('and-more', lang.value, count=count - _SHOWN)}")


def _shown(cell: Cell, lang: Language) -> str:
    return "" if cell is None else shown_value(cell, lang.value)
