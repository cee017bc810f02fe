"""Tables of docs/explain/capacity.md, from the records that civid carries and from checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capacity_check import held_out
from search_report import table

from civid.search.capacity.costs.records import Costs

ISAS = {"avx512": "AVX-512", "avx2": "AVX2"}


def seconds(value: float) -> str:
    return f"{value:#.3g}"


def records_of(records: Sequence[Costs], fingers: int) -> str:
    """Processor seconds of a search and of a probe of a sweep, by people."""
    shown = [one for isa in ISAS for one in records if one.machine.isa == isa]
    cells: dict[int, list[str]] = {}
    for one in shown:
        swept = {cost.references: cost.cpu_s_a_probe for cost in one.sweeps
                 if cost.fingers == fingers}  # fmt: skip
        for cost in (cost for cost in one.searches if cost.fingers == fingers):
            row = cells.setdefault(cost.subjects, [f"{cost.subjects:,}"])
            row += [seconds(cost.cpu_s), seconds(swept[cost.subjects])]
    heads = [f"{ISAS[one.machine.isa]}: {what}" for one in shown
             for what in ("a search", "a probe of a sweep")]  # fmt: skip
    return table(("people", *heads), [cells[size] for size in sorted(cells)])


def bytes_of(records: Sequence[Costs]) -> str:
    """Bytes a person; they are those of any machine."""
    largest = {one.fingers: one for one in sorted(records[0].sizes, key=lambda one: one.subjects)}
    rows = [
        (str(one.fingers), f"{one.subjects:,}", f"{one.resident:,.0f}", f"{one.disk:,.0f}",
         f"{one.scanned:,.0f}")
        for _, one in sorted(largest.items())
    ]  # fmt: skip
    heads = ("fingers", "people", "mapped by a search", "on the disk", "read by a first look")
    return table(heads, rows)


def foretold(records: Sequence[Costs]) -> str:
    """Two fingers, each size from smaller ones."""
    rows = []
    for one in (row for costs in records for row in held_out(costs) if row["fingers"] == 2):
        low, likely, high = (one["foretold_s"][name] for name in ("low", "likely", "high"))
        rows.append((
            one["machine"], f"{one['measured_up_to']:,.0f}", f"{one['subjects']:,.0f}",
            f"{likely:.3f} ({low:.3f} - {high:.3f})", f"{one['measured_s']:.3f}",
            f"{100 * (likely / one['measured_s'] - 1):+.0f} %",
        ))  # fmt: skip
    heads = ("costs of", "measured up to", "foretold for", "foretold", "measured", "likely off by")
    return table(heads, rows)


def checked(rows: Sequence[dict[str, Any]]) -> str:
    """What `capacity.py --check` found."""
    heads = ("people", "shards", "clients", "cores kept busy", "searches", "CPU foretold",
             "measured", "p50 foretold", "measured", "p99 foretold", "measured",
             "cores used by others")  # fmt: skip
    return table(heads, [
        (f"{one['subjects']:,}", str(one["shards"]), str(one["clients"]),
         f"{100 * one['clients'] * one['busy']:.0f} %", str(one["searches"]),
         *(f"{one[kind][name]:.3f}" for name in ("cpu_s", "p50", "p99")
           for kind in ("foretold", "measured")),
         f"{100 * one['others_share_of_cores']:.0f} %")
        for one in rows
    ])  # fmt: skip
