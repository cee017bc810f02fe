"""What stands around every request: hosts, ids, headers, how many at once, how often, the log."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.service.conftest import Make, Station, as_json
from tests.search.prints import person

from civid import errors
from civid.exchange.abis import Abis
from civid.exchange.service import House, Refusal, problem_of
from civid.exchange.service.bounds import Limits, Pace
from civid.exchange.service.problem import OWN, TABLE

INFO = "/civid/v1/info"


def test_only_its_own_names_are_heard(station: Station) -> None:
    headers = station.bearer("read")
    for host in ("localhost", "localhost:99", "127.0.0.1", "[::1]:8470", "LOCALHOST"):
        assert station.client.get(INFO, headers=headers | {"host": host}).status_code == 200
    for host in ("evil.example", "localhost.evil.example", "", "[::2]", "127.0.0.1.evil.example"):
        answer = station.client.get(INFO, headers=headers | {"host": host})
        assert (answer.status_code, answer.json()["code"]) == (400, "host"), host


def test_a_request_keeps_its_id_where_that_is_sane(station: Station) -> None:
    headers = station.bearer("read")
    own = station.client.get(INFO, headers=headers | {"x-request-id": "visit-7.2_a"})
    assert own.headers["x-request-id"] == "visit-7.2_a"
    assert station.entries()[-1].request == "visit-7.2_a"
    for odd in ("a b", "x" * 65, "é", '"', "../x", ""):
        answer = station.client.get(INFO, headers=headers | {"x-request-id": odd.encode()})
        made = answer.headers["x-request-id"]
        assert len(made) == 16
        assert int(made, 16) >= 0


def test_every_answer_has_safe_headers_and_no_cors(station: Station) -> None:
    origin = {"origin": "https://evil.example"}
    for path in (INFO, "/health/live", "/nowhere", "/openapi.json"):
        for headers in ({}, station.bearer("read")):
            answer = station.client.get(path, headers=headers | origin)
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert not [one for one in answer.headers if one.startswith("access-control")]
    asked = {"access-control-request-method": "POST"}
    preflight = station.client.request("OPTIONS", "/civid/v1/search", headers=origin | asked)
    assert preflight.status_code == 401
    assert station.client.get("/docs", headers=station.bearer("read")).status_code == 404


def test_whoever_asks_too_often_waits(make: Make) -> None:
    station = make(Limits(per_second=0.01, burst=3))
    headers = station.bearer("read")
    found = [station.client.get(INFO, headers=headers) for _ in range(5)]
    assert [one.status_code for one in found] == [200, 200, 200, 429, 429]
    assert found[-1].json()["code"] == "pace"
    assert 1 <= int(found[-1].headers["retry-after"]) <= 200
    other = station.tokens.add("office-8", ["read"], until=1 << 40)
    answer = station.client.get(INFO, headers={"authorization": f"Bearer {other}"})
    assert answer.status_code == 200
    again = station.bearer("read")  # another token of the same office: the same bucket
    assert station.client.get(INFO, headers=again).status_code == 429


@given(st.lists(st.floats(0, 5), max_size=60), st.floats(0.1, 10), st.floats(1, 20))
def test_no_one_gets_more_than_the_bucket_gives(
    waits: list[float], per_second: float, burst: float
) -> None:
    now = 0.0
    pace = Pace(per_second, burst, clock=lambda: now)
    admitted = 0
    for wait in waits:
        now += wait
        with suppress(Refusal):
            pace.admit("office")
            admitted += 1
        assert admitted <= burst + now * per_second + 1e-6


def test_too_many_at_once_are_told_to_come_back(make: Make) -> None:
    station = make(Limits(workers=1, waiting=2, per_second=1e6, burst=1e6))
    headers = station.bearer("read")
    go, inside = threading.Event(), threading.Event()

    def slow() -> int:
        inside.set()
        go.wait(20)
        return 0

    station.engine.count = slow  # type: ignore[method-assign]
    client = station.client.inside

    async def all_at_once() -> list[Any]:
        asked = [asyncio.create_task(client.get(INFO, headers=headers)) for _ in range(8)]
        await asyncio.to_thread(inside.wait, 20)
        live = await client.get("/health/live")
        assert live.status_code == 200  # the loop is never blocked, and this is never turned away
        go.set()
        return await asyncio.gather(*asked)

    found = station.client.runner.run(all_at_once())
    statuses = sorted(one.status_code for one in found)
    assert statuses == [200] * 3 + [503] * 5
    refused = next(one for one in found if one.status_code == 503)
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("busy", "1")


def test_a_reader_sees_what_the_writer_writes_and_changes_nothing(make: Make) -> None:
    station = make()
    with Abis.open(station.folder, read_only=True) as reader:
        house = House(
            reader, station.house.doors, read_only=True, writer="https://writer.example",
            limits=Limits(per_second=1e6, burst=1e6),
        )  # fmt: skip
        from tests.exchange.service.conftest import Client

        from civid.exchange.service import make_app

        client = Client(make_app(house))
        try:
            headers = station.bearer("enrol", "identify", "read", "correct", "delete")
            body = as_json(person(1, 2))
            made = station.client.post("/civid/v1/people/p1", headers=headers, json=body)
            assert made.status_code == 201
            house._refreshed -= 10  # half a second later
            found = client.post("/civid/v1/search", headers=headers, json=body).json()
            assert [one["person"] for one in found["candidates"]] == ["p1"]
            for method, path in (
                ("POST", "/civid/v1/people/p2"), ("PUT", "/civid/v1/people/p1"),
                ("DELETE", "/civid/v1/people/p1"), ("POST", "/civid/v1/people/p2/enrol-if-new"),
            ):  # fmt: skip
                answer = client.request(method, path, headers=headers, json=body)
                assert answer.status_code == 409, path
                assert answer.json()["code"] == "read-only"
                assert answer.json()["writer"] == "https://writer.example"
            info = client.get(INFO, headers=headers).json()
            assert (info["people"], info["read_only"]) == (1, True)
        finally:
            client.close()
    assert station.engine.people() == ("p1",)


def test_without_its_log_nothing_is_answered(
    station: Station, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    headers = station.bearer("read", "metrics")
    assert station.client.get("/health/ready").status_code == 200
    station.house.log.close()  # type: ignore[union-attr]
    with caplog.at_level(logging.ERROR):
        for path in (INFO, "/civid/v1/people/p1", "/nowhere"):
            answer = station.client.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (503, "log"), path
    assert station.client.get("/health/ready").json()["code"] == "starting"
    assert station.client.get("/health/live").status_code == 200


def test_what_fails_inside_says_nothing_of_it(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> int:
        raise RuntimeError("079204000001 in /srv/civid")

    station.engine.count = broken  # type: ignore[method-assign]
    with caplog.at_level(logging.ERROR):
        answer = station.client.get(INFO, headers=station.bearer("read"))
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "0792" not in answer.text
    assert "srv" not in answer.text
    assert "0792" not in caplog.text
    assert answer.json()["request_id"] in caplog.text
    assert station.entries()[-1].outcome == "failed"


def test_every_error_of_civid_has_a_place_in_the_table() -> None:
    found = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.StorageError | errors.GalleryError)
    ]
    assert len(found) > 12
    for kind in found:
        if kind in (errors.GalleryError, errors.StorageError):
            continue
        if kind is errors.IncompleteError:
            error: Exception = kind([1], 4)
        elif kind is errors.NotAcknowledgedError:
            error = kind([0], 1, "it is in /srv/civid")
        else:
            error = kind("it is in /srv/civid")
        problem = problem_of(error)
        assert problem.code != "internal", kind
        if problem.status >= 500 or problem.code == "read-only":
            assert "srv" not in problem.detail
    assert problem_of(KeyError("x")).code == "internal"
    assert problem_of(errors.ResolutionError("x")).code == "resolution"
    told = problem_of(errors.FieldError("dpi", "must be a number"))
    assert told.members == {"field": "dpi"}
    for _, code, status, title in TABLE:
        assert 400 <= status < 600
        if code in OWN:
            assert OWN[code][0] == status
            assert OWN[code][1] == title


def test_only_bases_and_bugs_are_internal() -> None:
    """`GalleryError` itself is wrong use, of a closed gallery for one."""
    internal = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type)
        and issubclass(kind, errors.CividError)
        and not any(issubclass(kind, one) for one, *_ in TABLE)
    }
    assert internal == {"CividError", "GalleryError", "RegisterError", "NativeError"}


def test_the_table_of_the_docs_is_that_of_the_code(root: Path) -> None:
    page = root / "docs" / "howto" / "duplicate-check-over-http.md"
    rows = re.findall(r"^\| (\d{3}) \| (.*) \|$", page.read_text(encoding="utf-8"), re.M)
    told = {
        (int(status), code) for status, text in rows for code in re.findall(r"`([a-z-]+)`", text)
    }
    known = {(status, code) for code, (status, _) in OWN.items()}
    known |= {(status, code) for _, code, status, _ in TABLE}
    assert told - {(409, "writer")} == known


def test_figures_count_and_name_nobody(station: Station) -> None:
    station.client.get(INFO)
    station.client.get("/civid/v1/people/079204000001", headers=station.bearer("read"))
    answer = station.client.get("/metrics", headers=station.bearer("metrics"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'civid_requests_total{route="look",status="404"} 1.0' in answer.text
    assert 'civid_problems_total{code="no-token"} 1.0' in answer.text
    assert "civid_people 0.0" in answer.text
    assert "0792" not in answer.text
