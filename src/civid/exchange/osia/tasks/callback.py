"""Callbacks: answers taken to where the client wants them, and to nowhere else."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from civid.exchange.datashare.errors import RefusedError
from civid.exchange.datashare.origins import Origin, origin_of, usable
from civid.exchange.osia.desk import Outcome
from civid.exchange.osia.faults import Code, Fault
from civid.extras import need

if TYPE_CHECKING:
    import ssl

#: For all of it: name looked up, connection, body sent, answer's head.
SECONDS: Final = 20.0
JSON: Final = "application/json"
ERROR: Final = "application/error+json"


class Callbacks:
    """Calls callbacks. One event loop uses it at a time.

    Parameters
    ----------
    origins : tuple of Origin
        Who may be called. Private addresses only where an origin says ``inside``.
    context : ssl.SSLContext, optional
        With authorities or a client certificate of one's own.
    """

    def __init__(self, origins: tuple[Origin, ...], *, context: ssl.SSLContext | None = None):
        self._httpx = need("httpx", "calling back", "abis")
        self._origins = origins
        self._context = context

    def check(self, url: str) -> None:
        """Refuse a callback that would not be called.

        Raises
        ------
        Fault
            400.

        >>> Callbacks((Origin.of("https://client.example"),)).check("https://client.example/back")
        """
        try:
            origin_of(url, self._origins)
        except RefusedError as error:
            raise Fault(400, Code.DESTINATION, f"callback: {error}") from None

    async def deliver(self, url: str, transaction: str, task: str, outcome: Outcome) -> bool:
        """Post an outcome; -> whether it was taken. Never raises for what the other side does."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._post(url, transaction, task, outcome)
        except (RefusedError, TimeoutError, OSError, UnicodeError, self._httpx.HTTPError):
            return False

    async def _post(self, url: str, transaction: str, task: str, outcome: Outcome) -> bool:
        origin, asked = origin_of(url, self._origins), urlsplit(url)
        told = urlencode({"transactionId": transaction, "taskId": task})
        query = f"{asked.query}&{told}" if asked.query else told
        # The address that was checked is the one that is connected to; a second look-up could
        # lead elsewhere. The certificate is checked against the name.
        target = self._httpx.URL(
            scheme=origin.scheme,
            host=await _address(origin),
            port=origin.port,
            raw_path=f"{asked.path or '/'}?{query}".encode(),
        )
        headers = {"Host": asked.netloc, "Content-Type": JSON if outcome.status < 400 else ERROR}
        async with (
            self._httpx.AsyncClient(
                verify=True if self._context is None else self._context,
                follow_redirects=False,
                trust_env=False,
                timeout=SECONDS,
            ) as client,
            client.stream(
                "POST",
                target,
                content=json.dumps(_told(outcome), ensure_ascii=False).encode(),
                headers=headers,
                extensions={"sni_hostname": origin.host},
            ) as answer,
        ):
            return bool(answer.is_success)  # what stands in it is not read


def _told(outcome: Outcome) -> Any:
    """OSIA says OK where a synchronous answer would have been empty."""
    return "OK" if outcome.body is None else outcome.body


async def _address(origin: Origin) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(
        origin.host, origin.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )
    for one in found:
        if usable(str(one[4][0]), inside=origin.inside):
            return str(one[4][0])
    raise RefusedError("the address of the host is private, or of the link; it is not called")
