"""The house: what every route of the service shares."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio
from anyio import to_thread

from civid.exchange.service.bounds import Limits, Pace
from civid.exchange.service.figures import Figures
from civid.exchange.service.problem import Refusal
from civid.exchange.service.refusals import Refusals

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from civid.exchange.service.access.caller import Caller, Door
    from civid.exchange.service.log.journal import Journal
    from civid.fingerprint.gate import Gate
    from civid.fingerprint.parameters import ExtractionParameters

T = TypeVar("T")
#: How old what a reader sees may be, seconds.
FRESH = 0.5


@dataclass
class Note:
    """What the log will say of a request. Routes fill it in.

    Attributes
    ----------
    people : tuple of str
        Ids of whom it is about; the log has pseudonyms of them.
    candidates : int or None
        How many a search found.
    changed : bool
        Something was changed: the line has to be on the disk before the answer leaves.
    code : str
        Of the problem that is answered.
    """

    request_id: str = field(default_factory=lambda: secrets.token_hex(8))
    caller: Caller | None = None
    people: tuple[str, ...] = ()
    candidates: int | None = None
    changed: bool = False
    code: str = ""


class House:
    """Engine, doors, log and limits of one service, for one event loop.

    Parameters
    ----------
    engine : Abis
        Open; whoever opened it closes it, after the server has stopped.
    doors : sequence of Door
        Whose tokens are taken; none = nobody comes in.
    log : Journal, optional
        Where every request is written down.
    limits : Limits, optional
        How much at once, how fast, how large.
    read_only : bool
        Another process writes; this one refreshes, and refuses changes.
    writer : str
        Address of that process, for those who want to change something.
    gate : Gate, optional
        Prints have to pass it to be enrolled. Nobody is asked to try again within a request, so
        that every print below its limits is refused, unless it is good enough as a last resort.
        None = every print in which minutiae are found.
    extraction : ExtractionParameters, optional
        By which minutiae are found in images, as for `civid.extract`.
    """

    def __init__(
        self,
        engine: Any,
        doors: tuple[Door, ...] = (),
        *,
        log: Journal | None = None,
        limits: Limits | None = None,
        read_only: bool = False,
        writer: str = "",
        gate: Gate | None = None,
        extraction: ExtractionParameters | None = None,
    ):
        self.engine = engine
        self.doors = doors
        self.log = log
        self.limits = limits or Limits()
        self.read_only = read_only
        self.writer = writer
        self.gate = gate
        self.extraction = extraction
        self.figures = Figures()
        self.pace = Pace(self.limits.per_second, self.limits.burst)
        self.refusals = Refusals(self.limits)
        self._changing = threading.RLock()
        self._refreshing = threading.Lock()
        self._refreshed = time.monotonic()
        self._workers = anyio.CapacityLimiter(self.limits.workers)
        self._aside = anyio.CapacityLimiter(4)

    async def read(self, function: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run what reads in a thread, on what the writer has written lately."""
        return await to_thread.run_sync(
            self._reading, function, args, options, limiter=self._workers
        )

    async def change(self, function: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run what changes in a thread; changes never overlap.

        Raises
        ------
        Refusal
            This process only reads.
        """
        if self.read_only:
            raise Refusal("read-only", writer=self.writer)
        return await to_thread.run_sync(self._alone, function, args, options, limiter=self._workers)

    async def work(self, function: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run what needs no engine in a thread: pictures, records."""
        return await to_thread.run_sync(lambda: function(*args, **options), limiter=self._workers)

    async def aside(self, function: Callable[..., T], *args: Any) -> T:
        """Run what is short and must not wait for searches: tokens, the log."""
        return await to_thread.run_sync(function, *args, limiter=self._aside)

    def _reading(
        self, function: Callable[..., T], args: tuple[Any, ...], options: dict[str, Any]
    ) -> T:
        if self.read_only:
            self._refresh()
        return function(*args, **options)

    def _alone(
        self, function: Callable[..., T], args: tuple[Any, ...], options: dict[str, Any]
    ) -> T:
        with self._changing:
            return function(*args, **options)

    def _refresh(self) -> None:
        with self._refreshing:
            if time.monotonic() - self._refreshed >= FRESH:
                self.engine.refresh()
                self._refreshed = time.monotonic()


def house_of(request: HTTPConnection) -> House:
    """The house of the application that a request came to."""
    return cast(House, request.app.state.house)


def note_of(request: HTTPConnection) -> Note:
    """What the log will say of a request."""
    return cast(Note, request.state.note)
