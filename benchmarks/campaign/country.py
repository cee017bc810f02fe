"""A country's campaign simulated citizen by citizen: 63 provinces, 705 districts, 122 days.

Quotas of 50 million in all, districts of unequal size, teams to match; ten days closed in a third
of the provinces. Run: ``python benchmarks/campaign/country.py``. ``--what-if`` also compares four
scenarios for the whole country half way.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import date, timedelta

import numpy as np

from civid.campaign.forecast import History
from civid.campaign.line import Day, preset
from civid.campaign.line.country import campaign
from civid.campaign.whatif import Closing, Move, Scenario, Shift, Unit, compare

PROVINCES, DISTRICTS, DAYS, QUOTA = 63, 705, 122, 50_000_000
START, DEADLINE = date(2021, 3, 1), date(2021, 6, 30)
HALF = 58  # 27 April, when 67.8 % were reported


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--what-if", action="store_true")
    told = parser.parse_args()
    rng = np.random.default_rng(1)
    weights = rng.lognormal(0, 0.5, DISTRICTS)
    quotas = (QUOTA * weights / weights.sum()).astype(int)
    province = np.arange(DISTRICTS) % PROVINCES
    line = preset("7-nguoi-6-buoc")
    day = Day(540, hours=((7.0, 12.0), (13.0, 19.0)), elderly=0.08, no_show=0.1)
    teams = np.ceil(quotas / (470 * 105)).astype(int)
    is_open = np.ones((DISTRICTS, DAYS), bool)
    is_open[province % 3 == 0, 65:75] = False
    campaign(line, day, quotas[:1], teams[:1], is_open[:1, :2])  # compile
    begin, wall = time.process_time(), time.perf_counter()
    served = campaign(line, day, quotas, teams, is_open, threads=told.threads)
    taken, passed = time.process_time() - begin, time.perf_counter() - wall
    total = served.sum(axis=0).cumsum()
    print(
        f"{PROVINCES} provinces, {DISTRICTS} districts, {DAYS} days, {teams.sum():,} teams: "
        f"{total[-1]:,} dossiers of {QUOTA:,}, every citizen simulated"
    )
    print(
        f"  {taken:.1f} s of processor time, {passed:.1f} s passed with {told.threads} threads; "
        f"{total[HALF - 1]:,} by day {HALF}"
    )
    if not told.what_if:
        return
    today = START + timedelta(days=HALF - 1)
    units = []
    for unit in range(DISTRICTS):
        counts = {START + timedelta(days=n): int(served[unit, n]) for n in range(HALF)}
        history = History.of(counts)
        units.append(Unit(f"{unit}", int(quotas[unit]), history, int(teams[unit]), 560.0))
    left = quotas - served[:, :HALF].sum(axis=1)
    late, early = np.argsort(left / teams)[-20:], np.argsort(left / teams)[:20]
    moves = tuple(
        Move(1, f"{source}", f"{target}", today + timedelta(days=5))
        for source, target in zip(early, late, strict=True)
        if teams[source] > 1
    )
    closing = Closing(date(2021, 5, 5), date(2021, 5, 14))
    night = Shift(today + timedelta(days=8), DEADLINE, 0.4)
    scenarios = (
        Scenario("as it is"),
        Scenario("20 machines moved", moves),
        Scenario("closed for ten days", closings=(closing,)),
        Scenario("closed, then night shifts", closings=(closing,), shifts=(night,)),
    )
    begin = time.process_time()
    for one in compare(units, scenarios, DEADLINE, paths=200):
        whole, every = one.whole, one.every
        print(
            f"  {one.name}: {whole.early} / {whole.middle} / {whole.late}, every district "
            f"{every.early} / {every.middle} / {every.late}, days won {one.days_won}"
        )
    print(f"  {time.process_time() - begin:.1f} s of processor time for {len(scenarios)} scenarios")


if __name__ == "__main__":
    main()
