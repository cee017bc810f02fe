"""Health and metrics as they are served."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from civid.exchange.worker import AddressError, HealthServer, Metrics


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
