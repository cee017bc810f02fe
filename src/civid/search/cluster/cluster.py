"""A cluster: one gallery on many machines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from civid.errors import (
    ClusterError,
    IncompleteError,
    SearchError,
    SubjectIdError,
    SubjectNotFoundError,
)
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import operating_point
from civid.search.arrays import encoding
from civid.search.arrays.slices import Progress
from civid.search.cluster import transport
from civid.search.cluster.enrolling import ClusterChanges
from civid.search.cluster.keeping import rebuilding
from civid.search.cluster.keeping.cluster_map import ClusterMap
from civid.search.cluster.keeping.keeper import Timing
from civid.search.cluster.keeping.making import new_map
from civid.search.cluster.keeping.placement import shard_of
from civid.search.cluster.merging import ShardAnswer, merged, missing
from civid.search.cluster.scattering import Scatter
from civid.search.cluster.sweep import Sweep
from civid.search.cluster.transport import Transport
from civid.search.cluster.upkeep import ClusterUpkeep, KeeperDoor
from civid.search.fingers import Fingers, finger_set, subject_id
from civid.search.parameters.meaning import check_score
from civid.search.results import Candidate, Duplicate


class Cluster(ClusterChanges, ClusterUpkeep):
    """Subjects in shards on several nodes, each shard on two of them; asked like one gallery.

    `create`, `open` and `rebuild` make one on Ray (``pip install 'civid[cluster]'``). Methods may
    be called from several threads, and from several processes that have joined.
    ``docs/explain/cluster.md`` tells what happens when something fails.

    Parameters
    ----------
    keeper : callable
        Calls a method of the keeper.
    nodes : Transport
        Calls those of nodes.
    timeout : float
        Seconds after which a search raises `IncompleteError`.
    hedge : float
        Seconds after which the second replica of a shard is asked, too.

    >>> from civid.search.cluster import shard_of
    >>> [shard_of(f"07920400000{i}", 4) for i in range(4)]
    [1, 3, 3, 2]
    """

    def __init__(
        self,
        keeper: KeeperDoor,
        nodes: Transport,
        *,
        timeout: float = 30.0,
        hedge: float = 1.0,
    ) -> None:
        self._keeper, self._nodes = keeper, nodes
        self._scatter = Scatter(nodes, lambda: keeper("view", again=True), timeout, hedge)
        self._home: Path | None = None
        self._stopper: Any = None

    # ---- making one

    @classmethod
    def create(
        cls,
        home: str | os.PathLike[str],
        nodes: Mapping[str, str | os.PathLike[str]],
        *,
        shards: int = 64,
        backend: str = "auto",
        address: str | None = None,
        timing: Timing | None = None,
    ) -> Self:
        """Make a cluster and start it.

        Parameters
        ----------
        home : path
            Folder for the map, on the machine of the keeper.
        nodes : mapping of str to path
            Two or more: names, and the folder of each as that node sees it.
        shards : int
            Fixed for ever: plan for the largest number of nodes that there will be, and 1.5 million
            subjects in each.
        backend : str
            How each shard is searched (`civid.search.Gallery`).
        address : str, optional
            Of a cluster of Ray; without it, one is started on this machine.
        timing : Timing, optional

        Raises
        ------
        ClusterError
            There is one at `home`, or nodes or shards make no sense.
        UnavailableError
            Ray is not installed.
        """
        new_map(
            Path(home), {name: os.fspath(path) for name, path in nodes.items()}, shards, backend
        )
        return cls.open(home, address=address, timing=timing)

    @classmethod
    def open(
        cls,
        home: str | os.PathLike[str],
        *,
        address: str | None = None,
        timing: Timing | None = None,
        start: bool = True,
        timeout: float = 30.0,
        hedge: float = 1.0,
    ) -> Self:
        """Start a cluster that was made before, or join one that is running.

        start : False = join only; `ClusterError` if it is not running. True: if it runs already,
        on this `address` or in this process, it is joined; elsewhere, `ClusterError`.
        Other parameters as of `create` and of the class.
        """
        from civid.search.cluster.on_ray import (
            RayKeeper,
            RayTransport,
            address_in,
            start_for,
            start_ray,
        )

        folder = Path(home).absolute()
        told = ClusterMap.read(folder)
        if start:
            start_for(folder, address)
        else:
            where = address or address_in(folder)
            if where is None:
                raise ClusterError(f"{folder}: the cluster is not running")
            start_ray(where, folder)
        keeper = RayKeeper(folder, told.cluster, timing or Timing(), start=start)
        made = cls(keeper, RayTransport(told.cluster), timeout=timeout, hedge=hedge)
        made._home, made._stopper = folder, keeper
        made._keeper("look")
        return made

    @classmethod
    def rebuild(
        cls,
        home: str | os.PathLike[str],
        folders: Iterable[str | os.PathLike[str]],
        *,
        accept_lone: bool = False,
        address: str | None = None,
        timing: Timing | None = None,
    ) -> Self:
        """Make the map anew from the folders of the nodes, and start the cluster.

        Parameters
        ----------
        home : path
            Where the map was, or shall be. One that can be read is not overwritten.
        folders : iterable of path
            Of all nodes, readable here.
        accept_lone : bool
            A shard of which one replica is lost is taken from the other one. Without a map nobody
            knows whether that one missed something, so somebody must say that it did not.

        Raises
        ------
        ClusterError
            A shard, or one of its replicas, is in none of the folders; the message says which.
        """
        rebuilding.rebuild(Path(home), [Path(one) for one in folders], accept_lone=accept_lone)
        return cls.open(home, address=address, timing=timing)

    # ---- asking

    def search(
        self,
        probe: Fingers,
        limit: int | None = 10,
        *,
        min_score: float = 0.0,
        max_fpir: float | None = None,
        swapped: bool = False,
        pairs: bool = False,
        threads: int | None = None,
    ) -> list[Candidate]:
        """Who is this? The answer of one gallery with the subjects of all shards.

        Scores, order and rates are those of `civid.search.Gallery.search`, to the bit where
        everybody is compared. Parameters and errors are, too; and:

        Raises
        ------
        IncompleteError
            A shard did not answer in time. Nobody is "not here" then; `found` holds what the others
            found.
        """
        if limit is not None and limit < 1:
            raise SearchError("limit must be at least 1")
        own = dict(finger_set(probe))
        options = {
            "limit": limit,
            "min_score": min_score,
            "max_fpir": max_fpir,
            "swapped": swapped,
            "pairs": pairs,
            "threads": threads,
        }
        _check(min_score, max_fpir)
        answers = self._scatter.gather("search", own, options)
        found = merged(answers, limit, min_score, max_fpir)
        self._complete(answers, found)
        return found

    def _complete(self, answers: list[ShardAnswer], found: Iterable[object] = ()) -> None:
        shards = len(self._scatter.view().shards)
        lacking = missing(answers, shards)
        if lacking:
            raise IncompleteError(lacking, shards, found)

    def __len__(self) -> int:
        """How many subjects there are; `IncompleteError` as of `search`."""
        answers = self._scatter.gather("count")
        self._complete(answers)
        return sum(answer.living for answer in answers)

    def __contains__(self, subject: object) -> bool:
        try:
            shard = shard_of(subject_id(subject), len(self._scatter.view().shards))  # type: ignore[arg-type]
        except SubjectIdError:  # nobody can have such a one
            return False
        return bool(self._scatter.ask(shard, transport.ASK, "here", subject))

    def get(self, subject: str) -> dict[Position, Template]:
        """The templates of a subject, exactly as they were enrolled.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject.
        IncompleteError
            Its shard does not answer.
        """
        shard = shard_of(subject_id(subject), len(self._scatter.view().shards))
        found = self._scatter.ask(shard, transport.ASK, "get", subject)
        if found is None:
            raise SubjectNotFoundError("no such subject in this cluster")
        return {Position(position): encoding.decode(data) for position, data in found}

    def threshold(self, max_fpir: float) -> float:
        """As `civid.search.Gallery.threshold`."""
        return operating_point.threshold(max_fpir, len(self))

    def duplicates(
        self,
        *,
        max_fpir: float | None = 1e-3,
        min_score: float = 0.0,
        swapped: bool = False,
        checkpoint: str | os.PathLike[str] | None = None,
        block: int = 4096,
        on_progress: Progress | None = None,
    ) -> Iterator[Duplicate]:
        """Who is here twice? As `civid.search.Gallery.duplicates`, each pair once, in that order.

        The work is cut into blocks that any node with the shard takes; a block whose node dies is
        given to another one. It is about the subjects that were here when it began, less those
        removed meanwhile.

        Parameters
        ----------
        checkpoint : path, optional
            What is done. The same call goes on from there, also after changes of the cluster; it
            first gives again what was found. The file holds no ids and no templates.
        block : int
            Numbers of enrolment whose subjects make a block.
        on_progress : callable
            Called with (done, total) blocks.

        Raises
        ------
        SearchError
            The options make no sense, or the checkpoint is of others, damaged or none.
        IncompleteError
            A shard did not answer in time; call again with the checkpoint.
        """
        _check(min_score, max_fpir)
        sweep = Sweep(
            self._scatter,
            self._nodes,
            living=len(self),
            least=lambda living: max(
                min_score,
                0.0 if max_fpir is None else operating_point.threshold(max_fpir, living - 1),
            ),
            swapped=swapped,
            block=block,
            checkpoint=None if checkpoint is None else Path(checkpoint),
        )
        return sweep.run(on_progress)


def _check(min_score: float, max_fpir: float | None) -> None:
    check_score(min_score)
    if max_fpir is not None:
        operating_point.threshold(max_fpir, 1)
