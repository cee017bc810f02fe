"""How often do intervals of 80 % hold the day of completion, on campaigns with pauses?

Each simulated campaign is stopped once, when a random share of its quota is collected (10 to 85 %),
and forecast from what is known then. Beside civid's forecast: a naive run rate, and the damped
trend with a weekday season of statsmodels. Campaigns from seed 100,000 on were used to choose the
constants (``--tune``); those below are only measured.

Run: ``python benchmarks/campaign/forecast.py --campaigns 1000``; some minutes of one core, most of
them the library's.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Sequence

import numpy as np

from civid.campaign.forecast.backtest import Method, Verdict, backtest, origins, own
from civid.campaign.forecast.rivals import library, naive
from civid.campaign.forecast.simulated import Campaign, simulated

BANDS = ((0.10, 0.30), (0.30, 0.60), (0.60, 0.85))


def methods(names: Sequence[str], paths: int) -> dict[str, Method]:
    known: dict[str, Method] = {
        "civid": own(paths),
        "civid, no ceiling": own(paths, ceiling=False),
        "naive run rate": lambda one, history, works: naive(history, one.quota, works),
        "statsmodels": lambda one, history, works: library(history, one.quota, works, paths=paths),
    }
    return {name: known[name] for name in names}


def summary(verdicts: Sequence[Verdict]) -> dict[str, float]:
    count = len(verdicts)
    covered = float(np.mean([one.hit for one in verdicts]))
    return {
        "n": count,
        "coverage": covered,
        "error": 1.96 * float(np.sqrt(covered * (1 - covered) / count)),
        "early": float(np.mean([one.below for one in verdicts])),
        "late": float(np.mean([one.above for one in verdicts])),
        "bias": float(np.median([one.error for one in verdicts])),
        "mae": float(np.mean([abs(one.error) for one in verdicts])),
        "width": float(np.median([one.width for one in verdicts])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--campaigns", type=int, default=1000)
    parser.add_argument("--paths", type=int, default=400)
    parser.add_argument("--tune", action="store_true", help="the campaigns for choosing constants")
    parser.add_argument(
        "--library", type=int, default=1000, help="ask statsmodels about so many of them"
    )
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    first = 100_000 if told.tune else 0
    names = ["civid", "civid, no ceiling", "naive run rate"]
    names += ["statsmodels"] if told.library else []
    found: dict[str, list[Verdict]] = {name: [] for name in names}
    seconds = dict.fromkeys(names, 0.0)
    shares = np.random.default_rng([7, first]).uniform(0.10, 0.85, told.campaigns)
    lengths, pauses = [], []
    for number, share in enumerate(shares):
        one: Campaign = simulated(first + number)
        today = origins(one, [float(share)])[0]
        lengths.append(len(one.history.counts))
        pauses.append(sum(pause[0] <= one.completed for pause in one.suspensions))
        for name, method in methods(names, told.paths).items():
            if name == "statsmodels" and number >= told.library:
                continue
            begin = time.process_time()
            found[name].append(backtest(one, today, method))
            seconds[name] += time.process_time() - begin
    rows = {name: summary(verdicts) for name, verdicts in found.items()}
    if told.json:
        print(json.dumps(rows, indent=2))
        return
    print(
        f"{told.campaigns:,} campaigns of {np.median(lengths):.0f} days (median) with "
        f"{np.mean(pauses):.1f} pauses (mean), seeds from {first:,}; {platform.machine()}"
    )
    print(f"{'80 % intervals':<20}{'held':>15}{'was earlier':>13}{'was later':>11}"
          f"{'bias':>7}{'off by':>8}{'width':>7}{'ms':>7}")  # fmt: skip
    for name, row in rows.items():
        print(
            f"{name:<20}{100 * row['coverage']:>8.1f} +-{100 * row['error']:.1f}%"
            f"{100 * row['early']:>12.1f}%{100 * row['late']:>10.1f}%{row['bias']:>7.1f}"
            f"{row['mae']:>8.1f}{row['width']:>7.1f}{1000 * seconds[name] / row['n']:>7.0f}"
        )
    for low, high in BANDS:
        for name in names:
            part = [
                one for one, share in zip(found[name], shares, strict=False) if low <= share < high
            ]
            row = summary(part)
            print(
                f"  {100 * low:.0f}-{100 * high:.0f} % collected, {name}: "
                f"{100 * row['coverage']:.1f} % of {row['n']}, width {row['width']:.0f} days"
            )


if __name__ == "__main__":
    main()
