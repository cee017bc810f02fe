"""What stands around every request: its id, hosts, bounds, headers, and its line in the log."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.routing import Match

from civid.errors import StorageWriteError
from civid.exchange.service.access.caller import caller_of
from civid.exchange.service.bounds import Limits
from civid.exchange.service.described import routes_of
from civid.exchange.service.house import House, Note
from civid.exchange.service.log.entry import DONE, FAILED, REFUSED
from civid.exchange.service.problem import Problem, Refusal, problem_of
from civid.exchange.service.refusals import Kind

_LOG = logging.getLogger("civid.service")
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
_UNWRITTEN = "log"
#: Refusals of tokens that were right once, or will be.
_KNOWN_ONCE = frozenset({"token-expired", "token-early"})
#: Seconds for the rest of a body that nobody wants any more.
_DRAINED = 5.0
#: What people are called in addresses, here and in OSIA.
_PEOPLE = ("person", "personId", "personIdTarget", "personIdSource", "uin")
_SANE = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Guard:
    """The middleware that does it; the outermost one of the application."""

    def __init__(
        self, app: App, *, house: House, hosts: tuple[str, ...], everybody: frozenset[str],
        secure: bool, respond: Callable[[Any, str, Problem, str], Any],
    ):  # fmt: skip
        self._app, self._house, self._respond = app, house, respond
        self._everybody = everybody
        self._hosts = frozenset(host.lower() for host in hosts)
        self._headers = dict(HEADERS)
        if secure:
            self._headers["strict-transport-security"] = "max-age=31536000"
        self._inside = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
                await self._write_many(now=True)
            return
        began = time.perf_counter()
        headers = dict(scope["headers"])
        note = Note(_request_id(headers.get(b"x-request-id", b"")))
        scope.setdefault("state", {})["note"] = note
        started = False
        unwritten: Refusal | None = None
        everybody = scope["path"] in self._everybody
        body = _Body(receive, self._house.limits)

        async def sending(message: Message) -> None:
            nonlocal started, unwritten
            if message["type"] == "http.response.start":
                status = message["status"]
                operation, people = _aim(scope)
                note.people = note.people or people
                self._house.figures.answered(
                    operation, status, note.code, time.perf_counter() - began
                )
                if not (everybody and not 400 <= status < 500):
                    try:
                        await self._write_down(scope, note, operation, status)
                    except Refusal as error:
                        unwritten = error  # what is inside may make something else of it
                        raise
                message["headers"] = self._added(message["headers"], note)
                if note.caller is not None or note.code in _KNOWN_ONCE:
                    await body.drain(headers)
                if not body.read and _has_body(headers):  # nobody waits for what is left of it
                    message["headers"].append((b"connection", b"close"))
                started = True
            await send(message)

        self._inside += 1
        try:
            if sum(name == b"authorization" for name, _ in scope["headers"]) > 1:
                raise Refusal("request")  # a proxy may have looked at another one
            self._look(headers, everybody)
            if not everybody:  # who it is comes before the body, which FastAPI reads first
                await self._admit(headers, note)
            self._fits(headers)
            await self._app(scope, body.receive, sending)
        except Exception as error:  # whatever it is, nothing of it leaves, and no traceback either
            if started:
                raise
            problem = problem_of(unwritten or error)
            note.code = problem.code
            if problem.status == 500:
                _LOG.error("request %s failed: %s", note.request_id, type(error).__name__)
            made = self._respond(scope["app"], scope["path"], problem, note.request_id)
            try:
                await made(scope, receive, sending)
            except Refusal as again:  # the log cannot be written: nothing else is said
                note.code = again.problem.code
                made = self._respond(scope["app"], scope["path"], again.problem, note.request_id)
                await made(scope, receive, sending)
        finally:
            self._inside -= 1

    def _look(self, headers: dict[bytes, bytes], everybody: bool) -> None:
        """What can be said before anything is read."""
        if _host(headers.get(b"host", b"")) not in self._hosts:
            raise Refusal("host")
        limits = self._house.limits
        if self._inside > limits.workers + limits.waiting and not everybody:
            raise Refusal("busy", headers={"retry-after": "1"})
        if b"transfer-encoding" in headers and b"content-length" in headers:
            raise Refusal(
                "request", "two lengths"
            )  # a proxy may have read the other (RFC 9112, 6.3)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 18:
            raise Refusal("request")

    def _fits(self, headers: dict[bytes, bytes]) -> None:
        most = self._house.limits.body
        if _length(headers) > most:
            raise Refusal("large", limit=most)

    async def _admit(self, headers: dict[bytes, bytes], note: Note) -> None:
        header = headers.get(b"authorization", b"").decode("latin-1")
        note.caller = await self._house.aside(caller_of, header, self._house.doors)
        self._house.pace.admit(note.caller.identity)

    async def _write_down(self, scope: Message, note: Note, operation: str, status: int) -> None:
        """The line in the log, before the answer."""
        log = self._house.log
        if log is None or note.code == _UNWRITTEN:
            return
        outcome = DONE if status < 400 else FAILED if status >= 500 else REFUSED
        caller, client = note.caller, scope.get("client")
        if status < 500 and (caller is None or note.code == "pace"):
            name, token = (caller.name, caller.token) if caller else ("", "")
            own = self._house.refusals.own_line(Kind(name, token, status, note.code))
            await self._write_many()
            if not own:
                return
        entry = partial(
            log.write, operation=operation, outcome=outcome, status=status,
            request=note.request_id, caller=caller.name if caller else "",
            token=caller.token if caller else "", address=client[0] if client else "",
            code=note.code, people=note.people, candidates=note.candidates, durable=note.changed,
        )  # fmt: skip
        try:
            await self._house.aside(entry)
        except StorageWriteError as error:
            _LOG.error("request %s: %s", note.request_id, error)
            raise Refusal(_UNWRITTEN, headers={"retry-after": "5"}) from None

    async def _write_many(self, *, now: bool = False) -> None:
        """Lines for refusals that had none of their own."""
        log, refusals = self._house.log, self._house.refusals
        if log is None:
            return
        for kind, times in refusals.due(now=now):
            entry = partial(
                log.write, operation="", outcome=REFUSED, status=kind.status, caller=kind.caller,
                token=kind.token, code=kind.code, times=times,
            )  # fmt: skip
            try:
                await self._house.aside(entry)
            except StorageWriteError as error:
                refusals.back(kind, times)
                _LOG.error("refusals were not written down: %s", error)

    def _added(self, headers: Any, note: Note) -> list[tuple[bytes, bytes]]:
        own = {name.lower() for name, _ in headers}
        wanted = {**self._headers, "x-request-id": note.request_id}
        return [
            *headers,
            *(
                (name.encode(), value.encode())
                for name, value in wanted.items()
                if name.encode() not in own
            ),
        ]


class _Body:
    """A body as it arrives, bounded in bytes and time."""

    def __init__(self, receive: Receive, limits: Limits):
        self._receive, self._limits = receive, limits
        self._taken = 0
        self._deadline: float | None = None
        #: All of it is here.
        self.read = False

    async def receive(self) -> Message:
        """The next piece, as ASGI has it; `Refusal` where it is too much or too late."""
        if self.read:  # what may still come is the end of the connection
            return await self._receive()
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + self._limits.body_seconds
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise Refusal("slow") from None
        if message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            if self._taken > self._limits.body:
                raise Refusal("large", limit=self._limits.body)
            self.read = not message.get("more_body", False)
        return message

    async def drain(self, headers: dict[bytes, bytes]) -> None:
        """Take what is still coming, within bounds: who is cut off while sending reads no answer.

        Not of who does not say how much it is; and a client that waits to be asked for its body
        (Expect) has an answer without it.
        """
        most = 2 * self._limits.body
        if (b"expect" in headers and not self._taken) or not 0 < _length(headers) <= most:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAINED):
                while not self.read and self._taken <= most:
                    message = await self._receive()
                    if message["type"] != "http.request":
                        break
                    self._taken += len(message.get("body", b""))
                    self.read = not message.get("more_body", False)


def _length(headers: dict[bytes, bytes]) -> int:
    said = headers.get(b"content-length", b"0")
    return int(said) if said.isdigit() and len(said) <= 18 else 0


def _has_body(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


def _aim(scope: Message) -> tuple[str, tuple[str, ...]]:
    """Name of the route that a request is for, and the person in its address.

    Who is refused at the door has come to no route yet; the log tells where they wanted to go.
    """
    for route in routes_of(scope["app"]):
        match, inner = route.matches({**scope, "root_path": ""})
        if match is Match.FULL:
            named = (inner["path_params"].get(name) for name in _PEOPLE)
            return route.name, tuple(one for one in named if isinstance(one, str))
    return "", ()


def _request_id(given: bytes) -> str:
    """What the client calls its request, if that can stand in a log; a new one otherwise."""
    return given.decode() if _SANE.fullmatch(given) else secrets.token_hex(8)


def _host(header: bytes) -> str:
    """The name in a Host header, without its port.

    >>> _host(b"abis.example:8470"), _host(b"[::1]:8470")
    ('abis.example', '[::1]')
    """
    text = header.decode("latin-1").lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0]
