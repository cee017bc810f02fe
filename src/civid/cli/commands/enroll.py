"""``civid enroll``: put subjects into a gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.fingers import Files, assign, extractors_of, read_fingers
from civid.cli.console.folder_report import check_report_name, show_skipped, write_report
from civid.cli.console.galleries import (
    SecondExtractor,
    note_faster,
    open_gallery,
    second_as_json,
    seen_extractors,
)
from civid.cli.console.options import (
    AUTO,
    DEFAULT_NAMES,
    AsJson,
    Dpi,
    ExtractionFile,
    Finger,
    Keys,
    Method,
    MinMinutiae,
    MinQuality,
    Names,
    NewSubject,
    PrintFolder,
    Quiet,
    SubjectPrints,
    Threads,
    chosen_extraction,
    gate_of,
    thread_count,
)
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, Problem, exit_of, usage
from civid.dedup.folder.enrolling import EnrolmentReport, enroll_prints
from civid.dedup.folder.grouping import find_prints, group, skips_as_json
from civid.dedup.folder.naming import NamePattern
from civid.dedup.folder.outcomes import outcomes_of
from civid.errors import GalleryStorageError

if TYPE_CHECKING:
    from civid.cli.console.options import ChosenExtraction
    from civid.fingerprint.gate import Gate
    from civid.search import Gallery


def enroll(
    gallery: Annotated[
        Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery; made when missing.")
    ],
    subject: NewSubject = None,
    images: SubjectPrints = None,
    folder: PrintFolder = None,
    name: Names = None,
    min_quality: MinQuality = None,
    min_minutiae: MinMinutiae = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --folder: a row a print, what became of it and what to do, in English and"
            " Vietnamese; .csv, .xlsx or .json.",
        ),
    ] = None,
    position: Finger = None,
    method: Method = AUTO,
    parameters: ExtractionFile = None,
    keys: Keys = None,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Enrol in a gallery: one subject, or with --folder everybody in a folder."""
    out = Output(as_json=as_json, quiet=quiet)
    gate = gate_of(min_quality, min_minutiae)
    by = chosen_extraction(method, parameters)
    if folder is None:
        if report is not None:
            raise usage("--report goes with --folder")
        if subject is None or not images:
            raise usage("a subject and its images, or --folder, are needed")
        if name is not None:
            raise usage("--filename-pattern goes with --folder")
        return _one(out, gallery, keys, subject, assign(images, position), dpi, gate, by)
    if subject is not None or images or position is not None:
        raise usage("with --folder the files' names say who and which finger", "leave out the rest")
    check_report_name(report)
    return _folder(
        out, gallery, keys, folder, name or DEFAULT_NAMES, dpi, threads, gate, by, report
    )


def _one(
    out: Output,
    path: Path,
    keys: Path | None,
    subject: str,
    files: Files,
    dpi: float | None,
    gate: Gate | None,
    by: ChosenExtraction,
) -> int:
    templates = read_fingers(files, dpi, gate, by.parameters)
    made_by = extractors_of(templates.values())
    with open_gallery(path, keys=keys) as gallery:
        before = seen_extractors(gallery)
        gallery.enroll(subject, templates)
        size, told = len(gallery), gallery.describe()
    second = SecondExtractor.of(path, before, made_by, ("FOLDER", *by.words))
    if out.as_json:
        out.json(
            {"gallery": str(path), "subjects": size, "enrolled": 1, "fingers": len(templates)}
            | {"extractors": made_by}
            | second_as_json(second)
        )
    else:
        out.print(
            f"enrolled with {counted(len(templates), 'finger')}; {path} holds "
            f"{counted(size, 'subject')}"
        )
    if second is not None:
        second.note(out)
    note_faster(out, path, told)
    return 0


def _folder(
    out: Output,
    path: Path,
    keys: Path | None,
    folder: Path,
    name: str,
    dpi: float | None,
    threads: int | None,
    gate: Gate | None,
    by: ChosenExtraction,
    report: Path | None,
) -> int:
    pattern = NamePattern.parse(name)
    enrolments, unnamed = group(find_prints(folder), folder, pattern)
    if not enrolments:
        raise Problem(
            "empty-folder",
            f"{folder}: no file is named like {name}",
            "say how the files are named with --filename-pattern",
        )
    with open_gallery(path, keys=keys) as gallery:
        before = seen_extractors(gallery)
        with out.resumable(), out.progress("Enrolling") as progress:
            done: EnrolmentReport = enroll_prints(
                gallery,
                enrolments,
                dpi=dpi,
                threads=thread_count(threads),
                progress=progress,
                gate=gate,
                parameters=by.parameters,
            )
        size = len(gallery)
        if gallery.describe().wasteful:
            _fold(out, gallery, thread_count(threads))
    skipped = unnamed + done.skipped
    outcomes = outcomes_of(unnamed, done.outcomes)
    if report is not None:
        write_report(outcomes, report)
    refused = sum(one.outcome == "refused" for one in outcomes)
    named = () if name == DEFAULT_NAMES else ("--filename-pattern", name)
    again = (str(folder), *named, *by.words)
    second = SecondExtractor.of(path, before, done.extractors, again)
    if out.as_json:
        out.json(
            {
                "gallery": str(path),
                "subjects": size,
                "enrolled": done.enrolled,
                "reused": done.reused,
                "extended": done.extended,
                "refused": refused,
                "fingers": done.prints,
                "extractors": dict(sorted(done.extractors.items())),
                **second_as_json(second),
                "skipped": skips_as_json(skipped),
                "prints": [one.to_dict() for one in outcomes],
            }
        )
    else:
        out.print(
            f"enrolled {counted(done.enrolled, 'subject')} with "
            f"{counted(done.prints, 'print')}"
            + (f", {done.reused:,} were enrolled already" if done.reused else "")
            + (f", {done.extended:,} got more fingers" if done.extended else "")
            + (f", {counted(refused, 'print')} refused" if refused else "")
            + f"; {path} holds {counted(size, 'subject')}"
        )
        show_skipped(out, skipped)
        if report is not None:
            out.note(f"report: {report}")
        if second is not None:
            second.note(out)
    if not done.present and done.failed is not None:
        return exit_of(done.failed)
    return Exit.DONE if done.present else Exit.NOTHING


def _fold(out: Output, gallery: Gallery, threads: int) -> None:
    """Everybody is enrolled already: what goes wrong here can be done later."""
    try:
        with out.progress("Folding") as progress:
            gallery.compact(threads=threads, on_progress=progress)
    except GalleryStorageError as error:
        out.note(f"what was enrolled could not be folded into segments: {error}")
