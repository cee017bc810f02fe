"""What ``civid dedup`` shows to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.cli.console.folder_report import show_skipped
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.language.sentences import say
from civid.dedup.folder.report import DedupReport, verdicts
from civid.dedup.truth import DuplicateReport

if TYPE_CHECKING:
    from rich.table import Table


def show(out: Output, outcome: DedupReport, rows: int) -> None:
    """Duplicates, the truth where it is known, and what was done."""
    if outcome.duplicates:
        out.print(_duplicates(outcome, rows))
    else:
        out.print("no duplicates")
    if outcome.truth is not None:
        out.print(truth_table(outcome.truth))
        if outcome.missed_scores:
            out.print(_missed(outcome, rows))
    compared = outcome.comparisons / max(outcome.comparison_seconds, 1e-9)
    out.print(
        _extraction(outcome),
        f"{outcome.subjects:,} enrolments, {outcome.comparisons:,} pairs compared in "
        f"{outcome.comparison_seconds:.2f} s ({compared:,.0f}/s)"
        + (", prefiltered (--exact compares all in full)" if outcome.method != "exact" else ""),
        _operating_point(outcome),
        *_groups(outcome),
    )
    show_skipped(out, outcome.skipped)
    if outcome.pictures:
        out.note(f"{len(outcome.pictures):,} pictures in {outcome.pictures[0].parent}")


def _extraction(outcome: DedupReport) -> str:
    made, reused, seconds = (
        outcome.filling.prints,
        outcome.filling.reused,
        outcome.extraction_seconds,
    )
    words = (
        f"{made:,} prints extracted in {seconds:.1f} s ({made / seconds:,.0f}/s)"
        if made
        else "no print extracted"
    )
    return words + (f"; {reused:,} enrolments were in the gallery already" if reused else "")


def _groups(outcome: DedupReport) -> list[str]:
    groups = outcome.groups
    if not groups:
        return []
    if len(groups) == 1:
        return [f"{len(groups[0]):,} enrolments are one group of duplicates"]
    return [
        f"{sum(map(len, groups)):,} enrolments are in {len(groups):,} groups of duplicates, "
        f"the largest has {len(groups[0]):,}"
    ]


def _operating_point(outcome: DedupReport) -> str:
    if outcome.max_fpir is None:
        return f"duplicates are reported from score {outcome.min_score:.1f} on (--min-score)"
    return (
        f"duplicates are reported from score {outcome.min_score:.1f} on: --max-fpir "
        f"{outcome.max_fpir:g} among {outcome.subjects:,} enrolments"
    )


def _duplicates(outcome: DedupReport, rows: int) -> Table:
    total = len(outcome.duplicates)
    found = counted(total, "duplicate")
    title = found + (f", the best {rows}" if total > rows else "")
    known = ["truth"] if outcome.truth is not None else []
    made = table(
        title, "enrolment", "is the same as", "score", "fingers", *known, right=("score", "fingers")
    )
    marked = list(zip(outcome.duplicates, verdicts(outcome), strict=True))
    for one, verdict in marked[:rows]:
        cells = [one.subject, one.other, f"{one.score:.1f}", str(len(one.evidence))]
        add_row(made, *cells, *([say(verdict)] if known else []), style=_style(verdict))
    # False ones matter most, so none of them is cut off.
    for one, verdict in marked[rows:]:
        if verdict == "false":
            cells = [one.subject, one.other, f"{one.score:.1f}", str(len(one.evidence))]
            add_row(made, *cells, say(verdict), style=_style(verdict))
    return made


#: What `verdicts` says of a pair.
_VERDICT_WORDS = ("true", "false", "unknown")


def _style(verdict: str) -> str:
    return "bold red" if verdict == "false" else ""


def truth_table(truth: DuplicateReport) -> Table:
    """Found, missed and false, each with its denominator."""
    numbers = ("count", "of", "share")
    made = table("Against the truth", "what", *numbers, right=numbers)
    lost = truth.repeated - truth.whole - truth.partly
    for what, count, of in (
        ("pairs found", len(truth.found), truth.same),
        ("pairs missed", len(truth.missed), truth.same),
        ("false pairs", len(truth.false), truth.different),
        ("repeated identities found whole", truth.whole, truth.repeated),
        ("repeated identities found in part", truth.partly, truth.repeated),
        ("repeated identities not found", lost, truth.repeated),
    ):
        share = f"{count / of:.2%}" if of else "-"
        add_row(made, what, f"{count:,}", f"{of:,}", share)
    made.caption = f"{truth.enrolments:,} enrolments of {truth.identities:,} identities"
    made.caption_justify = "left"
    return made


def _missed(outcome: DedupReport, rows: int) -> Table:
    total = len(outcome.missed_scores)
    title = f"{total:,} missed pairs" + (f", the {rows} closest" if total > rows else "")
    made = table(title, "enrolment", "is the same as", "score", right=("score",))
    for (a, b), score in list(outcome.missed_scores.items())[:rows]:
        add_row(made, a, b, "not enrolled" if score is None else f"{score:.1f}")
    return made
