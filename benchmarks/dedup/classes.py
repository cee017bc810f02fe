"""Class by class under one policy for all: is both together worse than the better alone?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from asking import Asked, outcome
from decide import SYSTEMS, interval

from civid.dedup.decision import Policy

#: Missed, stopped, sent to people.
Judged = tuple[bool, bool, bool]
Found = dict[str, dict[str, list[Judged]]]  # of a kind, by a system


def classes(asked: Mapping[str, Sequence[Asked]], people: int) -> dict[str, object]:
    """Print it for two policies: prints are needed to stop somebody, or data may do it alone.

    A class's cost is that of the policy: a miss 100, somebody wrongly stopped 1,000, a look 1; each
    system is compared with both probe by probe, with 1,000 bootstrap samples of probes.
    """
    report: dict[str, object] = {}
    for needs in (True, False):
        policy = Policy(gallery=people, needs_prints=needs)
        limits = policy.thresholds(people)
        found: Found = {}
        for system in SYSTEMS:
            for one in asked[system]:
                found.setdefault(one.probe.kind, {}).setdefault(system, []).append(
                    outcome(one, policy, limits)
                )
        name = "prints are needed" if needs else "data may stop alone"
        print(f"\nClass by class, one policy ({name}): missed; wrongly stopped; to people")
        for kind, systems in found.items():
            report |= _class(f"{name} | {kind}", kind, systems, policy)
    return report


def _class(
    label: str, kind: str, systems: Mapping[str, Sequence[Judged]], policy: Policy
) -> dict[str, object]:
    prices = np.array([policy.cost_miss, policy.cost_false_alarm, policy.cost_review])
    if kind.startswith("duplicate"):
        prices[1] = 0  # to stop a duplicate is right
    counts = {one: np.array(rows, dtype=float) for one, rows in systems.items()}
    costs = {one: rows @ prices for one, rows in counts.items()}
    print(kind)
    report: dict[str, object] = {}
    for one, rows in counts.items():
        wrong = rows.sum(axis=0).astype(int)
        if kind.startswith("duplicate"):
            wrong[1] = 0
        shown = "; ".join(interval(int(each), len(rows)) for each in wrong)
        print(f"  {one:7s}{shown}; cost {costs[one].mean():.2f}")
        report[f"class | {label} | {one}"] = [len(rows), *map(int, wrong), float(costs[one].mean())]
    better = min(("prints", "data"), key=lambda one: float(costs[one].mean()))
    more = costs["both"] - costs[better]
    rng = np.random.default_rng(1)
    samples = more[rng.integers(0, len(more), (1000, len(more)))].mean(axis=1)
    low, high = np.quantile(samples, [0.025, 0.975])
    word = "WORSE" if more.mean() > 0 else "no worse"
    print(
        f"  both is {word} than {better}: {more.mean():+.2f} a dossier ({low:+.2f} to {high:+.2f})"
    )
    report[f"class | {label} | more than {better}"] = [float(more.mean()), float(low), float(high)]
    return report
