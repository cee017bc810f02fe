"""Write the tables and plots of docs/explain/search.md from measured runs.

    python benchmarks/search/search_report.py [--add RUN.json ...]

A run is the JSON that `search_scale.py`, `search_loss.py`, `search_duplicates.py`,
`search_peers.py` or `scan_codes.py` prints. Those added are kept in ``docs/measured-search.json``;
a run of the same kind and size takes the place of an older one. A picture whose runs are as they
were is left alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from civid.lab.report.svg import COLOURS, Axis, Plot, percent

DOCS = Path(__file__).resolve().parents[2] / "docs"
KEPT, PAGE, PICTURES = DOCS / "measured-search.json", DOCS / "explain/search.md", DOCS / "pictures"
Run = dict[str, Any]
LARGE = 10_000  # subjects; below, the looks are too short to tell apart
STYLE = """<style>text{font-family:sans-serif;fill:#222}.title{font-size:14px;font-weight:bold}
.axis{font-size:12px}.tick,.name,.small{font-size:11px}.frame{fill:none;stroke:#888}
.grid{stroke:#ddd}.guide{stroke:#888;stroke-dasharray:3 3}
.curve{fill:none;stroke-width:2;stroke-linejoin:round}
"""
STYLE += "".join(f".s{number}{{stroke:{colour}}}" for number, colour in enumerate(COLOURS))
STYLE += '</style><rect width="100%" height="100%" fill="#fff"/>'


def identity(run: Run) -> tuple[Any, ...]:
    """Runs of the same identity replace each other."""
    names = ("kind", "subjects", "fingers", "threads", "backend")
    single = run["kind"] in ("peers", "codes")
    return tuple(run.get(name) for name in names[: 1 if single else 5])


def merged(kept: Sequence[Run], added: Iterable[Run]) -> list[Run]:
    """All runs, newer ones in the place of older ones, in an order that does not change."""
    runs = {identity(run): run for run in kept}
    runs.update((identity(run), run) for run in added)
    return [runs[key] for key in sorted(runs, key=lambda key: [(k is not None, k) for k in key])]


def of_kind(runs: Iterable[Run], kind: str) -> list[Run]:
    return [run for run in runs if run["kind"] == kind]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def between(text: str, name: str, new: str) -> str:
    """The page with what stands between two marks replaced.

    Raises
    ------
    ValueError
        A mark is missing.
    """
    begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page has no marks for {name}")
    return before + begin + new + "\n" + end + after


def share(count: int, of: int, interval: Sequence[float] | None = None) -> str:
    """A count as a share, with its interval where there is one."""
    if of == 0:
        return "0 of 0"
    text = f"{100 * count / of:.2f} % ({count:,} of {of:,}"
    return text + (f"; {100 * interval[0]:.2f} to {100 * interval[1]:.2f})" if interval else ")")


def machine(runs: Sequence[Run]) -> str:
    """Where and when, once for all runs of a table."""
    places = sorted({f"{r['cpu']}, {r['cores']} cores, {r['isa']}" for r in runs})
    dates = sorted({r["date"] for r in runs})
    loads = [r["load"] for r in runs]
    load = f"load when it began {min(loads)} to {max(loads)}"
    return f"({', '.join(dates)}; {'; '.join(places)}; {load})"


def times(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{r['subjects']:,}",
            str(r["fingers"]),
            str(r["threads"]),
            f"{1000 * r['search']['median_s']:.1f}",
            f"{1000 * r['search']['p99_s']:.1f}",
            f"{1000 * r['search_cpu']['median_s']:.1f}",
            f"{r['mated']['first']} of {r['mated']['searches']}",
            f"{1000 * r['open_s']:.1f}",
        )
        for r in runs
    ]
    heads = ("subjects", "fingers", "threads", "median, ms", "p99, ms", "median CPU, ms",
             "mate first", "open, ms")  # fmt: skip
    return table(heads, rows)


def looks(runs: Sequence[Run]) -> str:
    rows = []
    for r in runs:
        if "looks" not in r:
            continue
        spent, one = r["stages_one_thread_s"], r["looks"]
        # Runs of before 30 November 2026 call it the sift.
        prefilter = spent.get("prefilter", spent.get("sift", 0.0))
        rows.append(
            (
                f"{r['subjects']:,}",
                str(r["fingers"]),
                f"{1000 * one['first_look_s']:.1f}",
                f"{1000 * one['second_look_s']:.1f}",
                f"{1000 * spent.get('compare', 0):.1f}",
                f"{1000 * (spent['all'] - prefilter - spent.get('compare', 0)):.1f}",
                percent(one["share_of_popcounts"]),
                percent(one["share_of_bandwidth"]),
            )
        )
    heads = ("subjects", "fingers", "coarse stage, ms", "fine stage, ms", "compared in full, ms",
             "the rest, ms", "of the popcounts", "of the bandwidth")  # fmt: skip
    return table(heads, rows)


def sizes(runs: Sequence[Run]) -> str:
    rows = []
    for r in runs:
        b = r["bytes"]
        rows.append(
            (
                f"{r['subjects']:,}",
                str(r["fingers"]),
                f"{r['minutiae']:.1f}",
                f"{b['templates_and_codes']:,.0f}",
                f"{b['tables'] + b['ids']:,.0f}",
                f"{b['pss']:,.0f}",
                f"{b['on_disk']:,.0f}",
                f"{r['enrolment']['templates_a_cpu_second']:,.0f}",
                f"{r['compaction']['templates_a_cpu_second']:,.0f}",
            )
        )
    heads = ("subjects", "fingers", "minutiae a finger", "templates and codes", "tables and ids",
             "whole process (PSS)", "on disk", "templates enrolled a CPU second",
             "folded a CPU second")  # fmt: skip
    return table(heads, rows)


def losses(runs: Sequence[Run]) -> str:
    parts = []
    for r in runs:
        parts.append(
            f"{'One finger' if r['fingers'] == 1 else 'Two fingers'}, {r['subjects']:,} subjects, "
            f"{r['real_subjects']:,} of them real:\n"
        )
        nominal = next(iter(r["losses"]))
        rows = []
        for k, first in enumerate(r["losses"][nominal]):
            row = [first["group"], f"{first['mated']:,}"]
            for threshold in r["losses"]:
                one = r["losses"][threshold][k]
                lost = f"{one['lost']}"
                if first["group"] == "all":
                    lost = share(one["lost"], one["mated"], one["interval"])
                row += [f"{one['exact_misses']}", lost]
            rows.append(row)
        heads = ["probes of", "mated"]
        for threshold in r["losses"]:
            heads += [f"exact misses at {threshold} dB", "lost besides"]
        check = r["spot_check"]
        parts.append(table(heads, rows))
        parts.append(
            f'\n{check["agree"]} of {check["searches"]} searches with `backend="exact"` say the '
            f"same of the mate as its own score.\n"
        )
    return "\n".join(parts)


def compared(runs: Sequence[Run]) -> str:
    rows = [
        (str(r["fingers"]), f"{one['compared']:,}", share(one["count"], one["of"], one["interval"]))
        for r in runs
        for one in r["by_compared"]
    ]
    return table(("fingers", "compared in full", "lost at FPIR 1e-2"), rows)


def false_positives(runs: Sequence[Run]) -> str:
    rows = [
        (
            str(r["fingers"]),
            name,
            *(f"{share(one['count'], one['of'], one['interval'])}" for one in found),
        )
        for r in runs
        for name, found in r["false_positives"].items()
    ]
    return table(("fingers", "probes", "wanted 10 %", "wanted 1 %", "wanted 0.1 %"), rows)


def turned(runs: Sequence[Run]) -> str:
    degrees = [one["degrees"] for one in runs[0]["turned"]] if runs else []
    rows = [
        (str(r["fingers"]), *(share(one["count"], one["of"]) for one in r["turned"])) for r in runs
    ]
    return table(("fingers", *(f"{one} degrees" for one in degrees)), rows)


def duplicates(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{r['subjects']:,}",
            str(r["fingers"]),
            str(r["threads"]),
            f"{r['seconds'] / 60:.1f}",
            f"{r['cpu_seconds'] / 60:.1f}",
            f"{r['pairs_a_cpu_second']:,.0f}",
            f"{r['found']} of {r['planted']}",
            str(r["false"]),
        )
        for r in runs
    ]
    heads = ("subjects", "fingers", "threads", "minutes", "CPU minutes", "pairs a CPU second",
             "planted found", "false")  # fmt: skip
    return table(heads, rows)


def peers(runs: Sequence[Run]) -> str:
    (run,) = runs
    search = run["civid, 1:N search"]
    rows = [
        (
            f"civid, search end to end, {search['subjects']:,} prints",
            f"{search['a_cpu_second']:,.0f}",
            "",
        )
    ]
    for name in ("civid, exact comparisons", "SourceAFIS", "NBIS bozorth3"):
        one = run[name]
        if "unavailable" in one:
            continue
        ratio = search["a_cpu_second"] / one["a_cpu_second"]
        rows.append((name, f"{one['a_cpu_second']:,.0f}", f"{ratio:,.0f}"))
    return table(("", "prints a second of one core's CPU", "the search is so many times it"), rows)


def codes(runs: Sequence[Run]) -> str:
    (run,) = runs
    parts = []
    for pool in ("MINDTCT's minutiae", "civid's minutiae"):
        one = run[pool]
        wanted = (0.001, 0.002, 0.01, 1 / 32, 0.1)
        places = [int(np.argmin(np.abs(np.array(one["shares"]) - share))) for share in wanted]
        rows = [
            (
                name,
                *(f"{100 - 100 * f['hits'][place] / f['mates']:.2f}" for place in places),
            )
            for name, f in one["found"].items()
        ]
        mates = next(iter(one["found"].values()))["mates"]
        parts.append(
            f"{pool}: {one['probes']} probes, {one['prints']:,} prints, {mates:,} mates of at "
            f"least {one['least']:g} dB. Not hit, %, at a penetration of\n"
        )
        parts.append(table(("code", *(percent(round(share, 4)) for share in wanted)), rows) + "\n")
    return "\n".join(parts)


def decades(title: str, low: float, high: float, unit: str = "") -> Axis:
    powers = range(round(np.log10(low)), round(np.log10(high)) + 1)
    return Axis(title, low, high, log=True, ticks=[(10.0**p, f"1e{p}{unit}") for p in powers])


def save(plot: Plot, name: str) -> None:
    text = plot.render().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    head, _, rest = text.partition("\n")
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / name).write_text(f"{head}\n{STYLE}\n{rest}\n", "utf-8")


def draw_cost(runs: Sequence[Run]) -> None:
    largest = 10.0 ** np.ceil(np.log10(max(r["subjects"] for r in runs)))
    cost = Plot("A search end to end", decades("subjects", 1e3, largest),
                decades("seconds, median", 1e-3, 10), width=560, height=400)  # fmt: skip
    reached = Plot("First look: share of what a core can", decades("subjects", 1e3, largest),
                   Axis("share", 0, 1, ticks=[(k / 5, percent(k / 5)) for k in range(6)]),
                   width=560, height=330)  # fmt: skip
    number = 0
    for fingers, name in ((1, "one finger"), (2, "two fingers")):
        mine = [r for r in runs if r["fingers"] == fingers and r["backend"] == "auto"]
        for threads, what, text in (
            (1, "search_cpu", "CPU time"),
            (1, "search", "clock, one thread"),
            (2, "search", "clock, two threads"),
        ):
            some = [r for r in mine if r["threads"] == threads]
            if len(some) > 1:
                x = np.array([r["subjects"] for r in some], float)
                y = np.array([r[what]["median_s"] for r in some])
                cost.line(x, y, number, f"{name}, {text}")
            number += 1
        some = [r for r in mine if r["threads"] == 1 and r["subjects"] >= LARGE and "looks" in r]
        x = np.array([r["subjects"] for r in some], float)
        for k, what in enumerate(("popcounts", "bandwidth")):
            y = np.array([r["looks"][f"share_of_{what}"] for r in some])
            if len(x) > 1:
                reached.line(x, y, 2 * fingers - 2 + k, f"{name}, {what}")
    save(cost, "search-cost.svg")
    save(reached, "search-machine.svg")


def draw_codes(runs: Sequence[Run]) -> None:
    (run,) = runs
    shown = ("32 bits, probe", "64 bits, probe", "64 bits, both", "56 bits + 8 direction, probe",
             "256 bits, probe", "56 + 8 + 64 bits, agreement")  # fmt: skip
    for pool, name in (("MINDTCT's minutiae", "mindtct"), ("civid's minutiae", "civid")):
        plot = Plot(f"Mates not hit, {pool}", decades("penetration", 1e-4, 1),
                    decades("share of mates not hit", 1e-4, 1), width=560, height=380)  # fmt: skip
        one = run[pool]
        for number, code in enumerate(shown):
            found = one["found"][code]
            missed = 1 - np.array(found["hits"]) / found["mates"]
            plot.line(np.array(one["shares"]), np.maximum(missed, 1e-4), number, code)
        save(plot, f"search-codes-{name}.svg")


SECTIONS: dict[str, tuple[str, Callable[[Sequence[Run]], str]]] = {
    "times": ("scale", times),
    "looks": ("scale", looks),
    "sizes": ("scale", sizes),
    "losses": ("loss", losses),
    "compared": ("loss", compared),
    "false-positives": ("loss", false_positives),
    "turned": ("loss", turned),
    "duplicates": ("duplicates", duplicates),
    "peers": ("peers", peers),
    "codes": ("codes", codes),
}


def chosen(runs: Sequence[Run], section: str) -> list[Run]:
    """The runs that a section shows."""
    kind = SECTIONS[section][0]
    mine = [run for run in runs if run["kind"] == kind]
    if section == "looks":
        mine = [run for run in mine if run["threads"] == 1]
    if section == "sizes":  # one of each gallery
        mine = list({(run["subjects"], run["fingers"]): run for run in mine}.values())
    return mine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--add", type=Path, nargs="+", default=[], help="runs, JSON, one a line")
    arguments = parser.parse_args()
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else []
    added = [
        json.loads(line)
        for path in arguments.add
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    runs = merged(kept, added)
    KEPT.write_text("[\n" + ",\n".join(json.dumps(run) for run in runs) + "\n]\n", "utf-8")
    page = PAGE.read_text("utf-8")
    for section, (_, make) in SECTIONS.items():
        mine = chosen(runs, section)
        if mine:
            page = between(page, section, f"{make(mine).rstrip()}\n\n{machine(mine)}\n")
    PAGE.write_text(page, "utf-8")
    for kind, draw in (("scale", draw_cost), ("codes", draw_codes)):
        mine = of_kind(runs, kind)
        if mine and mine != of_kind(kept, kind):
            draw(mine)


if __name__ == "__main__":
    main()
