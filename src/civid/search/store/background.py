"""Keeping a durable gallery tidy: compaction in the background, when it is time or when asked."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from civid.errors import CividError
from civid.search.arrays.packing import INDEX_VERSION, arrays_of
from civid.search.store.files import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from civid.search.store.compaction import Step
    from civid.search.store.files.requests import Question
    from civid.search.store.sqlite_store import SqliteStore

log = logging.getLogger(__name__)

#: Seconds between two looks for questions of other programs.
LOOK_EVERY = 0.5
#: Seconds between two words about how far it is.
_TELL_EVERY = 0.25


class BackgroundCompactor:
    """One compaction at a time in a thread of its own: when the store says that it is time, and
    when another program asks (`civid.search.store.files.requests`)."""

    def __init__(self, store: SqliteStore, finish: weakref.WeakMethod[Callable[[Step], None]]):
        self._store = store
        #: Weak: a gallery that is let go without `close` must not live on through this.
        self._finish = finish
        self._wake = threading.Event()
        self._ended = self._due = False
        self._thread = threading.Thread(target=self._run, name="civid-compaction", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """After a change: is it time? Call it with the gallery's lock held."""
        if not self._ended and self._store.wasteful:
            self._due = True
            self._wake.set()

    def _run(self) -> None:
        while not self._ended:
            self._wake.wait(LOOK_EVERY)
            self._wake.clear()
            if self._due and not self._ended and self._store.wasteful:
                self._due = False
                self._compact()
            for question in self._questions():
                if not self._ended:
                    self._answer(question)

    def _questions(self) -> list[Question]:
        try:
            with self._store.held_folder() as folder:
                return requests.questions(folder)
        except (CividError, OSError):  # closed; or the folder is gone, and the next change says so
            return []

    def _tell(self, question: Question, answer: requests.Answer) -> None:
        with suppress(CividError), self._store.held_folder() as folder:
            requests.tell(folder, question, answer)

    def _compact(self) -> None:
        try:
            self._store.compact(arrays_of, finish=self._put, index_version=INDEX_VERSION)
        except CividError as error:
            if not self._ended:  # what was enrolled is safe, and the next change tries again
                log.warning("a compaction in the background failed: %s", error)

    def _answer(self, question: Question) -> None:
        told = 0.0
        self._tell(question, requests.Answer(requests.BEGAN))

        def show(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told > _TELL_EVERY:
                told = time.monotonic()
                self._tell(question, requests.Answer(requests.BEGAN, done, total))

        try:
            changed = self._store.compact(
                arrays_of,
                finish=self._put,
                index_version=INDEX_VERSION,
                purge=question.purge,
                on_progress=show,
            )
            answer = requests.Answer(requests.DONE, changed=changed)
        except CividError as error:
            if self._ended:
                return  # who asked finds the lock free, and does it
            answer = requests.Answer(
                requests.FAILED, error=type(error).__name__, message=str(error)
            )
        self._tell(question, answer)

    def _put(self, step: Step) -> None:
        finish = self._finish()
        if finish is None:
            self._store.abandon(step)
        else:
            finish(step)

    def end(self) -> None:
        """No more after the running one. Wait for it only without the gallery's lock."""
        self._ended = True
        self._wake.set()

    def wait(self) -> None:
        """Until the running one has ended."""
        if self._thread is not threading.current_thread():
            self._thread.join()
