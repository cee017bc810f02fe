"""The map of a cluster, made anew from the folders of its nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from civid.errors import ClusterError, GalleryDamagedError, GalleryFormatError
from civid.search.cluster.keeping.cluster_map import ACCEPTED, UNKNOWN, ClusterMap, Place
from civid.search.cluster.keeping.placement import REPLICAS
from civid.search.cluster.shards import shard_folder
from civid.search.cluster.shards.shard_folder import NodeFile, ShardPlace


def rebuild(home: Path, folders: Sequence[Path], *, accept_lone: bool = False) -> ClusterMap:
    """See `civid.search.cluster.Cluster.rebuild`."""
    try:
        ClusterMap.read(home)
    except (GalleryFormatError, GalleryDamagedError):
        pass
    else:
        raise ClusterError(f"{home}: the map is there and can be read; start the cluster instead")
    files = {folder.absolute(): NodeFile.read(folder) for folder in folders}
    found = {
        file.name: [ShardPlace.read(one) for one in shard_folder.folders(folder)]
        for folder, file in files.items()
    }
    made = map_of(
        files={str(folder): file for folder, file in files.items()},
        found=found,
        accept_lone=accept_lone,
    )
    home.mkdir(parents=True, exist_ok=True)
    made.write(home)
    return made


def map_of(
    files: Mapping[str, NodeFile],
    found: Mapping[str, Sequence[ShardPlace]],
    *,
    accept_lone: bool = False,
) -> ClusterMap:
    """The map that these folders agree on; pure.

    The highest term of a shard is true. Its nodes must all be among the folders: the map is gone,
    and with it the knowledge of whether a later term was begun without the one that is here.

    Parameters
    ----------
    files : mapping
        Folder to what it says of its node.
    found : mapping
        Node to what its shards say of themselves.
    accept_lone : bool
        See `rebuild`.
    """
    clusters = {file.cluster for file in files.values()}
    if len(clusters) != 1:
        raise ClusterError("the folders are of several clusters" if clusters else "no folders")
    nodes = {file.name: folder for folder, file in files.items()}
    if len(nodes) < len(files):
        raise ClusterError("two folders are of one node")
    replicas: dict[int, dict[str, ShardPlace]] = {}
    for name, places in found.items():
        for place in places:
            if place.term:  # 0 = a copy that was never finished
                replicas.setdefault(place.shard, {})[name] = place
    any_place = next((one for of in replicas.values() for one in of.values()), None)
    if any_place is None:
        raise ClusterError("there is no shard in these folders")
    made: list[Place] = []
    for shard in range(any_place.shards):
        here = replicas.get(shard)
        if not here:
            raise ClusterError(f"shard {shard} is in none of these folders")
        top = max(here.values(), key=lambda one: one.term)
        lacking = [name for name in top.nodes if name not in here or here[name].term < top.term]
        if lacking and not accept_lone:
            raise ClusterError(
                f"shard {shard} was on {' and '.join(top.nodes)}, and that of {lacking[0]} is not "
                "here; add its folder, or accept what the other one has"
            )
        term, members = top.term, top.nodes
        if lacking:
            others = sorted(set(nodes) - set(top.nodes))
            absent = [name for name in lacking if name not in nodes]
            for name in absent:
                if not others:
                    raise ClusterError(f"at least {REPLICAS} nodes are needed for shard {shard}")
                members = tuple(others[0] if one == name else one for one in members)
        floor = ACCEPTED if lacking else UNKNOWN
        made.append(Place(term, members, floor))
    reign = max(file.reign for file in files.values())
    return ClusterMap(clusters.pop(), reign, 1, nodes, frozenset(), tuple(made), any_place.backend)
