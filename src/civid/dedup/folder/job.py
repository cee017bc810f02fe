"""A folder of prints in, a report of duplicates out: group, extract, enrol, search, judge."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from civid.dedup.folder.enrolling import EnrolmentReport, enroll_prints
from civid.dedup.folder.grouping import Enrolment, Skipped, find_prints, group, identities
from civid.dedup.folder.missed_scores import missed_scores
from civid.dedup.folder.naming import POSITION, NamePattern
from civid.dedup.folder.report import DedupReport
from civid.dedup.folder.source_digests import SourceDigests
from civid.problems import Problem
from civid.search.arrays.slices import thread_count

if TYPE_CHECKING:
    from civid.fingerprint.parameters import ExtractionParameters
    from civid.search import Gallery

#: Told of every step: ``"extracting"`` or ``"comparing"``, how many are done, and of how many.
StageProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """How a folder is read and searched.

    Attributes
    ----------
    pattern : NamePattern, optional
        How file names tell subject and finger; without it each file is an enrolment of its own.
    truth : NamePattern, optional
        How file names tell who is who really; then the report counts found, missed and false.
    identity_fields : tuple of str
        Fields of `truth` that make an identity; empty = all but impression (and position).
    max_fpir : float
        Chance that a search reports a stranger; sets the threshold.
    min_score : float, optional
        The threshold itself, -10 log10 of the false match rate; `max_fpir` is then not asked.
    strict : bool
        Stop at the first file that cannot be used, instead of listing it.
    dpi : float, optional
        Resolution of files that do not state it.
    threads : int, optional
        To extract and compare with; as many as the process may use, unless given.
    swapped : bool
        Find mixed hands and exchanged fingers, too.
    extraction : ExtractionParameters, optional
        What images are extracted by, as for `civid.extract`. A gallery that is kept with its
        sources is extracted anew where that changes.
    """

    pattern: NamePattern | None = None
    truth: NamePattern | None = None
    identity_fields: tuple[str, ...] = ()
    max_fpir: float = 1e-3
    min_score: float | None = None
    strict: bool = False
    dpi: float | None = None
    threads: int | None = None
    swapped: bool = False
    extraction: ExtractionParameters | None = None


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What a folder holds, before anything is extracted."""

    folder: Path
    enrolments: list[Enrolment]
    skipped: list[Skipped]


def plan_folder(folder: str | os.PathLike[str], options: FolderOptions) -> FolderPlan:
    """Find the prints and group them into enrolments.

    Raises
    ------
    Problem
        No such folder, nothing in it that can be used, or with ``strict`` a file that cannot.
    """
    folder = Path(folder)
    enrolments, skipped = group(find_prints(folder), folder, options.pattern)
    if skipped and (options.strict or not enrolments):
        first = skipped[0]
        message = f"{first.path}: {first.reason}"
        if options.strict:
            raise Problem(first.code, message)
        raise Problem("empty-folder", f"{folder}: no file in it can be used; {message}")
    if options.truth is not None:
        grouped = options.pattern is not None and POSITION in options.pattern.fields
        wanted = options.identity_fields
        identities(enrolments, folder, options.truth, wanted, fingers_grouped=grouped)
    return FolderPlan(folder, enrolments, skipped)


def run_plan(
    plan: FolderPlan,
    options: FolderOptions,
    gallery: Gallery,
    *,
    sources: SourceDigests | None = None,
    on_progress: StageProgress | None = None,
) -> DedupReport:
    """Enrol what the gallery does not hold yet, and find its duplicates.

    Parameters
    ----------
    plan : FolderPlan
        Of `plan_folder`.
    options : FolderOptions
        The same.
    gallery : Gallery
        Is filled; what it held before is searched with the rest.
    sources : SourceDigests, optional
        What the gallery was made from: a second run extracts only new and changed files, and a run
        that was killed goes on.
    on_progress : callable, optional
        See `StageProgress`.

    Raises
    ------
    Problem
        Nothing could be enrolled, or with ``strict`` a file that cannot be read.
    SearchError
        ``min_score``, ``max_fpir`` or ``threads`` make no sense; nothing was extracted.
    """
    threads = thread_count(options.threads)
    _least(options, gallery)  # what makes no sense is said before hours of extraction
    tell = on_progress or (lambda stage, done, total: None)
    start = time.perf_counter()
    filling = enroll_prints(
        gallery,
        plan.enrolments,
        sources=sources,
        dpi=options.dpi,
        threads=threads,
        progress=lambda done, total: tell("extracting", done, total),
        strict=options.strict,
        parameters=options.extraction,
    )
    if len(gallery) == 0:
        nothing = Problem("nothing", f"{plan.folder}: nothing could be enrolled")
        raise filling.failed or nothing
    extracted = time.perf_counter()
    report = _find(plan, options, gallery, filling, threads, tell)
    report.extraction_seconds = extracted - start
    report.comparison_seconds = time.perf_counter() - extracted
    report.skipped = plan.skipped + filling.skipped
    if options.truth is not None:
        report.truth = report.judged()
        report.missed_scores = missed_scores(gallery, report.truth.missed)
    return report


def duplicates_in_folder(
    folder: str | os.PathLike[str],
    options: FolderOptions | None = None,
    *,
    gallery: Gallery | None = None,
    sources: SourceDigests | None = None,
    on_progress: StageProgress | None = None,
) -> DedupReport:
    """Which enrolments in a folder of prints are of the same person or finger?

    Parameters
    ----------
    folder : path
        Images (PNG, BMP, JPEG, TIFF, JPEG 2000, WSQ ...), records of minutiae or images, and
        ANSI/NIST transactions; a file of several prints is a person with several fingers.
    options : FolderOptions, optional
        Each file is an enrolment of an unknown finger, unless they say more.
    gallery, sources, on_progress
        As for `run_plan`; without a gallery one in memory is used.

    Returns
    -------
    DedupReport

    Raises
    ------
    Problem
        As of `plan_folder` and `run_plan`.

    >>> duplicates_in_folder("no-such-folder")
    Traceback (most recent call last):
    civid.problems.Problem: no-such-folder: no such folder
    """
    from civid.search import Gallery

    options = options or FolderOptions()
    plan = plan_folder(folder, options)
    held = Gallery() if gallery is None else gallery
    return run_plan(plan, options, held, sources=sources, on_progress=on_progress)


def _find(
    plan: FolderPlan,
    options: FolderOptions,
    gallery: Gallery,
    filling: EnrolmentReport,
    threads: int,
    tell: StageProgress,
) -> DedupReport:
    least = _least(options, gallery)
    duplicates = gallery.duplicates(
        max_fpir=None,
        min_score=least,
        swapped=options.swapped,
        threads=threads,
        on_progress=lambda done, total: tell("comparing", done, total),
    )
    return DedupReport(
        folder=plan.folder,
        enrolments=plan.enrolments,
        absent={one.subject for one in plan.enrolments if one.subject not in gallery},
        subjects=len(gallery),
        filling=filling,
        max_fpir=options.max_fpir if options.min_score is None else None,
        min_score=least,
        method=gallery.method(),
        duplicates=sorted(duplicates, key=lambda one: -one.score),
    )


def _least(options: FolderOptions, gallery: Gallery) -> float:
    """The operating point of `Gallery.duplicates`, as a score that can be shown."""
    from civid.search import SearchParameters
    from civid.search.parameters.meaning import least_score

    if options.min_score is not None:
        return least_score(options.min_score, None, len(gallery), SearchParameters())
    return least_score(0.0, options.max_fpir, max(len(gallery) - 1, 0), SearchParameters())
