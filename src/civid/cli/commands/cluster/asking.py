"""``civid cluster search``, ``enroll`` and ``duplicates``: as of a gallery."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, cast

from civid.cli.commands.cluster.opening import Address, Home, joined
from civid.cli.console.evidence import (
    EXTRAPOLATED,
    candidate_as_json,
    candidates_table,
    fingers_in_words,
)
from civid.cli.console.fingers import assign, extractors_of, read_fingers
from civid.cli.console.folder_report import show_skipped
from civid.cli.console.options import (
    AUTO,
    DEFAULT_NAMES,
    AsJson,
    Checkpoint,
    Dpi,
    Finger,
    Limit,
    MaxFpir,
    Method,
    MinScore,
    Names,
    NewSubject,
    PairsOutput,
    PrintFolder,
    Probe,
    Quiet,
    Rows,
    SubjectPrints,
    Swapped,
    Threads,
    extraction_of,
    thread_count,
)
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.console.pair_files import PairFile, pair_as_json
from civid.cli.console.problems import Exit, Problem, of_checkpoint, usage
from civid.dedup.folder.enrolling import enroll_prints
from civid.dedup.folder.grouping import find_prints, group, skips_as_json
from civid.dedup.folder.naming import NamePattern
from civid.errors import GalleryStorageError, SearchError

if TYPE_CHECKING:
    from civid.fingerprint.parameters import ExtractionParameters
    from civid.search import Gallery


def search(
    home: Home,
    images: Probe,
    position: Finger = None,
    limit: Limit = 10,
    max_fpir: MaxFpir = 1e-3,
    min_score: MinScore = None,
    swapped: Swapped = False,
    address: Address = None,
    method: Method = AUTO,
    dpi: Dpi = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Search a cluster. Exit code 0: there are candidates, 1: none, 4: a shard is missing."""
    out = Output(as_json=as_json, quiet=quiet)
    fingers = read_fingers(assign(images, position), dpi, extraction=extraction_of(method))
    with joined(home, address) as cluster:
        size = len(cluster)
        wanted = cluster.threshold(max_fpir) if min_score is None else min_score
        start = time.perf_counter()
        found = cluster.search(fingers, limit=limit, min_score=wanted, swapped=swapped)
        seconds = time.perf_counter() - start
    if as_json:
        out.json(
            {
                "cluster": str(home),
                "subjects": size,
                "complete": True,
                "extractors": extractors_of(fingers.values()),
                "min_score": round(wanted, 3),
                "seconds": round(seconds, 6),
                "candidates": list(map(candidate_as_json, found)),
            }
        )
        return Exit.DONE if found else Exit.NOTHING
    if not found:
        out.print(f"nobody among {size:,} subjects reaches a score of {wanted:.1f}")
        return Exit.NOTHING
    out.print(candidates_table(found))
    out.note(f"{size:,} subjects searched in {seconds * 1000:.1f} ms; all shards have answered")
    out.note("by chance: how often a search for somebody who is not here scores as high;")
    out.note(EXTRAPOLATED)
    return Exit.DONE


