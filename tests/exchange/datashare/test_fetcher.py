"""Fetching from servers that behave, and from all kinds that do not."""

from __future__ import annotations

import gzip
import json
import logging
import threading
from collections.abc import Iterator
from math import inf, nan

import pytest
from tests.exchange.datashare.servers import Script, Server, answer, serving

from civid.errors import FieldError
from civid.exchange.datashare import (
    Credentials,
    ExpiredError,
    Fetcher,
    FetchError,
    Limits,
    NotFetchedError,
    Origin,
    RefusedError,
    TooLargeError,
    UnreachableError,
)
from civid.exchange.datashare.origins import usable

BIR = b"<BIR>biometrics</BIR>"


def fetched(server: Server, *, path: str = "/v1/datashare/get/1", **limits: float) -> bytes:
    own = Limits(**({"bytes": 100_000, "seconds": 5.0} | limits))
    with Fetcher((Origin.of(server.origin, inside=True),), limits=own) as fetcher:
        return fetcher.fetch(server.origin + path)


def test_a_share_is_fetched_as_it_is_and_once() -> None:
    with serving(lambda head: answer(BIR)) as server:
        assert fetched(server, path="/get/1?a=%20b") == BIR
        (head,) = server.heads
    assert head.startswith(b"GET /get/1?a=%20b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}".lower().encode() in head.lower()
    assert b"accept-encoding: identity" in head.lower()
    assert b"cookie" not in head.lower()


@pytest.mark.parametrize(
    ("body", "status", "kind", "reason"),
    [
        (b'{"errors":[{"errorCode":"DAT-SER-006"}]}', "200 OK", ExpiredError, "17"),
        (b'{"errors":[{"errorCode":"DAT-SER-003"}]}', "200 OK", NotFetchedError, "7"),
        (b'{"errors":[{"errorCode":"KER-ATH-403"}]}', "200 OK", NotFetchedError, "7"),
        (b'{"errors":[{"errorCode":"KER-ATH-401"}]}', "200 OK", NotFetchedError, "7"),
        (b'{"errors":[{"errorCode":17}, 3, {"errorCode":"<b>"}]}', "200 OK", NotFetchedError, "7"),
        (b'{"errors":null,"response":{}}', "200 OK", NotFetchedError, "7"),
        (b"{" + b'"a":{' * 5000, "200 OK", NotFetchedError, "7"),
        (b"", "200 OK", NotFetchedError, "7"),
        (b"no", "404 Not Found", NotFetchedError, "7"),
        (b"gone", "410 Gone", ExpiredError, "17"),
        (b"oops", "503 Service Unavailable", UnreachableError, "7"),
        (b"who", "401 Unauthorized", NotFetchedError, "7"),
    ],
)
def test_failures_have_the_reason_that_mosip_knows(
    body: bytes, status: str, kind: type[FetchError], reason: str
) -> None:
    with serving(lambda head: answer(body, status)) as server:
        with pytest.raises(kind) as error:
            fetched(server)
        assert len(server.heads) == 1  # a URL is used once
    assert error.value.reason == reason
    assert "<b>" not in str(error.value)
    assert str(server.port) not in str(error.value)


def drip(first: bytes) -> Script:
    yield first
    for _ in range(1000):
        yield 0.02
        yield b"a"


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b""],
    ids=["head", "body", "status"],
)
def test_a_byte_now_and_then_is_not_waited_for(first: bytes) -> None:
    with serving(lambda head: drip(first)) as server, pytest.raises(UnreachableError):
        fetched(server, seconds=0.4)


def test_a_silent_server_is_not_waited_for() -> None:
    with serving(lambda head: [0.6]) as server, pytest.raises(UnreachableError, match=r"0\.3 s"):
        fetched(server, seconds=0.3)


def endless(head: bytes) -> Script:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"1000\r\n" + b"<" * 0x1000 + b"\r\n"


def test_an_endless_answer_is_cut() -> None:
    with serving(endless) as server, pytest.raises(TooLargeError, match="100,000"):
        fetched(server)


def test_a_long_answer_is_not_even_read() -> None:
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    with serving(lambda head: [long]) as server, pytest.raises(TooLargeError):
        fetched(server)


