"""How many nodes: what memory asks for, what the work of the busiest hour asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from civid.errors import SearchError
from civid.search.capacity.assumptions import Assumptions
from civid.search.capacity.costs.line import Known
from civid.search.capacity.costs.model import (
    Bytes,
    cpu_of_threads,
    search_cost,
    size_cost,
    wall_of_threads,
)
from civid.search.capacity.costs.records import Costs
from civid.search.capacity.demand import Demand
from civid.search.capacity.queues.placement import Placement, place, round_up
from civid.search.capacity.queues.simulation import Work, mean_factor

#: Which of a range is meant.
Level = Literal["low", "likely", "high"]
LEVELS: tuple[Level, ...] = ("low", "likely", "high")
MOST_NODES = 100_000
#: Of what a first look reads, so much is read for the first time (``docs/explain/capacity.md``,
#: "Costs").
READ_ONCE = 0.58


@dataclass(frozen=True, slots=True)
class Load:
    """What the searches of a demand cost on nodes of an assumed kind, at one end of the ranges."""

    demand: Demand
    costs: Costs
    assumptions: Assumptions
    level: Level

    @property
    def peak_a_second(self) -> float:
        """Searches of a second of the busiest hour."""
        return self.mean_a_second * self.assumptions.peak_factor

    @property
    def mean_a_second(self) -> float:
        """Searches of a second while counters are open."""
        return self.demand.searches_per_day / (self.assumptions.hours_a_day * 3600)

    @property
    def known(self) -> Known:
        """Of one search in one thread."""
        return search_cost(self.costs, self.demand.fingers)

    @property
    def bytes(self) -> Bytes:
        """Of one subject."""
        return size_cost(self.costs, self.demand.fingers)

    def cpu_s(self, subjects: float, threads: int = 1) -> float:
        """Processor seconds of a search of so many subjects, on a node that works to capacity."""
        value = self._fed_s(subjects, threads) * self.starved(subjects, threads)
        # All cores of a node get less than the whole of its bandwidth, too.
        return value * (self.assumptions.many_cores if self.level == "high" else 1.0)

    def starved(self, subjects: float, threads: int = 1) -> float:
        """How much longer a search takes because all cores together want more of the memory than
        there is; 1 where they do not. Low: what is read again lies in a cache still."""
        most = self.assumptions.memory_bandwidth / self.assumptions.node_cores
        read = self.bytes.scanned * (READ_ONCE if self.level == "low" else 1.0)
        return max(read * subjects / self._fed_s(subjects, threads) / most, 1.0)

    def _fed_s(self, subjects: float, threads: int) -> float:
        """Processor seconds where the memory gives all that is wanted."""
        value: float = getattr(self.known.at(subjects), self.level)
        value *= cpu_of_threads(self.costs, threads) / self.assumptions.core_speed
        return value if self.level == "low" else value * max(self.costs.crowded, 1.0)

    def wall_s(self, subjects: float, threads: int) -> float:
        """Seconds of the same, in so many threads."""
        wall: float = getattr(wall_of_threads(self.costs, threads), self.level)
        return self.cpu_s(subjects) * wall

    def alone_s(self, subjects: float, threads: int) -> float:
        """Seconds of the same where nothing else works on the node."""
        cpu: float = getattr(self.known.at(subjects), self.level)
        wall: float = getattr(wall_of_threads(self.costs, threads), self.level)
        return cpu / self.assumptions.core_speed * wall

    def resident(self, subjects: float) -> float:
        """Bytes of memory for so many subjects on a node."""
        return self.costs.process + self.bytes.resident * subjects

    def nodes(self, threads: int = 1) -> tuple[int, int]:
        """Nodes that memory asks for, and nodes that the busiest hour asks for with one down."""
        given = self.assumptions
        room = given.node_memory * (1 - given.memory_headroom) - self.costs.process
        if room <= 0:
            raise SearchError("node_memory: nothing is left of it for the gallery")
        copies = self.demand.subjects * given.replicas
        memory = self.even(copies * self.bytes.resident / room)
        return memory, self._bearing(threads)

    def _bearing(self, threads: int) -> int:
        """The fewest nodes that bear the busiest hour with one down.

        The more nodes, the smaller the shards, and the more of them share the work of one: what so
        many bear, more bear, too.
        """
        late, nodes = 0, self.even(1)
        while not self._bear(nodes, threads):
            late, nodes = nodes, self.even(2 * nodes if nodes < MOST_NODES // 2 else MOST_NODES)
            if late == nodes:
                self.even(MOST_NODES + 1)
        while (between := self.even((late + nodes) / 2)) < nodes:
            if self._bear(between, threads):
                nodes = between
            else:
                late = between
        return nodes

    def _bear(self, nodes: int, threads: int) -> bool:
        given = self.assumptions
        placed = place(nodes, given.replicas, given.shards_a_node)
        share = heirs(placed, idle_first=bool(given.idle_copy_first))
        return self.busy(placed, threads) * share <= given.most_busy

    def busy(self, placed: Placement, threads: int = 1, a_second: float | None = None) -> float:
        """Share of a node's cores that work at a rate of searches (that of the busiest hour)."""
        rate = self.peak_a_second if a_second is None else a_second
        each = self.cpu_s(self.demand.subjects / placed.shards, threads)
        each *= mean_factor(self.costs.spread)
        return rate * each * placed.shards / (placed.nodes * self.assumptions.node_cores)

    def work(
        self, placed: Placement, threads: int, subjects: float | None = None, peak: bool = True
    ) -> Work:
        """For `civid.search.capacity.queues.simulation.simulate`."""
        given = self.assumptions
        shard = (self.demand.subjects if subjects is None else subjects) / placed.shards
        asking = self.costs.scatter
        return Work(
            seconds=self.wall_s(shard, threads),
            spread=self.costs.spread,
            a_second=max(self.peak_a_second if peak else self.mean_a_second, 1e-6),
            servers=max(given.node_cores // threads, 1),
            overhead=asking.base_s
            + (asking.shard_s + given.cluster_shard_s) * placed.shards
            + given.network_s,
            burst=given.burst,
        )

    def even(self, nodes: float) -> int:
        """The next number of nodes that shards can be laid on."""
        given = self.assumptions
        if nodes > MOST_NODES:
            raise SearchError(f"this would take more than {MOST_NODES:,} nodes")
        return round_up(nodes, given.replicas, given.shards_a_node)


def heirs(placed: Placement, *, idle_first: bool) -> float:
    """The busiest node's work when another is down, over what it has otherwise.

    Where copies are asked in turn, a search gives the parts of the lost node to the same ones every
    time, a whole part to one; where the idle copy goes first, all partners share.
    """
    if placed.replicas == 1:
        return 1.0  # nobody takes it over: answers are incomplete until the node is back
    shared = 1 / placed.partners
    whole = placed.nodes / placed.shards if placed.shards >= placed.nodes else 0.0
    return 1 + (shared if idle_first else max(shared, whole))


def threads_of(cores: int) -> tuple[int, ...]:
    """Threads of one shard's part that are worth trying: powers of two up to a node's cores.

    >>> threads_of(6)
    (1, 2, 4)
    """
    return tuple(2**k for k in range(cores.bit_length()))
