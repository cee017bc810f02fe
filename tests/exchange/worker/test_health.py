"""Health and metrics as they are served."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from civid.exchange.worker import AddressError, HealthServer, Metrics, health


@contextlib.contextmanager
def serving(metrics: Metrics) -> Iterator[tuple[HealthServer, httpx.Client]]:
    server = HealthServer("127.0.0.1", 0, metrics, lambda: True)
    try:
        with httpx.Client(base_url=server.address, trust_env=False) as client:
            yield server, client
    finally:
        server.close()


def connected(server: HealthServer) -> socket.socket:
    host, _, port = server.address.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def test_health_and_metrics() -> None:
    metrics, alive = Metrics(), [True]
    metrics.messages.labels("insert", "ok").inc(3)
    server = HealthServer("127.0.0.1", 0, metrics, lambda: alive[0])
    try:
        with httpx.Client(base_url=server.address, trust_env=False) as client:
            got = client.get("/health")
            assert got.status_code == 503
            assert got.json() == {
                "live": True, "ready": False, "trouble": {"broker": "not connected yet"},
                "last_answer_seconds": None,
            }  # fmt: skip
            assert client.get("/health/live").status_code == 200
            metrics.trouble("broker")
            metrics.answered()
            assert client.get("/health/ready").status_code == 200
            assert client.get("/health").json()["last_answer_seconds"] >= 0
            alive[0] = False
            assert client.get("/health/live").status_code == 503
            families = {
                one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)
            }
            (sample,) = (
                one
                for one in families["civid_abis_messages"].samples
                if one.name.endswith("_total")
            )
            assert (sample.labels, sample.value) == ({"operation": "insert", "outcome": "ok"}, 3)
            assert {
                "civid_abis_stage_seconds", "civid_abis_window", "civid_abis_people",
                "civid_abis_redelivered", "civid_abis_dead_letters", "civid_abis_connected",
                "civid_abis_last_answer_age_seconds",
            } <= set(families)  # fmt: skip
            assert client.get("/elsewhere").status_code == 404
            assert client.post("/health").status_code == 501
        port = int(server.address.rpartition(":")[2])
        with pytest.raises(AddressError, match="in use"):
            HealthServer("127.0.0.1", port, metrics, lambda: True)
    finally:
        server.close()
    with pytest.raises(AddressError):
        HealthServer("203.0.113.1", 1, metrics, lambda: True)


def test_as_probes_and_scrapers_ask() -> None:
    with serving(Metrics()) as (_, client):
        assert "civid_abis_window" in client.get("/metrics?name[]=civid_abis_window").text
        head = client.head("/health/live?verbose")
        assert (head.status_code, head.content) == (200, b"")


def test_slow_clients_are_few_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PATIENCE", 0.5)
    with serving(Metrics()) as (server, client), contextlib.ExitStack() as held:
        before = threading.active_count()
        slow = [held.enter_context(connected(server)) for _ in range(100)]
        for one in slow:
            with contextlib.suppress(OSError):
                one.sendall(b"GET /health HTTP/1.0\r\nX-")
        assert threading.active_count() - before <= 2 * health._MOST
        end = time.monotonic() + 10
        while time.monotonic() < end:  # busy clients do not get more time than silent ones
            with contextlib.suppress(OSError):
                slow[0].sendall(b"a")
            with contextlib.suppress(httpx.HTTPError):
                if client.get("/health/live").status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("nobody else is answered")


def test_what_clients_do_leaves_no_traceback(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics()

    def fails() -> float:
        raise KeyError("somebody")

    metrics.people.set_function(fails)
    with serving(metrics) as (server, client):
        with connected(server) as rude:
            rude.sendall(b"GET /health HTTP/1.0\r\n")
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with pytest.raises(httpx.HTTPError):
            client.get("/metrics")
        assert client.get("/health/live").status_code == 200
    assert capfd.readouterr().err == ""
    assert [one.getMessage() for one in caplog.records] == ["health-fails"]
    assert "somebody" not in caplog.text
