"""``civid serve backup | restore``: copies of a service in use, and back again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from civid.cli.commands.gallery.telling import size
from civid.cli.console.galleries import read_keys
from civid.cli.console.options import AsJson, Keys, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, Problem, explain
from civid.cli.language.sentences import say
from civid.errors import GalleryError

if TYPE_CHECKING:
    from civid.exchange.abis.backup import AbisCopy

T = TypeVar("T")
Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="Folder of the backup.")]


def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the people.")],
    to: Annotated[
        Path,
        typer.Argument(metavar="BACKUP", help="Folder of the backup; made when it is missing."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(metavar="N", help="Forget all but the last N copies.", min=1),
    ] = None,
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
        report = _asked(
            lambda: taken(
                folder, to, keys=read_keys(keys), keep=keep, on_progress=_megabytes(progress)
            )
        )
    if as_json:
        out.json({"folder": str(folder), "backup": str(to), **report.to_dict()})
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
        typer.Argument(metavar="FOLDER", help="Where the service shall be; nothing is there yet."),
    ] = None,
    copy: Annotated[
        int | None,
        typer.Option(metavar="N", help="Which copy; default: the last one.", min=1),
    ] = None,
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make the folder of a service out of a copy; without FOLDER, list the copies."""
    from civid.exchange.abis.backup import copies
    from civid.exchange.abis.backup import restore as bring_back

    out = Output(as_json=as_json, quiet=quiet)
    if folder is None:
        return _list(out, backup, _asked(lambda: copies(backup)))
    with out.progress("Restoring (MB)") as progress:
        done = _asked(
            lambda: bring_back(
                backup, folder, copy=copy, keys=read_keys(keys), on_progress=_megabytes(progress)
            )
        )
    if as_json:
        out.json({"folder": str(folder), "backup": str(backup), "copy": done.to_dict()})
        return Exit.DONE
    out.print(f"restored {done.people:,} people from copy {done.number} ({done.taken}) to {folder}")
    out.note("every row and every segment was proved")
    return Exit.DONE


def _asked(work: Callable[[], T]) -> T:
    """The messages name the folder that they are about."""
    try:
        return work()
    except GalleryError as error:
        raise explain(error) or error from error


def _megabytes(progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    return lambda done, total: progress(done // 1_000_000, max(1, total // 1_000_000))


def _list(out: Output, backup: Path, found: list[AbisCopy]) -> int:
    if out.as_json:
        out.json({"backup": str(backup), "copies": [one.to_dict() for one in found]})
    elif found:
        made = table(str(backup), "copy", "taken (UTC)", "people", "prints", "size", "encrypted",
                     right=("copy", "people", "prints", "size"))  # fmt: skip
        for one in found:
            words = say("yes" if one.encrypted else "no")
            add_row(made, str(one.number), one.taken, f"{one.people:,}", f"{one.subjects:,}",
                    size(one.nbytes), words)  # fmt: skip
        out.print(made)
    else:
        out.print("the backup holds no copy yet")
    return Exit.DONE if found else Exit.NOTHING
