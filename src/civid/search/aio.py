"""Galleries for programs with an event loop: every call runs in a thread of a bounded pool.

``async with AsyncGallery.open(...)`` has the methods of `civid.search.Gallery`, to be awaited. They
work under asyncio and trio (by anyio, which comes with ``civid[service]``).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from civid.errors import GalleryError
from civid.extras import need
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.arrays.slices import Progress
from civid.search.backends.base import Backend
from civid.search.fingers import Fingers
from civid.search.gallery import Gallery
from civid.search.metadata import Metadata, MetadataLike
from civid.search.parameters.searching import SearchParameters
from civid.search.refreshing import Refreshed, checked_token
from civid.search.results import Candidate, Duplicate, Verification
from civid.search.segments.keys import KeyProvider
from civid.search.store.files.arguments import checked_timeout

if TYPE_CHECKING:
    from anyio import CapacityLimiter

Result = TypeVar("Result")
#: Seconds between two looks at the commit counter.
_PAUSE = 0.01


class OpenOptions(TypedDict, total=False):
    """Of `Gallery.open`."""

    create: bool
    read_only: bool
    timeout: float
    backend: str | Backend
    keys: KeyProvider | None
    encrypt: bool
    anchor: str | None
    background: bool
    parameters: SearchParameters | None


class SearchOptions(TypedDict, total=False):
    """Of `Gallery.search` and `Gallery.search_many`."""

    min_score: float
    max_fpir: float | None
    swapped: bool
    pairs: bool
    among: Iterable[str] | None
    without: Iterable[str]
    tag: str | None
    threads: int | None
    on_progress: Progress | None


class PairsOptions(TypedDict, total=False):
    """Of `Gallery.duplicates`."""

    min_score: float
    swapped: bool
    checkpoint: str | os.PathLike[str] | None
    threads: int | None
    on_progress: Progress | None


class EnrolOptions(TypedDict, total=False):
    """Of `Gallery.enroll_many`."""

    replace: bool
    metadata: Mapping[str, MetadataLike] | None
    threads: int | None
    on_progress: Progress | None


class AsyncGallery:
    """A gallery whose calls do not block the event loop.

    At most `calls` of them run at once, each in a thread; others wait, in order, without a thread.
    **Cancelling**: a call that has not begun is not made. One that has begun is finished first, and
    its answer dropped, so that threads stay as few and a change is there as a whole or not at all:
    it is *not* undone. Look with `contains` whether a cancelled `enroll` has happened.

    Parameters
    ----------
    gallery : Gallery
        It may be used directly, too; `aclose` closes it.
    calls : int
        Most calls that run at once.
    threads : int
        Of each search, unless given there. One: a service has many searches and few cores.

    >>> import anyio
    >>> async def main() -> int:
    ...     async with AsyncGallery(Gallery()) as gallery:
    ...         return len(await gallery.ids())
    >>> anyio.run(main)
    0
    """

    def __init__(self, gallery: Gallery, *, calls: int = 4, threads: int = 1):
        if type(calls) is not int or calls < 1:
            raise GalleryError("calls must be at least 1")
        if type(threads) is not int or threads < 1:
            raise GalleryError("threads must be at least 1")
        self.gallery = gallery
        self._calls, self._threads = calls, threads
        self._anyio: Any = need("anyio", "an asynchronous gallery", "service")
        #: Made in the first call: it belongs to the event loop that runs then.
        self._limiter: CapacityLimiter | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: str | os.PathLike[str],
        *,
        calls: int = 4,
        threads: int = 1,
        **options: Unpack[OpenOptions],
    ) -> AsyncIterator[AsyncGallery]:
        """`Gallery.open` in a thread; the gallery is closed when the block ends.

        Parameters
        ----------
        path : path
        calls, threads : int
            As for `AsyncGallery`.
        **options
            Of `Gallery.open`.
        """
        anyio: Any = need("anyio", "an asynchronous gallery", "service")
        opening = partial(Gallery.open, path, **options)
        # Not abandoned when cancelled: a gallery that nobody has would stay open.
        made = cls(await anyio.to_thread.run_sync(opening), calls=calls, threads=threads)
        try:
            yield made
        finally:
            await made.aclose()

    async def aclose(self) -> None:
        """Close the gallery, after the calls that are under way, even when cancelled.

        Calls that wait for their turn when it is closed raise `GalleryError`.
        """
        with self._anyio.CancelScope(shield=True):
            turns = [object() for _ in range(self._calls)]
            limiter = self._limiter = self._limiter or self._anyio.CapacityLimiter(self._calls)
            for one in turns:  # all of them: nothing runs then
                await limiter.acquire_on_behalf_of(one)
            try:
                await self._anyio.to_thread.run_sync(self.gallery.close)
            finally:
                for one in turns:
                    limiter.release_on_behalf_of(one)

    async def __aenter__(self) -> AsyncGallery:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"AsyncGallery({self.gallery!r})"

    async def _run(self, call: Callable[[], Result]) -> Result:
        if self._limiter is None:
            self._limiter = self._anyio.CapacityLimiter(self._calls)
        found: Result = await self._anyio.to_thread.run_sync(call, limiter=self._limiter)
        return found

    # ---- asking

    async def search(
        self, probe: Fingers, limit: int | None = 10, **options: Unpack[SearchOptions]
    ) -> list[Candidate]:
        """See `Gallery.search`."""
        options.setdefault("threads", self._threads)
        return await self._run(partial(self.gallery.search, probe, limit, **options))

    async def search_many(
        self, probes: Iterable[Fingers], limit: int | None = 10, **options: Unpack[SearchOptions]
    ) -> list[list[Candidate]]:
        """See `Gallery.search_many`."""
        options.setdefault("threads", self._threads)
        return await self._run(partial(self.gallery.search_many, probes, limit, **options))

    async def verify_subject(
        self, subject: str, probe: Fingers, *, swapped: bool = False, pairs: bool = False
    ) -> Verification:
        """See `Gallery.verify_subject`."""
        call = partial(self.gallery.verify_subject, subject, probe, swapped=swapped, pairs=pairs)
        return await self._run(call)

    async def duplicates(
        self,
        other: Gallery | AsyncGallery | None = None,
        max_fpir: float | None = 1e-3,
        **options: Unpack[PairsOptions],
    ) -> AsyncIterator[Duplicate]:
        """See `Gallery.duplicates`; each step runs in a thread."""
        options.setdefault("threads", self._threads)
        against = other.gallery if isinstance(other, AsyncGallery) else other
        pairs = await self._run(partial(self.gallery.duplicates, against, max_fpir, **options))
        try:
            while (one := await self._run(partial(next, pairs, None))) is not None:
                yield one
        finally:
            with self._anyio.CancelScope(shield=True):
                await self._run(pairs.close)  # type: ignore[attr-defined]

    async def get(self, subject: str) -> dict[Position, Template]:
        """See `Gallery.get`."""
        return await self._run(partial(self.gallery.get, subject))

    async def metadata(self, subject: str) -> Metadata:
        """See `Gallery.metadata`."""
        return await self._run(partial(self.gallery.metadata, subject))

    async def contains(self, subject: str) -> bool:
        """Is there such a subject?"""
        return await self._run(partial(self.gallery.__contains__, subject))

    async def count(self) -> int:
        """How many subjects there are."""
        return await self._run(self.gallery.__len__)

    async def ids(self) -> list[str]:
        """All ids, in order of enrolment."""
        return await self._run(partial(list, self.gallery))

    async def refresh(self, at_least: int | None = None, *, timeout: float = 5.0) -> Refreshed:
        """See `Gallery.refresh`; no thread waits."""
        if at_least is not None:
            checked_token(at_least)
            with self._anyio.move_on_after(checked_timeout(timeout)):
                while await self._run(self.gallery._newest) < at_least:
                    await self._anyio.sleep(_PAUSE)
        return await self._run(partial(self.gallery.refresh, at_least, timeout=0.0))

    async def changes(self) -> int:
        """See `Gallery.changes`."""
        return await self._run(lambda: self.gallery.changes)

    # ---- changing

    async def enroll(
        self,
        subject: str,
        fingers: Fingers,
        *,
        replace: bool = False,
        metadata: MetadataLike | None = None,
    ) -> None:
        """See `Gallery.enroll`."""
        call = partial(self.gallery.enroll, subject, fingers, replace=replace, metadata=metadata)
        await self._run(call)

    async def enroll_many(
        self,
        subjects: Iterable[tuple[str, Fingers]] | Mapping[str, Fingers],
        **options: Unpack[EnrolOptions],
    ) -> int:
        """See `Gallery.enroll_many`; a generator runs in the thread."""
        options.setdefault("threads", self._threads)
        return await self._run(partial(self.gallery.enroll_many, subjects, **options))

    async def remove(self, subject: str) -> None:
        """See `Gallery.remove`."""
        await self._run(partial(self.gallery.remove, subject))

    async def remove_many(self, subjects: Iterable[str]) -> None:
        """See `Gallery.remove_many`."""
        await self._run(partial(self.gallery.remove_many, subjects))

    async def put_finger(self, subject: str, position: Position, template: Template) -> None:
        """See `Gallery.put_finger`."""
        call = partial(self.gallery.put_finger, subject, position, template)
        await self._run(call)

    async def remove_finger(self, subject: str, position: Position) -> None:
        """See `Gallery.remove_finger`."""
        await self._run(partial(self.gallery.remove_finger, subject, position))

    async def set_metadata(self, subject: str, metadata: MetadataLike) -> None:
        """See `Gallery.set_metadata`."""
        await self._run(partial(self.gallery.set_metadata, subject, metadata))
