"""Deaths: the worker killed at random moments, the broker stopped once and killed once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.exchange.broker.abis import AbisProcess
from tests.exchange.broker.running import Broker
from tests.exchange.torture.accounts import Accounts


@dataclass(frozen=True)
class Outage:
    """Something died, and what it was; times of `time.monotonic`."""

    what: str
    begin: float
    end: float


class Outages:
    """Kills as answers come in, spread over the run at random; in a thread of its own."""

    def __init__(
        self, accounts: Accounts, worker: AbisProcess, broker: Broker, expected: int, seed: int
    ):
        self._accounts, self._worker, self._broker = accounts, worker, broker
        self._expected = expected
        self._chance = random.Random(seed)
        self.seen: list[Outage] = []
        self.error: BaseException | None = None
        self._thread: threading.Thread | None = None

    def start(self, kills: int, broker_restarts: int) -> None:
        """Begin; at which answer each happens is drawn now."""
        what: list[tuple[str, Callable[[], None]]] = [("worker killed", self._worker.kill)] * kills
        ways = [("broker stopped", self._broker.stop), ("broker killed", self._broker.kill)]
        what += [ways[number % 2] for number in range(broker_restarts)]
        self._chance.shuffle(what)
        # Not within the last tenth, so that each is followed by work.
        moments = sorted(self._chance.sample(range(1, max(2, self._expected * 9 // 10)), len(what)))
        self._thread = threading.Thread(target=self._run, args=(what, moments), daemon=True)
        self._thread.start()

    def finish(self, timeout: float) -> None:
        """Wait until all have happened."""
        assert self._thread is not None
        self._thread.join(timeout)
        assert not self._thread.is_alive(), "not everything was killed that should have been"
        if self.error is not None:
            raise self.error

    def _run(self, what: list[tuple[str, Callable[[], None]]], moments: list[int]) -> None:
        try:
            for (name, end), moment in zip(what, moments, strict=True):
                if not self._accounts.wait_answered(moment, timeout=3600):
                    raise TimeoutError("no more answers came")
                time.sleep(self._chance.uniform(0, 0.2))  # not always between two answers
                self._kill(name, end)
        except BaseException as error:
            self.error = error

    def _kill(self, name: str, end: Callable[[], None]) -> None:
        begin, before = time.monotonic(), self._worker.connections()
        end()
        if name.startswith("worker"):
            self._worker.start()
        else:
            time.sleep(self._chance.uniform(0, 1))
            self._broker.start()
        # It is over with the next answer of a worker that is connected again. Those that come
        # before were on their way already.
        while self._worker.connections() == before and time.monotonic() < begin + 300:
            time.sleep(0.05)
        self._accounts.wait_answered(self._accounts.answered + 1, timeout=300)
        self.seen.append(Outage(name, begin, time.monotonic()))
