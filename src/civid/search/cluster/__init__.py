"""A cluster (cụm máy): one gallery on many machines, each part of it on two; on Ray."""

from civid.search.cluster.cluster import Cluster
from civid.search.cluster.keeper import ClusterView, Timing
from civid.search.cluster.placement import Move, shard_of

__all__ = ["Cluster", "ClusterView", "Move", "Timing", "shard_of"]
