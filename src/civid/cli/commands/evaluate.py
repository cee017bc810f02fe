"""``civid evaluate``: how often do civid and its peers err on sets of prints?"""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.options import (
    AsJson,
    Dpi,
    Parameters,
    Quiet,
    Threads,
    read_parameter_file,
    thread_count,
)
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, not_written, usage
from civid.dedup.folder.naming import NamePattern

if TYPE_CHECKING:
    from civid.lab.report.text_tables import Table


def evaluate(
    sets: Annotated[
        list[Path],
        typer.Argument(
            metavar="SET...",
            help="Folders of finger_impression.png (also .xyt, ISO records), manifests, or CSV"
            " files of minutiae.",
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="Folder for the report; a second run into it goes on from there.",
        ),
    ],
    matcher: Annotated[
        list[str] | None,
        typer.Option(
            "--matcher",
            "-m",
            help="civid, sourceafis, nbis, bozorth3, leader+sourceafis, module:name, or"
            " EXTRACTOR+MATCHER; give it several times to compare. Default: civid.",
        ),
    ] = None,
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            help="all-pairs, fvc, cross, ten-finger, search; give it several times."
            " Default: all-pairs."
        ),
    ] = None,
    pool: Annotated[
        bool, typer.Option("--pool", help="Take all sets for one: impostors across them too.")
    ] = False,
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--same-finger",
            metavar="SET:FINGER=SET:FINGER",
            help="These two are one finger: leave their comparisons out.",
        ),
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(
            "--filename-pattern",
            metavar="PATTERN",
            help="How files are named, for example '{person}_{position}_{impression}'; all fields"
            " but {impression} make the finger. Default: FINGER_IMPRESSION.",
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Compute all again, whatever an earlier run has kept.")
    ] = False,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="SETs are folders of earlier runs (their --output): rank their systems on the"
            " sets that they share.",
        ),
    ] = False,
    pictures: Annotated[
        int, typer.Option(help="Draw so many of the worst pairs of each kind.", min=0)
    ] = 4,
    rounds: Annotated[int, typer.Option(help="Rounds of the bootstrap.", min=20)] = 500,
    parameters: Parameters = None,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Measure error rates, with counts and intervals, into a report; or compare earlier runs.

    The report shows prints: keep it where the prints may be kept.
    """
    from civid.cli.commands.demo import Steps
    from civid.lab import report
    from civid.lab.errors import EvaluationError
    from civid.lab.evaluation import Lab, pooled, read_set
    from civid.lab.evaluation import evaluate as run
    from civid.lab.evaluation.plans import known_in
    from civid.lab.evaluation.suspicions import suspicions
    from civid.lab.peers import load_system

    out = Output(as_json=as_json, quiet=quiet)
    if compare:
        if matcher or protocol or pool or same or pattern or fresh or dpi or parameters:
            raise usage("--compare takes runs, not sets", "give it with --output and --rounds only")
        return _compare(sets, to, rounds, out)
    given = None if parameters is None else read_parameter_file(parameters)
    pairs = frozenset(_same(words) for words in same or ())
    names = NamePattern.parse(pattern) if pattern else None
    read = [read_set(path, dpi=dpi, pattern=names) for path in sets]
    if len({one.name for one in read}) < len(read):
        raise usage("two of the sets have the same name", "give each one once")
    if pool:
        read = [pooled(read)]
    elif pairs:
        raise usage(
            "--same-finger needs --pool", "without it sets are not compared with each other"
        )
    left_out = [*(same or ()), *(str(one) for prints in read for one in known_in(prints))]
    with ExitStack() as stack:
        systems = []
        for name in dict.fromkeys(matcher or ["civid"]):
            systems.append(load_system(name, given))
            stack.callback(systems[-1].close)
        try:
            with Steps(out) as steps:
                lab = Lab(to, thread_count(threads), rounds, pairs, steps.show, fresh)
                verifications, identifications = run(
                    read, systems, lab, list(dict.fromkeys(protocol or ["all-pairs"]))
                )
                command = shlex.join(["civid", *sys.argv[1:]])
                doubts = suspicions(read, verifications)
                known = report.facts(command, systems, left_out, doubts, lab.store.reused)
                files = report.write(
                    to,
                    verifications,
                    identifications,
                    systems,
                    lab,
                    known,
                    pictures=pictures,
                    on_progress=lambda done, total: steps.show("drawing", done, total),
                )
        except EvaluationError:
            raise
        except OSError as error:
            raise not_written(to, error) from error
    if as_json:
        out.json(report.document(verifications, identifications, known))
        return Exit.DONE
    from civid.lab.report.text_tables import identification_table, verification_tables

    for rows in verification_tables(verifications):
        _show(out, rows)
    if identifications:
        _show(out, identification_table(identifications))
    for one in verifications:
        if one.acquired.failures:
            failed = len(one.acquired.failures)
            out.note(f"{one.system} failed on {failed} prints of {one.set_name}; see the report")
    for doubt in known.suspicions:
        out.note(doubt.message)
    if lab.store.reused:
        out.note(f"reused {lab.store.reused:,} results of an earlier run (--fresh: none)")
    out.note(f"report: {files[0]}")
    return Exit.DONE


def _compare(runs: list[Path], to: Path, rounds: int, out: Output) -> int:
    from civid.lab.leaderboard import board_table, boards, write_boards

    found = boards(runs, rounds=rounds)
    try:
        files = write_boards(to, found, runs)
    except OSError as error:
        raise not_written(to, error) from error
    if out.as_json:
        out.json({"boards": [one.as_dict() for one in found]})
        return Exit.DONE
    for one in found:
        _show(out, board_table(one))
        if len(one.entries) == 1:
            out.note(f"{one.set_name}, {one.protocol}: one run only has these prints")
    out.note(f"leaderboard: {files[0]}")
    return Exit.DONE


def _show(out: Output, rows: Table) -> None:
    made = table(rows.title, *rows.columns, right=rows.columns[rows.numbers :])
    for row in rows.rows:
        add_row(made, *row, style="bold" if row[0].startswith("mean of") else "")
    out.print(made)


def _same(words: str) -> frozenset[tuple[str, str]]:
    names = [tuple(name.rpartition(":")[::2]) for name in words.split("=")]
    pair = frozenset((str(name[0]), str(name[1])) for name in names)
    if len(names) != 2 or len(pair) != 2 or not all(a and b for a, b in pair):
        raise usage(f"--same-finger {words}: two names like SET:FINGER=SET:FINGER are needed")
    return pair
