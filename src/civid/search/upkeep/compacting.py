"""Compact a gallery, whoever has it open: here when it is free, by its writer when it is not."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from civid import errors
from civid.errors import GalleryError, GalleryLockedError
from civid.search.arrays.slices import Progress
from civid.search.gallery import Gallery
from civid.search.segments.keys import KeyProvider
from civid.search.store.files import folder as folders
from civid.search.store.files import requests
from civid.search.store.files.arguments import checked_folder, checked_timeout, naming
from civid.search.store.files.held import HeldFolder
from civid.search.store.files.lock import WriterLock
from civid.search.store.files.requests import Answer, Question
from civid.search.store.sqlite_errors import storage

_LOOK_EVERY = 0.05
#: Seconds between two tries whether the writer is gone.
_TRY_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Compaction:
    """What `compact` did.

    Parameters
    ----------
    changed : bool
        Was there anything to do?
    by_writer : bool
        Did the program do it that has the gallery open?
    """

    changed: bool
    by_writer: bool


def compact(
    folder: str | os.PathLike[str],
    *,
    keys: KeyProvider | None = None,
    purge: bool = False,
    threads: int | None = None,
    timeout: float = 5.0,
    on_progress: Progress | None = None,
) -> Compaction:
    """Fold what was enrolled lately into segments, also beside a program that writes.

    A gallery has one writer. When it is another program, this one leaves a question in the folder;
    the writer compacts in its background while it enrols and searches, and tells how far it is.
    Killed on either side nothing is lost: the work is done by whoever comes next.

    Parameters
    ----------
    folder : path
        The gallery.
    keys : KeyProvider, optional
        Of an encrypted one; the writer uses its own.
    purge, threads, on_progress
        As of `Gallery.compact`.
    timeout : float
        Seconds to wait for a first word of the writer.

    Raises
    ------
    GalleryLockedError
        The writer says nothing: it compacts only when it calls ``compact`` itself
        (``background=False``), or is an older civid.
    GalleryStorageError, GalleryDamagedError, GalleryKeyError, GalleryFormatError
        As `Gallery.open` and `Gallery.compact`; here, or there.

    >>> import tempfile
    >>> from civid import Gallery
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Gallery.open(folder):
    ...         compact(folder)
    Compaction(changed=False, by_writer=True)
    """
    path, seconds = checked_folder(folder), checked_timeout(timeout)
    while True:
        try:
            with Gallery.open(
                path, create=False, keys=keys, timeout=0.1, threads=threads, background=False
            ) as gallery:
                changed = gallery.compact(purge=purge, threads=threads, on_progress=on_progress)
                return Compaction(changed, by_writer=False)
        except GalleryLockedError:
            with naming(path), storage():
                answer = _asked(path, purge, seconds, on_progress)
            if answer is not None:
                return Compaction(answer.changed, by_writer=True)


def _asked(path: Path, purge: bool, timeout: float, on_progress: Progress | None) -> Answer | None:
    """Let the writer do it; None = there is none any more."""
    folder = HeldFolder(path)
    try:
        question = requests.ask(folder, purge=purge)
        try:
            return _followed(folder, question, timeout, on_progress)
        finally:
            requests.withdraw(folder, question)
    finally:
        folder.close()


def _followed(
    folder: HeldFolder, question: Question, timeout: float, on_progress: Progress | None
) -> Answer | None:
    asked = tried = time.monotonic()
    heard = False
    while True:
        time.sleep(_LOOK_EVERY)
        answer = requests.answer_to(folder, question)
        if answer is not None:
            heard = True
            if answer.state == requests.DONE:
                return answer
            if answer.state == requests.FAILED:
                raise _error(answer)
            if on_progress is not None and answer.total:
                on_progress(answer.done, answer.total)
        if time.monotonic() - tried > _TRY_EVERY:
            tried = time.monotonic()
            if _is_free(folder):
                return None
            folder.check()
        if not heard and time.monotonic() - asked > timeout:
            raise GalleryLockedError(
                "another program has this gallery open and does not answer: it compacts only when"
                " it calls compact() itself (background=False), or is an older civid"
            )


def _is_free(folder: HeldFolder) -> bool:
    try:
        WriterLock(folder, folders.LOCK, 0).release()
    except GalleryLockedError:
        return False
    return True


def _error(answer: Answer) -> GalleryError:
    kind = getattr(errors, answer.error, None)
    if not (isinstance(kind, type) and issubclass(kind, GalleryError)):
        kind = GalleryError
    return kind(f"the program that has it open could not: {answer.message}")
