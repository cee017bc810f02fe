"""``civid register pack`` and ``merge``: a mobile unit's own register, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.register.opening import (
    As,
    For,
    GalleryPath,
    RegisterKeysFile,
    Where,
    opened,
    read_keys,
)
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.console.problems import Exit, Problem
from civid.cli.language.sentences import say

_MERGE_WORDS = ("new", "changed", "same", "disputed")
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the mobile unit.")]
UnitKeys = Annotated[
    Path | None,
    typer.Option("--unit-keys", metavar="FILE", help="Keys of the mobile unit; --keys otherwise."),
]


def pack(
    register: Where,
    folder: Folder,
    unit: Annotated[str, typer.Option("--unit", help="Of the mobile unit, such as 46/474.")],
    without_prints: Annotated[
        bool, typer.Option("--without-prints", help="Take no prints along.")
    ] = False,
    keys: RegisterKeysFile = None,
    unit_keys: UnitKeys = None,
    gallery: GalleryPath = None,
    who: As = None,
    purpose: For = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a register to take along, with copies of everybody in a unit; it works offline."""
    from civid.register.store.database import is_url

    out = Output(as_json=as_json, quiet=quiet)
    with (
        opened(register, keys=keys, who=who, purpose=purpose, gallery=gallery) as one,
        out.progress("Packing") as progress,
    ):
        made = one.pack(
            folder,
            unit=unit,
            keys=read_keys(unit_keys or keys),
            prints=not without_prints,
            on_progress=progress,
        )
    if as_json:
        out.json(made.to_dict())
    else:
        people = "1 person" if made.people == 1 else f"{made.people:,} people"
        out.print(f"{folder}: {people}, {counted(made.households, 'household')},"
                  f" prints of {made.prints:,}")  # fmt: skip
        if made.prints == 0 and not without_prints and is_url(register) and gallery is None:
            out.note("without prints: this register's lie in a folder, --gallery FOLDER")
        words = f"{folder} --keys FILE" if keys else folder
        out.note(f"bring it back with: civid register merge '{register}' {words}")
    return Exit.DONE


def merge(
    register: Where,
    folder: Folder,
    keys: RegisterKeysFile = None,
    unit_keys: UnitKeys = None,
    gallery: GalleryPath = None,
    who: As = None,
    purpose: For = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Take over what a mobile unit did. Run it again: nothing is taken twice.

    Where both sides changed the same, and for people who may be the same, cases are opened;
    nothing is overwritten.
    """
    out = Output(as_json=as_json, quiet=quiet)
    if not folder.is_dir():
        raise Problem("no-such-folder", f"{folder}: no such folder", "the one that pack made")
    with (
        opened(register, keys=keys, who=who, purpose=purpose, gallery=gallery) as one,
        out.progress("Merging") as progress,
    ):
        found = one.merge(folder, keys=read_keys(unit_keys or keys), on_progress=progress)
    if as_json:
        out.json(found.to_dict())
        return Exit.DONE
    made = table(f"unit {found.unit}", "records", *_MERGE_WORDS, right=_MERGE_WORDS)
    for kind, counts in found.counts.items():
        add_row(made, say(kind), *(f"{counts.get(word, 0):,}" for word in _MERGE_WORDS))
    out.print(made)
    if found.cases:
        out.note(f"{counted(len(found.cases), 'case')} to be decided by people")
    return Exit.DONE
