"""Answers are kept for some days, for requests that come again, and then forgotten."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from civid.errors import CividError
from civid.exchange.worker.logs import event
from civid.exchange.worker.service import Service

#: Not before what was under way when the last worker ended has come again: seconds.
_FIRST, _EVERY = 600.0, 3600.0
#: Answers a transaction, and the seconds between two, in which others have their turn.
_AT_ONCE, _BETWEEN = 1000, 0.05
_DAY = 86_400.0


class Forgetting:
    """Forgets old answers now and then, on a thread of its own, until stopped.

    Parameters
    ----------
    service : Service
        Whose answers.
    days : int
        So old they become.
    first, every : float
        Seconds until the first look, and between two.
    clock : callable
        The time, in seconds since 1970.
    """

    def __init__(
        self, service: Service, days: int, *, first: float = _FIRST, every: float = _EVERY,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._service, self._age, self._clock = service, days * _DAY, clock
        self._first, self._every = first, every
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="civid-forgetting", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, at the latest after the transaction that is under way."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._first
        while not self._end.wait(pause):
            pause = self._every
            try:
                self._forget()
            except CividError as error:  # busy, or a full disk: they are forgotten later
                event("not-forgotten", level=logging.WARNING, error=type(error).__name__)

    def _forget(self) -> None:
        before, forgotten = self._clock() - self._age, 0
        while True:
            some = self._service.forget(before, _AT_ONCE)
            forgotten += some
            if some < _AT_ONCE or self._end.wait(_BETWEEN):
                break
        if forgotten:
            event("forgotten", answers=forgotten)
