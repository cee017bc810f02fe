"""What another process has written since: seen, counted, and named as far as that is bounded."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from civid.errors import GalleryBehindError, GalleryError
from civid.search.arrays.slices import thread_count
from civid.search.store.base import Store
from civid.search.store.files.arguments import checked_timeout
from civid.search.subject_directory import SubjectDirectory

#: Ids of each kind that `Refreshed` names.
MOST_NAMED = 1000
#: Seconds between two looks at the commit counter: the first ones, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.05


@dataclass(frozen=True, slots=True, repr=False)
class Refreshed:
    """What `Gallery.refresh` has found; true if anything was written since, be it a compaction.

    Parameters
    ----------
    before, changes : int
        The gallery's counter of changes as it was, and as it is now.
    added, removed, changed : int
        Subjects; a changed one was enrolled anew, or has other fingers. Metadata are not counted:
        they are always read as of now.
    added_ids, removed_ids, changed_ids : tuple of str
        The first 1,000 of each, in order of enrolment.

    >>> bool(Refreshed(4, 4)), bool(Refreshed(4, 5))
    (False, True)
    """

    before: int
    changes: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    added_ids: tuple[str, ...] = ()
    removed_ids: tuple[str, ...] = ()
    changed_ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.changes != self.before

    @property
    def all_named(self) -> bool:
        """Are the ids all there are?"""
        return max(self.added, self.removed, self.changed) <= MOST_NAMED

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON. It holds ids, as no repr does."""
        return {
            "before": self.before,
            "changes": self.changes,
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "added_ids": list(self.added_ids),
            "removed_ids": list(self.removed_ids),
            "changed_ids": list(self.changed_ids),
            "all_named": self.all_named,
        }

    def __repr__(self) -> str:
        return f"Refreshed(added={self.added}, removed={self.removed}, changed={self.changed})"


class GalleryRefreshing:
    """The half of `Gallery` that looks after other processes."""

    _store: Store
    _writer: threading.RLock
    _shown: SubjectDirectory
    _generation: int

    def _open_only(self) -> None:
        raise NotImplementedError

    def _catch_up(self) -> bool:
        raise NotImplementedError

    def _load(self, threads: int) -> None:
        raise NotImplementedError

    @property
    def changes(self) -> int:
        """Counter of changes as shown here: it rises with every transaction, of any process.

        What a writer says after a change, a reader in another process can wait for
        (``refresh(at_least=...)``), and so finds what was just written.

        >>> from civid import Gallery
        >>> Gallery().changes
        0
        """
        with self._writer:
            self._open_only()
            return max(self._store.generation, self._generation)

    def refresh(self, at_least: int | None = None, *, timeout: float = 5.0) -> Refreshed:
        """See what another process has written since.

        Additions are read alone; after removals and compactions the tail is read again.

        Parameters
        ----------
        at_least : int, optional
            What `changes` said in the process that writes, after the change that must be seen. It
            is waited for. It is a number, and does not say of which gallery.
        timeout : float
            Seconds to wait for it.

        Returns
        -------
        Refreshed
            What has changed in what is shown here. False where nothing was written.

        Raises
        ------
        GalleryBehindError
            `at_least` was not reached in time; nothing was refreshed.
        GalleryDamagedError
            What was written fails its checks.
        """
        if at_least is not None:
            self._wait(at_least, checked_timeout(timeout))
        with self._writer:
            self._open_only()
            before, old = self._generation, self._shown
            if not self._catch_up():
                last = len(old.sequences)
                added = self._store.refresh()
                if added is None:
                    self._load(thread_count(None))
                else:
                    old.take(added, thread_count(None))
                    self._generation = self._store.generation
                    names = old.newest(last)
                    return Refreshed(
                        before, self._generation, added=len(names), added_ids=_first(names)
                    )
            return _compared(before, self._generation, old, self._shown)

    def _wait(self, at_least: int, timeout: float) -> None:
        checked_token(at_least)
        end, pause = time.monotonic() + timeout, _FIRST_PAUSE
        while self._newest() < at_least:
            left = end - time.monotonic()
            if left <= 0:
                raise GalleryBehindError("the gallery has not come so far in time")
            time.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _newest(self) -> int:
        with self._writer:
            self._open_only()
            return self._store.newest()


def checked_token(at_least: int) -> int:
    """Raises `GalleryError` unless it can be what `changes` said."""
    if type(at_least) is not int:
        raise GalleryError("at_least must be what `changes` said")
    return at_least


def _compared(before: int, changes: int, old: SubjectDirectory, new: SubjectDirectory) -> Refreshed:
    gone, come = old.lacking(new), new.lacking(old)
    changed = set(gone).intersection(come) if gone and come else set()
    added = [name for name in come if name not in changed]
    removed = [name for name in gone if name not in changed]
    again = [name for name in come if name in changed]
    return Refreshed(
        before, changes, len(added), len(removed), len(again),
        _first(added), _first(removed), _first(again),
    )  # fmt: skip


def _first(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[:MOST_NAMED])
