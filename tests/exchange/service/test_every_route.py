"""Every route without, with a wrong, expired, foreign or weaker token: refused, and logged."""

from __future__ import annotations

import re
import time

import pytest
from fastapi import APIRouter
from tests.exchange.service.conftest import Make, Station, signed

from civid.exchange.service import House, Part, make_app
from civid.exchange.service.access.scopes import CAPABILITIES, DESCRIPTIONS
from civid.exchange.service.app import OPEN
from civid.exchange.service.described import needed, routes_of
from civid.register import Capability

APP = make_app(House(None))
ROUTES = [
    (method, route.path, needed(route))
    for route in routes_of(APP)
    if route.path not in OPEN
    for method in sorted(route.methods or ())
]


def wrong() -> dict[str, tuple[int, str, str | None]]:
    """Status, code, and the token, made now: a token of the beginning of all tests may be old."""
    now = int(time.time())
    return {
        "none": (401, "no-token", None),
        "empty": (401, "no-token", "Bearer "),
        "another scheme": (401, "no-token", "Basic YTpi"),
        "nonsense": (401, "token", "Bearer abc"),
        "not ours": (401, "token", f"Bearer civid_{'0' * 12}_{'A' * 43}"),
        "expired": (401, "token-expired", f"Bearer {signed(exp=now - 60, nbf=now - 120)}"),
        "not yet valid": (401, "token-early", f"Bearer {signed(nbf=now + 600)}"),
        "another audience": (401, "token-audience", f"Bearer {signed(aud='payments')}"),
        "another issuer": (401, "token-issuer", f"Bearer {signed(iss='https://evil.example')}"),
        "cut": (401, "token", f"Bearer {signed()[:-6]}"),
        "no scope": (403, "scope", f"Bearer {signed(scope='openid')}"),
    }


def test_there_are_routes() -> None:
    assert len(ROUTES) >= 10
    assert {"/health/live", "/health/ready"} == OPEN


def test_every_wrong_token_is_refused_on_every_route_and_logged(station: Station) -> None:
    asked = 0
    for method, path, _ in ROUTES:
        address = path.replace("{person}", "079204000001")
        for name, (status, code, header) in wrong().items():
            headers = {} if header is None else {"authorization": header}
            answer = station.client.request(method, address, headers=headers)
            asked += 1
            assert (answer.status_code, answer.json()["code"]) == (status, code), (path, name)
            assert answer.headers["www-authenticate"].startswith('Bearer realm="civid"')
            entry = station.entries()[-1]
            assert (entry.outcome, entry.status, entry.code) == ("refused", status, code)
            assert entry.operation
            assert bool(entry.people) == ("{person}" in path)
            assert entry.request == answer.json()["request_id"] == answer.headers["x-request-id"]
    assert len(station.entries()) == asked
    assert "079204000001" not in (station.folder / "log.jsonl").read_text()


@pytest.mark.parametrize(
    ("method", "path", "wanted"), ROUTES, ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_route_takes_the_scopes_it_names_and_no_other(
    station: Station, method: str, path: str, wanted: list[tuple[str, ...]]
) -> None:
    address = path.replace("{person}", "p1")
    enough = {one for names in wanted for one in names}
    for scope in DESCRIPTIONS:
        headers = station.bearer(scope)
        answer = station.client.request(method, address, headers=headers)
        passes = all(scope in names for names in wanted)
        assert (answer.status_code != 403) == passes, scope
        assert answer.status_code != 401
        if not passes:
            assert answer.json()["code"] == "scope"
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    everything = station.client.request(method, address, headers=station.bearer(*enough))
    assert everything.status_code not in (401, 403)


def test_what_is_nowhere_is_not_told_to_strangers(station: Station) -> None:
    assert station.client.get("/civid/v1/secret").status_code == 401
    answer = station.client.get("/civid/v1/secret", headers=station.bearer("read"))
    assert (answer.status_code, answer.json()["code"]) == (404, "address")


def test_what_is_open_tells_nothing_of_anybody(station: Station) -> None:
    for path in OPEN:
        answer = station.client.get(path)
        assert answer.status_code == 200
        assert set(answer.json()) == {"status"}
    assert station.entries() == []


def test_a_route_that_needs_no_token_is_no_route() -> None:
    router = APIRouter(prefix="/v1")

    @router.get("/open")
    def everybody() -> None:
        """A mistake."""

    with pytest.raises(ValueError, match="/v1/open"):
        make_app(House(None), parts=[Part(router)])


def test_the_scopes_are_the_capabilities_of_the_register() -> None:
    assert set(CAPABILITIES) == {one.value for one in Capability}


def test_the_description_says_what_each_route_needs(station: Station) -> None:
    document = station.client.get("/openapi.json").json()
    assert re.fullmatch(r"3\.\d\.\d", document["openapi"])
    for method, path, wanted in ROUTES:
        operation = document["paths"][path][method.lower()]
        said = {frozenset(one["bearer"]) for one in operation["security"]}
        for one in said:
            assert all(set(names) & one for names in wanted)
        assert {"401", "403", "429", "500", "503"} <= set(operation["responses"])
        assert operation["description"]


def test_a_part_answers_in_its_own_words(make: Make) -> None:
    from fastapi.responses import JSONResponse

    from civid.exchange.service import Problem, needs

    router = APIRouter(prefix="/other")

    @router.get("/x", dependencies=[needs("read")])
    def x() -> dict[str, int]:
        return {"x": 1}

    def said(problem: Problem, request_id: str) -> JSONResponse:
        return JSONResponse({"code": 7, "message": problem.code}, problem.status)

    station = make(parts=[Part(router, said)])
    answer = station.client.get("/other/x")
    assert answer.json() == {"code": 7, "message": "no-token"}
    assert "www-authenticate" in answer.headers
    assert station.client.get("/other/x", headers=station.bearer("read")).json() == {"x": 1}
    assert station.client.get("/civid/v1/info").json()["status"] == 401
