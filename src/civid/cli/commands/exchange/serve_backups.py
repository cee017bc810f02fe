"""``civid serve backup | restore``: copies of a service in use, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.backups import (
    Backup,
    CopyNumber,
    Keep,
    NewBackup,
    asked,
    megabytes,
    tell_copies_of_people,
    tell_people,
    tell_restored,
)
from civid.cli.console.galleries import read_keys
from civid.cli.console.options import AsJson, Keys, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, Problem

if TYPE_CHECKING:
    from civid.exchange.abis.backup import AbisCopy


def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the people.")],
    to: NewBackup,
    keep: Keep = None,
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Add a copy of the folder of a service, or of civid abis, to a backup, while it is used."""
    from civid.exchange.abis.backup import backup as taken

    out = Output(as_json=as_json, quiet=quiet)
    if not folder.exists():
        raise Problem("no-such-gallery", f"{folder}: no such folder", "check the path")
    with out.progress("Copying (MB)") as progress:
        report = asked(
            lambda: taken(
                folder, to, keys=read_keys(keys), keep=keep, on_progress=megabytes(progress)
            )
        )
    if as_json:
        out.json({"folder": str(folder), "backup": str(to), **report.to_dict()})
        return Exit.DONE
    tell_people(out, report.copy, report)
    return Exit.DONE


def restore(
    backup: Backup,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where the service shall be; nothing is there yet."),
    ] = None,
    copy: CopyNumber = None,
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make the folder of a service out of a copy; without FOLDER, list the copies."""
    from civid.exchange.abis.backup import copies
    from civid.exchange.abis.backup import restore as bring_back

    out = Output(as_json=as_json, quiet=quiet)
    if folder is None:
        return tell_copies_of_people(out, backup, asked(lambda: copies(backup)), _prints)
    with out.progress("Restoring (MB)") as progress:
        done = asked(
            lambda: bring_back(
                backup, folder, copy=copy, keys=read_keys(keys), on_progress=megabytes(progress)
            )
        )
    if as_json:
        out.json({"folder": str(folder), "backup": str(backup), "copy": done.to_dict()})
        return Exit.DONE
    tell_restored(out, done, folder)
    out.note("every row and every segment was proved")
    return Exit.DONE


def _prints(copy: AbisCopy) -> int:
    return copy.subjects
