"""Prints alone, data alone, and both: who is found, who is wrongly stopped, what people must see.

    python benchmarks/dedup/decide.py [--people N] [--gallery N] [--probes N] [--real]

A register of synthetic people with synthetic prints of both index fingers is filled, then asked
about classes of probes whose truth is known. The same decision is made three times: with the
prints only, with the data only, and with both, under one policy. Constants were looked at again
after runs with seed 2026; seed 2027 was held out. With --real, the ten-finger people of UareU and
SOCOFing give their index fingers instead of synthetic ones where a class needs a second impression;
SOCOFing's are altered copies.

miss = the person is here and no candidate that is them went further; stopped = the machine alone
said duplicate; people = went to people. All with 95 % intervals (Clopper and Pearson).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from random import Random

from probes import AS_OF, Prints, Probe, claims, fill, probes, real_people
from scipy import stats

from civid.dedup.decision import Decision, Deduplicator, Enrolment, Outcome, Policy, Verdict
from civid.people.synthetic.households import Families, Row
from civid.register import Register

#: What one system looks at.
SYSTEMS = ("prints", "data", "both")
#: name: (cost of a miss, of a false alarm); a look by people costs 1.
POLICIES = {"default": (100.0, 1000.0), "miss is dear": (1000.0, 1000.0), "cheap": (20.0, 100.0)}
Counts = dict[str, int]


def enrolment(probe: Probe, system: str) -> Enrolment:
    said = () if system == "prints" else claims(probe.row)
    return Enrolment(said, None if system == "data" else probe.fingers)


def interval(count: int, total: int) -> str:
    if not total:
        return "-"
    low, high = stats.binomtest(count, total).proportion_ci(0.95)
    return f"{count}/{total} {100 * count / total:.1f} % ({100 * low:.1f}-{100 * high:.1f})"


class Result:
    """What came of the probes under one policy."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Counts] = {}
        self.outcomes: dict[str, Counts] = {}
        self.times: list[float] = []

    def add(self, probe: Probe, system: str, decision: Decision) -> None:
        """Count one decision."""
        row = self.rows.setdefault(
            (probe.kind, system), dict.fromkeys(("n", "miss", "stopped", "people", "again"), 0)
        )
        row["n"] += 1
        # Capture again: nobody was let in, and nobody has to look.
        again = decision.outcome is Outcome.UNPROVEN
        row["again"] += again
        further = [one.reference for one in decision.candidates
                   if one.verdict is not Verdict.UNIQUE]  # fmt: skip
        if probe.mate:
            row["miss"] += probe.mate not in further and not again
        elif probe.look:
            row["miss"] += decision.verdict is Verdict.UNIQUE
        row["stopped"] += decision.verdict is Verdict.DUPLICATE
        row["people"] += decision.verdict is Verdict.ADJUDICATE and not again
        if system == "both":
            counts = self.outcomes.setdefault(probe.kind, {})
            counts[decision.outcome.value] = counts.get(decision.outcome.value, 0) + 1


def run(register: Register, people: int, asked: list[Probe], name: str) -> Result:
    """Ask all probes under one policy, with each system."""
    miss, alarm = POLICIES[name]
    result = Result()
    for system in SYSTEMS:
        policy = Policy(
            cost_miss=miss, cost_false_alarm=alarm, version=name, gallery=people,
            needs_prints=system != "data",
        )  # fmt: skip
        deduplicator = Deduplicator(register, policy)
        for probe in asked:
            started = time.perf_counter()
            decision = deduplicator.check(enrolment(probe, system))
            if system == "both":
                result.times.append(time.perf_counter() - started)
            result.add(probe, system, decision)
    return result


def show(result: Result, name: str) -> None:
    """Print one policy's table."""
    miss, alarm = POLICIES[name]
    print(f"\n== policy: {name} (miss {miss:g}, false alarm {alarm:g}, a look by people 1)")
    for kind in dict.fromkeys(kind for kind, _ in result.rows):
        print(f"\n{kind}; outcomes of both: {result.outcomes[kind]}")
        for system in SYSTEMS:
            row = result.rows[kind, system]
            n = row["n"]
            text = "" if kind.startswith("newcomer") else f"miss {interval(row['miss'], n)}; "
            print(f"  {system:7s} {text}stopped {interval(row['stopped'], n)}; "
                  f"people {interval(row['people'], n)}; again {row['again']}")  # fmt: skip
    print("\nall duplicates: missed (FNIR); all newcomers: stopped (FPIR), sent to people")
    for system in SYSTEMS:
        named = [(kind, row) for (kind, one), row in result.rows.items() if one == system]
        here = [row for kind, row in named if kind.startswith("duplicate")]
        new = [row for kind, row in named if kind.startswith("newcomer")]
        others = sum(row["stopped"] for kind, row in named if not kind.startswith("duplicate"))
        looks = sum(row["people"] + row["again"] for _, row in named)
        cost = miss * sum(row["miss"] for _, row in named) + alarm * others + looks
        print(f"  {system:7s} FNIR {share(here, 'miss')}; FPIR {share(new, 'stopped')}; "
              f"newcomers to people {share(new, 'people')}; "
              f"all to people {share([row for _, row in named], 'people')}; "
              f"cost {cost:.0f}")  # fmt: skip
    times = sorted(result.times)
    print(f"check with both: median {1000 * times[len(times) // 2]:.1f} ms, "
          f"19 of 20 below {1000 * times[int(0.95 * len(times))]:.1f} ms")  # fmt: skip


def share(rows: list[Counts], what: str) -> str:
    """Share over several classes."""
    return interval(sum(row[what] for row in rows), sum(row["n"] for row in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--gallery", type=int, default=1, help="limits of a larger register")
    parser.add_argument("--probes", type=int, default=100, help="of each class")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--real", action="store_true", help="with the people of UareU and SOCOFing")
    parser.add_argument("--policies", action="store_true", help="three policies instead of one")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    families, rng = Families(options.seed, AS_OF), Random(options.seed)
    rows: list[Row] = []
    while len(rows) < options.people:
        rows += families.household()
    fresh = (row for family in families for row in family)
    real = real_people(options.threads) if options.real else []
    prints, operators = Prints(options.seed, real), Prints(options.seed + 1, [])
    with tempfile.TemporaryDirectory() as folder, Register.open(folder, create=True) as register:
        started = time.perf_counter()
        references = fill(register, rows, prints, operators.of(0))
        print(f"{len(rows)} people, {len(real)} of them with real prints, seed {options.seed}; "
              f"filled in {time.perf_counter() - started:.0f} s")  # fmt: skip
        asked = list(probes(rows, fresh, references, prints, operators, options.probes, rng))
        report = {}
        for name in POLICIES if options.policies else ["default"]:
            result = run(register, max(len(rows), options.gallery), asked, name)
            show(result, name)
            report[name] = {
                f"{kind} | {system}": row for (kind, system), row in result.rows.items()
            }
    if options.json:
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
