"""What keeps a gallery tidy, and looks at it as a whole."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from civid.errors import SearchError
from civid.search.arrays import encoding
from civid.search.arrays.packing import INDEX_VERSION, arrays_of
from civid.search.arrays.slices import Progress, thread_count
from civid.search.store.base import Store
from civid.search.store.inspection import Description
from civid.search.subject_directory import SubjectDirectory

if TYPE_CHECKING:
    from civid.search.store.compaction import Step


class GalleryMaintenance:
    """The half of `Gallery` that changes nobody."""

    _store: Store
    _writer: threading.RLock

    @property
    def _directory(self) -> SubjectDirectory:
        raise NotImplementedError

    @property
    def fingers(self) -> int:
        raise NotImplementedError

    @property
    def nbytes(self) -> int:
        raise NotImplementedError

    def _open_only(self) -> None:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def method(self) -> str:
        raise NotImplementedError

    def _changes_itself(self) -> None:
        raise NotImplementedError

    def _load(self, threads: int) -> None:
        raise NotImplementedError

    def compact(
        self,
        *,
        purge: bool = False,
        threads: int | None = None,
        on_progress: Progress | None = None,
    ) -> bool:
        """Fold what was enrolled lately into segments; -> was there anything to do?

        Others may search, enrol and remove meanwhile; what they add stays for another time. A call
        waits for one that is under way. In memory there is nothing to do.

        Parameters
        ----------
        purge : bool
            Rewrite every segment that still holds the bytes of a removed subject, or is not
            encrypted with the current key.
        threads : int, optional
            To index templates with; as many as the process may use, unless given.
        on_progress : callable
            Called with (done, total) subjects of each segment.

        Raises
        ------
        GalleryStorageError
            The disk is full or cannot be written; what was there before is there still.
        """
        self._open_only()
        self._changes_itself()
        return self._store.compact(
            partial(arrays_of, threads=thread_count(threads)),
            finish=self._finish,
            index_version=INDEX_VERSION,
            purge=purge,
            on_progress=on_progress,
        )

    def _finish(self, step: Step) -> None:
        with self._writer:
            self._store.finish(step)
            self._load(1)

    def extractors(self, most: int | None = None) -> dict[str, int]:
        """How many fingers each extractor has made, by its name; "" = not known.

        Reads what is stored of every subject: some seconds for a million.

        Parameters
        ----------
        most : int, optional
            Look at so many subjects at most, spread over the gallery, the last one among them:
            who made its templates, and no longer how many. At least 1.

        Raises
        ------
        GalleryDamagedError
            What is stored of a subject fails its checks.
        SearchError
            ``most`` is less than 1.

        >>> from civid import Gallery
        >>> Gallery().extractors()
        {}
        """
        if most is not None and most < 1:
            raise SearchError("most must be at least 1")
        with self._writer:
            self._open_only()
            found = Counter(
                encoding.extractor(data)
                for fingers in self._directory.stored_fingers(self._store, most)
                for _, data in fingers
                if encoding.count(data) >= 0  # checks it
            )
        return dict(sorted(found.items()))

    def check_integrity(self, *, on_progress: Progress | None = None) -> None:
        """Check every byte of a durable gallery.

        Parameters
        ----------
        on_progress : callable
            Called with (done, total) subjects.

        Raises
        ------
        GalleryDamagedError
            One is not what was written; the message says where, of each segment the first place.
        """
        with self._writer:
            self._open_only()
            self._store.verify(on_progress)

    def anchor(self) -> str:
        """What to keep outside the folder of an encrypted gallery, and give to `open` later.

        With it, an older copy of the gallery, or another one, is refused.

        Raises
        ------
        GalleryError
            The gallery is not encrypted.
        """
        with self._writer:
            self._open_only()
            return self._store.anchor()

    def describe(self) -> Description:
        """How large it is, how it lies in its folder, and what compaction would change.

        >>> from civid import Gallery
        >>> Gallery().describe().method
        'exact'
        """
        with self._writer:
            self._open_only()
            here = Description(len(self), self.fingers, self.method(), self.nbytes)
            return self._store.describe(here)
