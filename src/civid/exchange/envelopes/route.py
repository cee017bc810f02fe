"""Headers of HTTP on the way (tuyến, mã vết): who calls whom, and the id that follows a call.

Platforms of this kind rest on X-Road: public callers of the population service send its header
``X-Road-Client``. Names and forms are those of "X-Road: Message Protocol for REST" 1.0.4 (PR-REST),
clause 4; the trace is W3C Trace Context level 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from civid.errors import FormatError

#: Header -> attribute of `Route`.
HEADERS = {
    "X-Road-Client": "client",
    "X-Road-Id": "id",
    "X-Road-UserId": "officer",
    "X-Road-Issue": "issue",
    "X-Road-Request-Id": "request",
    "traceparent": "trace",
}
_LONGEST = 512
_TRACE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Route:
    """How one call came, and under which ids it is found in the logs of all who passed it on.

    Parameters
    ----------
    client : tuple of str
        Instance, class, member and perhaps subsystem that calls; empty = not said.
    id : str
        Of the message, the same in request and answer (``X-Road-Id``).
    officer : str
        ``X-Road-UserId``.
    issue : str
        The matter for which it is asked: a number of a dossier (``X-Road-Issue``).
    request : str
        What the platform itself calls the request (``X-Road-Request-Id``).
    trace : str
        ``traceparent`` as it came.
    """

    client: tuple[str, ...] = ()
    id: str = ""
    officer: str = ""
    issue: str = ""
    request: str = ""
    trace: str = ""

    @property
    def trace_id(self) -> str:
        """What goes into the log: trace, id of the message, or of the platform; the first.

        >>> Route(id="29f4011e", trace="00-" + "4b" * 16 + "-" + "a0" * 8 + "-01").trace_id[:8]
        '4b4b4b4b'
        """
        return self.trace[3:35] or self.id or self.request


def read_headers(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> Route:
    """The route in headers of HTTP; names in any case, others passed over.

    Raises
    ------
    FormatError
        A header stands there twice or cannot be read: a call whose sender cannot be told is not
        answered. A ``traceparent`` that cannot be read is left out, as its standard wants it.

    Examples
    --------
    >>> read_headers({"x-road-client": "VN/GOV/BHXH/thu", "X-Road-Id": "29f4"}).client
    ('VN', 'GOV', 'BHXH', 'thu')
    """
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    names = {name.lower(): part for name, part in HEADERS.items()}
    found: dict[str, str] = {}
    for name, value in pairs:
        part = names.get(name.lower())
        if part is None:
            continue
        if part in found:
            raise FormatError("stands there more than once", field=name)
        if len(value) > _LONGEST or not value.isascii() or not value.isprintable():
            raise FormatError(f"not {_LONGEST} printable characters of ASCII", field=name)
        found[part] = value.strip()
    client = _client(found.pop("client", ""))
    if not _TRACE.fullmatch(found.get("trace", "")):
        found.pop("trace", None)
    return Route(client, **found)


def _client(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    parts = tuple(unquote(one, errors="strict") if _fits(one) else "" for one in text.split("/"))
    if not 3 <= len(parts) <= 4 or not all(parts) or any(_BAD.search(one) for one in parts):
        raise FormatError("should be instance/class/member/subsystem", field="X-Road-Client")
    return parts


def _fits(part: str) -> bool:
    try:
        unquote(part, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


#: Clause 4.8: what no identifier may hold.
_BAD = re.compile(r"[/\\%:;\x00-\x1f\x7f-\x9f\u200b\ufeff]|^\.\.?$")


def write_headers(route: Route) -> dict[str, str]:
    """The headers of a route, for the call that goes on or the answer that goes back.

    >>> write_headers(Route(("VN", "GOV", "Bảo hiểm"), id="29f4"))["X-Road-Client"]
    'VN/GOV/B%E1%BA%A3o%20hi%E1%BB%83m'
    """
    made = {name: getattr(route, part) for name, part in HEADERS.items() if part != "client"}
    if route.client:
        made["X-Road-Client"] = "/".join(quote(one, safe="") for one in route.client)
    return {name: text for name, text in made.items() if text}
