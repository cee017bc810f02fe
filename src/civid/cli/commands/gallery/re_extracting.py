"""``civid gallery re-extract``: new templates from the images that were kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.campaign.sheets import Written, write_csv
from civid.cli.commands.gallery.owners import not_alone
from civid.cli.commands.gallery.telling import purge_command
from civid.cli.console.folder_report import note_left_out
from civid.cli.console.galleries import open_gallery
from civid.cli.console.options import (
    AUTO,
    DEFAULT_NAMES,
    AsJson,
    Dpi,
    ExtractionFile,
    GalleryFolder,
    Keys,
    Method,
    MinMinutiae,
    MinQuality,
    Names,
    Quiet,
    Threads,
    chosen_extraction,
    gate_of,
    thread_count,
)
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, Problem, explain, usage
from civid.cli.console.results import check_place, write_whole
from civid.dedup.folder.grouping import find_prints, group, skips_as_json
from civid.dedup.folder.naming import NamePattern
from civid.errors import GalleryError

if TYPE_CHECKING:
    from civid.dedup.folder.kept_prints import KeptPrints
    from civid.fingerprint.parameters import ExtractionParameters
    from civid.search import Gallery
    from civid.search.upkeep import Left, ReExtraction

_TITLES = ("subject", "finger", "code", "extractor", "detail")


def re_extract(
    gallery: GalleryFolder,
    prints: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="The prints that were kept, named as for enroll --folder."
        ),
    ],
    name: Names = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also fingers that today's extractor has made.")
    ] = False,
    method: Method = AUTO,
    parameters: ExtractionFile = None,
    min_quality: MinQuality = None,
    min_minutiae: MinMinutiae = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            metavar="SCORE",
            help="What a new template has to score against the old one, so that no other print"
            " takes its place; 0 does not ask. Default: 40.",
            min=0.0,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many are due; read no image, change nothing.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A row a finger that keeps its old template, and why; .csv."
        ),
    ] = None,
    dpi: Dpi = None,
    keys: Keys = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Extract again what another extractor made. Stopped, the same command goes on."""
    out = Output(as_json=as_json, quiet=quiet)
    if report is not None:
        if dry_run:
            raise usage("--report does not go with --dry-run")
        if report.suffix.lower() != ".csv":
            raise usage(f"{report}: a report ends in .csv")
        check_place(report)
    given = chosen_extraction(method, parameters).parameters
    gate = gate_of(min_quality, min_minutiae)
    from civid.dedup.folder.kept_prints import KeptPrints
    from civid.fingerprint.scores.extractors import SAME_FINGER
    from civid.search import upkeep

    pattern = name or DEFAULT_NAMES
    # A register notes what prints it has given to its gallery: the two may not part.
    parted = Problem(
        "gallery",
        f"{gallery}: belongs to a register, which has noted what prints it holds;"
        " nothing was changed",
        "give the register the new prints: civid.register, prints.enrol(replace=True)",
    )
    not_alone(gallery, {"register": parted})
    enrolments, skipped = group(find_prints(prints), prints, NamePattern.parse(pattern))
    kept = KeptPrints(enrolments, dpi=dpi, parameters=given, gate=gate)
    note_left_out(out, prints, skipped)
    with open_gallery(
        gallery, keys=keys, create=False, read_only=dry_run, background=True
    ) as opened:
        if len(opened) and not any(one in kept for one in opened):
            raise Problem(
                "empty-folder",
                f"{prints}: holds no print of anybody in {gallery}",
                f"files were read as {pattern}; --filename-pattern says how they are named",
            )
        if dry_run:
            return _foretell(out, gallery, opened, kept, given, every)
        left: list[Left] = []
        try:
            with out.resumable(), out.progress("Extracting") as progress:
                done = upkeep.re_extract(
                    opened,
                    kept,
                    parameters=given,
                    every=every,
                    gate=gate,
                    min_score=SAME_FINGER if min_score is None else min_score,
                    threads=thread_count(threads),
                    on_progress=progress,
                    on_left=None if report is None else left.append,
                )
        except GalleryError as error:
            raise explain(error, gallery) or error from error
        removed = opened.describe().removed
    if report is not None:
        rows = [
            (one.subject, one.position.word, one.code, one.extractor, one.detail) for one in left
        ]
        write_whole(report, write_csv(Written.of("left", _TITLES, rows)))
    if as_json:
        out.json(
            {"gallery": str(gallery)}
            | done.to_dict()
            | {"removed_in_segments": removed, "report": None if report is None else str(report)}
            | {"skipped": skips_as_json(skipped)}
        )
    else:
        _show(out, gallery, done, report, removed)
    reached = done.changed or done.same or done.current or not done.fingers
    return Exit.DONE if reached else Exit.NOTHING


def _show(
    out: Output, gallery: Path, done: ReExtraction, report: Path | None, removed: int
) -> None:
    if not done.fingers:
        out.print(f"there was nothing to do: all is by {done.extractor}")
        return
    fingers, subjects = counted(done.changed, "finger"), counted(done.changed_subjects, "subject")
    out.print(
        f"extracted {fingers} of {subjects} again, by {done.extractor}"
        + (f"; {done.same:,} came out the same" if done.same else "")
    )
    if done.left:
        causes = ", ".join(f"{count:,} {code}" for code, count in done.left.items())
        out.note(f"{counted(sum(done.left.values()), 'finger')} left as before: {causes}")
        if "no-resolution" in done.left:
            out.note("what to do: give the resolution of the scanner, for example: --dpi 500")
        if report is None:
            out.note("--report FILE.csv lists them")
    if report is not None:
        out.note(f"report: {report}")
    if removed:
        out.note(f"earlier templates lie in segments, unseen, until: {purge_command(gallery)}")


def _foretell(
    out: Output,
    path: Path,
    gallery: Gallery,
    kept: KeptPrints,
    parameters: ExtractionParameters | None,
    every: bool,
) -> int:
    from civid.fingerprint.parameters import extractor_name
    from civid.search import upkeep

    extractors = Counter[str]()
    subjects = fingers = without = 0
    for one in upkeep.outdated(gallery, parameters, every=every):
        subjects += 1
        fingers += len(one.fingers)
        extractors.update(one.fingers.values())
        without += sum(not kept.may_have(one.subject, position) for position in one.fingers)
    today = extractor_name(parameters)
    if out.as_json:
        made_by = [
            {"extractor": name or None, "fingers": count}
            for name, count in extractors.most_common()
        ]
        out.json(
            {"gallery": str(path), "dry_run": True, "extractor": today, "subjects": subjects}
            | {"fingers": fingers, "without_image": without, "due": made_by}
        )
    else:
        out.print(
            f"{counted(fingers, 'finger')} of {counted(subjects, 'subject')} would be extracted"
            f" again, by {today}; {without:,} of them have no image"
        )
    return Exit.DONE
