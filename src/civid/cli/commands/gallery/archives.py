"""``civid gallery export | import``: everybody as records, for other systems."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from civid.cli.console.galleries import open_gallery
from civid.cli.console.options import AsJson, GalleryFolder, Keys, Quiet
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, explain
from civid.errors import CividError


class Records(StrEnum):
    """How fingers are written."""

    NATIVE = "native"
    ISO = "iso19794-2"


class Existing(StrEnum):
    """What becomes of who is there already with other fingers."""

    REFUSE = "refuse"
    KEEP = "keep"
    REPLACE = "replace"


def export(
    gallery: GalleryFolder,
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="The archive, as a.jsonl.")],
    records: Annotated[
        Records,
        typer.Option(help="native keeps every bit; iso19794-2 is read by other systems."),
    ] = Records.NATIVE,
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Write everybody to an archive (docs/formats/archive.md). It is not encrypted."""
    from civid.search import upkeep

    out = Output(as_json=as_json, quiet=quiet)
    with (
        open_gallery(gallery, keys=keys, read_only=True) as opened,
        out.progress("Writing") as progress,
    ):
        told = opened.describe()
        try:
            done = upkeep.export_subjects(
                opened, archive, records=records.value, on_progress=progress
            )
        except CividError as error:
            raise explain(error, archive) or error from error
    if as_json:
        out.json(
            {"gallery": str(gallery), "archive": str(archive), "records": records.value}
            | {"subjects": done.subjects, "fingers": done.fingers}
        )
    else:
        out.print(
            f"{counted(done.subjects, 'subject')} with {counted(done.fingers, 'finger')} in"
            f" {archive}"
        )
        if told.encrypted:
            out.note("the archive is not encrypted, as the gallery is; only its owner may read it")
    return Exit.DONE


def import_(
    gallery: Annotated[
        Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery; made when missing.")
    ],
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="The archive.")],
    existing: Annotated[
        Existing,
        typer.Option(help="Who is there already with other fingers: refuse all, keep, replace."),
    ] = Existing.REFUSE,
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Enrol everybody of an archive; it is checked as a whole first. Run it again: it goes on."""
    from civid.search import upkeep

    out = Output(as_json=as_json, quiet=quiet)
    with (
        open_gallery(gallery, keys=keys, background=True) as opened,
        out.resumable(),
        out.progress("Enrolling") as progress,
    ):
        try:
            done = upkeep.import_subjects(
                opened, archive, existing=existing.value, on_progress=progress
            )
        except CividError as error:
            raise explain(error, archive) or error from error
        total = len(opened)
    if as_json:
        out.json(
            {"gallery": str(gallery), "archive": str(archive), "subjects": total}
            | {"in_archive": done.subjects, "added": done.added}
            | {"replaced": done.replaced, "kept": done.kept}
        )
    else:
        out.print(
            f"enrolled {counted(done.added, 'subject')}"
            + (f", replaced {done.replaced:,}" if done.replaced else "")
            + (f", {done.kept:,} were there already" if done.kept else "")
            + f"; {gallery} holds {counted(total, 'subject')}"
        )
    return Exit.DONE
