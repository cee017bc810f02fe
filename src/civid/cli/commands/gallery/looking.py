"""``civid gallery info | list | show | verify``: look, and change nothing."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from civid.cli.commands.gallery.telling import (
    as_json_of,
    encryption,
    purge_command,
)
from civid.cli.console.galleries import open_gallery, seen_extractors
from civid.cli.console.options import AsJson, GalleryFolder, Keys, Quiet
from civid.cli.console.output import Output, add_row, counted, size, table
from civid.cli.console.problems import Exit, Problem, explain
from civid.cli.language.sentences import say
from civid.errors import GalleryDamagedError

_SEARCHED_BY = {
    "exact": "comparing all",
    "cascade": "a prefilter, then comparing",
    "index": "an inverted index, then comparing",
}


def info(
    gallery: GalleryFolder,
    keys: Keys = None,
    extractors: Annotated[
        bool,
        typer.Option("--extractors", help="Count who made the templates, too; reads all of them."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """How many are in it, how it lies on the disk, what could be tidied up. Only reads."""
    out = Output(as_json=as_json)
    with open_gallery(gallery, keys=keys, read_only=True) as opened:
        told = opened.describe()
        made_by = opened.extractors() if extractors else None
        by = seen_extractors(opened) if made_by is None else made_by
    if as_json:
        counted = {} if made_by is None else {"extractors": made_by}
        found_by = {"extracted_by": [name or None for name in by]}
        out.json({"gallery": str(gallery)} | as_json_of(told) | found_by | counted)
        return Exit.DONE
    made = table(str(gallery), "what", "here", right=("here",))
    for what, here in (
        (say("subjects"), f"{told.subjects:,}"),
        ("fingers that can be compared", f"{told.fingers:,}"),
        ("searched by", say(_SEARCHED_BY.get(told.method, told.method))),
        (say("segments"), f"{told.segments:,}"),
        ("subjects in no segment yet", f"{told.tail:,}"),
        ("removed, bytes still in a segment", f"{told.removed:,}"),
        ("searched in memory", size(told.memory_bytes)),
        ("on the disk", size(told.disk_bytes)),
        (say("encrypted"), encryption(told)),
        ("format version", str(told.version)),
    ):
        add_row(made, what, here)
    if made_by is None:
        who = ", ".join(name or say("an unknown extractor") for name in by)
        add_row(made, "templates by", who)
    for name, fingers in (made_by or {}).items():
        add_row(made, say(f"templates of {name or 'an unknown extractor'}"), f"{fingers:,}")
    out.print(made)
    compact = f"civid gallery compact {shlex.quote(str(gallery))}"
    if told.wasteful:
        out.note(
            f"{told.tail:,} subjects are read anew at each opening until they are folded: {compact}"
            if told.tail
            else f"tidy up: {compact}"
        )
    elif told.slow:
        out.note(f"it does not open at once: {told.slow}")
    if told.removed or (told.encrypted and told.stale):
        out.note(
            "segments hold removed subjects, or are under another key, until: "
            f"{purge_command(gallery)}"
        )
    return Exit.DONE


def verify(
    gallery: GalleryFolder,
    keys: Keys = None,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor",
            metavar="TEXT",
            help="What an earlier verify of an encrypted gallery printed, kept elsewhere: finds an"
            " older copy, or another gallery, in its place.",
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Check every byte. Exit code 0: all is well, 4: something is damaged."""
    out = Output(as_json=as_json, quiet=quiet)
    try:
        with (
            open_gallery(gallery, keys=keys, read_only=True, anchor=anchor) as opened,
            out.progress("Checking") as progress,
        ):
            opened.check_integrity(on_progress=progress)
            told = opened.describe()
            newest = opened.anchor() if told.version == 3 else None
    except (GalleryDamagedError, Problem) as error:
        problem = explain(error, gallery)
        if problem is not None and problem.code == "gallery-damaged":
            problem.advice = "do not write to it; put back the last good copy"
        raise problem or error from error
    if as_json:
        anchors = {} if newest is None else {"anchor": newest}
        out.json({"gallery": str(gallery), "damaged": False} | as_json_of(told) | anchors)
    else:
        out.print(
            f"all is well: {counted(told.subjects, 'subject')} and "
            f"{counted(told.segments, 'segment')}, {size(told.disk_bytes)}"
        )
        if newest is not None:
            out.print(f"anchor: {newest}")
            out.note("keep the anchor elsewhere, and give it to the next verify with --anchor")
    return Exit.DONE


def list_(
    gallery: GalleryFolder,
    prefix: Annotated[
        str, typer.Option(metavar="TEXT", help="Only ids that begin with this.")
    ] = "",
    tag: Annotated[
        str | None, typer.Option(metavar="TAG", help="Only subjects with this tag.")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="At most so many.", min=1)] = None,
    keys: Keys = None,
    as_json: AsJson = False,
) -> int:
    """The ids of who is enrolled, one a line, in order of enrolment. Exit code 1: nobody."""
    out = Output(as_json=as_json)
    found: list[str] = []
    more = False
    with open_gallery(gallery, keys=keys, read_only=True) as opened:
        for name in opened:
            if not name.startswith(prefix):
                continue
            if tag is not None and tag not in opened.metadata(name).tags:
                continue
            if limit is not None and len(found) == limit:
                more = True
                break
            found.append(name)
        total = len(opened)
    if as_json:
        out.json({"gallery": str(gallery), "subjects": total, "listed": found, "more": more})
    else:
        for name in found:
            out.print(name)
        if more:
            out.note(f"there are more; {gallery} holds {counted(total, 'subject')}")
    return Exit.DONE if found else Exit.NOTHING


def show(
    gallery: GalleryFolder,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Its id.")],
    keys: Keys = None,
    as_json: AsJson = False,
) -> int:
    """What a gallery holds of one subject: fingers, how good they are, metadata. No print."""
    out = Output(as_json=as_json)
    with open_gallery(gallery, keys=keys, read_only=True) as opened:
        if subject not in opened:
            raise Problem(
                "no-such-subject",
                f"{gallery}: no such subject",
                "ids must be written exactly as they were enrolled",
            )
        fingers, metadata = opened.get(subject), opened.metadata(subject)
    if as_json:
        out.json(
            {
                "gallery": str(gallery),
                "subject": subject,
                "fingers": [
                    {
                        "position": position.word,
                        "minutiae": len(one),
                        "quality": one.quality,
                        "width": one.width,
                        "height": one.height,
                        "extractor": one.extractor or None,
                    }
                    for position, one in fingers.items()
                ],
                "metadata": metadata.to_dict(),
            }
        )
        return Exit.DONE
    made = table(subject, "finger", "minutiae", "quality", "size (px)", "made by",
                 right=("minutiae", "quality"))  # fmt: skip
    for position, one in fingers.items():
        area = f"{one.width} x {one.height}"
        cells = [str(len(one)), str(one.quality), area, one.extractor or say("not known")]
        add_row(made, position.word, *cells)
    out.print(made)
    for name, value in metadata.values.items():
        out.print(f"{name}: {value}")
    if metadata.tags:
        out.print("tags: " + ", ".join(sorted(metadata.tags)))
    return Exit.DONE
