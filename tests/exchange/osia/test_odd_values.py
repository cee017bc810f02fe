"""Values that JSON of some writers has and JSON has not: refused, at once and as a task."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from tests.exchange.osia.service import Client

from civid.exchange.abis import Abis
from civid.exchange.datashare.origins import Origin
from civid.exchange.osia import TaskStore
from civid.exchange.osia.models import Encounter, IdentifyRequest

START = '{"status":"ACTIVE","encounterType":"x","galleries":["g"],"biometricData":[],'


def test_they_are_refused(make: Callable[..., FastAPI], tmp_path: Path, engine: Abis) -> None:
    headers = {"Authorization": "Bearer all", "Content-Type": "application/json"}
    with TaskStore(tmp_path / "tasks") as tasks:
        app = make(tasks=tasks, callbacks=(Origin.of("https://client.example"),))
        with Client(app) as client:
            for value in ("NaN", "Infinity", "-Infinity", '"\\ud800"', '{"\\ud800":1}'):
                for name in ("contextualData", "biographicData", "clientData"):
                    body = f'{START}"{name}":{{"a":{value}}}}}'
                    if name == "clientData":
                        body = f'{START}"{name}":{value}}}'
                    for more in ("", "&callback=https://client.example/back"):
                        path = f"/v1/persons/P1/encounters/E1?transactionId=T{more}"
                        answer = client.request("POST", path, content=body, headers=headers)
                        assert answer.status_code == 400, (name, value, more, answer.text)
            odd = '{"filter":{"a":NaN},"biometricData":[]}'
            path = "/v1/identify/ALL?transactionId=T&callback=https://client.example/back"
            answer = client.request("POST", path, content=odd, headers=headers)
            assert answer.status_code == 400
        assert tasks.next() is None
    assert engine.count() == 0


def test_a_million_unknown_members_are_one_error() -> None:
    """Each would be one of its own, and a caller could stop the service for a minute."""
    many = {f"name{number}": number for number in range(1000)}
    for kind, given in (
        (IdentifyRequest, many), (Encounter, {"biometricData": [many]}),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as caught:
            kind.model_validate(given)
        assert caught.value.error_count() < 10
