"""`plan`: from a demand, assumptions and measured costs to nodes, times and what may go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from civid.errors import SearchError
from civid.search.capacity.assumptions import Assumptions, assumed
from civid.search.capacity.costs.model import sweep_cost
from civid.search.capacity.costs.records import Costs, carried
from civid.search.capacity.demand import Demand
from civid.search.capacity.failure import failure_of
from civid.search.capacity.queues.placement import Placement, place
from civid.search.capacity.queues.simulation import Answers, simulate
from civid.search.capacity.ranges import Range
from civid.search.capacity.result import Basis, Plan, Year
from civid.search.capacity.sizing import LEVELS, Level, Load, threads_of
from civid.search.capacity.sweep import sweep_of
from civid.search.operating_point import threshold

#: Whose costs are taken unless others are given: every x86-64 server of ten years has it.
DEFAULT_ISA = "avx2"
#: More nodes so often, by a quarter each time, where answers take too long.
_TRIES, _MORE = 12, 1.25
#: Searches are so much longer for want of memory bandwidth: it is what binds.
_STARVED = 1.05


def plan(
    subjects: float,
    fingers: int = 2,
    enrolments_per_day: float = 0.0,
    *,
    identifications_per_day: float = 0.0,
    max_fpir: float = 1e-3,
    growth_per_year: float = 0.0,
    years: int = 10,
    assumptions: Assumptions | Mapping[str, float] | None = None,
    costs: Costs | None = None,
    seed: int = 1,
) -> Plan:
    """Plan the search of a country (hoạch định năng lực tra cứu).

    Nodes are counted so that memory holds every copy and that the busiest hour, with a node down,
    keeps `Assumptions.most_busy`; then queues are simulated, with more threads and at last more
    nodes until 99 of 100 answers come in `Assumptions.most_seconds`. The method, and how well it
    foretells what runs here: ``docs/explain/capacity.md``.

    Parameters
    ----------
    subjects : float
        People in the gallery when it is full.
    fingers : int
        Of each, 1 to 10.
    enrolments_per_day, identifications_per_day : float
        Searches of everybody.
    max_fpir : float
        Share of the searches for people who are not there that may find somebody.
    growth_per_year : float
        People more after a year; `years` of it are told.
    years : int
        0 to 100.
    assumptions : Assumptions or mapping of name to value, optional
        What else is to hold; see `Assumptions.table`.
    costs : Costs, optional
        Measured ones; those that civid carries for AVX2 unless given. `measure` makes them here.
    seed : int
        Of the simulation: same seed, same plan.

    Raises
    ------
    SearchError
        A number makes no sense, or the plan would take more than 100,000 nodes.

    Notes
    -----
    Safe in several threads. Takes seconds; the first call compiles the queues.

    Examples
    --------
    >>> found = plan(1e6, 2, 3_000, years=0)
    >>> int(found.nodes.likely), found.bound_by, found.in_time
    (2, 'replicas', True)
    """
    demand = Demand(
        subjects, fingers, enrolments_per_day, identifications_per_day, max_fpir, growth_per_year
    )
    if years not in range(101):
        raise SearchError("years: a whole number from 0 to 100 is needed")
    given = assumptions if isinstance(assumptions, Assumptions) else assumed(assumptions or {})
    record = carried(DEFAULT_ISA) if costs is None else costs
    loads: dict[Level, Load] = {one: Load(demand, record, given, one) for one in LEVELS}
    load = loads["likely"]
    placed, threads, answers, bound = _smallest(load, seed)
    memory, work = load.nodes(threads)
    ends = [_answers(loads[one], placed, threads, seed) for one in LEVELS]
    alone = [_alone(loads[one], placed, threads, seed) for one in LEVELS]
    shard = demand.subjects / placed.shards
    copies = demand.subjects * placed.replicas
    down = _answers(load, placed.without(0), threads, seed)
    return Plan(
        demand=demand,
        assumptions=given,
        machine=record.machine,
        nodes=_nodes(loads, threads, placed.nodes),
        nodes_of_memory=memory,
        nodes_of_work=work,
        bound_by=bound,
        cores=placed.nodes * given.node_cores,
        shards=placed.shards,
        threads=threads,
        resident=placed.nodes * load.resident(copies / placed.nodes),
        disk=copies * load.bytes.disk * (1 + given.disk_headroom),
        resident_a_node=load.resident(copies / placed.nodes),
        disk_a_node=copies / placed.nodes * load.bytes.disk * (1 + given.disk_headroom),
        threshold=threshold(demand.max_fpir, int(demand.subjects)),
        chance_a_day=demand.searches_per_day * demand.max_fpir,
        peak_a_second=load.peak_a_second,
        busy=Range(*(one.busy(placed, threads) for one in loads.values())),
        cpu_a_search=load.cpu_s(shard, threads) * placed.shards,
        starved=load.starved(shard, threads),
        alone=Range(*alone),
        p50=Range(ends[0].p50, answers.p50, ends[2].p50),
        p99=Range(ends[0].p99, answers.p99, ends[2].p99),
        in_time=answers.p99 <= given.most_seconds,
        answers=answers,
        sweep=sweep_of(loads, placed),
        failure=failure_of(load, placed, down),
        growth=tuple(_year(loads, year, threads) for year in range(years + 1)),
        basis=_basis(load, placed, threads, shard),
        scatter=record.scatter,
        # One writer a copy of a shard.
        load_h=demand.subjects * demand.fingers / record.templates_a_cpu_s / placed.shards / 3600,
    )  # fmt: skip


def _smallest(load: Load, seed: int) -> tuple[Placement, int, Answers, str]:
    """The fewest nodes, and on them the fewest threads, that answer in time; else the fastest."""
    needed = {one: max(load.nodes(one)) for one in threads_of(load.assumptions.node_cores)}
    least = needed[1]
    best: tuple[float, int, int] | None = None

    def tried(nodes: int) -> tuple[Placement, int, Answers, str] | None:
        nonlocal best
        given = load.assumptions
        placed = place(nodes, given.replicas, given.shards_a_node)
        for threads in needed:
            if needed[threads] > nodes:
                continue
            work = load.work(placed, threads)
            alone = work.seconds + work.overhead
            if best is None or alone < best[0]:
                best = alone, nodes, threads
            if alone > given.most_seconds:
                continue  # too long even where nobody waits
            answers = _answers(load, placed, threads, seed)
            if answers.p99 <= given.most_seconds:
                return placed, threads, answers, _why(load, placed, threads)
        return None

    nodes, late = least, least
    for _ in range(_TRIES):
        found = tried(nodes)
        if found is not None:
            while (between := load.even((late + nodes) / 2)) < nodes and nodes > least:
                fewer = tried(between)
                if fewer is None:
                    late = load.even(between + 1)
                else:
                    found, nodes = fewer, between
            return found
        late, nodes = load.even(nodes + 1), load.even(nodes * _MORE)
    assert best is not None
    _, nodes, threads = best
    given = load.assumptions
    placed = place(nodes, given.replicas, given.shards_a_node)
    return placed, threads, _answers(load, placed, threads, seed), _why(load, placed, threads)


def _why(load: Load, placed: Placement, threads: int) -> str:
    """Why so many nodes and not fewer."""
    memory, work = load.nodes(threads)
    if placed.nodes > max(memory, work):
        return "time"
    if placed.nodes == load.assumptions.replicas:
        return "replicas"
    if memory >= work:
        return "memory"
    starved = load.starved(load.demand.subjects / placed.shards, threads)
    return "bandwidth" if starved > _STARVED else "work"


def _answers(load: Load, placed: Placement, threads: int, seed: int) -> Answers:
    idle_first = bool(load.assumptions.idle_copy_first)
    return simulate(load.work(placed, threads), placed, idle_first=idle_first, seed=seed)


def _alone(load: Load, placed: Placement, threads: int, seed: int) -> float:
    """Median of searches that never meet."""
    seconds = load.alone_s(load.demand.subjects / placed.shards, threads)
    work = load.work(placed, threads)
    rare = replace(work, seconds=seconds, a_second=1e-3 / seconds, burst=1)
    return simulate(rare, placed, searches=200, seed=seed).p50


def _nodes(loads: dict[Level, Load], threads: int, likely: int) -> Range:
    """The likely design, and what the ends of the ranges would have asked for."""
    ends = [max(loads[one].nodes(threads)) for one in ("low", "high")]
    asked = max(loads["likely"].nodes(threads))
    return Range.around(float(likely), *(float(likely) * one / asked for one in ends)).map(round)


def _year(loads: dict[Level, Load], year: int, threads: int) -> Year:
    demand = loads["likely"].demand
    subjects = max(demand.subjects + year * demand.growth_per_year, 1.0)
    later = {
        name: replace(one, demand=replace(demand, subjects=subjects)) for name, one in loads.items()
    }
    nodes = Range(*(float(max(one.nodes(threads))) for one in later.values()))
    load = later["likely"]
    copies = subjects * load.assumptions.replicas
    return Year(
        year, subjects, nodes, load.resident(copies / nodes.likely) * nodes.likely,
        copies * load.bytes.disk * (1 + load.assumptions.disk_headroom),
    )  # fmt: skip


def _basis(load: Load, placed: Placement, threads: int, shard: float) -> tuple[Basis, ...]:
    costs = load.costs
    known, size = load.known, load.bytes
    sweep = sweep_cost(costs, load.demand.fingers)
    found = [
        Basis("search", known.fingers, known.measured, shard),
        Basis("sweep", sweep.fingers, sweep.measured, shard),
        Basis("size", size.fingers, size.subjects, shard),
        Basis("scatter", (), 4, placed.shards),
        Basis("cores", (), costs.machine.cores, load.assumptions.node_cores),
    ]
    if threads > 1:
        widest = max((one.threads for one in costs.threads), default=1)
        found.append(Basis("threads", (), widest, threads))
    return tuple(found)