def test_an_endless_head_is_cut() -> None:
    def reply(head: bytes) -> Script:
        yield b"HTTP/1.1 200 OK\r\n"
        for number in range(1_000_000):
            yield b"X-%d: %s\r\n" % (number, b"a" * 1000)

    with serving(reply) as server, pytest.raises(UnreachableError):
        fetched(server)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"<" * 50_000_000)
    with (
        serving(lambda head: answer(bomb, "200 OK", "Content-Encoding: gzip")) as server,
        pytest.raises(NotFetchedError, match="packed"),
    ):
        fetched(server)


@pytest.mark.parametrize("where", ["http://169.254.169.254/latest/", "/elsewhere", "file:///a"])
def test_redirects_are_not_followed(where: str) -> None:
    with (
        serving(lambda head: answer(b"", "302 Found", f"Location: {where}")) as server,
        pytest.raises(RefusedError, match="redirects"),
    ):
        fetched(server)


def test_nonsense_is_not_http() -> None:
    with serving(lambda head: [b"\x00\xff" * 100]) as server, pytest.raises(UnreachableError):
        fetched(server)


def test_an_answer_that_breaks_off_is_none() -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n<BIR"
    with serving(lambda head: [short]) as server, pytest.raises(UnreachableError):
        fetched(server)


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    with serving(lambda head: answer(BIR)) as server:
        url = f"http://localhost:{server.port}/"
        with Fetcher((Origin.of(url),)) as fetcher, pytest.raises(RefusedError, match="private"):
            fetcher.fetch(url)
        assert not server.heads
        with Fetcher((Origin.of(url, inside=True),)) as fetcher:
            assert fetcher.fetch(url) == BIR


