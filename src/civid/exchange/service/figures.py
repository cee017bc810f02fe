"""Figures for Prometheus: how many requests, how long, how many people. Nothing about anybody."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MEDIA_TYPE = CONTENT_TYPE_LATEST


class Figures:
    """The figures of one service, in a registry of its own. Safe for threads.

    >>> figures = Figures()
    >>> figures.answered("search", 200, "", 0.02)
    >>> b'civid_requests_total{route="search",status="200"} 1.0' in figures.text(7)
    True
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "civid_requests", "Requests answered.", ["route", "status"], registry=self._registry
        )
        self._refused = Counter(
            "civid_problems", "Problems answered, by code.", ["code"], registry=self._registry
        )
        self._seconds = Histogram(
            "civid_request_seconds", "From the first byte to the answer.", ["route"],
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._people = Gauge("civid_people", "People enrolled.", registry=self._registry)

    def answered(self, route: str, status: int, code: str, seconds: float) -> None:
        """Count an answer; `route` is a name of a route, so that there are few."""
        self._requests.labels(route or "none", str(status)).inc()
        if code:
            self._refused.labels(code).inc()
        self._seconds.labels(route or "none").observe(seconds)

    def text(self, people: int) -> bytes:
        """What Prometheus reads."""
        self._people.set(people)
        return bytes(generate_latest(self._registry))
