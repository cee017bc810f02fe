"""Keeping a durable gallery tidy: compaction in the background."""

from __future__ import annotations

import logging
import threading
import weakref
from typing import TYPE_CHECKING

from civid.errors import CividError
from civid.search.arrays.packing import INDEX_VERSION, arrays_of
from civid.search.store.base import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from civid.search.store.compaction import Step

log = logging.getLogger(__name__)


class BackgroundCompactor:
    """Runs one compaction at a time in a thread of its own, when the store says that it is time."""

    def __init__(self, store: Store, finish: weakref.WeakMethod[Callable[[Step], None]]):
        self._store = store
        #: Weak: a gallery that is let go without `close` must not live on through this.
        self._finish = finish
        self._thread: threading.Thread | None = None
        self._ended = False

    def look(self) -> None:
        """After a change: is it time? Call it with the gallery's lock held."""
        running = self._thread is not None and self._thread.is_alive()
        if not self._ended and not running and self._store.wasteful:
            self._thread = threading.Thread(target=self._run, name="civid-compaction", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            self._store.compact(arrays_of, finish=self._put, index_version=INDEX_VERSION)
        except CividError as error:
            if not self._ended:  # what was enrolled is safe, and the next change tries again
                log.warning("a compaction in the background failed: %s", error)

    def _put(self, step: Step) -> None:
        finish = self._finish()
        if finish is None:
            self._store.abandon(step)
        else:
            finish(step)

    def end(self) -> None:
        """No more after the running one. Wait for it only without the gallery's lock."""
        self._ended = True

    def wait(self) -> None:
        """Until the running one has ended."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
