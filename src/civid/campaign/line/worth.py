"""What one more officer or machine is worth, on the same days with the same citizens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from civid.campaign.line.day import Arrivals, Day
from civid.campaign.line.simulate import simulate
from civid.campaign.line.steps import Line


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a line, and what it brings.

    Attributes
    ----------
    step, vietnamese : str
        Where.
    kind : str
        ``officer``, ``machine``, or ``officer and machine`` where one alone brings nothing.
    capacity : float
        More citizens a day, when there is always somebody waiting.
    minutes : float
        Change of the mean time in the line under the day's own demand; negative is shorter.
    bottleneck : str
        Where it is afterwards.
    """

    step: str
    vietnamese: str
    kind: str
    capacity: float
    minutes: float
    bottleneck: str


def worth(line: Line, day: Day, days: int = 100, seed: int = 1) -> tuple[Change, ...]:
    """What one more person or machine brings, at each step; the best first.

    Capacity is measured with a queue that never ends, so that it is what the line can do.
    With shared officers the new one serves one step only.

    >>> from civid.campaign.line import preset
    >>> best = worth(preset("6-nguoi-6-buoc"), Day(300), days=20)[0]
    >>> best.step, best.kind
    ('prints', 'officer and machine')
    """
    crowd = replace(
        day, citizens=max(day.citizens, 1.3 * line.fastest(day.open_seconds)), no_show=0.0,
        arrivals=Arrivals.QUEUE,
    )  # fmt: skip
    can = simulate(line, crowd, days, seed).finished.mean
    took = simulate(line, day, days, seed).minutes.mean
    found = []
    for kind, key, changed in _changes(line):
        more = replace(crowd, citizens=max(crowd.citizens, 1.3 * changed.fastest(day.open_seconds)))
        full = simulate(changed, more, days, seed)
        usual = simulate(changed, day, days, seed)
        found.append(
            Change(
                key,
                line.step(key).vietnamese,
                kind,
                full.finished.mean - can,
                usual.minutes.mean - took,
                full.bottleneck,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.capacity, one.minutes)))


def _changes(line: Line) -> list[tuple[str, str, Line]]:
    made = []
    for step in line.steps:
        if line.shared:
            made.append(("officer", step.key, replace(line, shared=(*line.shared, (step.key,)))))
            if step.machines:
                made.append(
                    ("machine", step.key, line.with_step(step.key, machines=step.machines + 1))
                )
        elif step.machines == 0 or step.machines > step.officers:
            made.append(("officer", step.key, line.with_step(step.key, officers=step.officers + 1)))
        elif step.machines < step.officers:
            made.append(("machine", step.key, line.with_step(step.key, machines=step.machines + 1)))
        else:
            both = line.with_step(step.key, officers=step.officers + 1, machines=step.machines + 1)
            made.append(("officer and machine", step.key, both))
    return made
