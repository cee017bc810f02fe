"""Connections that say nothing: who is slow with the head of a request is not waited for.

uvicorn bounds how long a connection rests between two requests, but neither how long the first one
takes to come nor how long its head takes. Without that anybody could hold every connection there
is, a byte a minute on each, without a token.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

#: For a TLS handshake there is uvicorn's; for the head of a request to be whole, seconds.
HEAD_SECONDS = 15.0
#: Connections at once; more are closed as they come.
MOST_CONNECTIONS = 512


class Impatient(H11Protocol):
    """uvicorn's protocol with an end to waiting."""

    def __init__(self, *given: Any, **named: Any):
        super().__init__(*given, **named)
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """The first request may take so long to come."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Whoever began a head has to end it."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """The next head may have begun to come already."""
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._enough()
        super().connection_lost(exc)

    def _look(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._enough()
        elif self._late is None:
            self._wait()

    def _wait(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self._end)

    def _enough(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        self._late = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.abort()
