"""Messages that mean harm, or that nobody meant to send."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.exchange.conformance import envelopes, requests
from tests.exchange.conformance.bench import Bench
from tests.exchange.conformance.requests import Request

#: What is put where a text is expected, an object or a list.
_WRONG: tuple[Any, ...] = (None, True, 0, -1, 1e308, [], {}, [[]], {"a": {"b": []}}, "x" * 100_000)
_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Unreadable:
    """A body that is no message: nobody can tell whose request it was."""

    name: str
    body: str | bytes


def unreadable() -> Iterator[Unreadable]:
    """Bodies."""
    good = requests.ping()
    yield Unreadable("nothing", b"")
    yield Unreadable("nothing, as text", "")
    yield Unreadable("no JSON", "insert please")
    yield Unreadable("JSON cut off", json.dumps(good)[:-9])
    yield Unreadable("no UTF-8", b'{"id": "\xff\xfe\x80"}')
    yield Unreadable("NUL", b"\0" * 64)
    yield Unreadable("a list", json.dumps([good]))
    yield Unreadable("a number", "17")
    yield Unreadable("100,000 deep", "[" * 100_000 + "]" * 100_000)
    yield Unreadable("100,000 deep in a field", '{"id": ' + "[" * 100_000 + "]" * 100_000 + "}")
    yield Unreadable("a number of 100,000 digits", '{"version": ' + "9" * 100_000 + "}")
    yield Unreadable("a number beyond floats", '{"version": 1e999999}')
    yield Unreadable("NaN", '{"version": NaN}')
    yield Unreadable("a key twice", '{"id": "a", "id": "b"}')
    yield Unreadable("5 MB", large(5))


def large(megabytes: int) -> bytes:
    """JSON of some size."""
    return b'{"id": "' + b"x" * (megabytes * _MEGABYTE) + b'"}'


@dataclass(frozen=True)
class Wrong:
    """A message that can be read and must be refused; ``reasons`` that the API allows for it."""

    name: str
    request: Request
    reasons: frozenset[int]


def wrong(bench: Bench) -> Iterator[Wrong]:
    """Requests."""
    yield from _of_wrong_types(bench)
    yield from _from_elsewhere(bench)

    def insert(**fields: Any) -> Request:
        return {**requests.insert(requests.identifier(), bench.url(0)), **fields}

    yield Wrong("an unknown version", insert(version="1.2"), frozenset({13}))
    yield Wrong("another operation", insert(id="mosip.abis.insert\n"), frozenset({14}))
    yield Wrong("year 10000", insert(requesttime="10000-01-01T00:00:00.000Z"), frozenset({15}))
    yield Wrong("no such day", insert(requesttime="2026-02-30T00:00:00.000Z"), frozenset({15}))
    files: tuple[tuple[str, Callable[[], bytes], int], ...] = (
        ("CBEFF with entities", lambda: envelopes.with_entities(bench.prints(0)), 16),
        ("CBEFF cut off", lambda: envelopes.cut_off(bench.prints(0)), 16),
        ("CBEFF 20,000 deep", lambda: envelopes.deep(20_000), 16),
        ("an empty file", lambda: b"", 7),
        ("a file too large", lambda: b"<" + b"x" * (40 * _MEGABYTE), 7),
    )
    for name, file, reason in files:
        reasons = frozenset({reason})
        yield Wrong(name, requests.insert(requests.identifier(), bench.share.share(file)), reasons)


def _of_wrong_types(bench: Bench) -> Iterator[Wrong]:
    expected = {
        "version": {4, 13},
        "requestId": {4, 6},
        "requesttime": {4, 9, 15},
        "referenceId": {4, 5},
        "referenceURL": {4, 7, 8},
    }
    for field, reasons in expected.items():
        for value in _WRONG:
            if field == "requestId" and value == 1e308:
                continue  # a number too large to be read: a dead letter, for nobody is named
            request = requests.insert(requests.identifier(), bench.share.origin)
            name = f"{field} is {str(value)[:12]}"
            yield Wrong(name, {**request, field: value}, frozenset(reasons))
    about = requests.identifier()
    for value in (0, [], "all", {"referenceIds": 1}, {"referenceIds": [1]}, {"x": []}):
        request = {**requests.identify(about), "gallery": value}
        yield Wrong(f"gallery is {value}", request, frozenset({4, 5, 12}))
    odd: tuple[Any, ...] = (0, [], {"maxResults": []}, {"maxResults": "1e9"}, {"targetFPIR": "-5"})
    for flags in odd:
        request = {**requests.identify(about), "flags": flags}
        yield Wrong(f"flags are {flags}", request, frozenset({4, 12}))


def _from_elsewhere(bench: Bench) -> Iterator[Wrong]:
    port = bench.share.origin.rpartition(":")[2]
    for url in (
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/",
        f"http://localhost:{port}/v1/datashare/get/x",
        f"http://user@127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}@example.org/",
        f"https://127.0.0.1:{port}/",
        "http://[::1]/",
        "gopher://127.0.0.1/1",
        "ftp://127.0.0.1/",
        "http://",
        "//127.0.0.1/",
        "data:text/xml,<BIR/>",
        f"http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: example.org\r\n",
    ):
        request = requests.insert(requests.identifier(), url)
        yield Wrong(f"referenceURL {url[:50]!r}", request, frozenset({7}))
