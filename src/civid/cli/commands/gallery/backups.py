"""``civid gallery backup | restore | move``: copies, and other places."""

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
    tell_copies,
)
from civid.cli.console.galleries import must_be_there, read_keys
from civid.cli.console.options import AsJson, GalleryFolder, Keys, Quiet
from civid.cli.console.output import Output, counted, size, table
from civid.cli.console.problems import Exit
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.search.upkeep import Copy

Target = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Where it shall be; nothing is there yet.")
]


def backup(
    gallery: GalleryFolder,
    to: NewBackup,
    keep: Keep = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Read and check what earlier copies hold of it, too."),
    ] = False,
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Add a copy of a gallery to a backup, while others use it; each segment is copied once."""
    from civid.search import upkeep

    out = Output(as_json=as_json, quiet=quiet)
    must_be_there(gallery)
    with out.progress("Copying (MB)") as progress:
        report = asked(
            lambda: upkeep.backup(
                gallery,
                to,
                keys=read_keys(keys),
                keep=keep,
                verify=verify,
                on_progress=megabytes(progress),
            ),
        )
    copy = report.copy
    if as_json:
        out.json(
            {"gallery": str(gallery), "backup": str(to), "copy": _as_json(copy)}
            | {"copied_bytes": report.copied_bytes, "reused_bytes": report.reused_bytes}
            | {"forgotten": list(report.removed)}
        )
        return Exit.DONE
    out.print(
        f"copy {copy.number} of {counted(copy.subjects, 'subject')}, {size(copy.nbytes)}:"
        f" {size(report.copied_bytes)} copied, {size(report.reused_bytes)} were there"
    )
    if not copy.proved:
        out.note("compared byte by byte; with the keys (--keys) it would be proved, too")
    return Exit.DONE


def restore(
    backup: Backup,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where the gallery shall be; nothing is there yet."),
    ] = None,
    copy: CopyNumber = None,
    anchor: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What civid gallery verify printed: refuse older ones."),
    ] = None,
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a gallery out of a copy; without FOLDER, list the copies. Nothing is overwritten."""
    from civid.search import upkeep

    out = Output(as_json=as_json, quiet=quiet)
    if folder is None:
        return _list(out, backup, asked(lambda: upkeep.copies(backup)))
    with out.progress("Restoring (MB)") as progress:
        done = asked(
            lambda: upkeep.restore(
                backup,
                folder,
                copy=copy,
                keys=read_keys(keys),
                anchor=anchor,
                on_progress=megabytes(progress),
            ),
        )
    if as_json:
        out.json({"gallery": str(folder), "backup": str(backup), "copy": _as_json(done)})
        return Exit.DONE
    out.print(
        f"restored {counted(done.subjects, 'subject')} from copy {done.number}"
        f" ({done.taken}) to {folder}"
    )
    if done.proved:
        out.note("every row and every segment was proved")
    else:
        out.note("its bytes are those of the backup; with the keys (--keys) it would be proved")
    return Exit.DONE


def move(
    gallery: GalleryFolder,
    to: Target,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Move a gallery that nobody writes to, to another disk as well."""
    from civid.search import upkeep

    out = Output(as_json=as_json, quiet=quiet)
    must_be_there(gallery)
    with out.progress("Copying (MB)") as progress:
        copied = asked(
            lambda: upkeep.move(gallery, to, on_progress=megabytes(progress)),
        )
    if as_json:
        out.json({"gallery": str(gallery), "moved_to": str(to), "copied": copied})
    else:
        out.print(f"moved to {to}")
    return Exit.DONE


def _list(out: Output, backup: Path, copies: list[Copy]) -> int:
    def row(one: Copy) -> list[str]:
        words = [say("yes" if here else "no") for here in (one.encrypted, one.proved)]
        return [str(one.number), one.taken, f"{one.subjects:,}", size(one.nbytes), *words]

    made = table(str(backup), "copy", "taken (UTC)", "subjects", "size", "encrypted", "proved",
                 right=("copy", "subjects", "size"))  # fmt: skip
    return tell_copies(out, backup, made, map(row, copies), list(map(_as_json, copies)))


def _as_json(copy: Copy) -> dict[str, object]:
    return {
        "number": copy.number,
        "taken": copy.taken,
        "transactions": copy.generation,
        "subjects": copy.subjects,
        "fingers": copy.fingers,
        "bytes": copy.nbytes,
        "version": copy.version,
        "encrypted": copy.encrypted,
        "proved": copy.proved,
    }
