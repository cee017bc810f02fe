"""Everybody against everybody (rà soát trùng), once; and a day's enrolments in one night."""

from __future__ import annotations

from dataclasses import dataclass

from civid.search.capacity.costs.model import sweep_cost
from civid.search.capacity.queues.placement import Placement
from civid.search.capacity.ranges import Range
from civid.search.capacity.sizing import LEVELS, Level, Load


@dataclass(frozen=True, slots=True)
class Sweep:
    """The first full sweep.

    Attributes
    ----------
    pairs : float
        Unordered pairs of people.
    core_years : Range
        Processor time.
    days_alone : Range
        On the planned nodes when nobody else is served.
    days_beside : Range
        While enrolments go first: at night, and a share of the day.
    night_hours : Range
        A day's enrolments against everybody in one go, instead of as they come.
    chance_pairs : float
        Pairs that chance alone brings to the threshold.
    """

    pairs: float
    core_years: Range
    days_alone: Range
    days_beside: Range
    night_hours: Range
    chance_pairs: float


def sweep_of(loads: dict[Level, Load], placed: Placement) -> Sweep:
    """Blocks of shard against shard, each pair of people once, on all cores of all nodes."""
    load = loads["likely"]
    demand, given = load.demand, load.assumptions
    subjects, shards = demand.subjects, placed.shards
    known = sweep_cost(load.costs, demand.fingers)
    cores = placed.nodes * given.node_cores

    def seconds(level: Level) -> float:
        """Processor seconds of one probe against one shard."""
        value: float = getattr(known.at(subjects / shards), level)
        value *= (load.costs.crowded if level != "low" else 1.0) / given.core_speed
        return value * (given.many_cores if level == "high" else 1.0)

    each = Range(*(seconds(level) for level in LEVELS))
    # A shard against itself is half of the pairs of a shard against another.
    whole = each.map(lambda one: subjects * one * shards / 2)
    open_share = given.hours_a_day / 24
    beside = (1 - open_share) * given.sweep_share + open_share * given.sweep_share_beside
    night = each.map(
        lambda one: demand.enrolments_per_day * one * shards / (cores * given.sweep_share) / 3600
    )
    return Sweep(
        pairs=subjects * (subjects - 1) / 2,
        core_years=whole.map(lambda one: one / (365.25 * 86400)),
        days_alone=whole.map(lambda one: one / (cores * given.sweep_share * 86400)),
        days_beside=whole.map(lambda one: one / max(cores * beside * 86400, 1e-9)),
        night_hours=night,
        chance_pairs=subjects * demand.max_fpir / 2,
    )
