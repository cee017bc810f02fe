"""Lines for who is refused at the door: a stranger must not be able to fill the disk with them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from civid.exchange.service.bounds import Limits, Pace
from civid.exchange.service.problem import Refusal

#: Seconds between two lines that stand for many.
EVERY = 10.0


class Kind(NamedTuple):
    """What is counted together: who (nobody, or a token that came too often), and the answer."""

    caller: str
    token: str
    status: int
    code: str


class Refusals:
    """Which refusals have a line of their own, and how many the others are. Safe for threads.

    Parameters
    ----------
    limits : Limits
        `Limits.lines` and `Limits.lines_per_second`, for each caller; all strangers are one.
    clock : callable
        Seconds that never go back.

    Examples
    --------
    >>> refusals = Refusals(Limits(lines=1), clock=iter([0, 0, 0, 11, 11]).__next__)
    >>> [refusals.own_line(Kind("", "", 401, "token")) for _ in range(2)]
    [True, False]
    >>> refusals.due()
    [(Kind(caller='', token='', status=401, code='token'), 1)]
    """

    def __init__(self, limits: Limits, *, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._pace = Pace(limits.lines_per_second, limits.lines, clock=clock)
        self._many: Counter[Kind] = Counter()
        self._lock = threading.Lock()
        self._told = clock()

    def own_line(self, kind: Kind) -> bool:
        """Whether this one is written down by itself; it is counted otherwise."""
        try:
            self._pace.admit(kind.token or kind.caller)
        except Refusal:
            with self._lock:
                self._many[kind] += 1
            return False
        return True

    def due(self, *, now: bool = False) -> list[tuple[Kind, int]]:
        """What is to be written down for many, and how many; they are counted no longer."""
        with self._lock:
            if not self._many or not (now or self._clock() - self._told >= EVERY):
                return []
            found, self._many, self._told = list(self._many.items()), Counter(), self._clock()
        return found

    def back(self, kind: Kind, times: int) -> None:
        """Count them again: they could not be written down."""
        with self._lock:
            self._many[kind] += times
