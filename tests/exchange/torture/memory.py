"""Memory of the worker over time, through all its deaths."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from tests.exchange.broker.abis import AbisProcess
from tests.exchange.torture.accounts import Accounts


@dataclass(frozen=True)
class Sample:
    """Seconds since the beginning, requests answered by then, process, resident MB."""

    seconds: float
    answered: int
    pid: int
    megabytes: float


class Memory:
    """Looks every so often, in a thread of its own."""

    def __init__(self, worker: AbisProcess, accounts: Accounts, every: float = 1.0):
        self._worker, self._accounts, self._every = worker, accounts, every
        self.samples: list[Sample] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more samples."""
        self._over.set()
        self._thread.join()

    def summary(self) -> dict[str, Any]:
        """Largest, at the end, and the growth of the last process as a line through its samples."""
        if not self.samples:
            return {}
        last = [one for one in self.samples if one.pid == self.samples[-1].pid]
        settled = last[len(last) // 4 :]
        found: dict[str, Any] = {
            "max MB": round(max(one.megabytes for one in self.samples), 1),
            "last MB": round(self.samples[-1].megabytes, 1),
        }
        done = settled[-1].answered - settled[0].answered
        if done:
            grown = settled[-1].megabytes - settled[0].megabytes
            found["MB per 1,000 requests, last process, without its first quarter"] = round(
                1000 * grown / done, 2
            )
        step = max(1, len(self.samples) // 60)
        found["over time (s, answered, MB)"] = [
            (round(one.seconds, 1), one.answered, round(one.megabytes, 1))
            for one in self.samples[::step]
        ]
        return found

    def _run(self) -> None:
        while not self._over.wait(self._every):
            if (seen := self._worker.resident()) is not None:
                pid, megabytes = seen
                seconds = time.monotonic() - self._accounts.begun
                self.samples.append(Sample(seconds, self._accounts.answered, pid, megabytes))
