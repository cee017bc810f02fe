"""Keeping a durable gallery tidy: compaction, when it is asked for or in the background."""

from __future__ import annotations

import logging
import threading
import weakref
from typing import TYPE_CHECKING

from civid.errors import CividError
from civid.search.arrays.packing import INDEX_VERSION, Arrays, arrays_of
from civid.search.arrays.slices import Progress
from civid.search.store.sqlite_store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from civid.search.store.compaction import Step

log = logging.getLogger(__name__)


def compact(
    store: SqliteStore,
    finish: Callable[[Step], None],
    *,
    purge: bool,
    threads: int,
    on_progress: Progress | None = None,
) -> bool:
    """Write segments until nothing is left to do; `finish` puts each into its place.

    Searches and changes go on meanwhile: only `finish` holds the gallery's lock.
    """

    def make(templates: Sequence[bytes]) -> Arrays:
        return arrays_of(templates, threads)

    done = False
    while step := store.prepare(
        make, index_version=INDEX_VERSION, purge=purge, on_progress=on_progress
    ):
        finish(step)
        done = True
    return done


class BackgroundCompactor:
    """Runs one compaction at a time in a thread of its own, when the store says that it is time."""

    def __init__(self, store: SqliteStore, finish: weakref.WeakMethod[Callable[[Step], None]]):
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
            compact(self._store, self._put, purge=False, threads=1)
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
