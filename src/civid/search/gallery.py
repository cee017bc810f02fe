"""A gallery: who is enrolled, and who of them is this?"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from civid.errors import GalleryError, SubjectExistsError, SubjectNotFoundError
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import encoding
from civid.search.backend import Progress, backend
from civid.search.fingers import Fingers, subject_id
from civid.search.index import Records
from civid.search.roster import Roster, batches
from civid.search.searching import Searches, encoded
from civid.search.slices import thread_count
from civid.search.sqlite_store import SqliteStore
from civid.search.store import MemoryStore, Store, Transaction


class Gallery(Searches):
    """A set of enrolled subjects. ``Gallery()`` lives in memory.

    `Gallery.open` keeps it in a folder: what `enroll` has returned for survives the death of the
    process. One process writes, any number read. All methods may be called from several threads;
    a search works on the gallery as it was when the search began. After a fork, a child may search
    a durable gallery but not read or write its store.

    Subjects keep the order of their enrolment. Every score is -10 log10 of the false match rate,
    fused over the fingers (``docs/explain/fusion.md``).

    Parameters
    ----------
    backend : str
        How it is searched: ``"auto"`` (exact up to 2048 subjects, beyond that the cascade),
        ``"exact"``, ``"cascade"``. See ``docs/explain/search.md``.

    >>> gallery = Gallery()
    >>> len(gallery), "079204000001" in gallery
    (0, False)
    """

    def __init__(self, *, backend: str = "auto"):
        self._start(MemoryStore(), backend)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool = True,
        read_only: bool = False,
        timeout: float = 5.0,
        threads: int | None = None,
        backend: str = "auto",
    ) -> Self:
        """Open the gallery of a folder; all of it is read and checked.

        Parameters
        ----------
        path : path
            The folder.
        create : bool
            Make a gallery where there is an empty folder or none.
        read_only : bool
            Read beside a writer, or on a disk that cannot be written. See `refresh`.
        timeout : float
            Seconds to wait for another writer.
        threads : int, optional
            To prepare templates with; as many as the process may use, unless given.
        backend : str
            As for `Gallery`.

        Raises
        ------
        GalleryFormatError
            No gallery, or one of another version; the message says what was found.
        GalleryDamagedError
            A check failed. Nothing was read from it.
        GalleryLockedError
            Another writer did not finish in time.
        GalleryStorageError
            The folder cannot be read, or not be written.
        """
        gallery = cls.__new__(cls)
        store = SqliteStore(Path(path), create=create, read_only=read_only, timeout=timeout)
        try:
            gallery._start(store, backend)
            gallery._load(thread_count(threads))
        except BaseException:
            store.close()
            raise
        return gallery

    def _start(self, store: Store, name: str) -> None:
        self._store = store
        self._backend = backend(name)
        self._roster = Roster()
        self._writer = threading.RLock()
        self._busy = False
        self._closed = False
        _galleries.add(self)

    def _load(self, threads: int) -> None:
        roster = Roster()
        roster.take(self._store.load(), threads)
        self._roster = roster

    # ---- the end

    def close(self) -> None:
        """Let the gallery go; a durable one is complete on the disk already."""
        with self._writer:
            if not self._closed:
                self._closed = True
                self._store.close()
                self._roster = Roster()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        with suppress(Exception):  # half made, or at the end of the interpreter
            self.close()

    def _open_only(self) -> None:
        if self._closed:
            raise GalleryError("the gallery is closed")

    # ---- who is in it

    def __len__(self) -> int:
        return len(self._roster.slots)

    def __contains__(self, subject: object) -> bool:
        return subject in self._roster.slots

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._roster.slots))

    def __repr__(self) -> str:
        state = "closed" if self._closed else f"{len(self)} subjects, {self.fingers} fingers"
        return f"Gallery({state})"

    @property
    def fingers(self) -> int:
        """How many fingers can be compared: templates without minutiae do not count."""
        return self._roster.index.fingers

    @property
    def nbytes(self) -> int:
        """Memory of the packed templates and scan codes, in bytes."""
        return self._roster.index.nbytes

    def get(self, subject: str) -> dict[Position, Template]:
        """The templates of a subject, exactly as they were enrolled.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject (any more).
        GalleryDamagedError
            What is stored of it fails its checks.
        """
        with self._writer:
            self._open_only()
            records = self._store.get(self._sequence(subject))
            if records is None:
                raise SubjectNotFoundError("this subject was removed; refresh() the gallery")
        return {Position(position): encoding.decode(data) for position, data in records}

    def _sequence(self, subject: str) -> int:
        try:
            return self._roster.sequences[self._roster.slots[subject]]
        except (KeyError, TypeError):
            raise SubjectNotFoundError("no such subject in this gallery") from None

    # ---- changing it

    def enroll(self, subject: str, fingers: Fingers, *, replace: bool = False) -> None:
        """Add a subject; when this returns, a durable gallery has it on the disk.

        Parameters
        ----------
        subject : str
            1 to 128 characters without control characters. Kept as it is.
        fingers : Template or mapping of Position to Template
            A bare template is a finger of unknown position.
        replace : bool
            A subject of this id that is there already is removed in the same step.

        Raises
        ------
        SubjectExistsError
            It is enrolled already; nothing was changed.
        SubjectIdError, TemplateError
            The id or the templates cannot be used; nothing was changed.
        GalleryStorageError
            The disk is full or cannot be written; nothing was changed.
        """
        self.enroll_many([(subject, fingers)], replace=replace)

    def enroll_many(
        self,
        subjects: Iterable[tuple[str, Fingers]] | Mapping[str, Fingers],
        *,
        replace: bool = False,
        threads: int | None = None,
        on_progress: Progress | None = None,
    ) -> int:
        """Add subjects in one transaction: all of them, or none when one cannot be.

        Parameters
        ----------
        subjects : iterable of (id, fingers), or mapping
            As for `enroll`. It may be a generator; it must not change this gallery.
        replace : bool
            As for `enroll`.
        threads : int, optional
            To prepare templates with; as many as the process may use, unless given.
        on_progress : callable
            Called with (done, total); total is `done` where `subjects` has no length.

        Returns
        -------
        int
            How many were added.

        Raises
        ------
        SubjectExistsError
            One is enrolled already or comes twice; the message tells its place, from 0.
        """
        items = subjects.items() if isinstance(subjects, Mapping) else subjects
        total = len(items) if isinstance(items, Sized) else None
        workers = thread_count(threads)
        with self._changing() as change:
            names: set[str] = set()
            for batch in batches(items):
                records: list[Records] = []
                for name, fingers in batch:
                    finger_records = encoded(fingers)
                    enrolled = subject_id(name) in self._roster.slots
                    if name in names or (enrolled and not replace):
                        raise SubjectExistsError(
                            f"subject {len(change.taken)} of this call is enrolled already"
                        )
                    if enrolled:
                        change.transaction.remove(self._sequence(name))
                        change.removed.append(name)
                    names.add(name)
                    change.taken.append((name, change.transaction.add(name, finger_records)))
                    records.append(finger_records)
                self._roster.index.append([name for name, _ in batch], records, workers)
                if on_progress is not None:
                    done = len(change.taken)
                    on_progress(done, done if total is None else total)
        return len(change.taken)

    def remove(self, subject: str) -> None:
        """Remove a subject; its bytes are overwritten in the database and leave its log.

        While another process reads, old bytes can stay in the log until it has finished and this
        gallery is changed again or closed.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject.
        """
        self.remove_many([subject])

    def remove_many(self, subjects: Iterable[str]) -> None:
        """Remove subjects in one transaction: all of them, or none when one is not here."""
        with self._changing() as change:
            names: set[str] = set()
            for name in subjects:
                sequence = self._sequence(name)
                if name in names:
                    raise SubjectNotFoundError("a subject to remove is named twice")
                names.add(name)
                change.transaction.remove(sequence)
                change.removed.append(name)

    @contextmanager
    def _changing(self) -> Iterator[_Change]:
        with self._writer:
            self._open_only()
            if self._busy:
                raise GalleryError("a gallery cannot be changed from inside its own enroll_many")
            self._busy = True
            change: _Change | None = None
            try:
                with self._store.transaction() as transaction:
                    change = _Change(transaction)
                    yield change
            finally:
                self._busy = False
                if change is not None and change.transaction.committed:
                    self._roster.publish(change.taken, change.removed)
                else:
                    self._roster.index.discard()

    def refresh(self) -> bool:
        """See what another process has written since; True if that was anything.

        Additions are read alone; after removals everything is read again.
        """
        with self._writer:
            self._open_only()
            before = len(self), self._roster.sequences[-1:]
            added = self._store.refresh()
            if added is None:
                self._load(thread_count(None))
                return True
            self._roster.take(added, thread_count(None))
            return before != (len(self), self._roster.sequences[-1:])


@dataclass(slots=True)
class _Change:
    transaction: Transaction
    taken: list[tuple[str, int]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


_galleries: weakref.WeakSet[Gallery] = weakref.WeakSet()


def _after_fork() -> None:
    """A child has copies of locks that some thread of its parent may hold for ever."""
    for gallery in list(_galleries):
        gallery._writer = threading.RLock()
        gallery._busy = False
        gallery._roster.index.unlock()
        if isinstance(gallery._store, SqliteStore) and not gallery._closed:
            gallery._store.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
