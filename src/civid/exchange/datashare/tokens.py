"""Tokens of MOSIP's authmanager: asked for with a client's secret, kept until refused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from civid.exchange.datashare.errors import NotFetchedError, UnreachableError

if TYPE_CHECKING:
    import httpx

_MOST_BYTES = 64 * 1024
#: MOSIP's name of the cookie that carries the token, there and back.
COOKIE = "Authorization"


@dataclass(frozen=True)
class Credentials:
    """How to sign in at an authmanager.

    Parameters
    ----------
    url : str
        ``https://host/v1/authmanager/authenticate/clientidsecretkey``.
    client_id, secret : str
        Of the client; the secret stands in no repr.
    app_id : str
        Application that the client belongs to.

    >>> Credentials("https://auth.example/", "mosip-abis-client", "not shown")
    Credentials(url='https://auth.example/', client_id='mosip-abis-client', app_id='regproc')
    """

    url: str
    client_id: str
    secret: str = field(repr=False)
    app_id: str = "regproc"


class Tokens:
    """The token in use. For tasks of one event loop: many ask, one signs in."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._lock: asyncio.Lock | None = None
        self._token: str | None = None

    async def get(self, client: httpx.AsyncClient, *, instead_of: str | None = None) -> str:
        """The token; another one if the one in use is what was refused (``instead_of``).

        Raises
        ------
        NotFetchedError
            The authmanager refused us, or answered otherwise than it should.
        UnreachableError
            It did not answer.
        """
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            if self._token is None or self._token == instead_of:
                self._token = await self._sign_in(client)
            return self._token

    async def _sign_in(self, client: httpx.AsyncClient) -> str:
        import httpx

        known = self._credentials
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        document = {
            "id": "io.mosip.registration.processor",
            "version": "1.0",
            "requesttime": now,
            "metadata": {},
            "request": {
                "appId": known.app_id,
                "clientId": known.client_id,
                "secretKey": known.secret,
            },
        }
        try:
            async with client.stream("POST", known.url, json=document) as answer:
                size = 0
                async for part in answer.aiter_raw():
                    size += len(part)
                    if size > _MOST_BYTES:
                        raise NotFetchedError("the authmanager answers without an end")
                token = _token(answer.headers.get_list("set-cookie"))
                status = answer.status_code
        except httpx.HTTPError as error:
            reason = f"the authmanager did not answer: {type(error).__name__}"
            raise UnreachableError(reason) from None
        # Failures come with status 200 here as well; what counts is whether there is a token.
        if token is None:
            raise NotFetchedError(f"the authmanager gave no token: status {status}")
        return token


def _token(cookies: list[str]) -> str | None:
    # Read by hand: a jar drops cookies of another domain, and the authmanager may name one.
    for text in cookies:
        try:
            found = SimpleCookie(text).get(COOKIE)
        except CookieError:
            continue
        if found is not None and found.value:
            return found.value
    return None
