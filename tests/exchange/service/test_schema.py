"""The service does what its description says: requests made by schemathesis from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

schemathesis = pytest.importorskip("schemathesis")
from hypothesis import HealthCheck, Phase, settings  # noqa: E402
from schemathesis.checks import CHECKS, load_all_checks  # noqa: E402
from tests.exchange.service.conftest import signed  # noqa: E402

from civid.exchange.abis import Abis  # noqa: E402
from civid.exchange.service import House, Limits, make_app  # noqa: E402
from civid.exchange.service.access.jwt_tokens import JwtTokens  # noqa: E402

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


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from tests.exchange.service.conftest import AUDIENCE, ISSUER, PRIVATE

    folder: Path = tmp_path_factory.mktemp("schema")
    keys = folder / "keys.pem"
    public = PRIVATE.public_key()
    keys.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with Abis.open(folder / "people", create=True, threads=1) as engine:
        door = JwtTokens(keys, issuer=ISSUER, audience=AUDIENCE)
        house = House(engine, (door,), limits=Limits(per_second=1e6, burst=1e6))
        yield schemathesis.openapi.from_asgi(
            "/openapi.json", make_app(house, hosts=("localhost", "testserver"))
        )


schema = schemathesis.pytest.from_fixture("served")


@schema.parametrize()
@settings(
    max_examples=12, deadline=None, derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_it_does_what_it_says(case: object) -> None:
    headers = {"authorization": f"Bearer {signed()}", "host": "localhost"}
    response = case.call(headers=headers, base_url="http://localhost")  # type: ignore[attr-defined]
    case.validate_response(response, checks=CHECKED)  # type: ignore[attr-defined]
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["x-request-id"][0])
