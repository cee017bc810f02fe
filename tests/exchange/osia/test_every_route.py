"""Every route: with wrong, expired and weaker tokens, and whatever schemathesis thinks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import just
from tests.exchange.osia.service import Client, Doors, encounter, sample

from civid.exchange.abis import Abis
from civid.exchange.osia import TaskStore, osia_parts
from civid.exchange.osia.data_access import data_access_part
from civid.exchange.service import House, make_app
from civid.exchange.service.access.scopes import DESCRIPTIONS
from civid.exchange.service.bounds import Limits
from civid.exchange.service.log import Journal
from civid.exchange.service.log.entry import parsed
from civid.register import Register

GROUPS = ("/v1/persons", "/v1/identify", "/v1/verify", "/v1/galleries", "/v1/tasks")
WRONG = {None: 401, "Bearer ": 401, "Basic YTpi": 401, "Bearer wrong": 401, "Bearer expired": 401}
WHY = {"Civid-Purpose": "p", "Civid-Procedure": "1", "Civid-Unit": "46", "Civid-Officer": "o"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of all that is kept."""
    return tmp_path_factory.mktemp("osia")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    """Of an application with everything, and somebody in it."""
    with (
        Abis.open(folder / "engine", create=True) as engine,
        Journal.open(folder / "log.jsonl") as log,
        TaskStore(folder / "tasks") as tasks,
        Register.open(folder / "register", create=True) as register,
    ):
        house = House(engine, (Doors(),), log=log, limits=Limits(per_second=1e6, burst=1e6))
        parts = (*osia_parts(house, tasks=tasks), data_access_part(register, {"all": "bhxh"}))
        with Client(make_app(house, parts=parts, hosts=("testserver",))) as made:
            made.create("0", "0", sample(1), galleries=["0"])
            yield made


@pytest.fixture(scope="module")
def routes(client: Client) -> list[tuple[str, str, Any]]:
    """Method, path and description of each."""
    return [
        (method, path, operation)
        for path, methods in client.app.openapi()["paths"].items()
        if path.startswith(GROUPS)
        for method, operation in methods.items()
    ]


def test_every_wrong_token_is_refused_on_every_route_and_logged(
    client: Client, routes: list[tuple[str, str, Any]], folder: Path
) -> None:
    assert len(routes) == 24
    for method, path, operation in routes:
        address = re.sub(r"{\w+}", "SOMEBODY", path)
        for header, status in WRONG.items():
            headers = {} if header is None else {"Authorization": header}
            answer = client.request(method, address, headers=headers)
            assert answer.status_code == status, (path, header)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert set(answer.json()) == {"code", "message"}
            line = (folder / "log.jsonl").read_bytes().splitlines(keepends=True)[-1]
            entry = parsed(line)[0]
            assert (entry.outcome, entry.status) == ("refused", status)
            assert entry.operation == operation["operationId"]
            assert bool(entry.people) == bool(re.search("{person|{uin", path))
    assert "SOMEBODY" not in (folder / "log.jsonl").read_text()


def test_a_route_takes_the_scopes_it_names_and_no_other(
    client: Client, routes: list[tuple[str, str, Any]]
) -> None:
    for method, path, operation in routes:
        address = re.sub(r"{\w+}", "x", path)
        enough = {one for way in operation["security"] for one in way["bearer"]}
        for scope in DESCRIPTIONS:
            answer = client.request(method, address, headers={"Authorization": f"Bearer {scope}"})
            assert (answer.status_code == 403) == (scope not in enough), (path, scope)


def test_whatever_is_sent_is_answered_as_described(
    client: Client, routes: list[tuple[str, str, Any]]
) -> None:
    """schemathesis makes requests of the description, right and wrong ones."""
    schema = schemathesis.openapi.from_dict(client.app.openapi())
    headers = {"Authorization": "Bearer all", **WHY}
    seen: set[int] = set()

    def answered(case: Any, operation: Any) -> None:
        wanted = case.as_transport_kwargs(base_url="http://testserver")
        wanted.pop("cookies", None)
        if not isinstance(wanted.get("data", {}), dict):
            wanted["content"] = wanted.pop("data")
        wanted["headers"] = {**wanted.get("headers", {}), **headers}
        try:
            answer = client.request(wanted.pop("method"), wanted.pop("url"), **wanted)
        except httpx.InvalidURL:  # longer than httpx sends
            return
        seen.add(answer.status_code)
        described = operation["responses"].get(str(answer.status_code))
        assert described is not None, (answer.status_code, answer.text)
        assert answer.status_code < 500, answer.text
        kind = answer.headers.get("content-type", "").partition(";")[0]
        assert kind in described.get("content", {"": {}}), (kind, answer.text)

    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        for method, path, operation in routes:
            cases = schema[path][method].as_strategy(generation_mode=mode)
            bounded = settings(
                max_examples=2 if "requestBody" in operation else 5, derandomize=True,
                database=None, deadline=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            bounded(given(cases, just(operation))(answered))()
    assert {200, 204, 400, 404} <= seen


def test_deep_documents_are_refused_and_nothing_is_kept(client: Client) -> None:
    for depth, status in ((20, 200), (5_000, 400)):
        text: Any = "x"
        for _ in range(20):
            text = {"a": text}
        body = encounter(contextualData=text)
        if depth > 20:
            answer = client.request(
                "POST", "/v1/persons/deep/encounters/2?transactionId=T",
                content=(
                    '{"status":"ACTIVE","encounterType":"x","galleries":["g"],"biometricData":[],'
                    '"contextualData":' + '{"a":' * depth + "1" + "}" * depth + "}"
                ),
                headers={"Authorization": "Bearer all", "Content-Type": "application/json"},
            )  # fmt: skip
        else:
            answer = client.ask("POST", "/v1/persons/deep/encounters/1", body)
        assert answer.status_code == status, answer.text
    assert client.ask("GET", "/v1/persons/deep/encounters/2").status_code == 404
