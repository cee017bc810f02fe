"""A new cluster: its map."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from civid.errors import ClusterError
from civid.search.cluster.keeping.cluster_map import NAME, ClusterMap, Place
from civid.search.cluster.keeping.placement import first_places


def new_map(home: Path, nodes: Mapping[str, str], shards: int, backend: str) -> ClusterMap:
    """The map of a new cluster, written to its home; `ClusterError` if there is one."""
    if (home / NAME).exists():
        raise ClusterError(f"{home}: there is a cluster here already")
    if len(set(nodes.values())) < len(nodes):
        raise ClusterError("two nodes share a folder")
    places = tuple(Place(1, where) for where in first_places(shards, nodes))
    made = ClusterMap(secrets.token_hex(16), 0, 1, dict(nodes), frozenset(), places, backend)
    home.mkdir(parents=True, exist_ok=True)
    made.write(home)
    return made
