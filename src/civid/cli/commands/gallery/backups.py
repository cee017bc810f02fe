"""``civid gallery backup | restore | move``: copies, and other places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from civid.cli.commands.gallery.telling import size
from civid.cli.console.galleries import must_be_there, read_keys
from civid.cli.console.options import AsJson, GalleryFolder, Keys, Quiet
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.console.problems import Exit, explain
from civid.cli.language.sentences import say
from civid.errors import GalleryError

if TYPE_CHECKING:
    from civid.search.upkeep import Copy

T = TypeVar("T")
Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="Folder of the backup.")]
Target = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Where it shall be; nothing is there yet.")
]


def backup(
    gallery: GalleryFolder,
    to: Annotated[
        Path,
        typer.Argument(metavar="BACKUP", help="Folder of the backup; made when it is missing."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(metavar="N", help="Forget all but the last N copies.", min=1),
    ] = None,
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
        report = _asked(
            lambda: upkeep.backup(
                gallery,
                to,
                keys=read_keys(keys),
                keep=keep,
                verify=verify,
                on_progress=lambda done, total: progress(*_megabytes(done, total)),
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
    copy: Annotated[
        int | None,
        typer.Option(metavar="N", help="Which copy; default: the last one.", min=1),
    ] = None,
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
        return _list(out, backup, _asked(lambda: upkeep.copies(backup)))
    with out.progress("Restoring (MB)") as progress:
        done = _asked(
            lambda: upkeep.restore(
                backup,
                folder,
                copy=copy,
                keys=read_keys(keys),
                anchor=anchor,
                on_progress=lambda done, total: progress(*_megabytes(done, total)),
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
        copied = _asked(
            lambda: upkeep.move(
                gallery, to, on_progress=lambda done, total: progress(*_megabytes(done, total))
            ),
        )
    if as_json:
        out.json({"gallery": str(gallery), "moved_to": str(to), "copied": copied})
    else:
        out.print(f"moved to {to}")
    return Exit.DONE


def _asked(work: Callable[[], T]) -> T:
    """The messages of upkeep name the folder that they are about."""
    try:
        return work()
    except GalleryError as error:
        raise explain(error) or error from error


def _megabytes(done: int, total: int) -> tuple[int, int]:
    return done // 1_000_000, max(1, total // 1_000_000)


def _list(out: Output, backup: Path, copies: list[Copy]) -> int:
    if out.as_json:
        out.json({"backup": str(backup), "copies": list(map(_as_json, copies))})
    elif copies:
        made = table(str(backup), "copy", "taken (UTC)", "subjects", "size", "encrypted", "proved",
                     right=("copy", "subjects", "size"))  # fmt: skip
        for one in copies:
            words = [say("yes" if here else "no") for here in (one.encrypted, one.proved)]
            cells = [one.taken, f"{one.subjects:,}", size(one.nbytes), *words]
            add_row(made, str(one.number), *cells)
        out.print(made)
    else:
        out.print("the backup holds no copy yet")
    return Exit.DONE if copies else Exit.NOTHING


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
