"""Messages that arrived, in the order of the queue, and what was made ready for them meanwhile."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from civid.exchange.worker.delivery import Delivery
from civid.exchange.worker.incoming import Incoming

#: What was made ready is kept over a lost connection, for the URL may have been good for one use;
#: so many windows of it.
_WINDOWS = 4


@dataclass(eq=False)
class Item:
    """A message that waits for its turn.

    Attributes
    ----------
    delivery : Delivery
    ready : Future or None
        What was read and made ready ahead; None = a suspect, for which nothing is done ahead.
    failures : int
        How often it failed through no fault of its own.
    """

    delivery: Delivery
    ready: Future[tuple[Incoming, Any]] | None
    since: float = field(default_factory=time.monotonic)
    failures: int = 0


class Arrivals:
    """The window: messages taken from the broker and not answered. Safe for threads.

    Parameters
    ----------
    window : int
        As the broker was told; it bounds what lies here.
    start : callable
        Starts making ready what a message needs, on another thread; None for a suspect.
    """

    def __init__(
        self, window: int, start: Callable[[Delivery], Future[tuple[Incoming, Any]] | None]
    ) -> None:
        self._start, self._most = start, _WINDOWS * window
        self._changed = threading.Condition()
        self._items: deque[Item] = deque()
        self._kept: OrderedDict[bytes, Future[tuple[Incoming, Any]]] = OrderedDict()
        self._taken = 0
        self._session: object = None
        self._closed = False

    def __len__(self) -> int:
        """How many are not answered yet."""
        with self._changed:
            return len(self._items) + self._taken

    def begin(self, session: object) -> None:
        """Take messages of this connection, and no other; those of the last come again."""
        with self._changed:
            self._items.clear()
            self._taken = 0
            self._session = session
            self._changed.notify_all()

    def end(self) -> None:
        """Take no more, for good; what is here is still given out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wake(self) -> None:
        """Look again at what is waited for."""
        with self._changed:
            self._changed.notify_all()

    def put(self, delivery: Delivery) -> None:
        """A message has arrived. Does not block."""
        with self._changed:
            if self._closed or delivery.session is not self._session:
                return
            ready = self._kept.get(delivery.digest)
            if ready is None or ready.cancelled():
                ready = self._start(delivery)
                if ready is not None:
                    self._keep(delivery.digest, ready)
                    ready.add_done_callback(lambda _: self.wake())
            self._items.append(Item(delivery, ready))
            self._changed.notify_all()

    def next(self, most: int, given_up: Callable[[], bool]) -> list[Item]:
        """The first messages that are ready; nothing = no more will come, or given up.

        A suspect comes alone.
        """
        with self._changed:
            while True:
                if given_up() or (self._closed and not self._items):
                    return []
                if self._items and _is_ready(self._items[0]):
                    break
                self._changed.wait(0.2)
            found = [self._items.popleft()]
            while (
                found[0].ready is not None
                and self._items
                and len(found) < most
                and self._items[0].ready is not None
                and self._items[0].failures == 0
                and _is_ready(self._items[0])
            ):
                found.append(self._items.popleft())
            self._taken = len(found)
            return found

    def put_back(self, items: Sequence[Item]) -> None:
        """These were not done; they are the first again."""
        with self._changed:
            self._items.extendleft(reversed(items))
            self._taken -= len(items)

    def done(self, items: Sequence[Item]) -> None:
        """These are answered."""
        with self._changed:
            self._taken -= len(items)
            for one in items:
                self._kept.pop(one.delivery.digest, None)

    def pause(self, seconds: float, given_up: Callable[[], bool]) -> None:
        """Wait, unless given up meanwhile."""
        with self._changed:
            self._changed.wait_for(given_up, seconds)

    def _keep(self, digest: bytes, ready: Future[tuple[Incoming, Any]]) -> None:
        self._kept[digest] = ready
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _is_ready(item: Item) -> bool:
    return item.ready is None or item.ready.done()
