"""How much, how many at once, and how often."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from civid.exchange.service.problem import Refusal

#: Callers whose pace is remembered; whoever was idle longest is forgotten.
_MOST_CALLERS = 10_000


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What one service takes on.

    Attributes
    ----------
    body : int
        Bytes of a request's body. Ten fingers at 500 dpi, uncompressed, take 3 MB.
    parts : int
        Parts of a multipart body, and fingers of a JSON one.
    body_seconds : float
        For a body to arrive.
    workers : int
        Threads for the engine, pictures and records.
    waiting : int
        Requests that may wait for them; others are told to come back.
    per_second, burst : float
        Requests of one token: for long, and at once.
    lines_per_second, lines : float
        Lines of the log for requests that were refused at the door: for long, and at once. Of all
        that have no token together, and of one token that came too often. Others are counted.
    """

    body: int = 16 << 20
    parts: int = 24
    body_seconds: float = 30.0
    workers: int = field(default_factory=_cores)
    waiting: int = 64
    per_second: float = 50.0
    burst: float = 100.0
    lines_per_second: float = 1.0
    lines: float = 1000.0


class Pace:
    """How often each caller may ask: a bucket of tokens that fills at a steady pace.

    Safe for threads.

    >>> pace = Pace(1.0, 2.0, clock=lambda: 0.0)
    >>> for _ in range(2):
    ...     pace.admit("office-7")
    >>> pace.admit("office-7")
    Traceback (most recent call last):
    ...
    civid.exchange.service.problem.Refusal: too many requests with this token
    """

    def __init__(
        self, per_second: float, burst: float, *, clock: Callable[[], float] = time.monotonic
    ):
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, name: str) -> None:
        """Let one request of a caller pass, or raise `Refusal` (429) with Retry-After."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(name, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._per_second)
            admitted = left >= 1
            self._left[name] = (left - 1 if admitted else left, now)
            if len(self._left) > _MOST_CALLERS:
                self._left.popitem(last=False)
        if not admitted:
            wait = max(1, round((1 - left) / self._per_second + 0.5))
            raise Refusal("pace", headers={"retry-after": str(wait)})
