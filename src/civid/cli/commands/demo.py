"""``civid demo``: the main job from end to end, on data that it makes itself."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.dedup_tables import truth_table
from civid.cli.console.options import AsJson, MaxFpir, Quiet, Threads, thread_count
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, not_written
from civid.cli.language.sentences import say
from civid.dedup.truth import ordered

if TYPE_CHECKING:
    from civid.cli.console.output import Progress
    from civid.lab.demo import Demo


def demo(
    to: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="PATH", help="Folder for prints, picture and report."
        ),
    ] = Path("civid-demo"),
    citizens: Annotated[
        int, typer.Option(metavar="N", help="How many people there are.", min=2)
    ] = 200,
    repeated: Annotated[
        int,
        typer.Option(metavar="N", help="How many of them enrol twice, under two numbers.", min=0),
    ] = 20,
    max_fpir: MaxFpir = 1e-4,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Another seed, another population.", min=0)
    ] = 1,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Enrol synthetic citizens, some twice, and find them. Takes minutes, the next time seconds."""
    from civid.lab.demo import run

    out = Output(as_json=as_json, quiet=quiet)
    try:
        with Steps(out) as steps:
            done = run(
                to,
                citizens=citizens,
                repeated=min(repeated, citizens),
                max_fpir=max_fpir,
                seed=seed,
                threads=thread_count(threads),
                on_progress=steps.show,
            )
    except OSError as error:
        raise not_written(to, error) from error
    if as_json:
        out.json(done.as_dict())
    else:
        _show(out, done)
    return Exit.DONE if done.duplicates else Exit.NOTHING


class Steps:
    """One progress bar after the other."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._bars = ExitStack()
        self._step = ""
        self._progress: Progress = lambda done, total: None

    def __enter__(self) -> Steps:
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.close()

    def show(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self._bars.close()
            self._step = step
            self._progress = self._bars.enter_context(self._out.progress(step))
        self._progress(done, total)


def _show(out: Output, done: Demo) -> None:
    found, false = set(done.truth.found), set(done.truth.false)
    made = table(
        f"{len(done.duplicates)} duplicates found among {done.enrolments:,} enrolments",
        *("enrolment", "is the same person as", "score", "fingers", "truth"),
        right=("score", "fingers"),
    )
    for one in done.duplicates:
        pair = ordered(one.subject, one.other)
        verdict = say("right" if pair in found else "FALSE")
        add_row(
            made,
            one.subject,
            one.other,
            f"{one.score:.1f}",
            str(len(one.evidence)),
            verdict,
            style="bold red" if pair in false else "",
        )
    for a, b in done.truth.missed:
        add_row(made, a, b, f"< {done.min_score:.1f}", "", say("MISSED"), style="yellow")
    seconds = done.seconds
    out.print(
        made,
        truth_table(done.truth),
        f"the {done.prints:,} prints were there from an earlier run of the same people"
        if done.reused
        else f"made {done.prints:,} prints in {seconds['make prints']:.1f} s",
        f"read and extracted them in {seconds['extract']:.1f} s "
        f"({done.prints_per_second:,.0f} prints/s)",
        f"compared all enrolments in {seconds['compare']:.2f} s "
        f"({done.comparisons_per_second:,.0f} finger comparisons/s)",
        f"everything is in {done.folder}/: prints, truth.csv, report.json"
        + ("" if done.picture is None else f"; a matched pair is drawn in {done.picture}"),
    )
