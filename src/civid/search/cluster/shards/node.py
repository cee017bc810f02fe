"""A node: keeps replicas of some shards, and answers for those that the keeper lets it.

It knows nothing of Ray. All methods may be called from many threads.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from civid.errors import CividError, ClusterError, GalleryDamagedError, GalleryError
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.arrays.encoding import EncodedFingers
from civid.search.cluster import transport
from civid.search.cluster.keeping.cluster_map import Place
from civid.search.cluster.keeping.standing import Seen
from civid.search.cluster.merging import ShardAnswer
from civid.search.cluster.shards import shard_folder
from civid.search.cluster.shards.changes import Batch
from civid.search.cluster.shards.shard_folder import ShardPlace
from civid.search.cluster.shards.shard_gallery import Row, ShardGallery, StaleReplicaError
from civid.search.cluster.shards.sweep_block import Block, BlockFound, search_block
from civid.search.cluster.transport import Transport, told

#: Subjects that travel at once when a replica follows another: some 60 KB, so that Ray sends them
#: in the message and not by its store.
PAGE = 40
#: Seconds for one page.
_PATIENCE = 30.0
Keys = Any


@dataclass(slots=True)
class _Replica:
    place: ShardPlace
    gallery: ShardGallery | None
    error: str = ""
    damaged: bool = False
    #: The keeper has compared it with the others.
    live: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    digest: tuple[int, str] = (-1, "")


@dataclass(frozen=True, slots=True)
class Orders:
    """What the keeper wants of a node.

    Parameters
    ----------
    lease : float
        Seconds for which the node may answer before it must hear from the keeper again.
    live : dict of int to int
        Shards that may answer, and the term in which.
    drop : dict of int to int
        Shards that the node shall delete, if its term is less than this.
    """

    lease: float
    live: Mapping[int, int]
    drop: Mapping[int, int]


class Node:
    """See the module.

    Parameters
    ----------
    name, cluster : str
    folder : Path
        Of this node alone.
    peers : Transport
        To copy from other nodes.
    keys : KeyProvider, optional
        Of encrypted galleries.

    Raises
    ------
    ClusterError
        The folder is another node's.
    """

    def __init__(
        self, name: str, folder: Path, cluster: str, peers: Transport, keys: Keys = None
    ) -> None:
        self.name, self._folder, self._cluster = name, folder, cluster
        self._peers, self._keys = peers, keys
        self._file = shard_folder.check_node(folder, cluster, name)
        self._lock = threading.RLock()
        self._until = 0.0
        self._searches = 0
        self._replicas: dict[int, _Replica] = {}
        for shard in shard_folder.folders(folder):
            self._open(shard)

    def _open(self, folder: Path) -> None:
        shard = shard_folder.number_of(folder)
        held = _Replica(ShardPlace(self._cluster, shard, 0, 0, ()), None)
        try:
            held.place = place = ShardPlace.read(folder)
            if place.cluster != self._cluster:
                raise ClusterError(f"{folder}: this shard is of another cluster")
            held.gallery = ShardGallery.open(
                folder / shard_folder.GALLERY, backend=place.backend, keys=self._keys
            )
        except GalleryError as error:
            held.error = str(error)
            held.damaged = isinstance(error, GalleryDamagedError)
        self._replicas[shard] = held

    # ---- the keeper's

    def beat(self, reign: int, orders: Orders) -> dict[int, Seen]:
        """Hear from the keeper; -> what is here."""
        with self._lock:
            self._obey(reign)
            for shard, term in orders.drop.items():
                held = self._replicas.get(shard)
                if held is not None and held.place.term < term:
                    self._drop(shard)
            for shard, held in list(self._replicas.items()):
                if held.gallery is None and not held.damaged:  # busy, perhaps, or no memory
                    self._open(shard_folder.folder_of(self._folder, shard))
            for shard, held in self._replicas.items():
                held.live = orders.live.get(shard) == held.place.term and not held.error
            self._until = time.monotonic() + orders.lease
            replicas = dict(self._replicas)
        return {shard: self._seen(held) for shard, held in replicas.items()}

    def _obey(self, reign: int) -> None:
        with self._lock:
            if reign < self._file.reign:
                raise ClusterError("another keeper has taken over this cluster")
            if reign > self._file.reign:
                self._file = replace(self._file, reign=reign)
                self._file.write(self._folder)
                for held in self._replicas.values():
                    held.live = False

    def _seen(self, held: _Replica) -> Seen:
        place = held.place
        if held.gallery is None:
            return Seen(place.term, place.nodes, 0, error=held.error, damaged=held.damaged)
        try:
            with held.gallery._writer:
                epoch = held.gallery.epoch
                if held.digest[0] != epoch:
                    held.digest = epoch, held.gallery.digest()
                return Seen(
                    place.term,
                    place.nodes,
                    epoch,
                    len(held.gallery),
                    held.gallery.fingers,
                    held.gallery.nbytes,
                    held.digest[1],
                )
        except CividError as error:
            return Seen(place.term, place.nodes, 0, error=str(error))

    def apply(self, reign: int, shard: int, term: int, batch: Batch) -> list[str]:
        """Make a change; -> what came of each part of it."""
        self._obey(reign)
        held = self._held(shard, term)
        try:
            return self._gallery(held).apply(batch)
        except StaleReplicaError:
            raise  # a call that came late, or a replica of which the keeper knows that it is behind
        except GalleryError:
            held.live = False  # until the keeper has compared it again
            raise

    def prepare(self, reign: int, shard: int, place: ShardPlace) -> None:
        """Make room for a shard that is not here; an older one of this number goes."""
        self._obey(reign)
        with self._lock:
            self._drop(shard)
            folder = shard_folder.folder_of(self._folder, shard)
            place.write(folder)
            self._open(folder)

    def follow(self, reign: int, shard: int, source: str) -> int:
        """Become what the replica on another node is; -> the epoch."""
        self._obey(reign)
        held = self._replicas.get(shard)
        if held is None:
            raise ClusterError(f"shard {shard} is not on node {self.name}")
        with held.lock:
            held.live = False
            living: bytes
            epoch: int
            living, epoch = told(self._wait(source, "living", shard))
            numbers = np.frombuffer(living, np.int64)

            def page(start: int) -> Sequence[Row]:
                rows: Sequence[Row] = told(self._wait(source, "rows", shard, start, epoch, PAGE))
                return rows

            if held.gallery is None:
                held = self._anew(shard, held)
            try:
                self._gallery(held).follow(numbers, epoch, page)
            except StaleReplicaError:
                held = self._anew(shard, held)
                self._gallery(held).follow(numbers, epoch, page)
            return epoch

    def _anew(self, shard: int, held: _Replica) -> _Replica:
        with self._lock:
            self._drop(shard)
            folder = shard_folder.folder_of(self._folder, shard)
            # Term 0: until it has followed, it is nobody's.
            replace(held.place, term=0).write(folder)
            self._open(folder)
            return self._replicas[shard]

    def _wait(self, node: str, method: str, *arguments: Any) -> Any:
        found: Future[Any] = self._peers.ask(node, transport.COPY, method, *arguments)
        return found.result(_PATIENCE)

    def adopt(self, reign: int, shard: int, place: Place) -> None:
        """Take over a term and its nodes."""
        self._obey(reign)
        with self._lock:
            held = self._replicas.get(shard)
            if held is None or held.place.term > place.term:
                raise ClusterError(f"shard {shard} cannot be adopted by node {self.name}")
            held.live = False
            held.place = replace(held.place, term=place.term, nodes=place.nodes)
            held.place.write(shard_folder.folder_of(self._folder, shard))

    def retire(self, reign: int, shard: int) -> None:
        """Answer for a shard no more."""
        self._obey(reign)
        held = self._replicas.get(shard)
        if held is not None:
            held.live = False

    def _drop(self, shard: int) -> None:
        held = self._replicas.pop(shard, None)
        if held is not None and held.gallery is not None:
            held.gallery.close()
        shard_folder.remove(shard_folder.folder_of(self._folder, shard))

    # ---- other nodes'

    def living(self, shard: int) -> tuple[bytes, int]:
        """The numbers of the living of a shard, and its epoch, for a replica that follows."""
        gallery = self._gallery(self._held(shard))
        with gallery._writer:
            return gallery.living().tobytes(), gallery.epoch

    def rows(self, shard: int, begin: int, end: int, limit: int) -> list[Row]:
        """See `ShardGallery.rows`."""
        return self._gallery(self._held(shard)).rows(begin, end, limit)

    # ---- clients'

    def search(
        self,
        asked: Sequence[tuple[int, int]],
        probe: Mapping[Position, Template],
        options: Mapping[str, Any],
    ) -> list[ShardAnswer]:
        """Search shards of given terms. Those that may not answer are left out."""
        found: list[ShardAnswer] = []
        for shard, term in asked:
            try:
                held = self._answering(shard, term)
                gallery = self._gallery(held)
                _, living, candidates = gallery.find(
                    lambda gallery=gallery: gallery.search(probe, **options)  # type: ignore[misc]
                )
                self._answering(shard, term)  # still?
            except _NotNowError:
                continue
            found.append(ShardAnswer(shard, living, tuple(candidates)))
        self._searches += 1
        return found

    def count(self, asked: Sequence[tuple[int, int]]) -> list[ShardAnswer]:
        """How many are in shards of given terms; those that may not answer are left out."""
        found: list[ShardAnswer] = []
        for shard, term in asked:
            try:
                held = self._answering(shard, term)
            except _NotNowError:
                continue
            found.append(ShardAnswer(shard, len(self._gallery(held)), ()))
        return found

    def names(self, shard: int, term: int, numbers: Sequence[int]) -> dict[int, str]:
        """The ids behind numbers of enrolment."""
        held = self._answering(shard, term)
        return self._gallery(held).names(np.array(numbers, np.int64))

    def get(self, shard: int, term: int, subject: str) -> EncodedFingers | None:
        """The fingers of a subject as they are stored; None = nobody of this id is here."""
        gallery = self._gallery(self._answering(shard, term))
        with gallery._writer:
            number = gallery._directory.sequence(subject)
            return None if number is None else gallery._store.get(number)

    def here(self, shard: int, term: int, subject: str) -> bool:
        """Is somebody of this id in the shard?"""
        return subject in self._gallery(self._answering(shard, term))

    def block(self, term: int, block: Block, probes: Sequence[Row]) -> BlockFound:
        """Some subjects against a shard; see `civid.search.cluster.shards.sweep_block`."""
        return search_block(self._gallery(self._answering(block.shard, term)), block, probes)

    def page(self, shard: int, term: int, begin: int, end: int, limit: int) -> list[Row]:
        """Subjects of a shard by number, to be compared with others."""
        return self._gallery(self._answering(shard, term)).rows(begin, end, limit)

    def _held(self, shard: int, term: int | None = None) -> _Replica:
        held = self._replicas.get(shard)
        if held is None or term not in (None, held.place.term):
            raise _NotNowError(f"shard {shard} of this term is not on node {self.name}")
        return held

    def _answering(self, shard: int, term: int) -> _Replica:
        held = self._held(shard, term)
        if not held.live or time.monotonic() > self._until:
            raise _NotNowError(f"shard {shard} on node {self.name} may not answer now")
        return held

    def _gallery(self, held: _Replica) -> ShardGallery:
        if held.gallery is None:
            raise ClusterError(held.error)
        return held.gallery

    # ---- the end

    def measures(self) -> dict[str, float]:
        """Of this process, for a monitor."""
        used = os.times()
        return {"pid": os.getpid(), "cpu_seconds": used.user + used.system,
                "searches": self._searches}  # fmt: skip

    def close(self) -> None:
        """Let the galleries go."""
        with self._lock:
            for held in self._replicas.values():
                if held.gallery is not None:
                    held.gallery.close()
            self._replicas.clear()


class _NotNowError(ClusterError):
    """Not live, another term, or no lease."""
