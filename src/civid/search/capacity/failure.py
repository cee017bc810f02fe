"""What a failed node does: who takes over, how long until every shard has all its copies again."""

from __future__ import annotations

from dataclasses import dataclass

from civid.search.capacity.queues.placement import Placement
from civid.search.capacity.queues.simulation import Answers
from civid.search.capacity.ranges import Range
from civid.search.capacity.sizing import Load

_YEAR_H = 365.25 * 24


@dataclass(frozen=True, slots=True)
class Failure:
    """One node of the plan fails at the busiest hour.

    Attributes
    ----------
    incomplete : bool
        Answers lack its shards until it is back (one copy only): "incomplete", never "not here".
    partners : int
        Nodes that hold the other copies of its shards.
    busiest : float
        Share of the cores that work on the busiest of them, meanwhile.
    answers : Answers
        How long searches take meanwhile.
    delayed : float
        Searches that come until it is known to be down; they wait so long more at most.
    spare : bool
        The other nodes have the memory for its shards, and copies of them; no new node has to be
        waited for.
    recovery_hours : Range
        Until every shard has all its copies again.
    failures_a_year : float
        Of all nodes.
    incomplete_hours_a_year : float
        Some shard has no copy: its last holder fails before the others have recovered.
    """

    incomplete: bool
    partners: int
    busiest: float
    answers: Answers
    delayed: float
    spare: bool
    recovery_hours: Range
    failures_a_year: float
    incomplete_hours_a_year: float


def failure_of(load: Load, placed: Placement, answers: Answers) -> Failure:
    """From the simulation with node 0 down to what it means."""
    given, demand = load.assumptions, load.demand
    held = demand.subjects * placed.replicas / placed.nodes
    free = given.node_memory * (1 - given.memory_headroom / 2)
    left = placed.nodes - 1
    single = placed.replicas == 1
    spare = (
        not single and left >= placed.replicas and load.resident(held * placed.nodes / left) <= free
    )
    to_copy = load.bytes.disk * held
    # One stream to a new node; spread over the partners where the others take its shards.
    lanes = min(placed.partners, left) if spare else 1
    rate = min(given.network, given.disk_write, given.disk_read) * max(lanes, 1)
    read_in = load.bytes.resident * held / (given.disk_read * max(lanes, 1))
    hours = (given.detection_s + to_copy / rate + read_in) / 3600
    hours += 0 if spare else given.replacement_hours
    recovery = Range(hours, hours, hours * 2) if spare else Range(hours / 2, hours, hours * 2)
    failures = placed.nodes / given.failure_years
    if single:
        gone = failures * hours
    else:
        # Of the others that hold its shards one after the other must fail within the recovery.
        gone = failures * hours / placed.replicas
        for copy in range(1, placed.replicas):
            holders = placed.partners / copy
            gone *= holders * hours / (given.failure_years * _YEAR_H)
    return Failure(
        incomplete=single,
        partners=placed.partners,
        busiest=answers.busiest,
        answers=answers,
        delayed=load.peak_a_second * given.detection_s,
        spare=spare,
        recovery_hours=recovery,
        failures_a_year=failures,
        incomplete_hours_a_year=gone,
    )
