"""``civid enroll``: put subjects into a gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.fingers import Files, assign, read_fingers
from civid.cli.console.galleries import open_gallery
from civid.cli.console.options import AsJson, Dpi, Finger, Keys, Names, Quiet, Threads, thread_count
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, Problem, exit_of, usage
from civid.cli.console.skips import show_skipped
from civid.dedup.folder.enrolling import EnrolmentReport, enroll_prints
from civid.dedup.folder.grouping import find_prints, group, skips_as_json
from civid.dedup.folder.naming import NamePattern
from civid.errors import GalleryStorageError

if TYPE_CHECKING:
    from civid.search import Gallery

_DEFAULT_NAMES = "{subject}_{position}"


def enroll(
    gallery: Annotated[
        Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery; made when missing.")
    ],
    subject: Annotated[
        str | None, typer.Argument(metavar="SUBJECT", help="The subject's id.")
    ] = None,
    images: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FINGER=IMAGE", help="Its prints, for example right-index=scan.png."
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Enrol everybody under this folder; file names say who (--filename-pattern).",
        ),
    ] = None,
    name: Names = None,
    position: Finger = None,
    keys: Keys = None,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Enrol one subject, or with --folder everybody in a folder."""
    out = Output(as_json=as_json, quiet=quiet)
    if folder is None:
        if subject is None or not images:
            raise usage("a subject and its images, or --folder, are needed")
        if name is not None:
            raise usage("--filename-pattern goes with --folder")
        return _one(out, gallery, keys, subject, assign(images, position), dpi)
    if subject is not None or images or position is not None:
        raise usage("with --folder the files' names say who and which finger", "leave out the rest")
    return _folder(out, gallery, keys, folder, name or _DEFAULT_NAMES, dpi, threads)


def _one(
    out: Output, path: Path, keys: Path | None, subject: str, files: Files, dpi: float | None
) -> int:
    templates = read_fingers(files, dpi)
    with open_gallery(path, keys=keys) as gallery:
        gallery.enroll(subject, templates)
        size, full = len(gallery), gallery.describe().wasteful
    if out.as_json:
        out.json({"gallery": str(path), "subjects": size, "enrolled": 1, "fingers": len(templates)})
    else:
        out.print(
            f"enrolled with {counted(len(templates), 'finger')}; {path} holds "
            f"{counted(size, 'subject')}"
        )
    if full:
        out.note(f"it would be opened faster after: civid gallery compact {path}")
    return 0


def _folder(
    out: Output,
    path: Path,
    keys: Path | None,
    folder: Path,
    name: str,
    dpi: float | None,
    threads: int | None,
) -> int:
    pattern = NamePattern.parse(name)
    enrolments, unnamed = group(find_prints(folder), folder, pattern)
    if not enrolments:
        raise Problem(
            "empty-folder",
            f"{folder}: no file is named like {name}",
            "say how the files are named with --filename-pattern",
        )
    with open_gallery(path, keys=keys) as gallery:
        with out.progress("Enrolling") as progress:
            done: EnrolmentReport = enroll_prints(
                gallery,
                enrolments,
                dpi=dpi,
                threads=thread_count(threads),
                progress=progress,
            )
        size = len(gallery)
        if gallery.describe().wasteful:
            _fold(out, gallery, thread_count(threads))
    skipped = unnamed + done.skipped
    if out.as_json:
        out.json(
            {
                "gallery": str(path),
                "subjects": size,
                "enrolled": done.enrolled,
                "reused": done.reused,
                "fingers": done.prints,
                "skipped": skips_as_json(skipped),
            }
        )
    else:
        out.print(
            f"enrolled {counted(done.enrolled, 'subject')} with "
            f"{counted(done.prints, 'print')}"
            + (f", {done.reused:,} were enrolled already" if done.reused else "")
            + f"; {path} holds {counted(size, 'subject')}"
        )
        show_skipped(out, skipped)
    if done.enrolled + done.reused == 0 and done.failed is not None:
        return exit_of(done.failed)
    return Exit.DONE if done.enrolled or done.reused else Exit.NOTHING


def _fold(out: Output, gallery: Gallery, threads: int) -> None:
    """Everybody is enrolled already: what goes wrong here can be done later."""
    try:
        with out.progress("Folding") as progress:
            gallery.compact(threads=threads, on_progress=progress)
    except GalleryStorageError as error:
        out.note(f"what was enrolled could not be folded into segments: {error}")
