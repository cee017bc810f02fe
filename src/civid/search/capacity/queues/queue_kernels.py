"""The kernel of the queues: every search to every shard, first come first served on each node."""

from __future__ import annotations

from typing import Any

import numpy as np

from civid._jit import kernel


@kernel
def answer_times(
    arrivals: Any, work: Any, noise: Any, copies: Any, turns: Any, free: Any, least_busy: bool,
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
        Random numbers: which copy is asked first.
    free : (M, C) float64
        When each server of each node is next idle; begins with zeros.
    least_busy : bool
        Ask the copy that can begin first; else the copies take turns at random.
    answers : (J,) float64
        Infinite where a shard has no copy.
    busy : (M,) float64
        Seconds of work of each node's servers.
    """
    shards, replicas = copies.shape
    servers = free.shape[1]
    first = np.zeros(free.shape[0], np.int64)  # the server of each node that is idle first
    at = 0
    for j in range(len(arrivals)):
        last = arrivals[j]
        for s in range(shards):
            best_node, best_server, best_free = -1, -1, 0.0
            start = (turns[j] + s * 7) % replicas
            for r in range(replicas):
                node = copies[s, (start + r) % replicas]
                if node < 0:
                    continue
                server = first[node]
                begin = max(free[node, server], arrivals[j])
                if best_node < 0 or begin < best_free:
                    best_node, best_server, best_free = node, server, begin
                if not least_busy:
                    break
            if best_node < 0:
                last = float("inf")
                continue
            seconds = work[j] * noise[at]
            at = at + 1 if at + 1 < len(noise) else 0
            free[best_node, best_server] = best_free + seconds
            busy[best_node] += seconds
            for c in range(servers):
                if free[best_node, c] < free[best_node, first[best_node]]:
                    first[best_node] = c
            if best_free + seconds > last:
                last = best_free + seconds
        answers[j] = last - arrivals[j]
