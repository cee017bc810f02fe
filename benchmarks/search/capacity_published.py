"""Costs of a machine that is not at hand, from the published rows of search_scale.py."""

from __future__ import annotations

from typing import Any

from civid.search.capacity.costs.records import (
    Costs,
    Machine,
    Scatter,
    SearchCost,
    SizeCost,
    Spread,
    SweepCost,
    Threads,
    carried,
)
from civid.search.capacity.costs.sizes import PROCESS, TABLES

#: Runs of before 1 December 2026 do not say of which engine they are.
UNKNOWN = "unknown"


def published(rows: list[dict[str, Any]]) -> Costs:
    """From two fingers, one thread; what was not measured there is taken from here, or left out."""
    scale = [row for row in rows if row["kind"] == "scale" and row["fingers"] == 2]
    alone = [row for row in scale if row["threads"] == 1 and row["subjects"] >= 30_000]
    swept = next(row for row in rows if row["kind"] == "duplicates" and row["fingers"] == 2)
    newest = alone[-1]
    alone = [row for row in alone if row.get("engine") == newest.get("engine")]
    largest = [row for row in scale if row["subjects"] == newest["subjects"]]
    one, two = (next(row for row in largest if row["threads"] == k) for k in (1, 2))
    ratio = newest["search_cpu"]["p99_s"] / newest["search_cpu"]["median_s"]
    # Only the median and the 99th percentile were kept: a straight line between them.
    spread = tuple(
        1 + (ratio - 1) * max(share - 0.5, 0) / 0.49
        for share in (0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.99)
    )
    enrolment, folding = newest["enrolment"], newest["compaction"]
    return Costs(
        machine=Machine(
            cpu=newest["cpu"], isa=newest["isa"], cores=newest["cores"], date=newest["date"],
            load=newest["load"], engine=newest.get("engine", UNKNOWN),
            source="docs/measured-search.json (search_scale.py, search_duplicates.py)",
        ),
        searches=tuple(
            SearchCost(2, row["subjects"], row["search_cpu"]["median_s"],
                       row["search_cpu"]["searches"], row["subjects"])
            for row in alone
        ),
        sweeps=(
            SweepCost(2, swept["subjects"] // 2, swept["cpu_seconds"] / swept["subjects"],
                      swept["subjects"]),
        ),
        sizes=tuple(
            SizeCost(2, row["subjects"], row["bytes"]["templates_and_codes"] + TABLES,
                     row["bytes"]["on_disk"], 8 * row["minutiae"] * 2)
            for row in alone[-1:]
        ),
        spread=Spread(spread, (1.0,) * len(spread)),
        threads=(
            Threads(2, two["search"]["median_s"] / one["search"]["median_s"],
                    two["search_cpu"]["median_s"] / one["search_cpu"]["median_s"],
                    newest["subjects"]),
        ),
        crowded=1.0,
        templates_a_cpu_s=1 / (1 / enrolment["templates_a_cpu_second"]
                               + 1 / folding["templates_a_cpu_second"]),
        process=PROCESS,
        scatter=_scatter(),
    )  # fmt: skip


def _scatter() -> Scatter:
    return carried("avx2").scatter
