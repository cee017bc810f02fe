"""``civid convert``: a file, or a folder of files, in another format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.files.converting import Job, jobs, run
from civid.cli.commands.files.reading import format_of_name, format_of_suffix
from civid.cli.console.fingers import read_position
from civid.cli.console.folder_report import show_skipped
from civid.cli.console.options import AUTO, AsJson, Dpi, Finger, Method, Quiet, extraction_of
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Problem, exit_of, usage
from civid.cli.console.problems import as_json as problem_as_json
from civid.dedup.folder.grouping import Skipped


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file, or a folder of files.")],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="The new file; of a folder, the new folder.")
    ],
    to: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Format to write, for example iso19794-2:2005, iso19794-4:2011, png, wsq;"
            " default: told from the name of OUT.",
        ),
    ] = None,
    position: Finger = None,
    view: Annotated[
        int | None,
        typer.Option(metavar="N", help="Which image of a file of several, from 0.", min=0),
    ] = None,
    method: Method = AUTO,
    dpi: Dpi = None,
    quality: Annotated[
        int | None, typer.Option(metavar="1-100", help="Of a JPEG; default 95.", min=1, max=100)
    ] = None,
    bitrate: Annotated[
        float | None,
        typer.Option(metavar="BITS", help="Of a WSQ, bits a pixel; 0.75 is about 1 : 15."),
    ] = None,
    payload: Annotated[
        str,
        typer.Option(metavar="KIND", help="Of an image in a record: png, jp2, wsq or raw."),
    ] = "png",
    product: Annotated[
        str | None,
        typer.Option(
            metavar="OWNER:TYPE", help="Of ansi381-2004: CBEFF numbers of the program that writes."
        ),
    ] = None,
    source_format: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="NAME", help="Format of IN, where it does not look like it: xyt."
        ),
    ] = None,
    member: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which file of a zip archive that holds several."),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH", help="Of xyt, which leaves it out: size of the image in px, as 300x400."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a source that departs from its standard.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a file of another format.

    Pictures, image records and minutiae records become one another: of an
    image the minutiae are found, of minutiae no image is made. What the new
    format cannot hold is said on stderr. A folder is converted file by file;
    what fails is listed at the end.
    """
    out = Output(as_json=as_json, quiet=quiet)
    wanted = format_of_name(to) if to is not None else format_of_suffix(target)
    finger = None if position is None else read_position(position)
    options = {
        "dpi": dpi,
        "view": view,
        "position": finger,
        "quality": quality,
        "bitrate": bitrate,
        "payload": payload,
        "product": (0, 0) if product is None else _product(product),
        "source": None if source_format is None else format_of_name(source_format).key,
        "size": None if size is None else _size(size),
        "strict": strict,
        "parameters": extraction_of(method),
    }
    waiting = jobs(source, target, wanted)
    alone = not source.is_dir()
    skipped, rows, first = list[Skipped](), list[dict[str, object]](), None
    written = set[Path]()
    with out.progress("Converting") as progress:
        for done, job in enumerate(waiting, 1):
            try:
                rows += run(job, wanted, options, member=member, force=force, written=written)
            except Problem as problem:
                if alone:
                    raise
                first = first or problem
                rows.append({"file": str(job.source)} | problem_as_json(problem))
                skipped.append(Skipped(job.source, problem.code, problem.message))
            progress(done, len(waiting))
    _report(out, rows, skipped, waiting, wanted.name)
    return 0 if first is None else exit_of(first)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-9]\d{0,4})[xX]([1-9]\d{0,4})", text)
    if found is None:
        raise usage(f"{text!r} is not a size", "give width and height in px, as 300x400")
    return int(found[1]), int(found[2])


def _product(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5}):(\d{1,5})", text)
    if found is None:
        raise usage(f"{text!r} is no product", "give owner and type as numbers, as 257:1")
    return int(found[1]), int(found[2])


def _report(
    out: Output,
    rows: list[dict[str, object]],
    skipped: list[Skipped],
    waiting: list[Job],
    name: str,
) -> None:
    if out.as_json:
        out.json({"files": rows})
        return
    told: dict[str, int] = {}
    for row in rows:
        for note in row.get("notes", ()):  # type: ignore[attr-defined]
            told[note] = told.get(note, 0) + 1
    made = [row for row in rows if "error" not in row]
    if len(rows) == len(made) == 1:
        out.print(f"{rows[0]['written']}: {name}, made of {rows[0]['source']}")
    else:
        read = f"{len(waiting) - len(skipped):,} of {counted(len(waiting), 'file')}"
        out.print(f"{read} converted to {name}; {len(made):,} written")
    for note, times in sorted(told.items(), key=lambda item: -item[1])[:_NOTES]:
        out.note(f"note: {note}" + (f" ({counted(times, 'file')})" if times > 1 else ""))
    if len(told) > _NOTES:
        out.note(f"  and {len(told) - _NOTES:,} more notes; --json lists all")
    show_skipped(out, skipped)


#: The rest is in --json.
_NOTES = 10
