"""``civid dedup``: which enrolments in a folder are of the same person or finger?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import civid
from civid.cli.console.dedup_tables import show
from civid.cli.console.galleries import look_all_round, open_gallery
from civid.cli.console.options import (
    AUTO,
    AsJson,
    Dpi,
    Exact,
    Keys,
    MaxFpir,
    Method,
    MinScore,
    Names,
    Quiet,
    Swapped,
    Threads,
    Turned,
    extraction_of,
    thread_count,
)
from civid.cli.console.output import Output
from civid.cli.console.pair_pictures import save_pairs
from civid.cli.console.problems import Exit, usage
from civid.cli.console.results import check_outside, check_place, write_bytes
from civid.dedup.folder.job import FolderOptions, FolderPlan, plan_folder, run_plan
from civid.dedup.folder.naming import NamePattern
from civid.dedup.folder.report import DedupReport, as_csv, as_json_document
from civid.dedup.folder.source_digests import SourceDigests


def dedup(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Images and records; subfolders count.")
    ],
    name: Names = None,
    max_fpir: MaxFpir = 1e-3,
    min_score: MinScore = None,
    truth: Annotated[
        str | None,
        typer.Option(
            "--truth-pattern",
            metavar="PATTERN",
            help="How the names tell who is who, for example '{person}_{finger}':"
            " then the report says what was found, missed and false.",
        ),
    ] = None,
    same: Annotated[
        str | None,
        typer.Option(
            "--identity-fields",
            metavar="FIELDS",
            help="Fields of --truth-pattern that make an identity, for example 'person,finger';"
            " default: all but {impression} (and {position}, where --filename-pattern has it).",
        ),
    ] = None,
    gallery: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH", help="Keep the gallery here; the next run extracts only new files."
        ),
    ] = None,
    keys: Keys = None,
    swapped: Swapped = False,
    turned: Turned = False,
    exact: Exact = False,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the duplicates as CSV.")
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Save a picture of each duplicate into this folder, named by rank, subjects and"
            " finger; by rank and finger where a subject is the number of a person.",
        ),
    ] = None,
    max_pictures: Annotated[
        int, typer.Option(metavar="N", help="At most so many pictures.", min=1)
    ] = 100,
    rows: Annotated[
        int, typer.Option(metavar="N", help="At most so many rows in the tables.", min=1)
    ] = 20,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at a file that cannot be read or used.")
    ] = False,
    method: Method = AUTO,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Find duplicates in a folder of prints. Exit code 0: some were found, 1: none.

    Each file is an enrolment of its own with an unknown finger, unless --filename-pattern says
    more.
    """
    out = Output(as_json=as_json, quiet=quiet)
    pattern = NamePattern.parse(name) if name else None
    truth_pattern, same_fields = _truth(pattern, truth, same)
    if keys is not None and gallery is None:
        raise usage("--keys goes with --gallery")
    if csv is not None:
        check_place(csv)
    if pictures is not None:
        check_outside(pictures, folder)
    options = FolderOptions(
        pattern=pattern,
        truth=truth_pattern,
        identity_fields=same_fields,
        max_fpir=max_fpir,
        min_score=min_score,
        strict=strict,
        dpi=dpi,
        threads=thread_count(threads),
        swapped=swapped,
        extraction=extraction_of(method),
    )
    plan = plan_folder(folder, options)
    outcome = _run(out, plan, options, gallery, keys, exact=exact, turned=turned)
    if csv is not None:
        write_bytes(csv, as_csv(outcome).encode())
    if pictures is not None:
        with out.progress("Drawing") as progress:
            outcome.pictures = save_pairs(
                outcome.duplicates[:max_pictures],
                outcome.enrolments,
                pictures,
                dpi,
                progress,
                options.extraction,
            )
    if as_json:
        out.json(as_json_document(outcome))
    else:
        show(out, outcome, rows)
    return Exit.DONE if outcome.duplicates else Exit.NOTHING


def _run(
    out: Output,
    plan: FolderPlan,
    options: FolderOptions,
    kept: Path | None,
    keys: Path | None,
    *,
    exact: bool,
    turned: bool,
) -> DedupReport:
    """In memory, or in a gallery that is kept with the digests of what it was made from."""
    with out.stages({"extracting": "Extracting", "comparing": "Comparing"}) as progress:
        if kept is None:
            gallery = civid.Gallery(backend="exact" if exact else "auto")
            if turned:
                look_all_round(gallery)
            return run_plan(plan, options, gallery, on_progress=progress)
        with (
            open_gallery(kept, keys=keys, exact=exact, background=True) as opened,
            SourceDigests(kept) as sources,
        ):
            if turned:
                look_all_round(opened)
            return run_plan(plan, options, opened, sources=sources, on_progress=progress)


def _truth(
    pattern: NamePattern | None, truth: str | None, same: str | None
) -> tuple[NamePattern | None, tuple[str, ...]]:
    chosen = NamePattern.parse(truth) if truth else (pattern if same else None)
    if same is None:
        return chosen, ()
    if chosen is None:
        raise usage(
            "--identity-fields needs --truth-pattern or --filename-pattern",
            "say how the files are named",
        )
    fields = tuple(field.strip() for field in same.split(","))
    chosen.require(fields, "--identity-fields")
    return chosen, fields
