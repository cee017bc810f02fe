"""``civid dedup``: which enrolments in a folder are of the same person or finger?"""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

import civid
from civid.cli.dedup_tables import show
from civid.cli.filling import fill
from civid.cli.galleries import open_gallery
from civid.cli.grouping import find_prints, group, identities
from civid.cli.ledger import Ledger
from civid.cli.missed import missed_scores
from civid.cli.naming import POSITION, NamePattern
from civid.cli.options import (
    AsJson,
    Dpi,
    MaxFpir,
    MinScore,
    Names,
    Quiet,
    Threads,
    thread_count,
)
from civid.cli.outcome import Outcome, as_csv, as_json_document
from civid.cli.output import Output
from civid.cli.pair_pictures import save_pairs
from civid.cli.problems import Exit, Problem, usage
from civid.cli.results import write_bytes


def dedup(
    folder: Annotated[Path, typer.Argument(help="Images and ISO records; subfolders count.")],
    name: Names = None,
    max_fpir: MaxFpir = 1e-3,
    min_score: MinScore = None,
    truth: Annotated[
        str | None,
        typer.Option(
            help="How the names tell who is who, for example '{person}_{finger}_{impression}':"
            " then the report says what was found, missed and false."
        ),
    ] = None,
    same: Annotated[
        str | None,
        typer.Option(
            help="Fields of --truth that make an identity, for example 'person,finger'; default:"
            " all but {impression} (and {position}, where --name has it)."
        ),
    ] = None,
    gallery: Annotated[
        Path | None,
        typer.Option(help="Keep the gallery here; the next run extracts only new files."),
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the duplicates as CSV.")] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="Save a picture of each duplicate into this folder.")
    ] = None,
    max_pictures: Annotated[int, typer.Option(help="At most so many pictures.", min=1)] = 100,
    rows: Annotated[int, typer.Option(help="At most so many rows in the tables.", min=1)] = 20,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at a file that cannot be read or used.")
    ] = False,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Find duplicates in a folder of prints. Exit code 0: some were found, 1: none.

    Each file is an enrolment of its own with an unknown finger, unless --name says more.
    """
    from civid.search import threshold

    out = Output(as_json=as_json, quiet=quiet)
    pattern = NamePattern.parse(name) if name else None
    truth_pattern, same_fields = _truth(pattern, truth, same)
    work = thread_count(threads)

    enrolments, skipped = group(find_prints(folder), folder, pattern)
    if not enrolments:
        advice = "say how the files are named with --name"
        message = f"{folder}: no file is named like {name}"
        raise Problem(Exit.INPUT, "empty-folder", message, advice)
    if strict and skipped:
        first = skipped[0]
        message = f"{first.path}: {first.reason}"
        raise Problem(Exit.INPUT, first.code, message, "rename it, or drop --strict")
    if truth_pattern is not None:
        grouped = pattern is not None and POSITION in pattern.fields
        identities(enrolments, folder, truth_pattern, same_fields, fingers_grouped=grouped)

    with ExitStack() as stack:
        ledger = None
        if gallery is None:
            register = civid.Gallery()
        else:
            register = stack.enter_context(open_gallery(gallery))
            ledger = stack.enter_context(Ledger(gallery))
        start = time.perf_counter()
        with out.progress("Extracting") as progress:
            filling = fill(
                register,
                enrolments,
                ledger=ledger,
                dpi=dpi,
                threads=work,
                progress=progress,
                strict=strict,
            )
        skipped += filling.skipped
        if len(register) == 0:
            raise filling.failed or Problem(Exit.INPUT, "nothing", f"{folder}: nothing to search")
        extracted = time.perf_counter()
        least = threshold(max_fpir, len(register) - 1) if min_score is None else min_score
        with out.progress("Comparing") as progress:
            duplicates = list(
                register.duplicates(None, min_score=least, threads=work, on_progress=progress)
            )
        compared = time.perf_counter()

        by_subject = {enrolment.subject: enrolment for enrolment in enrolments}
        outcome = Outcome(
            folder=folder,
            enrolments=enrolments,
            absent={one.subject for one in enrolments if one.subject not in register},
            subjects=len(register),
            filling=filling,
            skipped=skipped,
            max_fpir=max_fpir if min_score is None else None,
            min_score=least,
            duplicates=sorted(duplicates, key=lambda one: -one.score),
            extraction_seconds=extracted - start,
            comparison_seconds=compared - extracted,
        )
        if truth_pattern is not None:
            outcome.truth = outcome.judged()
            outcome.missed_scores = missed_scores(register, outcome.truth.missed)

    if csv is not None:
        write_bytes(csv, as_csv(outcome).encode())
    if pictures is not None:
        with out.progress("Drawing") as progress:
            outcome.pictures = save_pairs(
                outcome.duplicates[:max_pictures], by_subject, pictures, dpi, progress
            )
    if as_json:
        out.json(as_json_document(outcome))
    else:
        show(out, outcome, rows)
    return Exit.DONE if duplicates else Exit.NOTHING


def _truth(
    pattern: NamePattern | None, truth: str | None, same: str | None
) -> tuple[NamePattern | None, tuple[str, ...]]:
    chosen = NamePattern.parse(truth) if truth else (pattern if same else None)
    if same is None:
        return chosen, ()
    if chosen is None:
        raise usage("--same needs --truth or --name", "say how the files are named")
    fields = tuple(field.strip() for field in same.split(","))
    chosen.require(fields, "--same")
    return chosen, fields
