"""How fast a line is simulated, and whether it agrees with SimPy and with theory.

Run: ``python benchmarks/campaign/line.py`` prints milliseconds of processor time a line-day, for
one day alone and for 10,000; ``--simpy`` runs some of the same days with SimPy.
"""

from __future__ import annotations

import argparse
import time

from civid.campaign.line import Arrivals, Day, preset, presets, simulate
from civid.campaign.line.trace import trace

FOURTEEN = ((7.0, 21.0),)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--days", type=int, default=10_000)
    parser.add_argument("--citizens", type=int, default=700)
    parser.add_argument("--simpy", action="store_true", help="needs the tests' requirements")
    told = parser.parse_args()
    day = Day(told.citizens, hours=FOURTEEN, elderly=0.08, outages=0.5)
    for key in presets():
        simulate(preset(key), day, 2)  # compile
    line = preset("7-nguoi-6-buoc")
    begin, wall = time.process_time(), time.perf_counter()
    found = simulate(line, day, told.days)
    taken, passed = time.process_time() - begin, time.perf_counter() - wall
    print(
        f"{line.name}: {told.days:,} days of {told.citizens} citizens: {taken:.2f} s of processor "
        f"time ({1000 * taken / told.days:.3f} ms a day), {passed:.2f} s passed"
    )
    print(f"  finished {found.finished}, minutes {found.minutes}, bottleneck {found.bottleneck}")
    for key in presets():
        shared = preset(key)
        citizens = min(told.citizens, 0.8 * shared.fastest(14 * 3600))
        begin = time.process_time()
        simulate(shared, Day(citizens, hours=FOURTEEN, elderly=0.08), 1000)
        taken = time.process_time() - begin
        print(f"{shared.name}: {citizens:.0f} citizens, {taken:.3f} ms a day")
    alone = []
    for seed in range(200):
        begin = time.perf_counter()
        simulate(line, day, 1, seed)
        alone.append(time.perf_counter() - begin)
    print(f"one day alone, called from Python: {1000 * sorted(alone)[100]:.2f} ms (median)")
    if told.simpy:
        from tests.campaign.line.oracle import Counter

        begin = time.process_time()
        for seed in range(5):
            Counter(line, day, trace(line, day, seed)).run()
        slow = (time.process_time() - begin) / 5
        print(f"SimPy: {1000 * slow:.0f} ms a day")
    most = simulate(line, Day(1500, hours=FOURTEEN, arrivals=Arrivals.QUEUE, elderly=0.08), 300)
    print(f"with a queue that never ends: {most.finished} a day")


if __name__ == "__main__":
    main()
