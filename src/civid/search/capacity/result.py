"""What a plan says, as plain frozen records."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from civid.search.capacity.assumptions import Assumptions
from civid.search.capacity.costs.records import Machine, Scatter
from civid.search.capacity.demand import Demand
from civid.search.capacity.failure import Failure
from civid.search.capacity.queues.simulation import Answers
from civid.search.capacity.ranges import Range
from civid.search.capacity.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Basis:
    """From which measurement a figure comes, and how far it was carried.

    Attributes
    ----------
    what : str
        ``search``, ``sweep``, ``size``, ``threads``, ``scatter`` or ``cores``.
    fingers : tuple of int
        With so many fingers it was measured: those planned, or others that stand in, or two numbers
        between which they lie; empty where that plays no part.
    measured, planned : float
        Subjects; for the last three threads, shards and cores.
    """

    what: str
    fingers: tuple[int, ...]
    measured: float
    planned: float

    @property
    def times(self) -> float:
        """How many times beyond the largest that was measured; 1 within."""
        return max(self.planned / self.measured, 1.0)


@dataclass(frozen=True, slots=True)
class Year:
    """The same demand some years later, when more people are in the gallery."""

    year: int
    subjects: float
    nodes: Range
    resident: float
    disk: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What a country needs to search its people. Bytes are plain bytes, times seconds.

    Attributes
    ----------
    demand : Demand
    assumptions : Assumptions
    machine : Machine
        Where the costs were measured.
    nodes : Range
        Of the kind assumed; the rest is said for the likely number.
    nodes_of_memory, nodes_of_work : int
        What memory alone asks for, and the searches of the busiest hour alone.
    bound_by : str
        ``memory``, ``work``, ``bandwidth`` (work, of which the cores would do more if the memory
        gave them more to read), ``time`` (more nodes than those ask for, to answer in time) or
        ``replicas``.
    cores : float
    shards : int
    threads : int
        Of one shard's part of a search.
    resident, disk : float
        Of all copies together; a node's share is `resident_a_node`, `disk_a_node`.
    resident_a_node, disk_a_node : float
    threshold : float
        Score from which a duplicate is reported (decibans).
    chance_a_day : float
        Enrolments of strangers a day that chance alone reports.
    peak_a_second : float
        Searches of a second of the busiest hour.
    busy : Range
        Share of the cores that work in it.
    cpu_a_search : float
        Processor seconds of a search, over all shards.
    starved : float
        How many times as long they are because all cores together want more of the memory than it
        gives; 1 where they do not.
    alone : Range
        A search when no other comes.
    p50, p99 : Range
        In the busiest hour.
    in_time : bool
        `p99` keeps what was wanted, as far as is likely.
    sweep : Sweep
    failure : Failure
    growth : tuple of Year
    basis : tuple of Basis
    scatter : Scatter
        The placeholder for what a cluster adds.
    load_h : float
        Hours to enrol everybody from templates, one writer a copy of a shard.
    """

    demand: Demand
    assumptions: Assumptions
    machine: Machine
    nodes: Range
    nodes_of_memory: int
    nodes_of_work: int
    bound_by: str
    cores: float
    shards: int
    threads: int
    resident: float
    disk: float
    resident_a_node: float
    disk_a_node: float
    threshold: float
    chance_a_day: float
    peak_a_second: float
    busy: Range
    cpu_a_search: float
    starved: float
    alone: Range
    p50: Range
    p99: Range
    in_time: bool
    answers: Answers
    sweep: Sweep
    failure: Failure
    growth: tuple[Year, ...]
    basis: tuple[Basis, ...]
    scatter: Scatter
    load_h: float

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it: ranges as low, likely, high; what is infinite as null."""
        found: dict[str, Any] = _plain(_named(self))
        found["basis"] = [asdict(one) | {"times": one.times} for one in self.basis]
        return found


def _named(value: Any) -> Any:
    """Dataclasses and ranges as dicts."""
    if isinstance(value, Range):
        return value._asdict()
    if hasattr(value, "__dataclass_fields__"):
        return {name: _named(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple | list):
        return [_named(one) for one in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
