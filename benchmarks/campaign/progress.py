"""The progress of a country: how fast its board is built, and how fast a new day is taken in.

    python benchmarks/campaign/progress.py

Every commune reports every stage on every day; 63 provinces, 705 districts and 11,000 communes as
in 2021. The reports are made up before the clock starts. Besides wall time the time of the
processor is printed, which other work on the machine changes less. At the end all sums are held
against sums made another way.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np

from civid.campaign.organisation import CampaignUnit, Level, UnitTree
from civid.campaign.progress.board import Board
from civid.campaign.progress.reports import Reports
from civid.campaign.progress.stage import STAGES

FIRST = date(2021, 3, 1)


def country(provinces: int, districts: int, communes: int) -> UnitTree:
    """A tree of this size; units are spread evenly."""
    units = [CampaignUnit("VN", "Toàn quốc", Level.MINISTRY)]
    for level, letter, above, count in (
        (Level.PROVINCE, "P", "", provinces),
        (Level.DISTRICT, "D", "P", districts),
        (Level.COMMUNE, "C", "D", communes),
    ):
        parents = {"": 1, "P": provinces, "D": districts}[above]
        for number in range(count):
            parent = f"{above}{number % parents}" if above else "VN"
            units.append(CampaignUnit(f"{letter}{number}", f"{letter} {number}", level, parent))
    return UnitTree(units)


def reports(tree: UnitTree, days: range, seed: int) -> Reports:
    """What all communes tell of these days, a day after the other."""
    communes = np.flatnonzero(tree.levels == Level.COMMUNE)
    day, stage, unit = (
        grid.reshape(-1)
        for grid in np.meshgrid(np.array(days), np.arange(len(STAGES)), communes, indexing="ij")
    )
    counts = np.random.default_rng(seed).poisson(40, len(day))
    return Reports(unit, day, stage, counts, day.copy())


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - used


def main() -> None:
    """Print one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--communes", type=int, default=11_000)
    parser.add_argument("--days", type=int, default=122)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    tree = country(63, 705, given.communes)
    told = reports(tree, range(given.days), 1)
    again = [reports(tree, range(given.days - 1, given.days), seed) for seed in range(2, 22)]
    boards, builds = list[Board](), list[tuple[float, float]]()
    for _ in range(given.repeats):
        boards = [Board(tree, FIRST, given.days)]
        builds.append(timed(partial(boards[0].add, told)))
    board = boards[0]
    updates = [timed(partial(board.add, one)) for one in again]
    totals = [timed(board.totals) for _ in range(given.repeats)]
    climbed = board.own.copy()
    for place in range(len(tree) - 1, 0, -1):
        climbed[..., tree.parents[place]] += climbed[..., place]
    figures = {
        name: {
            "wall_median": round(statistics.median(wall for wall, _ in clocks), 4),
            "cpu_median": round(statistics.median(used for _, used in clocks), 4),
            "cpu_best": round(min(used for _, used in clocks), 4),
        }
        for name, clocks in (("build", builds), ("one_day", updates), ("totals", totals))
    }
    print(
        json.dumps(
            {"units": len(tree), "reports": len(told), "days": given.days, "seconds": figures,
             "sums_agree": bool((climbed == board.rolled).all()),
             "date": date.today().isoformat(), "machine": platform.platform(),
             "python": platform.python_version(), "numpy": np.__version__},
            indent=1,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
