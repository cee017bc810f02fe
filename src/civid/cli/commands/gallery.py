"""``civid gallery``: look after a gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.gallery_duplicates import duplicates
from civid.cli.console.galleries import open_gallery, read_keys
from civid.cli.console.options import AsJson, Keys, Quiet, Threads, thread_count
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.console.problems import Exit, Problem, explain, usage
from civid.errors import GalleryDamagedError

if TYPE_CHECKING:
    from civid.search.store.inspection import Description

_SEARCHED_BY = {
    "exact": "comparing all",
    "cascade": "a prefilter, then comparing",
    "index": "an inverted index, then comparing",
}

app = typer.Typer(help="Galleries: look after them, find duplicates in them.")
app.command()(duplicates)

Folder = Annotated[Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery.")]


@app.command()
def info(
    gallery: Folder,
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
    if as_json:
        counted = {} if made_by is None else {"extractors": made_by}
        out.json({"gallery": str(gallery)} | _as_json(told) | counted)
        return Exit.DONE
    made = table(str(gallery), "what", "here", right=("here",))
    for what, here in (
        ("subjects", f"{told.subjects:,}"),
        ("fingers that can be compared", f"{told.fingers:,}"),
        ("searched by", _SEARCHED_BY.get(told.method, told.method)),
        ("segments", f"{told.segments:,}"),
        ("subjects in no segment yet", f"{told.tail:,}"),
        ("removed, bytes still in a segment", f"{told.removed:,}"),
        ("searched in memory", _bytes(told.memory_bytes)),
        ("on the disk", _bytes(told.disk_bytes)),
        ("encrypted", _encryption(told)),
        ("format version", str(told.version)),
    ):
        add_row(made, what, here)
    for name, fingers in (made_by or {}).items():
        add_row(made, f"templates of {name or 'an unknown extractor'}", f"{fingers:,}")
    out.print(made)
    if told.wasteful:
        out.note(
            f"{told.tail:,} subjects are read anew at each opening until this, or the next writer, "
            f"has folded them: civid gallery compact {gallery}"
            if told.tail
            else f"tidy up: civid gallery compact {gallery}"
        )
    if told.removed or (told.encrypted and told.stale):
        out.note(f"write anew what is removed or under another key: {_purge(gallery)}")
    return Exit.DONE


@app.command()
def compact(
    gallery: Folder,
    purge: Annotated[
        bool,
        typer.Option(
            "--purge",
            help="Also write anew what holds bytes of removed subjects, or is not encrypted with"
            " the last key.",
        ),
    ] = False,
    keys: Keys = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Fold what was enrolled lately into segments; others may search meanwhile."""
    out = Output(as_json=as_json, quiet=quiet)
    with open_gallery(gallery, keys=keys, create=False) as opened:
        before = opened.describe()
        with out.progress("Folding") as progress:
            changed = opened.compact(
                purge=purge, threads=thread_count(threads), on_progress=progress
            )
        after = opened.describe()
    if as_json:
        out.json(
            {
                "gallery": str(gallery),
                "changed": changed,
                "before": _as_json(before),
                "after": _as_json(after),
            }
        )
    elif not changed:
        out.print("there was nothing to do")
    else:
        made = table("", "what", "before", "after", right=("before", "after"))
        for what, name in (
            ("segments", "segments"),
            ("subjects in no segment yet", "tail"),
            ("removed, bytes still in a segment", "removed"),
        ):
            add_row(made, what, f"{getattr(before, name):,}", f"{getattr(after, name):,}")
        add_row(made, "on the disk", _bytes(before.disk_bytes), _bytes(after.disk_bytes))
        if after.encrypted:
            add_row(made, "encrypted", _encryption(before), _encryption(after))
        out.print(made)
    if after.removed:
        out.note(f"bytes of removed subjects are still there: {_purge(gallery)}")
    return Exit.DONE


@app.command()
def verify(
    gallery: Folder,
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
        out.json({"gallery": str(gallery), "damaged": False} | _as_json(told) | anchors)
    else:
        out.print(
            f"all is well: {counted(told.subjects, 'subject')} and "
            f"{counted(told.segments, 'segment')}, {_bytes(told.disk_bytes)}"
        )
        if newest is not None:
            out.print(f"anchor: {newest}")
            out.note("keep the anchor elsewhere, and give it to the next verify with --anchor")
    return Exit.DONE


@app.command()
def encrypt(
    gallery: Folder, keys: Keys = None, as_json: AsJson = False, quiet: Quiet = False
) -> int:
    """Encrypt a gallery that is not encrypted yet, or not all of it. It is written anew once."""
    out = Output(as_json=as_json, quiet=quiet)
    if read_keys(keys) is None:
        raise usage("there are no keys to encrypt with", "give a file of keys with --keys")
    with open_gallery(gallery, keys=keys, create=False, encrypt=True) as opened:
        told = opened.describe()
    if as_json:
        out.json({"gallery": str(gallery)} | _as_json(told))
    else:
        out.print(f"encrypted: {counted(told.subjects, 'subject')}")
        out.note("old blocks of the disk, and backups, may still hold what was plain")
    return Exit.DONE


@app.command()
def remove(
    gallery: Folder,
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
        out.json({"gallery": str(gallery), "removed": len(subjects)} | _as_json(told))
    else:
        out.print(f"removed {len(subjects):,}; {gallery} holds {told.subjects:,}")
    if told.removed:
        out.note(
            f"templates of {told.removed:,} removed lie in segments, unseen, until: "
            f"{_purge(gallery)}"
        )
    return Exit.DONE


def _purge(gallery: Path) -> str:
    return f"civid gallery compact --purge {gallery}"


def _as_json(told: Description) -> dict[str, object]:
    keys = [{"name": name or None, "segments": count} for name, count in told.keys]
    return {
        "subjects": told.subjects,
        "fingers": told.fingers,
        "method": told.method,
        "segments": told.segments,
        "tail": told.tail,
        "removed_in_segments": told.removed,
        "memory_bytes": told.memory_bytes,
        "disk_bytes": told.disk_bytes,
        "encrypted": told.encrypted,
        "keys": keys,
        "stale_segments": told.stale,
        "version": told.version,
    }


def _encryption(told: Description) -> str:
    """With which keys; of those that are not encrypted too, if there are keys."""
    if not told.encrypted:
        return "no"
    if not told.keys:
        return "yes"
    segments = ", ".join(
        f"{counted(count, 'segment')} {f'with key {name}' if name else 'not'}"
        for name, count in told.keys
    )
    return f"yes ({segments})"


def _bytes(count: int) -> str:
    """A size as people say it.

    >>> _bytes(999), _bytes(1_234_567)
    ('999 B', '1.2 MB')
    """
    size, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
