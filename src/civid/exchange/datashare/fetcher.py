"""Fetch what a URL names: allowed servers only, once, bounded in bytes and in seconds."""

from __future__ import annotations

import asyncio
import http.cookiejar
import socket
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from civid.errors import FieldError
from civid.exchange.datashare.answers import TokenRefusedError, failure_of
from civid.exchange.datashare.errors import (
    FetchError,
    NotFetchedError,
    RefusedError,
    TooLargeError,
    UnreachableError,
)
from civid.exchange.datashare.origins import Origin, origin_of, usable
from civid.exchange.datashare.silence import THREAD
from civid.exchange.datashare.tokens import COOKIE, Credentials, Tokens
from civid.extras import need

if TYPE_CHECKING:
    import ssl

    import httpx

#: Connections that failed are tried again after so many seconds; nothing was asked by then, so
#: that no use of the URL is lost.
_AGAIN_AFTER = (0.2, 1.0)


@dataclass(frozen=True)
class Limits:
    """How much and how long.

    Parameters
    ----------
    bytes : int
        Largest answer; MOSIP's examples have up to 850 kB, and a third more as base64.
    seconds : float
        For all of it: names looked up, token, connection, head and body.
    """

    bytes: int = 16 * 1024 * 1024
    seconds: float = 20.0


