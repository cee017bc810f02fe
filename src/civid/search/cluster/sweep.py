"""The search for duplicates over the whole cluster: cut into blocks, resumable, each pair once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import IO, Any

import numpy as np

from civid.errors import GalleryStorageError, IncompleteError, SearchError
from civid.position import Position
from civid.search.arrays.slices import Progress
from civid.search.checkpoint import check_engine, checksum
from civid.search.cluster import transport
from civid.search.cluster.scattering import Scatter
from civid.search.cluster.shards.shard_gallery import Row
from civid.search.cluster.shards.sweep_block import Block, BlockFound, Pair
from civid.search.cluster.transport import Transport, told
from civid.search.parameters.engine import engine_name
from civid.search.results import Duplicate, FingerEvidence

_KIND = "civid cluster duplicates 1"
#: Subjects of a shard that are fetched at once.
_PAGE = 512
_PAUSE = 0.05


class Sweep:
    """One run; see `civid.search.cluster.Cluster.duplicates`."""

    def __init__(
        self,
        scatter: Scatter,
        nodes: Transport,
        *,
        living: int,
        least: Callable[[int], float],
        swapped: bool,
        block: int,
        checkpoint: Path | None,
    ) -> None:
        if block < 1:
            raise SearchError("a block must have at least one number")
        view = scatter.view(fresh=True)
        self._scatter, self._nodes = scatter, nodes
        self._shards, self._block = len(view.shards), block
        head = {
            "kind": _KIND,
            "cluster": view.cluster,
            "most": view.next,
            "least": least(living),
            "swapped": swapped,
            "block": block,
            "engine": engine_name(),
        }
        self._log = SweepLog(checkpoint, head)
        self._most: int = self._log.head["most"]
        self._least: float = self._log.head["least"]
        self._swapped = swapped

    def run(self, on_progress: Progress | None) -> Iterator[Duplicate]:
        """Every pair."""
        starts = range(1, self._most, self._block)
        total, done = len(starts) * self._shards, 0
        try:
            self._log.open()
            for begin in starts:
                yield from self._named(self._range(begin))
                done += self._shards
                if on_progress is not None:
                    on_progress(done, total)
        finally:
            self._log.close()

    def _range(self, begin: int) -> list[Pair]:
        """All pairs whose first subject has one of these numbers."""
        end = min(begin + self._block, self._most)
        found = {
            shard: one
            for shard in range(self._shards)
            if (one := self._log.done.get((begin, shard))) is not None
        }
        left = [shard for shard in range(self._shards) if shard not in found]
        if left:
            probes = self._probes(begin, end)
            blocks = [
                Block(begin, shard, end, self._most, self._least, self._swapped) for shard in left
            ]
            for one in self._do(blocks, probes) if probes else map(_nothing, blocks):
                self._log.write(one)
                found[one.shard] = one
        pairs = [(shard, pair) for shard, one in found.items() for pair in one.pairs]
        return [
            pair
            for _, pair in sorted(
                pairs, key=lambda item: (item[1].first, -item[1].score, item[1].second)
            )
        ]

    def _probes(self, begin: int, end: int) -> list[Row]:
        found: list[Row] = []
        for shard in range(self._shards):
            start = begin
            while start < end:
                page = self._scatter.ask(shard, transport.COPY, "page", start, end, _PAGE)
                found += [(number, "", fingers) for number, _, fingers in page]
                if len(page) < _PAGE:
                    break
                start = page[-1][0] + 1
        return sorted(found, key=lambda row: row[0])

    def _do(self, blocks: Sequence[Block], probes: Sequence[Row]) -> Iterator[BlockFound]:
        """Give the blocks to nodes that have their shards, again and again until each is done."""
        left = list(blocks)
        waiting: dict[Future[Any], tuple[Block, str]] = {}
        tried: dict[int, set[str]] = {}
        until = time.monotonic() + self._scatter.timeout
        while left or waiting:
            view = self._scatter.view()
            busy = [node for _, node in waiting.values()]
            for block in list(left):
                term, nodes = view.shards[block.shard]
                fresh = [n for n in nodes if n not in tried.get(block.shard, ())] or list(nodes)
                free = [node for node in fresh if node not in busy]
                if free:
                    node = free[0]
                    future = self._nodes.ask(node, transport.SWEEP, "block", term, block, probes)
                    waiting[future] = block, node
                    busy.append(node)
                    left.remove(block)
            done, _ = wait(waiting, self._scatter.timeout if waiting else 0, FIRST_COMPLETED)
            for future in done:
                block, node = waiting.pop(future)
                try:
                    one: BlockFound = told(future.result())
                except Exception:  # whatever the carrier raises: another node takes it
                    tried.setdefault(block.shard, set()).add(node)
                    left.append(block)
                    continue
                until = time.monotonic() + self._scatter.timeout
                yield one
            if not done or left:
                if time.monotonic() > until and not waiting:
                    raise IncompleteError([one.shard for one in left], self._shards)
                if not waiting:
                    time.sleep(_PAUSE)
                    self._scatter.view(fresh=True)

    def _named(self, pairs: Sequence[Pair]) -> Iterator[Duplicate]:
        """With ids; pairs of which one was removed meanwhile are none."""
        if not pairs:
            return
        numbers = sorted({number for pair in pairs for number in (pair.first, pair.second)})
        names: dict[int, str] = {}
        for shard in range(self._shards):
            names |= self._scatter.ask(shard, transport.ASK, "names", numbers)
        for pair in pairs:
            if pair.first in names and pair.second in names:
                yield Duplicate(names[pair.first], names[pair.second], pair.score, pair.evidence)


def _nothing(block: Block) -> BlockFound:
    return BlockFound(block.begin, block.shard, ())


class SweepLog:
    """What is done, a line of JSON a block: numbers and scores, no ids. A block counts once,
    however often it was done; a last line that was cut short is passed over.

    Raises
    ------
    SearchError
        The file is of another cluster or other options, of another engine, damaged, or no such
        file.
    GalleryStorageError
        It cannot be written.
    """

    def __init__(self, path: Path | None, head: dict[str, Any]) -> None:
        self.head = head
        self.done: dict[tuple[int, int], BlockFound] = {}
        self._file: IO[bytes] | None
        self._path, self._file, self._size = path, None, 0
        if path is None:
            return
        try:
            there = path.read_bytes() if path.exists() else b""
        except OSError as error:
            raise GalleryStorageError(f"the checkpoint cannot be read: {error.strerror}") from None
        if there:
            self._size = self._read(there)

    def open(self) -> None:
        """Begin to write, behind the last whole line."""
        if self._path is None:
            return
        try:
            self._file = self._path.open("r+b" if self._path.exists() else "xb")
            self._file.seek(self._size)
            self._file.truncate()
        except OSError as error:
            raise GalleryStorageError(f"the checkpoint cannot be used: {error.strerror}") from None
        if not self._size:
            self._append(self.head)

    def _read(self, data: bytes) -> int:
        lines = data.splitlines(keepends=True)
        try:
            head = json.loads(lines[0])
            if head["kind"] != _KIND:
                raise ValueError
        except (ValueError, KeyError, TypeError):
            raise SearchError("the file is not a checkpoint of a cluster") from None
        #: The cluster may have grown meanwhile; the work is about those of its beginning.
        kept = {name: head.get(name) for name in ("most", "least", "engine")}
        if head | kept != self.head | kept:
            raise SearchError("the checkpoint is of another cluster or other options")
        check_engine(kept["engine"])
        self.head = head
        size = len(lines[0])
        for number, line in enumerate(lines[1:], 2):
            if not line.endswith(b"\n"):
                break
            try:
                begin, shard, pairs, *check = json.loads(line)  # civid 0.1 wrote no checksum
                if check and check != [checksum([begin, shard, pairs])]:
                    raise ValueError
                found = BlockFound(int(begin), int(shard), tuple(_pair(*one) for one in pairs))
            except (ValueError, TypeError):
                raise SearchError(f"line {number} of the checkpoint is damaged") from None
            self.done.setdefault((found.begin, found.shard), found)
            size += len(line)
        return size

    def write(self, found: BlockFound) -> None:
        """A block is done."""
        line = [
            found.begin,
            found.shard,
            [
                [
                    pair.first,
                    pair.second,
                    pair.score,
                    [
                        [int(t.probe_position), int(t.reference_position), t.score, t.pairs,
                         t.compared, *([] if t.calibrated else [False])]
                        for t in pair.evidence
                    ],
                ]
                for pair in found.pairs
            ],
        ]  # fmt: skip
        self._append([*line, checksum(line)])

    def _append(self, line: object) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise GalleryStorageError(
                f"the checkpoint cannot be written: {error.strerror}"
            ) from None

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()


def _pair(first: int, second: int, score: float, terms: list[list[Any]]) -> Pair:
    if not np.isfinite(score):
        raise ValueError
    return Pair(
        int(first),
        int(second),
        float(score),
        tuple(
            FingerEvidence(
                Position(a),
                Position(b),
                float(value),
                int(pairs),
                int(compared),
                calibrated=not unlike,
            )
            for a, b, value, pairs, compared, *unlike in terms
        ),
    )
