"""Operating curves: what goes to people against who is missed, for prints, data and both.

    python benchmarks/dedup/curves.py [--people N] [--probes N] [--seeds N ...] [--real]

Three systems can only be compared where they miss equally many. Every probe is asked about once a
system; the evidence is then judged again with the lower limit moved, from 40 dB below the policy's
to 60 above. The upper limit stands, unless the lower one passes it. For each system the limit with
the least work for people is taken that misses no more than is allowed, in two mixes: all classes of
one size, and an office's (`OFFICE`, chosen, a dossier in 10,000). Intervals: percentiles of 1,000
bootstrap samples of probes, by class. Seeds 2026, 2027, 2031 and 2063 are development: constants or
rules were looked at with them. Seed 2099 was named here before it was run, and run once.

Before that, `classes`: every class under one policy for all three, at its own limits.

people = went to people (capture again, where prints prove nothing and nobody was found, not
counted); missed = the person is here and no candidate that is them went further, or, in the
classes that people should see, that nobody does. The rate of misses (FNIR) is that of duplicates
alone; let pass = missed in both kinds of classes. Looks to spare = to people in classes that they
need not see.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from random import Random

import numpy as np
from asking import Asked, ask, outcome
from classes import classes
from decide import POLICIES, SYSTEMS, interval
from probes import AS_OF, Prints, fill, probes, real_people

from civid.dedup.decision import Policy
from civid.dedup.decision.policy import Thresholds
from civid.people.synthetic.households import Families, Row
from civid.register import Register

#: Dossiers of each class among 10,000 of an office: 1 % duplicates, as `Policy.duplicates` has it,
#: one in twenty under other data (`Weights.second_identity`); twins as often as they are born.
OFFICE = {
    "duplicate, same data": 60.0, "duplicate, other name and numbers": 5.0,
    "duplicate, hands swapped": 3.0, "duplicate, one finger useless": 20.0,
    "duplicate, both fingers poor": 11.95, "duplicate, another's prints": 0.05,
    "newcomer": 9673.0, "newcomer, both fingers poor": 100.0,
    "newcomer, name and birth of another": 2.0, "newcomer, a name drawn from all": 0.0,
    "newcomer, twin of another": 120.0,
    "two people, one number": 2.0, "operator's finger": 3.0,
}  # fmt: skip
SHIFTS = np.arange(-40.0, 61.0, 2.0)
ALLOWED = (0.001, 0.01, 0.1)
#: Classes of new people that somebody has to see.
MUST_SEE = ("two people, one number", "operator's finger")
#: What is compared where what is equal: columns of `Curve.shares`.
MEASURES = (("missed", 0, "sent to people", 2), ("let pass", 3, "looks to spare", 4))


class Curve:
    """Outcomes of one system by class, shift and probe."""

    def __init__(self, asked: list[Asked], people: int):
        system = asked[0].system
        policy = Policy(gallery=people, needs_prints=system != "data")
        usual = policy.thresholds(people)
        self.kinds = list(dict.fromkeys(one.probe.kind for one in asked))
        self.of: dict[str, np.ndarray] = {}  # (probes, shifts, 3)
        for kind in self.kinds:
            rows = [one for one in asked if one.probe.kind == kind]
            self.of[kind] = np.array([
                [outcome(one, policy, Thresholds(
                    usual.unique + shift, max(usual.duplicate, usual.unique + shift)
                )) for shift in SHIFTS] for one in rows
            ])  # fmt: skip

    def shares(self, mix: dict[str, float], pick: np.random.Generator | None = None) -> np.ndarray:
        """(shifts, 5): duplicates missed; newcomers stopped; all sent to people; of those whom
        somebody has to stop or see, let pass; of all, looks to spare."""
        sums, weights = np.zeros((len(SHIFTS), 5)), np.zeros(5)
        for kind in self.kinds:
            rows = self.of[kind]
            if pick is not None:
                rows = rows[pick.integers(0, len(rows), len(rows))]
            here, see = kind.startswith("duplicate"), kind in MUST_SEE
            counts = np.array([here, kind.startswith("newcomer"), True, here or see, not see])
            sums += rows.mean(axis=0)[:, [0, 1, 2, 0, 2]] * counts * mix[kind]
            weights += np.where(np.arange(5) == 4, True, counts) * mix[kind]
        return sums / weights

    def least(
        self, mix: dict[str, float], allowed: float, pick: np.random.Generator | None = None,
        missed: int = 0, work: int = 2,
    ) -> tuple[float, int] | None:  # fmt: skip
        """Least work for people, and at which shift, with at most so many missed."""
        shares = self.shares(mix, pick)
        fit = np.flatnonzero(shares[:, missed] <= allowed + 1e-12)
        if not len(fit):
            return None
        best = fit[np.argmin(shares[fit, work])]
        return float(shares[best, work]), int(best)


def show(curves: dict[str, Curve]) -> dict[str, object]:
    """Print tables; the figures, for a file."""
    usual = int(np.flatnonzero(SHIFTS == 0)[0])
    report: dict[str, object] = {}
    kinds = curves["both"].kinds
    print("\nAt the policy's limits: missed; stopped by the machine; sent to people")
    for kind in kinds:
        print(kind)
        for system, curve in curves.items():
            counts = curve.of[kind][:, usual].sum(axis=0)
            n = len(curve.of[kind])
            print(f"  {system:7s}" + "; ".join(interval(int(one), n) for one in counts))
            report[f"{kind} | {system}"] = [n, *map(int, counts)]
    for name, mix in (("all classes of one size", dict.fromkeys(kinds, 1.0)),
                      ("an office", OFFICE)):  # fmt: skip
        for measure in MEASURES:
            report |= equal(curves, name, mix, measure, usual)
        for system, curve in curves.items():
            missed, stopped, looked, passed, spare = 100 * curve.shares(mix)[usual]
            print(f"  at the policy's limits, {system}: missed {missed:.3g} %, newcomers stopped "
                  f"{stopped:.3g} %, to people {looked:.3g} %, let pass {passed:.3g} %, looks to "
                  f"spare {spare:.3g} %")  # fmt: skip
    return report | by_class(curves, usual)


def equal(
    curves: dict[str, Curve], name: str, mix: dict[str, float],
    measure: tuple[str, int, str, int], usual: int,
) -> dict[str, object]:  # fmt: skip
    """Work for people where the systems miss equally many."""
    missing, missed, working, work = measure
    report: dict[str, object] = {}
    print(f"\n{name}: least {working} with at most so many {missing} (lower limit moved by; "
          "interval)")  # fmt: skip
    own = (float(one.shares(mix)[usual, missed]) for one in curves.values())
    for allowed in sorted({*ALLOWED, *own}):
        line = f"  {missing} <= {100 * allowed:.3g} %:"
        for system, curve in curves.items():
            found = curve.least(mix, allowed, None, missed, work)
            if found is None:
                line += f"  {system} never;"
                continue
            rng = np.random.default_rng(1)
            many = [one[0] if (one := curve.least(mix, allowed, rng, missed, work)) else 1.0
                    for _ in range(300)]  # fmt: skip
            low, high = np.quantile(many, [0.025, 0.975])
            line += (f"  {system} {100 * found[0]:.3g} % ({100 * low:.3g}-{100 * high:.3g}; "
                     f"{SHIFTS[found[1]]:+.0f} dB);")  # fmt: skip
            report[f"{name} | {missing} {allowed:.4f} | {system}"] = [
                *found,
                float(low),
                float(high),
            ]
        print(line)
    return report


def costs(asked: dict[str, list[Asked]], people: int) -> dict[str, object]:
    """What 10,000 dossiers of an office cost under three policies, at their own limits."""
    print("\nCost of 10,000 dossiers of an office (a look by people = 1):")
    report: dict[str, object] = {}
    for name, (miss, alarm) in POLICIES.items():
        for system, rows in asked.items():
            policy = Policy(gallery=people, cost_miss=miss, cost_false_alarm=alarm,
                            needs_prints=system != "data")  # fmt: skip
            limits = policy.thresholds(people)
            sums = np.zeros(3)
            for kind, share in OFFICE.items():
                found = np.array([outcome(one, policy, limits) for one in rows
                                  if one.probe.kind == kind], dtype=float)  # fmt: skip
                part = found.mean(axis=0) * share
                if kind.startswith("duplicate"):
                    part[1] = 0  # to stop a duplicate is right
                sums += part
            total = float(sums @ np.array([miss, alarm, 1.0]))
            print(f"  {name:13s} {system:7s} missed {sums[0]:.2f}, wrongly stopped {sums[1]:.2f}, "
                  f"looks {sums[2]:.1f}: cost {total:.0f}")  # fmt: skip
            report[f"cost | {name} | {system}"] = [*map(float, sums), total]
    return report


def by_class(curves: dict[str, Curve], usual: int) -> dict[str, object]:
    """Class by class, both where they miss no more than prints alone do at the policy's limits."""
    mix, report = OFFICE, dict[str, object]()
    allowed = float(curves["prints"].shares(mix)[usual, 0])
    at = {one: found[1] if (found := curves[one].least(mix, allowed)) else usual for one in curves}
    print(f"\nWhere an office misses at most {100 * allowed:.3g} % (data at its own limits): "
          "missed; stopped; to people")  # fmt: skip
    for kind in curves["both"].kinds:
        for system, curve in curves.items():
            counts = curve.of[kind][:, at[system]].sum(axis=0)
            text = "; ".join(f"{int(one)}/{len(curve.of[kind])}" for one in counts)
            print(f"  {kind:36s} {system:7s} {SHIFTS[at[system]]:+.0f} dB: {text}")
            report[f"equal | {kind} | {system}"] = [len(curve.of[kind]), *map(int, counts)]
    return report


