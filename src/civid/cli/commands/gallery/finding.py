"""``civid gallery duplicates``: who is here twice, or here and in another gallery?"""

from __future__ import annotations

import heapq
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from civid.cli.commands.gallery.reviews import ReviewOptions, write_reviews
from civid.cli.console.evidence import chance, fingers_in_words, threshold_in_words
from civid.cli.console.galleries import look_all_round, open_gallery
from civid.cli.console.options import (
    AsJson,
    Checkpoint,
    Dpi,
    Exact,
    GalleryFolder,
    Keys,
    MaxFpir,
    MinScore,
    Names,
    PairsOutput,
    Quiet,
    Rows,
    Swapped,
    Threads,
    Turned,
    thread_count,
)
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.console.pair_files import PairFile, pair_as_json
from civid.cli.console.problems import Exit, Problem, of_checkpoint
from civid.cli.language.choice import Language, spoken
from civid.dedup.review.groups import as_json as as_json_of
from civid.dedup.review.groups import groups_of
from civid.errors import GalleryStorageError, SearchError

if TYPE_CHECKING:
    from civid.dedup.review.page import Facts
    from civid.search import Duplicate, Gallery, OperatingPoint


@dataclass(slots=True)
class _Run:
    """One run: what it compares, and what became of it."""

    subjects: int
    others: int | None  #: None = within one gallery
    method: str
    max_fpir: float | None
    min_score: float
    keep: int | None  #: how many of the best pairs; None = all
    pairs: int = 0
    done: float = 0.0
    seconds: float = 0.0
    resumed: bool = False  #: the seconds are those of the rest
    best: list[tuple[float, int, Duplicate]] = field(default_factory=list)

    @property
    def searched(self) -> int:
        """With how many each subject is compared."""
        return max(self.subjects - 1, 0) if self.others is None else self.others

    @property
    def comparisons(self) -> int:
        """Pairs of subjects."""
        within = self.subjects * (self.subjects - 1) // 2
        return within if self.others is None else self.subjects * self.others

    def take(self, one: Duplicate) -> None:
        """Count a pair, and keep it if it is one of the best."""
        self.pairs += 1
        item = (float(one.score), -self.pairs, one)
        if self.keep is None or len(self.best) < self.keep:
            heapq.heappush(self.best, item)
        else:
            heapq.heappushpop(self.best, item)

    def ranked(self) -> list[Duplicate]:
        """Best first, the one found first among equals."""
        return [one for *_, one in sorted(self.best, key=lambda item: item[:2], reverse=True)]


