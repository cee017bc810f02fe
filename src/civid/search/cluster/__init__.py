"""A cluster (cụm máy): one gallery on many machines, each part of it on two; on Ray."""

from civid.search.cluster.cluster import Cluster
from civid.search.cluster.keeping.keeper import ClusterView, Timing
from civid.search.cluster.keeping.placement import Move, shard_of

__all__ = ["Cluster", "ClusterView", "Move", "Timing", "shard_of"]
