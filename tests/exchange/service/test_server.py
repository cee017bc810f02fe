"""A server on a real socket: TLS, slow and broken clients, and an end that finishes what began."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.exchange.service.conftest import Make, signed

from civid.errors import FieldError
from civid.exchange.service import House, Limits
from civid.exchange.service.server import Served, Tls, listen


def certificate(folder: Path) -> Tls:
    """Of localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return Tls(folder / "cert.pem", folder / "key.pem")


@contextmanager
def running(served: Served) -> Iterator[str]:
    thread = threading.Thread(target=served.run)
    thread.start()
    try:
        yield served.address
    finally:
        served.server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def test_tls_and_only_that(make: Make, tmp_path: Path) -> None:
    station = make()
    served = listen(station.house, port=0, tls=certificate(tmp_path))
    headers = station.bearer("read")
    with running(served) as address:
        assert address.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        port = address.rsplit(":", 1)[1]
        with httpx.Client(verify=context, base_url=f"https://localhost:{port}") as client:
            answer = client.get("/civid/v1/info", headers=headers)
            assert answer.status_code == 200
            assert "strict-transport-security" in answer.headers
            assert "server" not in answer.headers
        with httpx.Client() as client, pytest.raises(httpx.HTTPError):
            client.get(f"http://localhost:{port}/health/live")


def test_a_plain_server_beyond_this_machine_is_refused() -> None:
    with pytest.raises(FieldError):
        listen(House(None), host="0.0.0.0", port=0)
    served = listen(House(None), host="0.0.0.0", port=0, behind_proxy=True)
    served._socket.close()


def test_a_body_that_stops_and_one_that_is_too_long_end_the_connection(make: Make) -> None:
    limits = Limits(body=10_000, body_seconds=0.2, per_second=1e6, burst=1e6)
    station = make(limits)
    (token,) = station.bearer("identify").values()
    head = f"POST /civid/v1/search HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n"
    kind = "Content-Type: application/json\r\n"
    with running(listen(station.house, port=0)) as address:
        port = int(address.rsplit(":", 1)[1])
        for rest, status in (
            (f"{kind}Content-Length: 500\r\n\r\n{{", b"408"),
            (f"{kind}Content-Length: 500000\r\n\r\n", b"413"),
            (f"{kind}Transfer-Encoding: chunked\r\n\r\n4e20\r\n{' ' * 20_000}\r\n", b"413"),
            ("X: " + "a" * 100_000, b"400"),
        ):
            with socket.create_connection(("127.0.0.1", port), 10) as opened:
                opened.sendall((head + rest).encode())
                got = b""
                while piece := opened.recv(65536):  # until it is closed from over there
                    got += piece
            assert got.split()[1] == status, rest[:60]


def test_who_is_refused_while_sending_reads_why(make: Make) -> None:
    """Cut off, a client would see a broken connection and send it all again."""
    station = make(Limits(body=1 << 20, per_second=1e6, burst=1e6))
    headers = station.bearer("identify")
    late = {"authorization": f"Bearer {signed(exp=int(time.time()) - 60)}"}
    parts = [("right-index", bytes(10_000))] * 50
    with (
        running(listen(station.house, port=0)) as address,
        httpx.Client(base_url=address) as client,
    ):
        for _ in range(3):
            for sent, status in (
                ({"files": parts, "headers": headers}, 413),
                ({"content": bytes(900_000), "headers": headers}, 415),
                ({"content": bytes(900_000), "headers": late}, 401),
                ({"content": bytes(1_500_000), "headers": headers}, 413),
            ):
                answer = client.post("/civid/v1/search", **sent)  # type: ignore[arg-type]
                assert answer.status_code == status


def test_who_is_slow_with_the_head_is_not_waited_for(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civid.exchange.service.patience.HEAD_SECONDS", 0.3)
    whole = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with running(listen(make().house, port=0)) as address:
        where = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
        for begun in (b"", b"GET /health/live HTTP/1.1\r\nX: ", whole + b"GET /"):
            with socket.create_connection(where, 10) as opened:
                opened.sendall(begun)
                got = b""
                with suppress(ConnectionResetError):
                    while piece := opened.recv(65536):
                        got += piece
            assert got.startswith(b"HTTP/1.1 200") == begun.startswith(whole)
        with socket.create_connection(where, 10) as opened:  # who goes on is served
            for half in (whole[:20], whole[20:]):
                opened.sendall(half)
            assert opened.recv(65536).startswith(b"HTTP/1.1 200")


def test_connections_are_bounded(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civid.exchange.service.patience.MOST_CONNECTIONS", 3)
    with running(listen(make().house, port=0)) as address, ExitStack() as held:
        where = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
        for _ in range(3):
            held.enter_context(socket.create_connection(where, 10))
        with socket.create_connection(where, 10) as more, suppress(ConnectionResetError):
            assert more.recv(1) == b""
        held.close()
        with httpx.Client() as client:
            for _ in range(50):
                with suppress(httpx.HTTPError):
                    if client.get(f"{address}/health/live").status_code == 200:
                        return
    raise AssertionError("nobody is let in any more")


def test_what_was_begun_is_finished_when_it_is_told_to_stop(make: Make) -> None:
    station = make()
    go, inside = threading.Event(), threading.Event()
    count = station.engine.count

    def slow() -> int:
        inside.set()
        go.wait(20)
        return count()

    station.engine.count = slow  # type: ignore[method-assign]
    headers, found = station.bearer("read"), list[int]()
    with running(listen(station.house, port=0)) as address:

        def ask() -> None:
            with httpx.Client(timeout=30) as client:
                found.append(client.get(f"{address}/civid/v1/info", headers=headers).status_code)

        asking = threading.Thread(target=ask)
        asking.start()
        assert inside.wait(20)
        threading.Timer(0.3, go.set).start()
    asking.join(20)
    assert found == [200]
