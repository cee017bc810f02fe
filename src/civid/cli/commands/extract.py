"""``civid extract``: scans -> minutiae, quality, ISO records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.fingers import read_position
from civid.cli.console.folder_report import show_skipped
from civid.cli.console.options import (
    AUTO,
    AsJson,
    Dpi,
    ExtractionFile,
    Finger,
    Images,
    Method,
    Quiet,
    Threads,
    chosen_extraction,
    thread_count,
)
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Problem, exit_of, usage
from civid.cli.console.problems import as_json as as_json_of
from civid.cli.console.results import (
    check_outside,
    check_picture_name,
    save_picture,
    write_bytes,
)
from civid.dedup.folder.grouping import Skipped, find_prints
from civid.dedup.folder.prints import load, load_many_ones
from civid.fingerprint.quality import QualityReport
from civid.fingerprint.template import Template
from civid.position import Position

if TYPE_CHECKING:
    from rich.table import Table


def extract(
    images: Images,
    to: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Write ISO/IEC 19794-2:2005 records: a file, or a folder for several images.",
        ),
    ] = None,
    position: Finger = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Save a picture of the minutiae over the print (one image only)."
        ),
    ] = None,
    method: Method = AUTO,
    parameters: ExtractionFile = None,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Find the minutiae of prints: of images, records, or all in a folder."""
    out = Output(as_json=as_json, quiet=quiet)
    check_picture_name(picture)
    if picture is not None and (len(images) > 1 or images[0].is_dir()):
        raise usage("--picture draws one image", "give one image at a time")
    by = chosen_extraction(method, parameters).parameters
    finger = Position.UNKNOWN if position is None else read_position(position)
    named, folders = images, [one for one in images if one.is_dir()]
    if to is not None:
        for one in folders:
            check_outside(to, one)
    images = [path for one in named for path in (find_prints(one) if one.is_dir() else [one])]
    many = bool(folders) or len(images) > 1 or (to is not None and to.is_dir())
    rows, skipped, first = list[dict[str, object]](), list[Skipped](), None
    reports = list[QualityReport | None]()
    with out.progress("Extracting") as progress:
        for path, found in load_many_ones(images, dpi, thread_count(threads), by):
            if isinstance(found, Problem):
                first = first or found
                rows.append({"file": str(path)} | as_json_of(found))
                skipped.append(Skipped(path, found.code, found.message))
            else:
                template, report = found.template, found.report
                reports.append(report)
                rows.append(_describe(path, template, report))
                if to is not None:
                    target = _target(path, to, folders) if many else to
                    write_bytes(target, template.to_iso19794_2(position=finger), make_folder=many)
                    rows[-1]["record"] = str(target)
            progress(len(rows), len(images))
    if first is not None and not many:
        raise first
    if picture is not None:
        from civid.pictures import template_over_print

        image, template = load(images[0], dpi, parameters=by)
        save_picture(template_over_print(image, template), picture)
    if as_json:
        out.json({"prints": rows})
    else:
        if len(skipped) < len(rows):
            out.print(_table(rows, reports))
        show_skipped(out, skipped)
    return 0 if first is None else exit_of(first)


def _describe(path: Path, template: Template, report: QualityReport | None) -> dict[str, object]:
    described: dict[str, object] = {
        "file": str(path),
        "minutiae": len(template),
        "quality": template.quality,
        "extractor": template.extractor or None,
        "width_px": template.width,
        "height_px": template.height,
    }
    if report is not None:  # a record has no greys to judge
        described["area_mm2"] = round(report.area_mm2, 1)
        described["reasons"] = report.to_dict()["reasons"]
    return described


def _target(source: Path, to: Path, folders: list[Path]) -> Path:
    """Where the record of a print goes: files of a folder keep their places below it."""
    inside = next((one for one in folders if source.is_relative_to(one)), source.parent)
    return to / source.relative_to(inside).with_suffix(".iso")


def _table(rows: list[dict[str, object]], reports: list[QualityReport | None]) -> Table:
    made = table(
        "",
        "file",
        "minutiae",
        "quality",
        "why low",
        "px at 500 dpi",
        right=("minutiae", "quality"),
    )
    good = [row for row in rows if "error" not in row]
    for row, report in zip(good, reports, strict=True):
        why = ", ".join(report.reasons) if report else ""
        size = f"{row['width_px']}x{row['height_px']}"
        add_row(made, str(row["file"]), str(row["minutiae"]), str(row["quality"]), why, size)
    return made
