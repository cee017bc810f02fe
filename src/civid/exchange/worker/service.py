"""What a worker asks for its answers: MOSIP's messages, the engine, and the data share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, Protocol

from civid.exchange.abis import Abis
from civid.exchange.datashare import Decryptor, NoDecryptor, opened
from civid.exchange.mosip import Policy, Prepared, handle, prepare

Message = dict[str, Any]


class Service(Protocol):
    """Answers messages. The worker asks for the answers in the order of the queue."""

    def ahead(self, message: Message) -> Any:
        """What takes long and needs no order; in any thread, before or beside any other."""
        ...

    def answer(self, message: Message, ready: Any) -> Message:
        """The answer; one at a time, in order. ``ready`` is what `ahead` gave, or None."""
        ...

    def batch(self) -> contextlib.AbstractContextManager[None]:
        """Around answers that become durable together; none is sent before it ends."""
        ...

    def size(self) -> int:
        """How many people the engine has."""
        ...

    def forget(self, before: float, most: int) -> int:
        """Forget some answers of before a time (seconds since 1970): how many; in any thread."""
        ...


class MosipService:
    """MOSIP's requests, answered by an engine.

    Parameters
    ----------
    engine : Abis
        Open to be written.
    fetch : callable
        Gives what a URL names, as it came: `Fetcher.fetch`.
    decryptor : Decryptor
        For what is not XML already.
    policy : Policy
        Of the answers.
    threads : int
        To extract with.
    pending : callable
        How many requests wait here.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Abis.open(folder, create=True) as engine:
    ...     service = MosipService(engine, lambda url: b"<BIR/>")
    ...     service.answer({"id": "mosip.abis.ping"}, None)["failureReason"]  # it has no version
    '13'
    """

    def __init__(
        self, engine: Abis, fetch: Callable[[str], bytes], *, decryptor: Decryptor | None = None,
        policy: Policy | None = None, threads: int | None = None,
        pending: Callable[[], int] = lambda: 0,
    ) -> None:  # fmt: skip
        self._engine, self._source = engine, fetch
        self._decryptor = NoDecryptor() if decryptor is None else decryptor
        self._policy, self._threads, self.pending = policy, threads, pending

    def ahead(self, message: Message) -> Prepared | None:
        """See `civid.exchange.mosip.prepare`."""
        # One message a thread: many are made ready side by side.
        return prepare(message, self._engine, fetch=self._fetch, policy=self._policy, threads=1)

    def answer(self, message: Message, ready: Prepared | None) -> Message:
        """See `civid.exchange.mosip.handle`."""
        return handle(
            message, self._engine, fetch=self._fetch, prepared=ready, policy=self._policy,
            threads=self._threads, pending=lambda: self.pending(),
        )  # fmt: skip

    def batch(self) -> contextlib.AbstractContextManager[None]:
        """See `Abis.batch`."""
        return self._engine.batch()

    def size(self) -> int:
        """See `Abis.count`."""
        return self._engine.count()

    def forget(self, before: float, most: int) -> int:
        """See `Abis.forget_requests`."""
        return self._engine.forget_requests(before, most)

    def _fetch(self, url: str) -> bytes:
        return opened(self._source(url), self._decryptor)
