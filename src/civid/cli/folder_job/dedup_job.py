"""The work of ``civid dedup``: group, extract, enrol, find duplicates, judge."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import civid
from civid.cli.console.galleries import open_gallery
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, Problem
from civid.cli.folder_job.filling import Filling, fill
from civid.cli.folder_job.grouping import Enrolment, Skipped, find_prints, group, identities
from civid.cli.folder_job.ledger import Ledger
from civid.cli.folder_job.missed import missed_scores
from civid.cli.folder_job.naming import POSITION, NamePattern
from civid.cli.folder_job.outcome import Outcome

if TYPE_CHECKING:
    from civid.search import Gallery


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for; the options of the command say what each field means."""

    folder: Path
    pattern: NamePattern | None
    truth: NamePattern | None
    same: tuple[str, ...]
    gallery: Path | None
    max_fpir: float
    min_score: float | None
    strict: bool
    dpi: float | None
    threads: int
    swapped: bool
    exact: bool
    keys: Path | None


def run(job: Job, out: Output) -> Outcome:
    """Do it.

    Raises
    ------
    Problem
        There is nothing to search, or with ``strict`` something that cannot be used.
    """
    enrolments, skipped = _enrolments(job)
    with ExitStack() as stack:
        gallery, ledger = civid.Gallery(backend="exact" if job.exact else "auto"), None
        if job.gallery is not None:
            opened = open_gallery(job.gallery, keys=job.keys, exact=job.exact, background=True)
            gallery = stack.enter_context(opened)
            ledger = stack.enter_context(Ledger(job.gallery))
        start = time.perf_counter()
        filling = _fill(job, out, gallery, ledger, enrolments)
        extracted = time.perf_counter()
        outcome = _find(job, out, gallery, enrolments, filling)
        outcome.extraction_seconds = extracted - start
        outcome.comparison_seconds = time.perf_counter() - extracted
        outcome.skipped = skipped + filling.skipped
        if job.truth is not None:
            outcome.truth = outcome.judged()
            outcome.missed_scores = missed_scores(gallery, outcome.truth.missed)
    return outcome


def _enrolments(job: Job) -> tuple[list[Enrolment], list[Skipped]]:
    enrolments, skipped = group(find_prints(job.folder), job.folder, job.pattern)
    if skipped and (job.strict or not enrolments):
        first = skipped[0]
        message = f"{first.path}: {first.reason}"
        if job.strict:
            raise Problem(Exit.INPUT, first.code, message, "rename it, or drop --strict")
        message = f"{job.folder}: no file in it can be used; {message}"
        raise Problem(Exit.INPUT, "empty-folder", message, "say with --name how files are named")
    if job.truth is not None:
        grouped = job.pattern is not None and POSITION in job.pattern.fields
        identities(enrolments, job.folder, job.truth, job.same, fingers_grouped=grouped)
    return enrolments, skipped


def _fill(
    job: Job, out: Output, gallery: Gallery, ledger: Ledger | None, enrolments: list[Enrolment]
) -> Filling:
    with out.progress("Extracting") as progress:
        filling = fill(
            gallery,
            enrolments,
            ledger=ledger,
            dpi=job.dpi,
            threads=job.threads,
            progress=progress,
            strict=job.strict,
        )
    if len(gallery) == 0:
        nothing = Problem(Exit.INPUT, "nothing", f"{job.folder}: nothing could be enrolled")
        raise filling.failed or nothing
    return filling


def _find(
    job: Job, out: Output, gallery: Gallery, enrolments: list[Enrolment], filling: Filling
) -> Outcome:
    from civid.search import threshold

    # The operating point that Gallery.duplicates(max_fpir) has, as a score that can be shown.
    least = job.min_score
    if least is None:
        least = threshold(job.max_fpir, len(gallery) - 1)
    with out.progress("Comparing") as progress:
        duplicates = list(
            gallery.duplicates(
                max_fpir=None,
                min_score=least,
                swapped=job.swapped,
                threads=job.threads,
                on_progress=progress,
            )
        )
    return Outcome(
        folder=job.folder,
        enrolments=enrolments,
        absent={one.subject for one in enrolments if one.subject not in gallery},
        subjects=len(gallery),
        filling=filling,
        max_fpir=job.max_fpir if job.min_score is None else None,
        min_score=least,
        method=gallery.method(),
        duplicates=sorted(duplicates, key=lambda one: -one.score),
    )
