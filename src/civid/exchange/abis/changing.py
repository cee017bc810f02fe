"""Changes to gallery and ledger as one.

The ledger's commit is the moment at which a change happens. Prints go into the gallery before it,
under names that nobody knows yet, and leave it after it. What a crash leaves in the gallery is
told by its name: it carries the number that the ledger's transaction would have had.
"""

from __future__ import annotations

import itertools
import logging
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from civid.errors import CividError, GalleryDamagedError, GalleryReadOnlyError, GalleryStorageError
from civid.exchange.abis.ledger import Ledger, broken, typed
from civid.exchange.abis.rows import Rows
from civid.exchange.abis.subject_names import place_of, prefix, subject_name
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Gallery

log = logging.getLogger(__name__)

#: How often a reader looks whether gallery and ledger agree, and the seconds between.
_LOOKS, _PAUSE = 20, 0.05

Prints = Mapping[Position, Template]


class Change:
    """A transaction that is open."""

    def __init__(self, rows: Rows, serial: int, places: Iterator[int]):
        self.rows = rows
        self._serial, self._places = serial, places
        #: For the gallery, not there yet; in it already; to be removed once this is committed.
        self.entering: dict[str, Prints] = {}
        self.entered: set[str] = set()
        self.leaving: dict[str, None] = {}

    def enter(self, fingers: Prints) -> str | None:
        """Prints to be kept: the name of their subject; None where there are none."""
        if not fingers:
            return None
        subject = subject_name(self._serial, next(self._places))
        self.entering[subject] = dict(fingers)
        return subject

    def leave(self, subject: str | None) -> None:
        """Prints to be forgotten."""
        if subject is not None and self.entering.pop(subject, None) is None:
            self.leaving[subject] = None

    def flush(self, gallery: Gallery) -> None:
        """Put into the gallery what is not there yet."""
        if self.entering:
            gallery.enroll_many(self.entering)
            self.entered.update(self.entering)
            self.entering = {}


class Changing:
    """The gallery and the ledger of a folder, and the one transaction that may be open."""

    def __init__(self, gallery: Gallery, ledger: Ledger, *, read_only: bool):
        self.gallery, self.ledger, self.read_only = gallery, ledger, read_only
        self._lock = threading.RLock()
        #: Goes on after a transaction that failed: names of subjects never come twice.
        self._places = itertools.count(1)
        self._change: Change | None = None
        self._owner = 0
        #: Subjects of transactions that failed; and subjects that the gallery has removed.
        self._doomed: dict[str, None] = {}
        self._left: list[str] = []

    @property
    def mine(self) -> Change | None:
        """The transaction of this thread."""
        return self._change if self._owner == threading.get_ident() else None

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Rows as this thread has to see them: those of its own transaction with them."""
        change = self.mine
        if change is not None:
            with typed():
                yield change.rows
        else:
            with self.ledger.reading() as rows:
                yield rows

    @contextmanager
    def transaction(self) -> Iterator[Change]:
        """Everything inside happens, or nothing. Inside another one: the same of this part."""
        with self._lock:
            if self._change is not None:
                with self._part(self._change):
                    yield self._change
                return
            if self.ledger.in_doubt:
                raise broken()
            if self.read_only:
                raise GalleryReadOnlyError("it was opened to be read; nothing was changed")
            rows = self.ledger.begin()
            change = self._change = Change(rows, self.ledger.serial + 1, self._places)
            self._owner = threading.get_ident()
            try:
                with typed(strangers=True):
                    yield change
                change.flush(self.gallery)
                self._commit(change)
            except BaseException:
                if not self.ledger.in_doubt:
                    self._undo(change)
                raise
            finally:
                self._change, self._owner = None, 0
            self._tidy(change.leaving)

    def _commit(self, change: Change) -> None:
        leaving, left = [*change.leaving, *self._doomed], self._left
        self.ledger.commit(leaving, left)
        change.leaving.update(self._doomed)
        self._doomed, self._left = {}, []

    def _undo(self, change: Change) -> None:
        self.ledger.roll_back()
        self._doomed.update(dict.fromkeys(change.entered))
        self._tidy(dict(self._doomed))

    def _tidy(self, subjects: dict[str, None]) -> None:
        """Remove from the gallery what nobody finds any more; what fails is tried again."""
        there = [one for one in subjects if one in self.gallery]
        try:
            if there:
                self.gallery.remove_many(there)
            self._left += subjects
            self._doomed = {one: None for one in self._doomed if one not in subjects}
        except CividError as error:
            log.warning("prints that were deleted are still stored: %s", type(error).__name__)
            self._doomed.update(subjects)

    @contextmanager
    def _part(self, change: Change) -> Iterator[None]:
        db, level = change.rows.db, f"part{secrets.token_hex(4)}"
        if not db.in_transaction:  # SQLite gave it up, as on a full disk: nothing of it may stay
            raise GalleryStorageError("this batch has failed; nothing of it was changed")
        before = set(change.entering) | change.entered
        leaving = dict(change.leaving)
        with typed(strangers=True):
            db.execute(f"SAVEPOINT {level}")
            try:
                yield
            except BaseException:
                if db.in_transaction:
                    db.execute(f"ROLLBACK TO {level}")
                    db.execute(f"RELEASE {level}")
                gone = dict.fromkeys(change.entered - before)
                change.leaving = {**leaving, **gone}
                for one in set(change.entering) - before:
                    del change.entering[one]
                raise
            db.execute(f"RELEASE {level}")

    def repair(self) -> int:
        """Finish what a crash interrupted; -> how many subjects the gallery had too many.

        Raises
        ------
        GalleryDamagedError
            Gallery and ledger are not of the same moment: one was restored without the other.
        """
        extra, leaving = self.surplus()
        if extra:
            self._places = itertools.count(1 + max(map(place_of, extra)))
            self.gallery.remove_many(extra)
        self._left = list(leaving)
        return len(extra)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else of this process changes anything meanwhile."""
        with self._lock:
            yield

    def agree(self) -> None:
        """`GalleryDamagedError` unless gallery and ledger hold the same.

        Another process may be writing: then they are looked at a few times.
        """
        for left in range(_LOOKS if self.read_only else 1, 0, -1):
            if self.mine is not None:
                self.mine.flush(self.gallery)
            self.gallery.refresh()
            try:
                extra, leaving = self.surplus()
                if not self.read_only and extra - leaving:
                    raise GalleryDamagedError("the gallery has prints that the ledger lacks")
                return
            except GalleryDamagedError:
                if left == 1:
                    raise
                time.sleep(_PAUSE)

    def surplus(self) -> tuple[set[str], set[str]]:
        """Subjects that the gallery has too many, and those that are written down to be removed.

        Raises
        ------
        GalleryDamagedError
            There are others that one of the two lacks.
        """
        with self.reading() as rows:
            kept, leaving, serial = rows.all_subjects()
        there = set(self.gallery)
        if kept - there:
            raise GalleryDamagedError("the gallery lacks prints that the ledger names")
        extra = there - kept
        leaving.update(self._doomed, () if self.mine is None else self.mine.leaving)
        unknown = extra - leaving
        if not all(one.startswith(prefix(serial + 1)) for one in unknown):
            raise GalleryDamagedError("the gallery has prints that the ledger does not know")
        return extra, leaving
