"""``civid slap``: a picture of several fingers cut into single prints."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.files.reading import read_bytes
from civid.cli.commands.files.slaps import (
    Cut,
    Given,
    cut,
    faults_of,
    file_names,
    finger_name_of,
    read_missing,
    read_slap_word,
    waiting,
    with_missing,
)
from civid.cli.console.options import AUTO, AsJson, Dpi, Method, Quiet, extraction_of
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.console.problems import Exit, Problem, exit_of, explain, not_written
from civid.cli.console.problems import as_json as problem_as_json
from civid.cli.console.results import check_picture_name, picture_bytes, write_whole
from civid.errors import CividError
from civid.fingerprint.slaps import Slap

if TYPE_CHECKING:
    from rich.table import Table


def slap(
    image: Annotated[
        Path,
        typer.Argument(
            metavar="IMAGE", help="A scan, an image record, or an ANSI/NIST file with slaps."
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Where the fingers go, a PNG each; made."
        ),
    ],
    fingers: Annotated[
        str | None,
        typer.Option(
            metavar="WHICH",
            help="What it shows: 13 or right-four, 14 or left-four, 15 or thumbs, 11, 12, or card"
            " (the plain prints of a whole ten-print card); default: what the file says.",
        ),
    ] = None,
    missing: Annotated[
        str | None,
        typer.Option(metavar="FINGERS", help="Fingers it lacks, as right-index,right-little."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save a picture of the slap with a box a finger."),
    ] = None,
    method: Method = AUTO,
    dpi: Dpi = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Cut a slap into its fingers. Exit code 0: fingers were found, 1: none.

    Of an ANSI/NIST file every slap is cut, as the position that it states. Fingers that cannot be
    told apart are named unknown: say with --fingers and --missing what the picture shows.
    """
    out = Output(as_json=as_json, quiet=quiet)
    check_picture_name(picture)
    shown = None if fingers is None else read_slap_word(fingers)
    given = Given(shown, read_missing(missing), dpi, extraction_of(method))
    if to.exists() and not to.is_dir():
        raise not_written(to, FileExistsError(17, "is a file, not a folder"))
    cuts, failed = _cut_all(out, image, given)
    written = _write(cuts, to, picture, force=force)
    found = sum(len(one.fingers) for whole in cuts for _, one in whole.slaps)
    if as_json:
        document = {"file": str(image), "slaps": _described(cuts, written), "found": found}
        failures = [{"slap": name} | problem_as_json(problem) for name, problem in failed]
        drawn = {"picture": str(picture)} if picture is not None and cuts else {}
        out.json(document | {"failed": failures} | drawn)
    else:
        _show(out, cuts, written)
        for name, problem in failed:
            out.note(f"{name} was not cut: {problem.message}")
    if failed:
        return exit_of(failed[0][1])
    return Exit.DONE if found else Exit.NOTHING


def _cut_all(out: Output, path: Path, given: Given) -> tuple[list[Cut], list[tuple[str, Problem]]]:
    """Every slap of a file; one of several that cannot be cut does not stop the others."""
    from civid.formats import unwrapped

    try:
        data = unwrapped(read_bytes(path)).data
    except CividError as error:
        raise explain(error, path) or error from error
    todo, lost = waiting(data, path, given)
    given = with_missing(given, lost)
    cuts, failed = list[Cut](), list[tuple[str, Problem]]()
    with out.progress("Cutting") as progress:
        for done, one in enumerate(todo, 1):
            try:
                cuts.append(cut(data, path, one, given))
            except Problem as problem:
                if len(todo) == 1:
                    raise
                failed.append((one.name, problem))
            progress(done, len(todo))
    return cuts, failed


def _write(cuts: list[Cut], to: Path, picture: Path | None, *, force: bool) -> list[Path]:
    """A file a finger, and the picture; nothing at all where one of them exists."""
    targets = [to / name for name in file_names(cuts)]
    drawn = [] if picture is None or not cuts else [picture]
    taken = [one for one in (*targets, *drawn) if one.exists()]
    if taken and not force:
        text = f"{taken[0]}: exists already; nothing was written"
        raise Problem("not-written", text, "give another name, or --force to write over it")
    from civid.formats.image_files.writer import write

    prints = (one for whole in cuts for _, slap in whole.slaps for one in slap.fingers)
    for target, one in zip(targets, prints, strict=True):
        write_whole(target, write(one.image.pixels, "png", (one.image.dpi, one.image.dpi)))
    for target in drawn:
        from civid.pictures import fingers_over_slap
        from civid.pictures.canvas import stacked

        pictures = [
            fingers_over_slap(one.image, [slap for _, slap in one.slaps], one.name) for one in cuts
        ]
        write_whole(target, picture_bytes(stacked(*pictures), target))
    return targets


def _described(cuts: list[Cut], written: list[Path]) -> list[dict[str, object]]:
    files = iter(written)
    return [_slap_as_json(name, slap, [str(next(files)) for _ in slap.fingers])
            for one in cuts for name, slap in one.slaps]  # fmt: skip


def _slap_as_json(name: str, slap: Slap, files: list[str]) -> dict[str, object]:
    return {
        "slap": name,
        "hand": slap.hand.value,
        "hand_given": slap.hand_given,
        "hand_confidence": round(slap.hand_confidence, 4),
        "rotation_degrees": round(math.degrees(slap.angle), 1),
        "faults": [{"code": one.value, "advice": one.advice()} for one in faults_of(slap, None)],
        "fingers": [
            {
                "position": finger_name_of(finger),
                "written": file,
                "quality": finger.quality,
                "box_px": {
                    "x": round(finger.box.x, 1),
                    "y": round(finger.box.y, 1),
                    "width": round(finger.box.width, 1),
                    "height": round(finger.box.height, 1),
                },
                "rotation_degrees": round(math.degrees(finger.box.angle), 1),
                "faults": [
                    {"code": one.value, "advice": one.advice()} for one in faults_of(slap, index)
                ],
            }
            for index, (finger, file) in enumerate(zip(slap.fingers, files, strict=True))
        ],
    }


def _show(out: Output, cuts: list[Cut], written: list[Path]) -> None:
    if written:
        out.print(_table(cuts, written))
        out.print(f"{counted(len(written), 'finger')} written to {written[0].parent}")
    else:
        out.print("no finger was found")
    told = dict.fromkeys(
        (name, fault) for one in cuts for name, slap in one.slaps for fault in faults_of(slap, None)
    )
    for name, fault in told:
        out.print(f"{name}: {fault.value}. {fault.advice()}")
    singly = dict.fromkeys(
        one.fault for whole in cuts for _, slap in whole.slaps for one in slap.findings
        if one.finger is not None
    )  # fmt: skip
    for fault in singly:
        out.note(f"{fault.value}: {fault.advice()}")


def _table(cuts: list[Cut], written: list[Path]) -> Table:
    made = table(
        "", "file", "slap", "finger", "quality", "box, px", "rotation", "what is wrong",
        right=("quality", "rotation"),
    )  # fmt: skip
    files = iter(written)
    for one in cuts:
        for name, slap in one.slaps:
            for index, finger in enumerate(slap.fingers):
                box = finger.box
                add_row(
                    made,
                    next(files).name,
                    name,
                    finger_name_of(finger),
                    str(finger.quality),
                    f"{box.width:.0f}x{box.height:.0f} at {box.x:.0f},{box.y:.0f}",
                    f"{math.degrees(box.angle):+.0f}°",
                    ", ".join(fault.value for fault in faults_of(slap, index)),
                )
    return made
