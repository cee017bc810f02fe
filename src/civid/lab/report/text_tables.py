"""The figures as rows of text: what the command prints, and what the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civid.lab.evaluation.results import Identification, Interval, Verification, label
from civid.lab.metrics import LIMITS, OperatingPoint, rule_of_three
from civid.lab.tables.breakdowns import by_finger


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, column names, rows; the columns from ``numbers`` on are numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 2


def verification_tables(results: Sequence[Verification]) -> list[Table]:
    """One table a protocol."""
    protocols = dict.fromkeys(one.protocol for one in results)
    return [
        verification_table([one for one in results if one.protocol == protocol])
        for protocol in protocols
    ]


def verification_table(results: Sequence[Verification]) -> Table:
    """One row a set and system; a mean row for each system that was run on several sets."""
    columns = (
        *("set", "system", "EER % (95 %)", "FMR100", "FMR1000 (95 %)", "FMR10000 (95 %)"),
        *("ZeroFMR", "genuine", "impostor", "failed", "ms", "cmp/s"),
    )
    rows = [_verification_row(one) for one in results]
    for system in dict.fromkeys(one.system for one in results):
        own = [one for one in results if one.system == system]
        if len(own) > 1:
            rows.append(_mean_row(system, own))
    resampled = " or ".join(sorted({one.resampled for one in results}))
    title = f"1:1, {results[0].protocol}; FNMR in %, intervals by {resampled}"
    return Table(title, columns, tuple(rows))


def _verification_row(one: Verification) -> tuple[str, ...]:
    points = {label(point.limit): point for point in one.points}
    speed = one.compared.per_second
    milliseconds = one.acquired.milliseconds
    return (
        one.set_name,
        one.system,
        equal_error(one),
        miss(points["FMR100"]),
        miss(points["FMR1000"], one.intervals.get("fmr1000")),
        miss(points["FMR10000"], one.intervals.get("fmr10000")),
        miss(one.zero_fmr),
        f"{len(one.genuine):,}",
        f"{len(one.impostor):,}",
        f"{len(one.acquired.failures)}",
        "" if milliseconds is None else f"{milliseconds:.1f}",
        "" if speed is None else f"{speed:,.0f}",
    )


def _mean_row(system: str, results: Sequence[Verification]) -> tuple[str, ...]:
    def mean(index: int) -> str:
        values = [one.points[index].rate for one in results]
        known = [value for value in values if value is not None]
        return percent(float(np.mean(known))) if len(known) == len(values) else "not measurable"

    return (
        f"mean of {len(results)} sets",
        system,
        percent(float(np.mean([one.eer.value for one in results]))),
        *(mean(index) for index in range(len(LIMITS))),
        percent(float(np.mean([one.zero_fmr.misses / one.zero_fmr.genuine for one in results]))),
        f"{sum(len(one.genuine) for one in results):,}",
        f"{sum(len(one.impostor) for one in results):,}",
        f"{sum(len(one.acquired.failures) for one in results)}",
        "",
        "",
    )


def identification_table(results: Sequence[Identification]) -> Table:
    """One row a set and system."""
    limits = [point.limit for point in results[0].fnir]
    columns = (
        *("set", "system", "rank-1 % (95 %)"),
        *(f"FNIR at FPIR {100 * limit:g} %" for limit in limits),
        *("enrolled", "mated", "non-mated", "failed"),
    )
    rows = [
        (
            one.set_name,
            one.system,
            first_rank(one),
            *map(miss, one.fnir, one.fnir_intervals),
            f"{one.found.gallery:,}",
            f"{one.mated:,}",
            f"{int(one.found.unenrolled.sum()):,}",
            f"{len(one.acquired.failures)}",
        )
        for one in results
    ]
    how = "probes of fingers that are not enrolled"
    if results[0].found.leave_one_out:
        how = "each probe with its mate left out"
    return Table(f"1:N; FNIR in %; non-mated searches: {how}", columns, tuple(rows))


def worst_fingers(result: Verification, most: int = 8) -> Table | None:
    """The fingers with the most errors at the strictest threshold that can be measured."""
    found = by_finger(result)
    rows = [row for row in found.as_dicts() if row["misses"] + row["false_matches"] > 0]
    if not rows:
        return None
    rows.sort(key=lambda row: (-row["misses"], -row["false_matches"]))
    columns = ("finger", "misses", "false matches", "lowest genuine", "highest impostor")
    shown = tuple(
        (
            "/".join(part for part in (row["person"], row["finger"]) if part),
            f"{row['misses']} of {row['genuine']:,}",
            f"{row['false_matches']} of {row['impostor']:,}",
            _score(row["genuine_lowest"]),
            _score(row["impostor_highest"]),
        )
        for row in rows[:most]
    )
    title = f"{result.system}: fingers with the most errors ({found.about})"
    return Table(title, columns, shown, numbers=1)


def _score(value: float | None) -> str:
    return "failed" if value is None else f"{value:.4g}"


def equal_error(one: Verification) -> str:
    """An EER in % with its interval; without an error, the bound of the rule of three."""
    if one.eer.high == 0:
        return no_error(len(one.genuine))
    return percent(one.eer.value) + ends(one.intervals.get("eer"))


def first_rank(one: Identification) -> str:
    """Rank-1 in % with its interval; without a miss, the bound of the rule of three."""
    if one.found.hits(1) == one.mated:
        return f"100 (> {100 - 100 * rule_of_three(one.mated):.4g})"
    return percent(one.rank1) + ends(one.rank1_interval)


def miss(point: OperatingPoint, interval: Interval | None = None) -> str:
    """A miss rate in %, or why there is none; without a miss, the bound of the rule of three."""
    if point.rate is None:
        return "not measurable"
    if point.misses == 0:
        return f"0 (< {100 * point.upper:.2g})"
    return percent(point.rate) + ends(interval)


def no_error(trials: int) -> str:
    """What is said in % where none of so many went wrong: the bound of the rule of three.

    >>> no_error(30)
    '0 (< 10)'
    """
    return f"0 (< {100 * rule_of_three(trials):.2g})"


def percent(share: float) -> str:
    """A share as a number in per cent, two decimals."""
    return f"{100 * share:.2f}"


def ends(interval: Interval | None) -> str:
    """An interval behind its figure."""
    return "" if interval is None else f" ({percent(interval[0])}-{percent(interval[1])})"


def as_text(table: Table) -> str:
    """The table in columns of text, a line a row."""
    lines = [table.columns, *table.rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(table.columns))]
    text = [
        "  ".join(
            cell.rjust(width) if k >= table.numbers else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([table.title, *text])
