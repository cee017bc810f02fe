"""The kernel of the queues: every search to every shard, first come first served on each node."""

from __future__ import annotations

from typing import Any

import numpy as np

from civid._jit import kernel


@kernel
def answer_times(
    arrivals: Any, work: Any, noise: Any, copies: Any, turns: Any, free: Any, idle_first: bool,
    answers: Any, busy: Any,
) -> None:  # fmt: skip
    """Fill `answers` with the seconds until the last shard of each search has answered.

    Parameters
    ----------
    arrivals : (J,) float64, ascending
        When searches come.
    work : (J,) float64
        Seconds of a search at one shard.
    noise : (W,) float32
        Factors of the work at one shard, taken in turn.
    copies : (T, R) int64
        Nodes of the copies of each shard; -1 is down.
    turns : (J,) uint32
        Random numbers: which copy goes before among equals.
    free : (M, C) float64
        When each server of each node is next idle; begins with zeros.
    idle_first : bool
        Ask the copy that can begin first; else the one whose node got the fewest parts of this
        search, as `civid.search.cluster` does.
    answers : (J,) float64
        Infinite where a shard has no copy.
    busy : (M,) float64
        Seconds of work of each node's servers.
    """
    shards, replicas = copies.shape
    servers = free.shape[1]
    first = np.zeros(free.shape[0], np.int64)  # the server of each node that is idle first
    parts = np.zeros(free.shape[0], np.int64)  # of this search, by node
    at = 0
    for j in range(len(arrivals)):
        last = arrivals[j]
        parts[:] = 0
        for s in range(shards):
            best_node, best_free = -1, 0.0
            for r in range(replicas):
                node = copies[s, (turns[j] + r) % replicas]
                if node < 0:
                    continue
                begin = max(free[node, first[node]], arrivals[j])
                better = begin < best_free if idle_first else parts[node] < parts[best_node]
                if best_node < 0 or better:
                    best_node, best_free = node, begin
            if best_node < 0:
                last = float("inf")
                continue
            seconds = work[j] * noise[at]
            at = at + 1 if at + 1 < len(noise) else 0
            free[best_node, first[best_node]] = best_free + seconds
            parts[best_node] += 1
            busy[best_node] += seconds
            for c in range(servers):
                if free[best_node, c] < free[best_node, first[best_node]]:
                    first[best_node] = c
            if best_free + seconds > last:
                last = best_free + seconds
        answers[j] = last - arrivals[j]
