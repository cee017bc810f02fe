"""The map of a cluster: its nodes, and where each shard lies. One small file, written whole.

A *term* of a shard is a time in which the same two nodes keep it: whoever knows another term is
behind. The *floor* of a shard is the epoch up to which changes were acknowledged; a replica below
it is old and may not answer. The *reign* counts the keepers
(`civid.search.cluster.keeping.keeper`): nodes listen to the last one alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from civid.errors import GalleryDamagedError, GalleryFormatError, GalleryStorageError
from civid.private_files import replacing

NAME = "cluster.json"
FORMAT = "civid cluster 1"
_MOST_BYTES = 1 << 24
#: A floor that nobody knows any more: every replica must be there before one of them answers.
UNKNOWN = -1
#: Somebody has said that what is there is all there was.
ACCEPTED = 0
#: Nothing was ever acknowledged: a replica that is not there is an empty one.
EMPTY = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shard lies.

    Parameters
    ----------
    term : int
        From 1, one more with every change of `nodes`.
    nodes : tuple of str
    floor : int
        Epoch up to which changes were acknowledged; or `EMPTY`, or after the map was lost
        `UNKNOWN` or `ACCEPTED`.
    """

    term: int
    nodes: tuple[str, ...]
    floor: int = EMPTY


@dataclass(frozen=True, slots=True)
class ClusterMap:
    """What the keeper decides by; immutable.

    Parameters
    ----------
    cluster : str
        Id: 32 hexadecimal digits.
    reign, number : int
        Of the keeper; the first number of enrolment that was never given out.
    nodes : dict of str to str
        Name to folder, as that node sees it.
    leaving : frozenset of str
        Nodes that get nothing new.
    places : tuple of Place
        By shard.
    backend : str
        How each shard is searched; see `civid.search.Gallery`.
    """

    cluster: str
    reign: int
    number: int
    nodes: Mapping[str, str]
    leaving: frozenset[str]
    places: tuple[Place, ...]
    backend: str = "auto"

    def placed(self, shard: int, place: Place) -> ClusterMap:
        """With one shard in another place."""
        return replace(self, places=(*self.places[:shard], place, *self.places[shard + 1 :]))

    @property
    def staying(self) -> list[str]:
        """Nodes that may get something."""
        return sorted(set(self.nodes) - self.leaving)

    def write(self, home: Path) -> None:
        """Put it on the disk of the keeper; what was there stays until it is whole.

        Raises
        ------
        GalleryStorageError
            The folder cannot be written.
        """
        body = json.dumps(self._as_json(), separators=(",", ":"))
        text = json.dumps({"format": FORMAT, "seal": _seal(body), "map": body})
        try:
            with replacing(home / NAME, "w", encoding="utf-8") as file:
                file.write(text)
            folder = os.open(home, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise GalleryStorageError(
                f"{home}: the map of the cluster cannot be written: {error.strerror}"
            ) from None

    @classmethod
    def read(cls, home: Path) -> ClusterMap:
        """The map of a cluster.

        Raises
        ------
        GalleryFormatError
            There is none, or one of another version.
        GalleryDamagedError
            It fails its check. ``civid cluster rebuild`` makes another one from the nodes' folders.
        """
        try:
            with (home / NAME).open("rb") as file:
                data = file.read(_MOST_BYTES)
        except FileNotFoundError:
            raise GalleryFormatError(f"{home}: there is no cluster here") from None
        except OSError as error:
            raise GalleryStorageError(f"{home}: cannot be read: {error.strerror}") from None
        try:
            outer = json.loads(data)
            version, seal, body = outer["format"], outer["seal"], outer["map"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise GalleryDamagedError(f"{home}: the map of the cluster is damaged") from None
        if version != FORMAT:
            raise GalleryFormatError(f"{home}: the map of the cluster has another format")
        if not isinstance(body, str) or seal != _seal(body):
            raise GalleryDamagedError(f"{home}: the map of the cluster is damaged")
        return cls._from_json(json.loads(body))

    def _as_json(self) -> dict[str, Any]:
        return {
            "cluster": self.cluster,
            "reign": self.reign,
            "number": self.number,
            "nodes": dict(self.nodes),
            "leaving": sorted(self.leaving),
            "places": [[place.term, place.floor, *place.nodes] for place in self.places],
            "backend": self.backend,
        }

    @classmethod
    def _from_json(cls, read: dict[str, Any]) -> ClusterMap:
        return cls(
            read["cluster"],
            read["reign"],
            read["number"],
            read["nodes"],
            frozenset(read["leaving"]),
            tuple(Place(term, tuple(nodes), floor) for term, floor, *nodes in read["places"]),
            read["backend"],
        )


def _seal(body: str) -> str:
    return blake2b(body.encode(), digest_size=16).hexdigest()
