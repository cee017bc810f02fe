"""What searching costs, as measured: records of machines, kept as data.

``data/costs.json`` holds those that civid carries. ``python benchmarks/search/capacity.py --write``
replaces the record of the machine it runs on, and is the only way in which that file changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from civid.errors import SearchError

#: Shares of the searches at which a `Spread` is kept.
SPREAD_AT = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Machine:
    """Where, when and with which engine it was measured.

    Attributes
    ----------
    cpu, isa : str
        Name of the processor, and the instruction set that civid used of it.
    cores : int
    date : str
        ISO date.
    load : float
        Load average when it began: other work on the machine makes what follows dearer.
    engine : str
        Version of civid and of its packed index, ``0.1.0/1``.
    source : str
        The command that measured it.
    """

    cpu: str
    isa: str
    cores: int
    date: str
    load: float
    engine: str
    source: str

    @property
    def name(self) -> str:
        """``AMD EPYC (avx2), 2026-11-29``."""
        return f"{self.cpu} ({self.isa}), {self.date}"


@dataclass(frozen=True, slots=True)
class SearchCost:
    """One search in one thread, of somebody who is not there.

    Attributes
    ----------
    fingers, subjects : int
        Of probe and subjects; size of the gallery.
    cpu_s : float
        Processor seconds, median over the probes.
    searches : int
        From so many.
    distinct : int
        Different subjects among them; where fewer, the rest are copies under other names.
    """

    fingers: int
    subjects: int
    cpu_s: float
    searches: int
    distinct: int


@dataclass(frozen=True, slots=True)
class SweepCost:
    """One of many probes of `Gallery.duplicates`, against a gallery of `references` subjects."""

    fingers: int
    references: int
    cpu_s_a_probe: float
    probes: int


@dataclass(frozen=True, slots=True)
class SizeCost:
    """Bytes a subject: what a search maps, what lies on the disk, what a first look reads."""

    fingers: int
    subjects: int
    resident: float
    disk: float
    scanned: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How searches differ from their median, as factors at the shares `SPREAD_AT`.

    Attributes
    ----------
    probes : tuple of float
        Between probes: more minutiae take longer. The same for every shard that a search asks.
    repeats : tuple of float
        Of one probe again and again, on an otherwise quiet machine.
    """

    probes: tuple[float, ...]
    repeats: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Threads:
    """One search in several threads of a quiet machine: how much shorter, how much dearer.

    Attributes
    ----------
    threads : int
    wall : float
        Time over that of one thread.
    cpu : float
        Processor time over that of one thread.
    subjects : int
        Size of the gallery.
    """

    threads: int
    wall: float
    cpu: float
    subjects: int


@dataclass(frozen=True, slots=True)
class Scatter:
    """What asking several shards costs on top of the dearest of them.

    ``base_s`` a search and ``shard_s`` more a shard. A **placeholder**: measured with plain pipes
    between processes of one machine, until the cluster has figures of its own.
    """

    base_s: float
    shard_s: float
    source: str


@dataclass(frozen=True, slots=True)
class Costs:
    """All that was measured on a machine. Immutable, free to share between threads.

    Attributes
    ----------
    machine : Machine
    searches : tuple of SearchCost
    sweeps : tuple of SweepCost
    sizes : tuple of SizeCost
    spread : Spread
    threads : tuple of Threads
        Empty where it was not measured.
    crowded : float
        Processor time of a search while every core searches, over that of one alone.
    templates_a_cpu_s : float
        Templates enrolled and folded into a segment, a processor second.
    process : float
        Bytes of a process before it has a gallery.
    scatter : Scatter

    >>> carried("avx2").machine.isa
    'avx2'
    """

    machine: Machine
    searches: tuple[SearchCost, ...]
    sweeps: tuple[SweepCost, ...]
    sizes: tuple[SizeCost, ...]
    spread: Spread
    threads: tuple[Threads, ...]
    crowded: float
    templates_a_cpu_s: float
    process: float
    scatter: Scatter

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; `Costs.from_dict` reads it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Costs:
        """Read a record.

        Raises
        ------
        SearchError
            A field is missing, unknown or of another kind.
        """
        try:
            many: dict[str, Any] = {
                "searches": SearchCost,
                "sweeps": SweepCost,
                "sizes": SizeCost,
                "threads": Threads,
            }
            made = dict(row)
            for name, kind in many.items():
                made[name] = tuple(kind(**one) for one in row[name])
            spread = row["spread"]
            made["spread"] = Spread(tuple(spread["probes"]), tuple(spread["repeats"]))
            made["machine"] = Machine(**row["machine"])
            made["scatter"] = Scatter(**row["scatter"])
            found = cls(**made)
        except (KeyError, TypeError, AttributeError) as error:
            wanted = ", ".join(one.name for one in fields(cls))
            raise SearchError(f"not a record of costs, which has {wanted}: {error}") from None
        for grid in (found.spread.probes, found.spread.repeats):
            if len(grid) != len(SPREAD_AT):
                raise SearchError(f"a spread has {len(SPREAD_AT)} factors, not {len(grid)}")
        if not (found.searches and found.sweeps and found.sizes):
            raise SearchError("a record of costs has at least one search, sweep and size")
        return found


def joined(costs: Sequence[Costs]) -> Costs:
    """One record of several that were measured with different numbers of fingers on one machine.

    What goes for any number is the first one's.
    """
    return replace(
        costs[0],
        searches=tuple(one for some in costs for one in some.searches),
        sweeps=tuple(one for some in costs for one in some.sweeps),
        sizes=tuple(one for some in costs for one in some.sizes),
    )


def read(path: Path) -> tuple[Costs, ...]:
    """Records of a file like ``costs/data/costs.json``.

    Raises
    ------
    SearchError
        It is not JSON, or not of such records.
    OSError
        It cannot be read.
    """
    return _records(path.read_text("utf-8"))


def _records(text: str) -> tuple[Costs, ...]:
    try:
        rows = json.loads(text)
    except ValueError:
        raise SearchError("costs are kept as JSON, and this is none") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SearchError("costs are kept as a list of records")
    return tuple(map(Costs.from_dict, rows))


@cache
def known() -> tuple[Costs, ...]:
    """The records that civid carries, one a processor and instruction set."""
    return _records(
        (files("civid.search.capacity.costs") / "data" / "costs.json").read_text("utf-8")
    )


def carried(isa: str) -> Costs:
    """The record that civid carries of machines with an instruction set; the newest of several.

    Raises
    ------
    SearchError
        There is none.
    """
    found = [one for one in known() if one.machine.isa == isa]
    if not found:
        there = ", ".join(sorted({one.machine.isa for one in known()}))
        raise SearchError(f"no costs of {isa} are kept; there are those of {there}")
    return max(found, key=lambda one: one.machine.date)
