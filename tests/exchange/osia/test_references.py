"""imageRef and templateRef: fetched from allowed servers, and from nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from tests.exchange.datashare.servers import answer, serving
from tests.exchange.osia.service import Client, encounter, finger

from civid.exchange.abis import Abis
from civid.exchange.datashare.origins import Origin
from civid.position import Position

ONE = "/v1/persons/P1/encounters/E1"


def referred(url: str) -> dict[str, Any]:
    """An encounter with a template behind a URL."""
    return encounter(
        {"biometricType": "FINGER", "biometricSubType": "LEFT_INDEX", "templateRef": url}
    )


def test_what_is_behind_a_reference_is_fetched(make: Callable[..., FastAPI], engine: Abis) -> None:
    record = finger(1).to_bytes(position=Position.LEFT_INDEX)
    with serving(lambda _: answer(record)) as server:
        app = make(references=(Origin.of(server.origin, inside=True),))
        with Client(app) as client:
            url = f"{server.origin}/one?id=3"
            assert client.ask("POST", ONE, referred(url)).status_code == 200
            assert set(engine.get("P1", "E1").fingers) == {Position.LEFT_INDEX}
            (kept,) = client.ask("GET", ONE).json()["biometricData"]
            assert kept["templateRef"] == url
            # What was read can be sent back: the reference is fetched anew.
            assert client.ask("PUT", ONE, client.ask("GET", ONE).json()).status_code == 200
            assert len(server.heads) == 2


def test_nothing_else_is_fetched(make: Callable[..., FastAPI], engine: Abis) -> None:
    with serving(lambda _: answer(b"secret", "404 Not Found")) as server:
        app = make(references=(Origin.of(server.origin),))  # not said to be inside
        with Client(app) as client:
            for url in (
                f"{server.origin}/x", "http://169.254.169.254/x", "file:///etc/passwd",
                "https://elsewhere.example/x", "//x", "",
            ):  # fmt: skip
                refused = client.ask("POST", ONE, referred(url))
                assert refused.status_code == 400
                assert refused.json()["code"] == 1003
                assert "secret" not in refused.text
        assert server.heads == []
    assert engine.count() == 0


def test_what_cannot_be_fetched_is_said(make: Callable[..., FastAPI], engine: Abis) -> None:
    with serving(lambda _: answer(b"secret", "404 Not Found")) as server:
        app = make(references=(Origin.of(server.origin, inside=True),))
        with Client(app) as client:
            refused = client.ask("POST", ONE, referred(f"{server.origin}/x"))
            assert refused.status_code == 400
            assert "secret" not in refused.text
    assert engine.count() == 0
