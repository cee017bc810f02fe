"""``civid register backup | restore``: copies of a register with its gallery, and back again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from civid.cli.console.backups import (
    Backup,
    CopyNumber,
    Keep,
    NewBackup,
    megabytes,
    tell_copies_of_people,
    tell_people,
    tell_restored,
)
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit

if TYPE_CHECKING:
    from civid.register.backup import RegisterCopy


def backup(
    register: Where,
    to: NewBackup,
    keep: Keep = None,
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
        report = one.backup(to, keep=keep, on_progress=megabytes(progress))
    if as_json:
        out.json({"register": register, "backup": str(to), **report.to_dict()})
        return Exit.DONE
    tell_people(out, report.copy, report)
    return Exit.DONE


def restore(
    backup: Backup,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where the register shall be; nothing is there yet."),
    ] = None,
    copy: CopyNumber = None,
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
        return tell_copies_of_people(out, backup, copies(backup), _prints)
    with out.progress("Restoring (MB)") as progress:
        done = bring_back(
            backup,
            folder,
            copy=copy,
            keys=read_keys(keys),
            actor=who or os.environ.get(ACTOR_VARIABLE),
            on_progress=megabytes(progress),
        )
    if as_json:
        out.json({"register": str(folder), "backup": str(backup), "copy": done.to_dict()})
        return Exit.DONE
    tell_restored(out, done, folder)
    again = f"{folder} --keys FILE" if keys else folder
    out.note(f"look whether all is well with: civid check {again}")
    return Exit.DONE


def _prints(copy: RegisterCopy) -> int:
    return sum(one.subjects for one in copy.galleries if one.name == "gallery")
