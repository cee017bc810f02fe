"""The folder of a replica: a normal gallery, and beside it a file that says what it is a shard of.

::

    NODE/node.json               the cluster, the node's name, the last reign that it obeyed
    NODE/shard-0003/place.json   cluster, shard, number of shards, term, nodes
    NODE/shard-0003/gallery/     a gallery that ``civid gallery`` reads, too

With these files of all nodes, the map of the cluster can be made anew.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civid.errors import ClusterError, GalleryDamagedError, GalleryFormatError, GalleryStorageError
from civid.private_files import replacing

PLACE, GALLERY, NODE = "place.json", "gallery", "node.json"
_NAME = re.compile(r"shard-(\d{4})")
_MOST_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class ShardPlace:
    """What a replica's folder says of itself."""

    cluster: str
    shard: int
    shards: int
    term: int
    nodes: tuple[str, ...]
    backend: str = "auto"

    def write(self, folder: Path) -> None:
        """Put it on the disk."""
        _write(
            folder / PLACE,
            {
                "cluster": self.cluster,
                "shard": self.shard,
                "shards": self.shards,
                "term": self.term,
                "nodes": list(self.nodes),
                "backend": self.backend,
            },
        )

    @classmethod
    def read(cls, folder: Path) -> ShardPlace:
        """Of a folder; `GalleryDamagedError` if it cannot be read as one."""
        read = _read(folder / PLACE)
        try:
            place = cls(
                str(read["cluster"]),
                int(read["shard"]),
                int(read["shards"]),
                int(read["term"]),
                tuple(str(name) for name in read["nodes"]),
                str(read["backend"]),
            )
        except (KeyError, TypeError, ValueError):
            raise GalleryDamagedError(f"{folder}: {PLACE} is damaged") from None
        if folder_of(folder.parent, place.shard) != folder:
            raise GalleryDamagedError(f"{folder}: {PLACE} is of another shard")
        return place


@dataclass(frozen=True, slots=True)
class NodeFile:
    """What a node's folder says of itself."""

    cluster: str
    name: str
    reign: int

    def write(self, folder: Path) -> None:
        """Put it on the disk."""
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / NODE, {"cluster": self.cluster, "name": self.name, "reign": self.reign})

    @classmethod
    def read(cls, folder: Path) -> NodeFile:
        """Of a folder.

        Raises
        ------
        GalleryFormatError
            It is no node's folder.
        GalleryDamagedError
            It was one.
        """
        if not (folder / NODE).exists():
            raise GalleryFormatError(f"{folder}: this is not the folder of a cluster's node")
        read = _read(folder / NODE)
        try:
            return cls(str(read["cluster"]), str(read["name"]), int(read["reign"]))
        except (KeyError, TypeError, ValueError):
            raise GalleryDamagedError(f"{folder}: {NODE} is damaged") from None


def folder_of(node: Path, shard: int) -> Path:
    """Where a node keeps a shard."""
    return node / f"shard-{shard:04d}"


def number_of(folder: Path) -> int:
    """The shard of a folder that `folders` has given."""
    return int(folder.name.removeprefix("shard-"))


def folders(node: Path) -> Iterator[Path]:
    """Of all shards that a node keeps; one whose making was cut short has no place and is none."""
    for folder in sorted(node.glob("shard-*")):
        if _NAME.fullmatch(folder.name) and (folder / PLACE).exists():
            yield folder


def remove(folder: Path) -> None:
    """Delete a replica; what is left of it when that is cut short is none."""
    (folder / PLACE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def check_node(node: Path, cluster: str, name: str) -> NodeFile:
    """The node's own file, made when it is missing; `ClusterError` if it is another node's."""
    try:
        there = NodeFile.read(node)
    except GalleryFormatError:
        try:
            there = NodeFile(cluster, name, 0)
            there.write(node)
        except OSError as error:
            raise GalleryStorageError(f"{node}: cannot be written: {error.strerror}") from None
    if (there.cluster, there.name) != (cluster, name):
        raise ClusterError(f"{node}: this is the folder of another node or another cluster")
    return there


def _write(path: Path, content: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
    except OSError as error:
        raise GalleryStorageError(f"{path}: cannot be written: {error.strerror}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            read = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        raise GalleryDamagedError(f"{path}: cannot be read") from None
    if not isinstance(read, dict):
        raise GalleryDamagedError(f"{path}: is damaged")
    return read
