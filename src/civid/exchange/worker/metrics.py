"""Counters and clocks of a worker, for Prometheus; and whether it is well."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from civid.extras import need

_STAGES = ("wait", "ahead", "engine", "send")
#: Seconds: a fetch takes milliseconds to seconds, and nothing more than the limits allow.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """All that is counted, in a registry of its own, and the health. Safe for threads.

    >>> metrics = Metrics()
    >>> metrics.trouble("broker")  # none any more
    >>> metrics.health(lambda: True)["ready"]
    True
    """

    def __init__(self) -> None:
        prometheus = need("prometheus_client", "metrics", "abis")
        self.registry: Any = prometheus.CollectorRegistry()
        own = {"registry": self.registry}
        self.messages = prometheus.Counter(
            "civid_abis_messages", "Messages that were answered, or became dead letters.",
            ["operation", "outcome"], **own,
        )  # fmt: skip
        self.seconds = prometheus.Histogram(
            "civid_abis_stage_seconds",
            "Seconds: a message (wait: for its turn, ahead: fetched), a group (engine, send).",
            ["stage"], buckets=_BUCKETS, **own,
        )  # fmt: skip
        for stage in _STAGES:
            self.seconds.labels(stage)
        self.window = prometheus.Gauge(
            "civid_abis_window", "Messages taken and not answered yet.", **own
        )
        self.people = prometheus.Gauge("civid_abis_people", "People in the engine.", **own)
        self.redelivered = prometheus.Counter(
            "civid_abis_redelivered", "Messages that the broker had handed out before.", **own
        )
        self.dead = prometheus.Counter(
            "civid_abis_dead_letters", "Messages that were set aside.", ["reason"], **own
        )
        self.connections = prometheus.Counter(
            "civid_abis_connections", "Connections to a broker.", **own
        )
        self.connected = prometheus.Gauge(
            "civid_abis_connected", "1 while a broker is connected.", **own
        )
        self._since = time.monotonic()
        self._answered: float | None = None
        prometheus.Gauge(
            "civid_abis_last_answer_age_seconds",
            "Seconds since the last answer, or since the start.", **own,
        ).set_function(self.age)  # fmt: skip
        self._lock = threading.Lock()
        self._trouble: dict[str, str] = {"broker": "not connected yet"}

    def age(self) -> float:
        """Seconds since the last answer, or since the start."""
        return time.monotonic() - (self._since if self._answered is None else self._answered)

    def answered(self) -> None:
        """An answer has just been accepted."""
        self._answered = time.monotonic()

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Time a stage."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds.labels(stage).observe(time.perf_counter() - begun)

    def trouble(self, part: str, what: str = "") -> None:
        """Say that a part is in trouble; with nothing said, that it is well again."""
        with self._lock:
            if what:
                self._trouble[part] = what
            else:
                self._trouble.pop(part, None)

    def health(self, alive: Callable[[], bool]) -> dict[str, object]:
        """The document of ``/health``: live, ready, and what is wrong."""
        with self._lock:
            trouble = dict(self._trouble)
        live = alive()
        age = None if self._answered is None else round(time.monotonic() - self._answered, 1)
        return {
            "live": live, "ready": live and not trouble, "trouble": trouble,
            "last_answer_seconds": age,
        }  # fmt: skip
