"""The worker: from the queue to the engine and back, until told to stop."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from civid.errors import StorageWriteError
from civid.exchange.worker.answering import Answering, Done
from civid.exchange.worker.arrivals import Arrivals
from civid.exchange.worker.delivery import Delivery
from civid.exchange.worker.forgetting import Forgetting
from civid.exchange.worker.incoming import Incoming, read
from civid.exchange.worker.inhand import InHand
from civid.exchange.worker.logs import event
from civid.exchange.worker.metrics import Metrics
from civid.exchange.worker.service import Service
from civid.exchange.worker.session import BrokerError, Session
from civid.exchange.worker.settings import Settings

#: Pauses double from the first to the last: seconds.
_FIRST_PAUSE, _LAST_PAUSE = 0.25, 30.0
#: How long a broker is given to put back what a lost connection had in hand, in seconds: who comes
#: back to Artemis at once gets later messages first.
_TO_PUT_BACK = 1.0


class Worker:
    """Takes requests from a queue, answers them in their order, and loses none.

    A request is acknowledged together with its answer, and answered when the engine has it on the
    disk: whatever dies at whatever moment, it comes again, and gets the same answer again.

    Parameters
    ----------
    settings : Settings
    service : Service
        Who knows the answers; its store is written by this process alone.
    folder : Path
        Where it is noted what is in hand.
    metrics : Metrics, optional

    Notes
    -----
    `run` is for one thread; `stop` may be called from any, though not from a signal's handler,
    which may have interrupted the thread that it would wait for.

    Raises
    ------
    StorageWriteError, StorageFormatError
        It cannot be noted what is in hand.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from civid.exchange.abis import Abis
    >>> from civid.exchange.datashare import Fetcher
    >>> from civid.exchange.worker import MosipService, brokers_of
    >>> settings = Settings(brokers_of("stomp://queue.example"))
    >>> with TemporaryDirectory() as at, Abis.open(at, create=True) as engine, Fetcher(()) as known:
    ...     worker = Worker(settings, MosipService(engine, known.fetch), Path(at))
    ...     worker.stop()  # for this example; otherwise from another thread
    ...     worker.run()
    ...     len(worker)
    0
    """

    def __init__(
        self, settings: Settings, service: Service, folder: Path, *, metrics: Metrics | None = None
    ) -> None:
        self.settings, self.metrics = settings, metrics or Metrics()
        self._service = service
        self._in_hand = InHand(folder)
        self._answering = Answering(service, self._in_hand, self.metrics, settings.tries)
        self._arrivals = Arrivals(settings.window, self._start)
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="civid-ahead")
        self._stopping = threading.Event()
        self._deadline = float("inf")
        self._running = False
        self.metrics.window.set_function(lambda: len(self._arrivals))
        self.metrics.people.set_function(service.size)

    def __len__(self) -> int:
        """How many requests are taken and not answered."""
        return len(self._arrivals)

    def alive(self) -> bool:
        """Whether it runs."""
        return self._running

    def stop(self) -> None:
        """Finish what was taken, and let `run` return."""
        self._deadline = time.monotonic() + self.settings.grace
        self._stopping.set()
        self._arrivals.end()

    def run(self) -> None:
        """Work until `stop`.

        Raises
        ------
        StorageError
            The store is damaged, or was taken away.
        """
        self._running = True
        event("started", window=self.settings.window, threads=self.settings.threads)
        pause = _FIRST_PAUSE
        forgetting = Forgetting(self._service, self.settings.keep_answers)
        try:
            while not self._stopping.is_set():
                session = self._connect()
                if session is None:
                    break
                since = time.monotonic()
                try:
                    useful = self._serve(session) or time.monotonic() - since > _LAST_PAUSE
                finally:
                    self.metrics.connected.set(0)
                    session.close()
                # A broker may let us in, and refuse every answer: then not as fast as can be.
                pause = _FIRST_PAUSE if useful else min(2 * pause, _LAST_PAUSE)
                self._pause(max(pause, _TO_PUT_BACK))
            self._noted(self._in_hand.clear)
        finally:
            self._running = False
            forgetting.stop()
            self._arrivals.end()
            self._pool.shutdown(cancel_futures=True)
            self._in_hand.close()
        event("stopped")

    def _connect(self) -> Session | None:
        """Connect to the first broker that lets us, however long that takes; None = stopped."""
        pause, said = _FIRST_PAUSE, ""
        while not self._stopping.is_set():
            for broker in self.settings.brokers:
                session = Session(broker, self.settings, self._arrivals.put, self._arrivals.wake)
                self._arrivals.begin(session)
                try:
                    session.open()
                except BrokerError as error:
                    if str(error) != said:  # once, not every half a minute
                        event("broker-refuses", level=logging.WARNING, reason=str(error))
                    said = str(error)
                    self.metrics.trouble("broker", str(error))
                    continue
                self.metrics.trouble("broker")
                self.metrics.connections.inc()
                self.metrics.connected.set(1)
                event("connected", broker=str(broker), kind=session.dialect.name)
                return session
            self._pause(pause)
            pause = min(2 * pause, _LAST_PAUSE)
        return None

    def _pause(self, seconds: float) -> None:
        # Many workers that lost one broker do not come back at one moment.
        self._stopping.wait(seconds * random.uniform(0.5, 1.5))

    def _serve(self, session: Session) -> bool:
        """Answer until the connection is lost or no more comes; -> was anything answered?"""

        def given_up() -> bool:
            return session.lost or time.monotonic() > self._deadline

        pause, useful = _FIRST_PAUSE, False
        while group := self._arrivals.next(self.settings.group, given_up):
            now = time.monotonic()
            for one in group:
                self.metrics.seconds.labels("wait").observe(now - one.since)
            done = self._answering.answers(group)
            if done.left:
                self._arrivals.put_back(done.left)
            if done.leaving:
                try:
                    with self.metrics.timed("send"):
                        session.answer(done.leaving)
                except BrokerError as error:
                    event("broker-lost", level=logging.WARNING, reason=str(error))
                    self.metrics.trouble("broker", str(error))
                    return useful
                useful = True
                digests = [one.delivery.digest for one in done.items]
                self._noted(partial(self._in_hand.put_down, digests))
                self._arrivals.done(done.items)
                self._tell(done)
            if done.left:
                self._arrivals.pause(pause, given_up)
                pause = min(2 * pause, _LAST_PAUSE)
            else:
                pause = _FIRST_PAUSE
        if session.lost:
            event("broker-lost", level=logging.WARNING, broker=str(session.broker))
            self.metrics.trouble("broker", "lost")
        return useful

    def _noted(self, note: Callable[[], None]) -> None:
        """Note that something is no longer in hand; where that fails, it stays a suspect."""
        try:
            note()
        except StorageWriteError as error:
            event("not-noted", level=logging.WARNING, error=type(error).__name__)

    def _tell(self, done: Done) -> None:
        now = time.monotonic()
        for item, (operation, outcome) in zip(done.items, done.outcomes, strict=True):
            self.metrics.messages.labels(operation, outcome).inc()
            event(
                "answered" if outcome != "dead" else "dead-letter",
                level=logging.INFO if outcome != "dead" else logging.ERROR,
                mark=item.delivery.mark, operation=operation, outcome=outcome,
                seconds=round(now - item.since, 3),
            )  # fmt: skip
        self.metrics.answered()

    def _start(self, delivery: Delivery) -> Future[tuple[Incoming, Any]] | None:
        if delivery.redelivered:
            self.metrics.redelivered.inc()
        if self._in_hand.times(delivery.digest):
            return None
        return self._pool.submit(self._ahead, delivery)

    def _ahead(self, delivery: Delivery) -> tuple[Incoming, Any]:
        self._in_hand.take([delivery.digest])
        with self.metrics.timed("ahead"):
            incoming = read(delivery.body)
            ready = None if incoming.message is None else self._service.ahead(incoming.message)
        return incoming, ready
