"""The service does what its description says: requests made by schemathesis from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

schemathesis = pytest.importorskip("schemathesis")
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from schemathesis.checks import CHECKS, load_all_checks  # noqa: E402
from tests.exchange.service.conftest import AUDIENCE, ISSUER, PRIVATE, signed  # noqa: E402

from civid.exchange.abis import Abis  # noqa: E402
from civid.exchange.service import House, Limits, make_app  # noqa: E402
from civid.exchange.service.access.jwt_tokens import JwtTokens  # noqa: E402
from civid.exchange.service.described import routes_of  # noqa: E402

load_all_checks()
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
ROUTES = [
    (method, route.path)
    for route in routes_of(make_app(House(None)))
    for method in route.methods or ()
]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("schema")
    keys = folder / "keys.pem"
    public = PRIVATE.public_key()
    keys.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with Abis.open(folder / "people", create=True, threads=1) as engine:
        door = JwtTokens(keys, issuer=ISSUER, audience=AUDIENCE)
        house = House(engine, (door,), limits=Limits(per_second=1e6, burst=1e6))
        app = make_app(house, hosts=("localhost", "testserver"))
        yield schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_it_does_what_it_says(schema: Any, method: str, path: str) -> None:
    asked = 0

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=8, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        headers = {"authorization": f"Bearer {signed()}"}
        response = case.call(headers=headers, base_url="http://localhost")
        case.validate_response(response, checks=CHECKED)
        assert response.status_code not in (401, 403)

    ask()
    assert asked