def gather(seed: int, options: argparse.Namespace) -> dict[str, list[Asked]]:
    """A register of this seed, filled and asked."""
    families, rng = Families(seed, AS_OF), Random(seed)
    rows: list[Row] = []
    while len(rows) < options.people:
        rows += families.household()
    fresh = (row for family in families for row in family)
    prints = Prints(seed, real_people(options.threads) if options.real else [])
    operators = Prints(seed + 1, [])
    with tempfile.TemporaryDirectory() as folder, Register.open(folder, create=True) as register:
        began = time.perf_counter()
        references = fill(register, rows, prints, operators.of(0))
        known = dict(zip(references, rows, strict=True))
        asked = list(probes(rows, fresh, references, prints, operators, options.probes, rng))
        found = {one: list(ask(register, known, asked, one)) for one in SYSTEMS}
        print(f"seed {seed}: {len(rows)} people, {len(prints.real)} with real prints, "
              f"{len(asked)} probes; {time.perf_counter() - began:.0f} s", flush=True)  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--gallery", type=int, nargs="+", default=[1],
                        help="limits of registers of this size, too")  # fmt: skip
    parser.add_argument("--probes", type=int, default=100, help="of each class and seed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[2026])
    parser.add_argument("--real", action="store_true", help="with the people of UareU and SOCOFing")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    asked: dict[str, list[Asked]] = {one: [] for one in SYSTEMS}
    for seed in options.seeds:
        for system, rows in gather(seed, options).items():
            asked[system] += rows
    report: dict[str, object] = {}
    for people in sorted({max(options.people, one) for one in options.gallery}):
        print(f"\n==== limits of {people:,} people")
        curves = {system: Curve(rows, people) for system, rows in asked.items()}
        made = classes(asked, people) | show(curves) | costs(asked, people)
        report |= {f"{people} | {name}": row for name, row in made.items()}
    if options.json:
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
