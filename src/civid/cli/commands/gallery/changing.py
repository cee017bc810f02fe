"""``civid gallery add | replace | remove``: change who is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.gallery.telling import as_json_of, purge_command
from civid.cli.console.fingers import assign, extractors_of, read_fingers
from civid.cli.console.galleries import (
    SecondExtractor,
    note_faster,
    open_gallery,
    second_as_json,
    seen_extractors,
)
from civid.cli.console.options import (
    AUTO,
    AsJson,
    ChosenExtraction,
    Dpi,
    ExtractionFile,
    Finger,
    GalleryFolder,
    Keys,
    Method,
    Quiet,
    chosen_extraction,
)
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, Problem, usage

Subject = Annotated[
    str, typer.Argument(metavar="SUBJECT", help="The id of somebody who is enrolled.")
]
Prints = Annotated[
    list[str],
    typer.Argument(metavar="FINGER=IMAGE...", help="Prints, for example right-index=scan.png."),
]


def add(
    gallery: GalleryFolder,
    subject: Subject,
    images: Prints,
    position: Finger = None,
    method: Method = AUTO,
    parameters: ExtractionFile = None,
    keys: Keys = None,
    dpi: Dpi = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Add fingers to somebody who is enrolled. None of them may be there yet."""
    out = Output(as_json=as_json, quiet=quiet)
    by = chosen_extraction(method, parameters)
    return _put(out, gallery, subject, images, position, keys, dpi, by, replace=False)


def replace(
    gallery: GalleryFolder,
    subject: Subject,
    images: Prints,
    whole: Annotated[
        bool,
        typer.Option("--all", help="These fingers instead of all that are there."),
    ] = False,
    position: Finger = None,
    method: Method = AUTO,
    parameters: ExtractionFile = None,
    keys: Keys = None,
    dpi: Dpi = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Replace fingers of somebody who is enrolled by better prints; the others stay."""
    out = Output(as_json=as_json, quiet=quiet)
    by = chosen_extraction(method, parameters)
    return _put(out, gallery, subject, images, position, keys, dpi, by, replace=True, whole=whole)


def _put(
    out: Output,
    path: Path,
    subject: str,
    images: list[str],
    position: str | None,
    keys: Path | None,
    dpi: float | None,
    by: ChosenExtraction,
    *,
    replace: bool,
    whole: bool = False,
) -> int:
    templates = read_fingers(assign(images, position), dpi, extraction=by.parameters)
    made_by = extractors_of(templates.values())
    with open_gallery(path, keys=keys, create=False) as gallery:
        if subject not in gallery:
            raise Problem(
                "no-such-subject",
                f"{path}: no such subject; nothing was changed",
                "ids must be written exactly as they were enrolled; new ones: civid enroll",
            )
        before, by_whom = gallery.get(subject), seen_extractors(gallery)
        here = [one for one in templates if one in before]
        absent = [one for one in templates if one not in before]
        if not replace and here:
            raise usage(
                f"the finger {here[0].word} is there already; nothing was changed",
                "civid gallery replace takes the new print instead",
            )
        if replace and not whole and absent:
            raise usage(
                f"there is no finger {absent[0].word} yet; nothing was changed",
                "civid gallery add adds it",
            )
        after = templates if whole else before | templates
        gallery.enroll(subject, after, replace=True, metadata=gallery.metadata(subject))
        told = gallery.describe()
    second = SecondExtractor.of(path, by_whom, made_by, ("FOLDER", *by.words))
    gone = [one for one in before if one in here or one not in after]
    if out.as_json:
        out.json(
            {
                "gallery": str(path),
                "subject": subject,
                "added": [one.word for one in absent],
                "replaced": [one.word for one in here],
                "fingers": len(after),
                "extractors": made_by,
                **second_as_json(second),
                "removed_in_segments": told.removed,
            }
        )
    else:
        done = "replaced" if replace else "added"
        out.print(
            f"{done} {counted(len(templates), 'finger')}; {subject} has"
            f" {counted(len(after), 'finger')}"
        )
    if second is not None:
        second.note(out)
    if gone and told.removed:
        out.note(
            "what was replaced is found no more; its templates lie in segments until: "
            f"{purge_command(path)}"
        )
    note_faster(out, path, told)
    return Exit.DONE


def remove(
    gallery: GalleryFolder,
    subjects: Annotated[
        list[str], typer.Argument(metavar="SUBJECT...", help="Ids, as they were enrolled.")
    ],
    keys: Keys = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Remove subjects: all of them, or none when one is not there."""
    out = Output(as_json=as_json, quiet=quiet)
    if len(set(subjects)) < len(subjects):
        raise usage("a subject is named twice")
    with open_gallery(gallery, keys=keys, create=False) as opened:
        absent = [place for place, one in enumerate(subjects, 1) if one not in opened]
        if absent:
            which = "" if len(subjects) == 1 else f" (number {absent[0]} of those named)"
            raise Problem(
                "no-such-subject",
                f"{gallery}: no such subject{which}; nothing was removed",
                "ids must be written exactly as they were enrolled",
            )
        opened.remove_many(subjects)
        told = opened.describe()
    if as_json:
        out.json({"gallery": str(gallery), "removed": len(subjects)} | as_json_of(told))
    else:
        out.print(f"removed {len(subjects):,}; {gallery} holds {told.subjects:,}")
    if told.removed:
        out.note(
            f"templates of {told.removed:,} removed lie in segments, unseen, until: "
            f"{purge_command(gallery)}"
        )
    return Exit.DONE
