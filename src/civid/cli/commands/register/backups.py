"""``civid register backup | restore``: copies of a register with its gallery, and back again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.gallery.telling import size
from civid.cli.commands.register.opening import (
    ACTOR_VARIABLE,
    As,
    For,
    GalleryPath,
    RegisterKeysFile,
    Where,
    opened,
    read_keys,
)
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.register.backup import RegisterCopy

Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="Folder of the backup.")]


def backup(
    register: Where,
    to: Annotated[
        Path,
        typer.Argument(metavar="BACKUP", help="Folder of the backup; made when it is missing."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(metavar="N", help="Forget all but the last N copies.", min=1),
    ] = None,
    keys: RegisterKeysFile = None,
    gallery: GalleryPath = None,
    who: As = None,
    purpose: For = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Add a copy of a register and its gallery to a backup, while others use them."""
    out = Output(as_json=as_json, quiet=quiet)
    with (
        opened(register, keys=keys, who=who, purpose=purpose, gallery=gallery) as one,
        out.progress("Copying (MB)") as progress,
    ):
        report = one.backup(to, keep=keep, on_progress=_megabytes(progress))
    if as_json:
        out.json({"register": register, "backup": str(to), **report.to_dict()})
        return Exit.DONE
    copy = report.copy
    out.print(
        f"copy {copy.number} of {copy.people:,} people, {size(copy.nbytes)}:"
        f" {size(report.copied_bytes)} copied, {size(report.reused_bytes)} were there"
    )
    if copy.encrypted:
        out.note("the keys that open it are not in the backup: keep them elsewhere")
    return Exit.DONE


def restore(
    backup: Backup,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where the register shall be; nothing is there yet."),
    ] = None,
    copy: Annotated[
        int | None,
        typer.Option(metavar="N", help="Which copy; default: the last one.", min=1),
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a register out of a copy; without FOLDER, list the copies. Nothing is overwritten."""
    from civid.register.backup import copies
    from civid.register.backup import restore as bring_back

    out = Output(as_json=as_json, quiet=quiet)
    if folder is None:
        return _list(out, backup, copies(backup))
    with out.progress("Restoring (MB)") as progress:
        done = bring_back(
            backup,
            folder,
            copy=copy,
            keys=read_keys(keys),
            actor=who or os.environ.get(ACTOR_VARIABLE),
            on_progress=_megabytes(progress),
        )
    if as_json:
        out.json({"register": str(folder), "backup": str(backup), "copy": done.to_dict()})
        return Exit.DONE
    out.print(f"restored {done.people:,} people from copy {done.number} ({done.taken}) to {folder}")
    again = f"{folder} --keys FILE" if keys else folder
    out.note(f"look whether all is well with: civid check {again}")
    return Exit.DONE


def _megabytes(progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    return lambda done, total: progress(done // 1_000_000, max(1, total // 1_000_000))


def _list(out: Output, backup: Path, found: list[RegisterCopy]) -> int:
    if out.as_json:
        out.json({"backup": str(backup), "copies": [one.to_dict() for one in found]})
    elif found:
        made = table(str(backup), "copy", "taken (UTC)", "people", "prints", "size", "encrypted",
                     right=("copy", "people", "prints", "size"))  # fmt: skip
        for one in found:
            prints = sum(each.subjects for each in one.galleries if each.name == "gallery")
            words = say("yes" if one.encrypted else "no")
            add_row(made, str(one.number), one.taken, f"{one.people:,}", f"{prints:,}",
                    size(one.nbytes), words)  # fmt: skip
        out.print(made)
    else:
        out.print("the backup holds no copy yet")
    return Exit.DONE if found else Exit.NOTHING