class Fetcher:
    """Fetches from data shares. Safe for threads; close it, or use it as a context.

    Parameters
    ----------
    origins : tuple of Origin
        Who may be asked; nobody else is.
    limits : Limits
        Of one fetch.
    credentials : Credentials, optional
        Where tokens come from; without, none are sent.
    context : ssl.SSLContext, optional
        For authorities of one's own; those of the system otherwise.

    Examples
    --------
    >>> with Fetcher((Origin.of("https://share.example"),)) as fetcher:
    ...     fetcher.fetch("https://elsewhere.example/v1/datashare/get/1")
    Traceback (most recent call last):
    civid.exchange.datashare.errors.RefusedError: the host of the URL is not among those that may \
be asked
    """

    def __init__(
        self,
        origins: tuple[Origin, ...],
        *,
        limits: Limits | None = None,
        credentials: Credentials | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._httpx = need("httpx", "fetching from data shares", "abis")
        self._origins = origins
        self._limits = limits or Limits()
        if self._limits.bytes < 1 or not 0 < self._limits.seconds < 86_400:
            raise FieldError("limits", "expected at least a byte, and seconds of less than a day")
        self._tokens = None if credentials is None else Tokens(credentials)
        self._context = context
        # A client an origin: connections of one are never used for another, whose certificate
        # would be a different one.
        self._clients: dict[Origin | None, httpx.AsyncClient] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=THREAD, daemon=True)
        self._thread.start()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what is under way and close all connections."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def fetch(self, url: str) -> bytes:
        """What the URL names, as it came.

        Raises
        ------
        RefusedError
            It may not be asked for: scheme, host, address, a redirect.
        ExpiredError, TooLargeError, NotFetchedError, UnreachableError
            See there.
        """
        origin = origin_of(url, self._origins)
        body: bytes = self._run(self._bounded(url, origin))
        return body

    def check(self) -> dict[str, str]:
        """Connect to each origin and ask it nothing: what is wrong, by name; empty = nothing."""
        found = {}
        for one in self._origins:
            try:
                self._run(self._connected(one))
                found[str(one)] = ""
            except FetchError as error:
                found[str(one)] = str(error)
        return found

    def check_tokens(self) -> str | None:
        """Sign in, if there is where to: what is wrong, empty = nothing; None = nowhere to."""
        if self._tokens is None:
            return None
        try:
            self._run(self._in_time(self._tokens.get(self._client(None))))
        except FetchError as error:
            return str(error)
        return ""

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    async def _bounded(self, url: str, origin: Origin) -> bytes:
        body: bytes = await self._in_time(self._signed(url, origin))
        return body

    async def _in_time(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            # The time of a read alone would not do: a byte a second is always in time.
            async with asyncio.timeout(self._limits.seconds):
                return await work
        except TimeoutError:
            late = f"the data share was not done after {self._limits.seconds:g} s"
            raise UnreachableError(late) from None

    async def _signed(self, url: str, origin: Origin) -> bytes:
        if self._tokens is None:
            return await self._patient(url, origin, None)
        token = await self._tokens.get(self._client(None))
        try:
            return await self._patient(url, origin, token)
        except TokenRefusedError:
            token = await self._tokens.get(self._client(None), instead_of=token)
            return await self._patient(url, origin, token)

    async def _patient(self, url: str, origin: Origin, token: str | None) -> bytes:
        for pause in (*_AGAIN_AFTER, None):
            try:
                return await self._once(url, origin, token)
            except (self._httpx.ConnectError, self._httpx.ConnectTimeout):
                if pause is None:
                    break
                await asyncio.sleep(pause)
            except self._httpx.HTTPError as error:
                reason = f"the data share broke off: {type(error).__name__}"
                raise UnreachableError(reason) from None
        raise UnreachableError("the data share cannot be reached")

    async def _once(self, url: str, origin: Origin, token: str | None) -> bytes:
        asked = urlsplit(url)
        # The address that was checked is the address that is connected to: no second look-up
        # could lead elsewhere. The certificate is checked against the name.
        address = (await self._addresses(origin))[0]
        target = self._httpx.URL(
            scheme=origin.scheme,
            host=address,
            port=origin.port,
            raw_path=(asked.path or "/").encode()
            + (b"?" + asked.query.encode()) * bool(asked.query),
        )
        headers = {
            "Host": asked.netloc,
            "Accept": "*/*",
            "Accept-Encoding": "identity",  # what is not packed cannot be a bomb
        }
        if token is not None:
            headers["Cookie"] = f"{COOKIE}={token}"
        async with self._client(origin).stream(
            "GET", target, headers=headers, extensions={"sni_hostname": origin.host}
        ) as answer:
            if answer.is_redirect:
                raise RefusedError("the data share sends us elsewhere; redirects are not followed")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise NotFetchedError("the answer came packed, though this was not asked for")
            body = await self._body(answer)
        if (failure := failure_of(answer.status_code, body)) is not None:
            raise failure
        return body

    async def _body(self, answer: httpx.Response) -> bytes:
        most = self._limits.bytes
        length = answer.headers.get("content-length", "")
        if length.isdigit() and int(length[:20]) > most:
            raise TooLargeError(f"the answer has more than {most:,} bytes")
        body = bytearray()
        async for part in answer.aiter_raw():
            body += part
            if len(body) > most:
                raise TooLargeError(f"the answer has more than {most:,} bytes")
        return bytes(body)

    async def _connected(self, origin: Origin) -> None:
        context: ssl.SSLContext | bool = self._context or True
        tls = origin.scheme == "https"
        try:
            async with asyncio.timeout(self._limits.seconds):
                _, writer = await asyncio.open_connection(
                    (await self._addresses(origin))[0], origin.port,
                    ssl=context if tls else None, server_hostname=origin.host if tls else None,
                )  # fmt: skip
                writer.close()
                await writer.wait_closed()
        except OSError as error:  # timeouts and certificates, too
            reason = f"the data share cannot be reached: {type(error).__name__}"
            raise UnreachableError(reason) from None

    async def _addresses(self, origin: Origin) -> list[str]:
        try:
            found = await self._loop.getaddrinfo(
                origin.host, origin.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
            )
        except (OSError, UnicodeError):
            raise UnreachableError("the name of the data share is not known") from None
        addresses = [str(one[4][0]) for one in found]
        allowed = [one for one in addresses if usable(one, inside=origin.inside)]
        if not allowed:
            raise RefusedError("the host's address is private, or of the link; it is not asked")
        return allowed

    def _client(self, origin: Origin | None) -> httpx.AsyncClient:
        if origin not in self._clients:
            self._clients[origin] = self._httpx.AsyncClient(
                verify=True if self._context is None else self._context,
                follow_redirects=False,
                trust_env=False,  # proxies and passwords of the environment are not for this
                timeout=self._limits.seconds,
                # No cookie is kept: the token is put into each request.
                cookies=http.cookiejar.CookieJar(
                    http.cookiejar.DefaultCookiePolicy(allowed_domains=())
                ),
            )
        return self._clients[origin]

    async def _end(self) -> None:
        own = asyncio.current_task()
        tasks = [one for one in asyncio.all_tasks(self._loop) if one is not own]
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in self._clients.values():
            await client.aclose()
        await self._loop.shutdown_default_executor()