def test_the_name_is_asked_once_and_its_answer_is_what_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An answer that changes between check and connection (rebinding) changes nothing."""
    import socket

    real, asked = socket.getaddrinfo, []

    def lookup(host: object, *rest: object, **named: object) -> object:
        asked.append(host)
        if host == "share.example":
            host = "127.0.0.1" if asked.count("share.example") == 1 else "169.254.169.254"
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with serving(lambda head: answer(BIR)) as server:
        url = f"http://share.example:{server.port}/x"
        with Fetcher((Origin.of(url[:-2], inside=True),)) as fetcher:
            assert fetcher.fetch(url) == BIR
            assert asked.count("share.example") == 1
            assert f"host: share.example:{server.port}".encode() in server.heads[0].lower()
            with pytest.raises(RefusedError):  # now it leads to the metadata of a cloud
                fetcher.fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://127.0.0.1/a", "data:text/xml,<BIR/>", "gopher://a/", "", "a",
        "http://127.0.0.1:{port}@evil.example/", "http://evil.example#@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@evil.example/", "https://127.0.0.1:{port}/",
        "http://127.0.0.1:1/", "http://2130706433:{port}/", "http://0177.0.0.1:{port}/",
        "http://127.0.0.1:{port}/\r\nX: y", "http://127.0.0.1:{port}/ü", "http://[::1",
        "http://127.0.0.1:99999/", "http://" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_not_asked(url: str) -> None:
    with serving(lambda head: answer(BIR)) as server:
        with (
            Fetcher((Origin.of(server.origin, inside=True),)) as fetcher,
            pytest.raises(RefusedError) as error,
        ):
            fetcher.fetch(url.format(port=server.port))
        assert error.value.reason == "7"
        assert not server.heads


def test_nobody_listens() -> None:
    with serving(lambda head: answer(BIR)) as server:
        url = server.origin
    with Fetcher((Origin.of(url, inside=True),)) as fetcher:
        with pytest.raises(UnreachableError) as error:
            fetcher.fetch(url + "/")
        assert error.value.passing


@pytest.fixture
def signed() -> Iterator[tuple[Server, Fetcher]]:
    """A share that takes the newest token alone, and the server that gives tokens."""
    given: list[str] = []

    def reply(head: bytes) -> Script:
        if head.startswith(b"POST"):
            given.append(f"token.{len(given)}")
            cookie = f"Set-Cookie: Authorization={given[-1]}; Path=/; Domain=other.example; Secure"
            return answer(b'{"response":{"status":"Success"}}', "200 OK", cookie)
        if given and f"Cookie: Authorization={given[-1]}".lower().encode() in head.lower():
            return answer(BIR)
        return answer(json.dumps({"errors": [{"errorCode": "KER-ATH-401"}]}).encode())

    with serving(reply) as server:
        known = Credentials(server.origin + "/authenticate", "client", "very-secret")
        assert "very-secret" not in repr(known)
        with Fetcher((Origin.of(server.origin, inside=True),), credentials=known) as fetcher:
            server.given = given  # type: ignore[attr-defined]
            yield server, fetcher


def test_a_token_is_kept_until_it_is_refused(signed: tuple[Server, Fetcher]) -> None:
    server, fetcher = signed
    for _ in range(3):
        assert fetcher.fetch(server.origin + "/a") == BIR
    assert len(server.given) == 1  # type: ignore[attr-defined]
    server.given.append("another, given out meanwhile")  # type: ignore[attr-defined]
    assert fetcher.fetch(server.origin + "/a") == BIR
    assert len(server.given) == 3  # type: ignore[attr-defined]
    post = next(head for head in server.heads if head.startswith(b"POST"))
    assert b'"clientId":"client"' in post.replace(b" ", b"")


def test_many_threads_sign_in_once(signed: tuple[Server, Fetcher]) -> None:
    server, fetcher = signed
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(fetcher.fetch(server.origin + "/a")))
        for _ in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [BIR] * 8
    assert len(server.given) == 1  # type: ignore[attr-defined]


def test_signing_in_can_be_tried(signed: tuple[Server, Fetcher]) -> None:
    server, fetcher = signed
    assert fetcher.check_tokens() == ""
    assert len(server.given) == 1  # type: ignore[attr-defined]
    here = (Origin.of(server.origin, inside=True),)
    with Fetcher(here) as without:
        assert without.check_tokens() is None
    known = Credentials("http://127.0.0.1:1/", "client", "very-secret")
    with Fetcher(here, credentials=known) as wrong:
        told = wrong.check_tokens()
        assert told is not None
        assert "the authmanager did not answer" in told


def test_no_log_has_a_url_or_a_token(
    signed: tuple[Server, Fetcher], caplog: pytest.LogCaptureFixture
) -> None:
    """The libraries log both, for whoever logs everything."""
    server, fetcher = signed
    with caplog.at_level(logging.DEBUG):
        fetcher.fetch(server.origin + "/of-somebody")
        logging.getLogger("httpx").info("of others")
    assert "of others" in caplog.text
    assert not [one for one in ("of-somebody", "token.0", "very-secret") if one in caplog.text]


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("fec0::1", True), ("fd00::1", True), ("fd00:ec2::254", False), ("::ffff:a9fe:a9fe", False),
        ("64:ff9b::a00:7", True), ("64:ff9b::a9fe:a9fe", False), ("2002:a00:7::1", True),
        ("100.100.100.200", False), ("2002:a9fe:a9fe::1", False), ("::10.0.0.7", False),
    ],
)  # fmt: skip
def test_addresses_that_are_never_asked_from_outside(address: str, inside: bool) -> None:
    assert not usable(address, inside=False)
    assert usable(address, inside=True) is inside


def test_no_token_no_fetch() -> None:
    with serving(lambda head: answer(b'{"errors":[{"errorCode":"KER-ATH-403"}]}')) as server:
        known = Credentials(server.origin + "/authenticate", "client", "secret")
        with (
            Fetcher((Origin.of(server.origin, inside=True),), credentials=known) as fetcher,
            pytest.raises(NotFetchedError, match="no token"),
        ):
            fetcher.fetch(server.origin + "/a")
        assert len(server.heads) == 1


def test_closing_ends_what_is_under_way() -> None:
    with serving(lambda head: drip(b"")) as server:
        fetcher = Fetcher((Origin.of(server.origin, inside=True),))
        failed: list[BaseException] = []

        def fetch() -> None:
            try:
                fetcher.fetch(server.origin + "/")
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=fetch)
        thread.start()
        while not server.heads:
            thread.join(0.01)
        fetcher.close()
        fetcher.close()
        thread.join()
    assert len(failed) == 1


def test_origins_and_limits_are_checked() -> None:
    for text in ("ftp://a", "https://", "https://a/path", "https://u@a", "nonsense"):
        with pytest.raises(FieldError):
            Origin.of(text)
    for limits in (Limits(bytes=0), *(Limits(seconds=one) for one in (0.0, -1.0, nan, inf))):
        with pytest.raises(FieldError):
            Fetcher((), limits=limits)