def enroll(
    home: Home,
    subject: NewSubject = None,
    images: SubjectPrints = None,
    folder: PrintFolder = None,
    name: Names = None,
    position: Finger = None,
    address: Address = None,
    method: Method = AUTO,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Enrol one subject, or with --folder everybody in a folder. Done = on both replicas."""
    out = Output(as_json=as_json, quiet=quiet)
    by = extraction_of(method)
    if folder is not None:
        if subject is not None or images or position is not None:
            raise usage("with --folder the files' names say who and which finger")
        return _folder(out, home, address, folder, name or DEFAULT_NAMES, dpi, threads, by)
    if subject is None or not images:
        raise usage("a subject and its images, or --folder, are needed")
    templates = read_fingers(assign(images, position), dpi, extraction=by)
    with joined(home, address) as cluster:
        cluster.enroll(subject, templates)
        size = len(cluster)
    if as_json:
        made_by = extractors_of(templates.values())
        out.json({"cluster": str(home), "subjects": size, "enrolled": 1, "extractors": made_by})
    else:
        out.print(f"enrolled with {counted(len(templates), 'finger')}, on both replicas; "
                  f"{home} holds {counted(size, 'subject')}")  # fmt: skip
    return Exit.DONE


def _folder(
    out: Output,
    home: Path,
    address: str | None,
    folder: Path,
    name: str,
    dpi: float | None,
    threads: int | None,
    by: ExtractionParameters | None,
) -> int:
    enrolments, unnamed = group(find_prints(folder), folder, NamePattern.parse(name))
    if not enrolments:
        raise Problem("empty-folder", f"{folder}: no file is named like {name}")
    with joined(home, address) as cluster, out.resumable(), out.progress("Enrolling") as progress:
        done = enroll_prints(
            cast("Gallery", cluster),  # has what this asks for
            enrolments,
            dpi=dpi,
            threads=thread_count(threads),
            progress=progress,
            parameters=by,
        )
        size = len(cluster)
    skipped = unnamed + done.skipped
    if out.as_json:
        out.json(
            {
                "cluster": str(home),
                "subjects": size,
                "enrolled": done.enrolled,
                "reused": done.reused,
                "extractors": dict(done.extractors),
                "skipped": skips_as_json(skipped),
            }
        )
    else:
        out.print(
            f"enrolled {counted(done.enrolled, 'subject')}"
            + (f", {done.reused:,} were enrolled already" if done.reused else "")
            + f"; {home} holds {counted(size, 'subject')}"
        )
        show_skipped(out, skipped)
    return Exit.DONE if done.enrolled or done.reused else Exit.NOTHING


def duplicates(
    home: Home,
    max_fpir: MaxFpir = 1e-3,
    min_score: MinScore = None,
    swapped: Swapped = False,
    checkpoint: Checkpoint = None,
    out_file: PairsOutput = None,
    rows: Rows = 20,
    address: Address = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Who is in the cluster twice? Exit code 0: some are, 1: nobody is."""
    out = Output(as_json=as_json, quiet=quiet)
    with ExitStack() as stack:
        cluster = stack.enter_context(joined(home, address))
        file = None if out_file is None else stack.enter_context(PairFile(out_file))
        progress = stack.enter_context(out.progress("Blocks"))
        found = []
        try:
            for one in cluster.duplicates(
                max_fpir=max_fpir if min_score is None else None,
                min_score=min_score or 0.0,
                swapped=swapped,
                checkpoint=checkpoint,
                on_progress=progress,
            ):
                found.append(one)
                if file is not None:
                    file.write(one)
        except SearchError as error:
            if checkpoint is None:
                raise
            raise of_checkpoint(checkpoint, error) from error
        except GalleryStorageError as error:
            if checkpoint is None:
                raise
            raise Problem("not-written", f"{checkpoint}: {error}") from error
        except KeyboardInterrupt:
            if checkpoint is None:
                out.note("nothing is kept: give --checkpoint FILE to go on next time")
            else:
                out.note(f"the same command goes on from there ({checkpoint})")
            raise
        size = len(cluster)
    found.sort(key=lambda one: -one.score)
    if as_json:
        out.json({"cluster": str(home), "subjects": size, "complete": True,
                  "duplicates": list(map(pair_as_json, found))})  # fmt: skip
        return Exit.DONE if found else Exit.NOTHING
    if found:
        made = table("", "score", "subject", "other", "fingers", right=("score",))
        for one in found[:rows]:
            add_row(made, f"{one.score:.1f}", one.subject, one.other,
                    fingers_in_words(one.evidence))  # fmt: skip
        out.print(made)
    out.print(f"{counted(len(found), 'pair')} among {counted(size, 'subject')}")
    return Exit.DONE if found else Exit.NOTHING
