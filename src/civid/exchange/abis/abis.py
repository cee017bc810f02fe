"""The engine behind the doors, in a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from civid.errors import GalleryDamagedError, GalleryStorageError
from civid.exchange.abis.changes import AbisChanges
from civid.exchange.abis.changing import Changing
from civid.exchange.abis.ledger import Ledger, typed
from civid.exchange.abis.questions import AbisQuestions
from civid.exchange.abis.requests import forget_answers, store_answer, stored_answer
from civid.exchange.abis.tables import NAME as LEDGER
from civid.exchange.abis.tables import is_unfinished
from civid.search import Gallery
from civid.search.segments.keys import KeyProvider

GALLERY = "gallery"


class Abis(AbisChanges, AbisQuestions):
    """People, their encounters and fingerprints, durable, for doors of any protocol.

    Opened by `open`. One process writes, any number read; all methods may be called from several
    threads, and changes wait for one another. What a call has returned for survives the death of
    the process (``docs/explain/abis.md``). Ids compare without regard to case, or to how
    accents are written (NFC, NFD), and come back as they were first given.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Abis.open(folder, create=True) as engine:
    ...     one = engine.insert("79A1", {}, kind="birth")
    ...     engine.count(), engine.get("79a1", one).person
    (1, '79A1')
    """

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        *,
        keys: KeyProvider | None = None,
        create: bool = False,
        read_only: bool = False,
        timeout: float = 5.0,
        threads: int | None = None,
    ) -> Self:
        """Open the engine of a folder, and finish what a crash has interrupted.

        Parameters
        ----------
        folder : path
        keys : KeyProvider, optional
            A new one that is opened with keys is encrypted, its gallery and its ledger.
        create : bool
            Make one where there is an empty folder or none.
        read_only : bool
            Read beside a writer; see `refresh`.
        timeout : float
            Seconds to wait for another writer.
        threads : int, optional
            For searches; as many as the process may use, unless given.

        Raises
        ------
        GalleryFormatError
            There is none, or one of another version.
        GalleryDamagedError
            A check failed, or gallery and ledger are not of the same moment.
        GalleryKeyError
            It is encrypted, and the key is missing or another one.
        GalleryLockedError
            Another process writes.
        GalleryStorageError
            The folder cannot be read, or not be written.
        """
        path = Path(os.fspath(folder))
        new = create and not (path / GALLERY).exists()
        with typed():
            alone = new and (path / LEDGER).exists() and not is_unfinished(path, timeout)
        if alone:
            raise GalleryDamagedError("there is a ledger, and its gallery is missing")
        if create and not read_only:
            try:
                path.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise GalleryStorageError(f"no folder can be made: {error.strerror}") from None
        gallery = Gallery.open(
            path / GALLERY, create=create, read_only=read_only, timeout=timeout,
            threads=threads, keys=keys,
        )  # fmt: skip
        ledger = None
        try:
            making = create and not read_only and (new or not len(gallery))
            ledger = Ledger(path, keys, create=making, read_only=read_only, timeout=timeout)
            parts = Changing(gallery, ledger, read_only=read_only)
            if not read_only:
                parts.repair()
        except BaseException:
            gallery.close()
            if ledger is not None:
                ledger.close()
            raise
        made = cls.__new__(cls)
        made._parts, made._threads = parts, threads
        return made

    def close(self) -> None:
        """Let it go; everything is on the disk already."""
        self._parts.gallery.close()
        self._parts.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Abis>"

    def refresh(self) -> bool:
        """See what another process has written since; True if that was anything.

        The ledger is always seen as it is; this is about the prints.
        """
        return bool(self._parts.gallery.refresh())

    def extractors(self, most: int | None = None) -> dict[str, int]:
        """How many fingers each extractor has made; see `civid.search.Gallery.extractors`."""
        return self._parts.gallery.extractors(most)

    # ---- transactions and requests

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Everything that this thread does inside becomes durable at once, at the end.

        A call that fails inside undoes its own part alone. No answer that came out of a batch may
        be sent before the batch has ended: when it ends with an error, nothing has happened.
        Other threads that change anything wait meanwhile; those that ask do not.
        """
        with self._parts.transaction():
            yield

    def answered(self, request: str, digest: bytes) -> Any:
        """The answer that was given to this request; None when there was none.

        Raises
        ------
        RequestReusedError
            The id was used for a request with another digest.
        """
        with self._parts.reading() as rows:
            return stored_answer(rows, request, digest)

    def once(self, request: str, digest: bytes, work: Callable[[], Any]) -> Any:
        """Do something once: what `work` changes, and its answer, become durable together.

        Parameters
        ----------
        request : str
            Id of the request.
        digest : bytes
            Of its content.
        work : callable
            Changes this engine and answers with what JSON can hold; it should not take long, as
            others wait. When it raises, nothing has happened, and the request is as good as new.

        Returns
        -------
        object
            What `work` answered, now or the first time.

        Raises
        ------
        RequestReusedError
            The id was used for a request with another digest; nothing was changed.
        """
        with self._parts.transaction() as change:
            found = stored_answer(change.rows, request, digest)
            if found is None:
                found = store_answer(change.rows, request, digest, work())
            return found

    def forget_requests(self, before: float, most: int | None = None) -> int:
        """Forget the answers given before a time, in seconds since 1970; -> how many.

        A request that comes again after that is a new one. Others wait meanwhile: `most` bounds
        how many are forgotten at once, the oldest first.
        """
        with self._parts.transaction() as change:
            return forget_answers(change.rows, before, -1 if most is None else max(most, 0))

    def check(self) -> int:
        """Prove that gallery and ledger are whole, and agree; -> how many encounters there are.

        Beside a writer it may have to be tried again: between two of its steps they do not agree.

        Raises
        ------
        GalleryDamagedError
            They are not, or do not.
        """
        parts = self._parts
        with parts.alone():
            parts.ledger.check()
            parts.agree()
            parts.gallery.check_integrity()
            with parts.reading() as rows:
                return rows.read_all()
