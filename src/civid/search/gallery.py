"""A gallery: who is enrolled, and who of them is this?"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn, Self

from civid.errors import GalleryError, SubjectNotFoundError
from civid.search.arrays.slices import thread_count
from civid.search.backends import backend_of, chosen
from civid.search.backends.base import Backend
from civid.search.enrolment import GalleryEnrolment
from civid.search.maintenance import GalleryMaintenance
from civid.search.parameters.searching import SearchParameters
from civid.search.queries import GalleryQueries
from civid.search.refreshing import GalleryRefreshing
from civid.search.segments.keys import KeyProvider
from civid.search.store.background import BackgroundCompactor
from civid.search.store.base import Store
from civid.search.store.files.arguments import checked_folder, checked_timeout, naming
from civid.search.store.inspection import slow_to_open
from civid.search.store.memory_store import MemoryStore
from civid.search.store.sqlite_store import SqliteStore
from civid.search.subject_directory import SubjectDirectory

log = logging.getLogger(__name__)


class Gallery(GalleryEnrolment, GalleryQueries, GalleryRefreshing, GalleryMaintenance):
    """A set of enrolled subjects. ``Gallery()`` lives in memory.

    `Gallery.open` keeps it in a folder: what `enroll` has returned for survives the death of the
    process. One process writes, any number read. All methods may be called from several threads;
    a search works on the gallery as it was when the search began. After a fork, a child may search
    a durable gallery but not read or write its store.

    Subjects keep the order of their enrolment. Every score is -10 log10 of the false match rate,
    fused over the fingers (``docs/explain/fusion.md``).

    Parameters
    ----------
    backend : str or Backend
        How it is searched: ``"auto"`` (exact up to 2048 subjects, beyond that the cascade, by
        inverted lists where a segment has them), ``"exact"``, ``"cascade"`` (without lists) or
        ``"index"`` (lists are also built in memory); or an object
        like `civid.search.backends.base.Backend`. See ``docs/explain/search.md``.
    parameters : SearchParameters, optional
        How it is searched, in full: what is compared, and by which constants. Results name them.

    >>> gallery = Gallery()
    >>> len(gallery), "079204000001" in gallery
    (0, False)
    """

    def __init__(
        self, *, backend: str | Backend = "auto", parameters: SearchParameters | None = None
    ):
        self._start(MemoryStore(), *chosen(backend, parameters))

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool = True,
        read_only: bool = False,
        timeout: float = 5.0,
        threads: int | None = None,
        backend: str | Backend = "auto",
        keys: KeyProvider | None = None,
        encrypt: bool = False,
        anchor: str | None = None,
        background: bool = True,
        parameters: SearchParameters | None = None,
    ) -> Self:
        """Open the gallery of a folder.

        Segments are mapped, and what is large in them is checked when it is used (`check_integrity`
        checks all); subjects enrolled since the last compaction are read and checked.

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
        backend, parameters
            As for `Gallery`.
        keys : KeyProvider, optional
            Of an encrypted gallery; a new one that is opened with keys is encrypted
            (``docs/explain/gallery.md`` tells what it costs, and whom it stops).
        encrypt : bool
            Encrypt a gallery that is not encrypted yet, or not all of it; without this, it is
            refused when it is opened with keys: anybody could have written it.
        anchor : str, optional
            What `anchor` said earlier, kept outside the folder: an older copy is refused.
        background : bool
            Compact in a thread of this process when it is time, and when another program asks
            (`civid.search.upkeep.compact`); otherwise call `compact`.

        Raises
        ------
        GalleryFormatError
            No gallery, or one of another version; the message says what was found.
        GalleryDamagedError
            A check failed. Nothing was read from it.
        GalleryKeyError
            It is encrypted, and the key is missing or another one.
        GalleryLockedError
            Another writer did not finish in time.
        GalleryStorageError
            The folder cannot be read, or not be written.
        GalleryError
            `path` is not one, or `timeout` is no number of seconds.
        """
        gallery = cls.__new__(cls)
        how = chosen(backend, parameters)
        folder = checked_folder(path)
        with naming(folder):
            store = SqliteStore(
                folder,
                create=create,
                read_only=read_only,
                timeout=checked_timeout(timeout),
                keys=keys,
                encrypt=encrypt,
                anchor=anchor,
            )
        try:
            gallery._start(store, *how)
            with naming(folder):
                gallery._load(thread_count(threads))
            if read_only and (why := slow_to_open(store)):
                log.warning("this gallery does not open at once: %s", why)
            if background and not read_only:
                gallery._compactor = BackgroundCompactor(store, weakref.WeakMethod(gallery._finish))
                gallery._compactor.look()  # the last writer may have had no time for it
        except BaseException:
            store.close()
            raise
        return gallery

    def _start(self, store: Store, backend: Backend, parameters: SearchParameters) -> None:
        self._store = store
        self._how = backend, parameters
        self._shown = SubjectDirectory()
        self._writer = threading.RLock()
        #: Of the store, as shown.
        self._generation = store.generation
        #: The thread that is changing it.
        self._busy = 0
        self._closed = False
        self._compactor: BackgroundCompactor | None = None
        _galleries.add(self)

    def _load(self, threads: int) -> None:
        tail = self._store.load()
        directory = SubjectDirectory()
        directory.take(tail, threads)
        directory.apply_tombstones(self._store.segments(), threads)
        self._shown = directory
        self._generation = self._store.generation

    @property
    def _directory(self) -> SubjectDirectory:
        """Who is here: after an interrupted change (Ctrl-C, no memory) what has come of it."""
        if self._behind and self._writer.acquire(blocking=False):  # else the change is under way
            try:
                self._catch_up()
            finally:
                self._writer.release()
        return self._shown

    @property
    def _behind(self) -> bool:
        return not 0 <= self._store.generation == self._generation

    def _catch_up(self) -> bool:
        """With the lock held: show what the store has; -> was that anything else?"""
        if not self._behind or self._busy or self._closed:
            return False
        self._load(thread_count(None))
        return True

    # ---- the end

    def close(self) -> None:
        """Let the gallery go; a durable one is complete on the disk already."""
        compactor = self._compactor
        if compactor is not None:
            compactor.end()
        with self._writer:
            if not self._closed:
                self._closed = True
                self._store.close()
                self._shown = SubjectDirectory()
        if compactor is not None:
            compactor.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        # At the end of the interpreter a thread that compacts is not there any more, its locks are.
        if not sys.is_finalizing():
            with suppress(Exception):  # half made
                self.close()

    def _open_only(self) -> None:
        if self._closed:
            raise GalleryError("the gallery is closed")

    # ---- who is in it

    def __len__(self) -> int:
        self._open_only()  # 0 would be an answer about people
        return len(self._directory)

    def __contains__(self, subject: object) -> bool:
        self._open_only()
        return self._directory.sequence(subject) is not None

    def __iter__(self) -> Iterator[str]:
        self._open_only()
        return iter(self._directory)

    @property
    def parameters(self) -> SearchParameters:
        """How this gallery is searched; may be set at any time, for the searches that begin after.

        A gallery whose backend is an object of its own keeps it: only `comparison` and `fusion`
        count then.

        >>> from civid.search import SearchParameters
        >>> gallery = Gallery()
        >>> gallery.parameters = SearchParameters(method="exact")
        >>> gallery.method()
        'exact'
        """
        return self._how[1]

    @parameters.setter
    def parameters(self, parameters: SearchParameters) -> None:
        made, meant = chosen("auto", parameters)
        own = type(self._how[0]) is not type(backend_of(self._how[1]))
        self._how = (self._how[0] if own else made), meant

    def __reduce__(self) -> NoReturn:
        raise TypeError("a gallery cannot be pickled; open it where it is needed")

    def __repr__(self) -> str:
        state = "closed" if self._closed else f"{len(self)} subjects, {self.fingers} fingers"
        return f"Gallery({state})"

    @property
    def fingers(self) -> int:
        """How many fingers can be compared: templates without minutiae do not count."""
        return self._directory.fingers

    @property
    def nbytes(self) -> int:
        """Bytes of the packed templates and scan codes, in memory or mapped."""
        return self._directory.nbytes

    def _sequence(self, subject: str) -> int:
        sequence = self._directory.sequence(subject)
        if sequence is None:
            raise SubjectNotFoundError("no such subject in this gallery")
        return sequence


_galleries: weakref.WeakSet[Gallery] = weakref.WeakSet()


def _after_fork() -> None:
    """A child has copies of locks that some thread of its parent may hold for ever."""
    for gallery in list(_galleries):
        gallery._writer = threading.RLock()
        gallery._busy = 0
        gallery._compactor = None
        gallery._directory.unlock()
        if not gallery._closed:
            gallery._store.forget()


def _at_exit() -> None:
    """While threads that compact can still be told to end."""
    for gallery in list(_galleries):
        with suppress(Exception):
            gallery.close()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
