"""What stands around every page: headers, hosts, forms that came from here, bounded bodies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Scope = MutableMapping[str, Any]
App = Callable[
    [Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
]

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
#: Bytes of a form; the longest has a remark of 1,000 letters.
MOST_BYTES = 64 << 10
_MOST_FIELDS = 200


class FormError(ValueError):
    """A form that is too long or cannot be read."""


class SafeHeaders:
    """Puts the headers on every answer."""

    def __init__(self, app: App):
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.encode(), value.encode())
                        for name, value in HEADERS.items()
                        if name.encode() not in own
                    ),
                ]
            await send(message)

        await self._app(scope, receive, sending)


async def read_form(request: Any) -> dict[str, list[str]]:
    """Fields of a POST; `FormError` for what no page of ours sends."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise FormError("not a form")
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise FormError("too long")
    try:
        pairs = parse_qsl(
            data.decode("ascii"), keep_blank_values=True, strict_parsing=bool(data),
            max_num_fields=_MOST_FIELDS, errors="strict",
        )  # fmt: skip
    except ValueError:  # UnicodeDecodeError, too
        raise FormError("cannot be read") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def is_from_here(request: Any) -> bool:
    """Whether the browser says that a form came from our own page; old ones say nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def own_path(text: str) -> str:
    """A path of ours to go back to; the start for anything else.

    >>> own_path("/case/ab?with=2"), own_path("//evil.example"), own_path("/\\\\evil.example")
    ('/case/ab?with=2', '/', '/')
    """
    if not text.startswith("/") or text.startswith("//") or "\\" in text or len(text) > 300:
        return "/"
    return text if text.isprintable() and text.isascii() else "/"