def duplicates(
    gallery: GalleryFolder,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="OTHER", help="Compare with this gallery (the centre's) instead of within."
        ),
    ] = None,
    max_fpir: MaxFpir = 1e-3,
    min_score: MinScore = None,
    swapped: Swapped = False,
    turned: Turned = False,
    exact: Exact = False,
    checkpoint: Checkpoint = None,
    out_file: PairsOutput = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="For a clerk: groups with files, fingers and scores; .csv, .xlsx, or .html with"
            " the prints in it. May be given several times.",
        ),
    ] = None,
    prints: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The prints of GALLERY, for files and pictures."),
    ] = None,
    prints_against: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The same of OTHER.")
    ] = None,
    name: Names = None,
    dpi: Dpi = None,
    max_pictures: Annotated[
        int, typer.Option(metavar="N", help="At most so many fingers drawn in the page.", min=0)
    ] = 100,
    rows: Rows = 20,
    keys: Keys = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Who is enrolled twice? Exit code 0: some are, 1: nobody is."""
    out = Output(as_json=as_json, quiet=quiet)
    review = ReviewOptions(
        tuple(report or ()), prints, prints_against, name, dpi, max_pictures, _page_language()
    )
    review.check(against=against is not None, taken=[out_file, checkpoint])
    file = None if out_file is None else PairFile(out_file)
    sources = review.sources(out, against=against is not None)
    with ExitStack() as stack:
        opened = stack.enter_context(open_gallery(gallery, keys=keys, read_only=True, exact=exact))
        if turned:
            look_all_round(opened)
        other = None
        if against is not None:
            other = stack.enter_context(open_gallery(against, keys=keys, read_only=True))
        run = _plan(opened, other, max_fpir, min_score, keep=None if as_json or report else rows)
        if file is not None:
            stack.enter_context(file)
        try:
            _compare(run, opened, other, out, file, swapped, checkpoint, thread_count(threads))
        except KeyboardInterrupt:
            _stopped(out, run, checkpoint)
            raise
        found = run.ranked()
        names = [str(gallery)] if against is None else [str(gallery), str(against)]
        groups = groups_of(found, names, sources) if as_json or report else []
        if report:
            both = [opened] if other is None else [opened, other]
            write_reviews(review, groups, _facts(run, names, _page_language()), both, out)
    if as_json:
        out.json(
            {
                "gallery": str(gallery),
                "against": None if against is None else str(against),
                "subjects": run.subjects,
                "subjects_against": run.others,
                "comparisons": run.comparisons,
                "method": run.method,
                "max_fpir": run.max_fpir,
                "min_score": round(run.min_score, 3),
                "operating_point": None if run.max_fpir is None else _point(run).to_dict(),
                "seconds": round(run.seconds, 3),
                "resumed": run.resumed,
                "duplicates": list(map(pair_as_json, found)),
                "groups": list(map(as_json_of, groups)),
                "reports": [str(path) for path in report or ()],
                "out": None if out_file is None else str(out_file),
            }
        )
    else:
        _show(out, run, found[:rows], out_file)
    return Exit.DONE if found else Exit.NOTHING


def _plan(
    gallery: Gallery,
    other: Gallery | None,
    max_fpir: float,
    min_score: float | None,
    keep: int | None,
) -> _Run:
    from civid.search import threshold

    others = None if other is None else len(other)
    run = _Run(
        subjects=len(gallery),
        others=others,
        method=gallery.method(other),
        max_fpir=max_fpir if min_score is None else None,
        min_score=0.0 if min_score is None else min_score,
        keep=keep,
    )
    if min_score is None:
        run.min_score = threshold(max_fpir, run.searched)
    return run


def _compare(
    run: _Run,
    gallery: Gallery,
    other: Gallery | None,
    out: Output,
    file: PairFile | None,
    swapped: bool,
    checkpoint: Path | None,
    threads: int,
) -> None:
    run.resumed = checkpoint is not None and checkpoint.is_file() and checkpoint.stat().st_size > 0
    start = time.perf_counter()
    with out.progress("Comparing") as progress:

        def show(done: int, total: int) -> None:
            run.done = done / max(total, 1)
            progress(done, total)

        try:
            found = gallery.duplicates(
                other,
                max_fpir=None,
                min_score=run.min_score,
                swapped=swapped,
                checkpoint=checkpoint,
                threads=threads,
                on_progress=show,
            )
        except SearchError as error:
            if checkpoint is None:
                raise
            raise of_checkpoint(checkpoint, error) from error
        except GalleryStorageError as error:
            raise Problem("not-written", f"{checkpoint}: {error}") from error
        if run.resumed:
            out.note(f"going on from {checkpoint}")
        for one in found:
            run.take(one)
            if file is not None:
                file.write(one)
    run.seconds = time.perf_counter() - start


def _stopped(out: Output, run: _Run, checkpoint: Path | None) -> None:
    done = f"stopped after {run.done:.1%} of the pairs"
    if checkpoint is None:
        out.note(f"{done}; nothing is kept: give --checkpoint FILE to go on next time")
    else:
        out.note(f"{done}; the same command goes on from there ({checkpoint})")


def _show(out: Output, run: _Run, found: list[Duplicate], file: Path | None) -> None:
    if found:
        title = counted(run.pairs, "pair") + (
            f", the best {len(found):,}" if run.pairs > len(found) else ""
        )
        here = "is the same as" if run.others is None else "is over there"
        made = table(title, "subject", here, "score", "by chance", "fingers", right=("score",))
        for one in found:
            rate = chance(_fpir(one.score, run.searched)) if one.calibrated else "not calibrated"
            cells = [f"{one.score:.1f}", rate]
            add_row(made, one.subject, one.other, *cells, fingers_in_words(one.evidence))
        out.print(made)
        out.note(threshold_in_words(None if run.max_fpir is None else _point(run)))
    else:
        out.print("no duplicates")
    how = "" if run.method == "exact" else ", prefiltered (--exact compares all in full)"
    whom = (
        f"{run.subjects:,} subjects"
        if run.others is None
        else f"{run.subjects:,} subjects with {run.others:,}"
    )
    out.print(
        f"{whom}, {run.comparisons:,} pairs compared, the rest of them in {run.seconds:.2f} s{how}"
        if run.resumed
        else f"{whom}, {run.comparisons:,} pairs compared in {run.seconds:.2f} s{how}",
        f"pairs are reported from score {run.min_score:.1f} on"
        + (" (--min-score)" if run.max_fpir is None else f": --max-fpir {run.max_fpir:g}"),
    )
    if file is not None:
        out.note(f"all pairs are in {file}")
    elif run.pairs > len(found):
        out.note("--output FILE.csv writes all pairs, --rows N shows more")


def _point(run: _Run) -> OperatingPoint:
    from civid.search import OperatingPoint

    return OperatingPoint.of(run.max_fpir or 0.0, run.searched)


def _page_language() -> Literal["en", "vi"]:
    """Pages for clerks are Vietnamese, unless English was asked for."""
    return "vi" if spoken(Language.VI) is Language.VI else "en"


def _facts(run: _Run, galleries: list[str], language: Literal["en", "vi"]) -> Facts:
    from civid.dedup.review.page import Facts
    from civid.search import OperatingPoint

    subjects = (run.subjects,) if run.others is None else (run.subjects, run.others)
    if run.max_fpir is None:
        statement = f"--min-score {run.min_score:g}"
    else:
        point = OperatingPoint.of(run.max_fpir, run.searched)
        statement = point.statement(language)
    return Facts(tuple(galleries), subjects, statement)


def _fpir(score: float, searched: int) -> float:
    from civid.search import fpir

    return fpir(score, searched)
