"""``civid register survey`` and ``import``: look at another system's file, then take it over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, Problem, usage
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.register.bulk.outcome import Refused

_NAMED = 20
_COUNTS = ("given", "new", "changed", "same", "refused")
_COUNT_WORDS = ("in the file", "new", "changed", "same", "refused")
_AXES = {"đủ": "complete", "đúng": "correct", "sạch": "clean", "sống": "alive"}

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV file; UTF-8 or UTF-16.")]
Mapping = Annotated[
    Path,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="JSON: title of a column -> field of a citizen (number, name, birth, ...), 'external'"
        " for the other system's id, 'unit' for the unit.",
    ),
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="Of the file; found out, unless given.")
]


def survey(
    register: Where,
    file: File,
    mapping: Mapping,
    encoding: Encoding = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    as_json: AsJson = False,
) -> int:
    """What a file is worth, by rule and axis (đủ, đúng, sạch, sống); nobody is written."""
    from civid.register.bulk.outcome import REASONS

    out = Output(as_json=as_json)
    _there(file, mapping)
    with opened(register, keys=keys, who=who) as one:
        found = one.bulk.survey(file, mapping, encoding=encoding)
    if as_json:
        out.json(found.to_dict())
        return Exit.DONE
    made = table(f"{file}: {found.rows:,} rows", "axis or rule", "rows", right=("rows",))
    for axis, count in found.axes.items():
        # In Vietnamese the axis has said it.
        name = axis if spoken() is Language.VI else f"{axis} ({_AXES[axis]})"
        add_row(made, f"{name}: {say('rows with a finding')}", f"{count:,}")
    for rule, count in found.rules.items():
        add_row(made, rule, f"{count:,}")
    for code, count in found.refused.items():
        add_row(made, f"{say('would be refused')}: {say(REASONS[code])}", f"{count:,}")
    out.print(made)
    for refused in found.named[:_NAMED]:
        out.note(_sentence(refused))
    return Exit.DONE


def import_people(
    register: Where,
    file: File,
    mapping: Mapping,
    source: Annotated[
        str, typer.Option("--source", help="Name of the other system; the same at every run.")
    ],
    unit: Unit = "",
    encoding: Encoding = None,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Take nobody when one row is refused.")
    ] = False,
    keys: RegisterKeysFile = None,
    who: As = None,
    purpose: For = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Take people over from another system. Run it again: what is the same changes nothing."""
    if not unit:
        raise usage("--unit: which unit keeps the records of rows that name none?")
    out = Output(as_json=as_json, quiet=quiet)
    _there(file, mapping)
    with (
        opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one,
        out.progress("Importing") as progress,
    ):
        found = one.bulk.import_csv(
            file,
            mapping,
            source=source,
            unit=unit,
            encoding=encoding,
            all_or_nothing=all_or_nothing,
            on_progress=progress,
        )
    if as_json:
        out.json(found.to_dict())
        return Exit.DONE
    made = table("", "rows", "", right=("",))
    for name, word in zip(_COUNTS, _COUNT_WORDS, strict=True):
        add_row(made, say(word), f"{getattr(found, name):,}")
    out.print(made)
    _name(out, found.named)
    return Exit.DONE


def _there(*files: Path) -> None:
    for one in files:
        if one.is_dir():
            raise Problem("is-a-folder", f"{one}: is a folder", "give the file in it")
        if not one.exists():
            raise Problem("no-such-file", f"{one}: no such file", "check the path")


def _sentence(one: Refused) -> str:
    from civid.register.bulk.outcome import REASONS

    where = f", {one.field}" if one.field else ""
    return say(f"row {one.row:,}{where}") + f": {say(REASONS[one.code])}"


def _name(out: Output, refused: tuple[Refused, ...]) -> None:
    for one in refused[:_NAMED]:
        out.print(_sentence(one))
    if len(refused) > _NAMED:
        out.note(f"and {len(refused) - _NAMED:,} more; --json lists up to a thousand")
