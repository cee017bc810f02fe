"""An engine, a house with every door, and clients with and without the right token."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI

from civid.exchange.abis import Abis
from civid.exchange.service import House, make_app
from civid.exchange.service.access.jwt_tokens import JwtTokens
from civid.exchange.service.access.office_tokens import OfficeTokens
from civid.exchange.service.access.scopes import DESCRIPTIONS
from civid.exchange.service.bounds import Limits
from civid.exchange.service.log import Journal
from civid.exchange.service.log.entry import Entry, parsed
from civid.fingerprint.template import Template
from civid.position import Position

ISSUER, AUDIENCE = "https://login.example", "civid"
PRIVATE = ec.generate_private_key(ec.SECP256R1())


def signed(**claims: Any) -> str:
    """A JWT of the issuer; a claim that is None is left out."""
    now = int(time.time())
    whole = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "centre", "iat": now, "nbf": now - 60,
        "exp": now + 600, "jti": "t1", "scope": " ".join(DESCRIPTIONS), **claims,
    }  # fmt: skip
    return jwt.encode({k: v for k, v in whole.items() if v is not None}, PRIVATE, "ES256")


def as_files(fingers: dict[Position, Template]) -> dict[str, bytes]:
    """The fingers as parts of a form."""
    return {
        position.name.lower().replace("_", "-"): one.to_bytes(position=position)
        for position, one in fingers.items()
    }


def as_json(fingers: dict[Position, Template]) -> dict[str, Any]:
    """The same as a document."""
    return {
        "fingers": [
            {"position": int(position), "data": base64.b64encode(one.to_bytes()).decode()}
            for position, one in fingers.items()
        ]
    }


class Client:
    """Asks an application in this process, one request after the other."""

    def __init__(self, app: FastAPI):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.inside = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        self.runner = asyncio.Runner()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.runner.run(self.inside.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def close(self) -> None:
        self.runner.run(self.inside.aclose())
        self.runner.close()


@dataclass
class Station:
    """A service that runs in this process, and what is behind it."""

    folder: Path
    engine: Abis
    house: House
    app: FastAPI
    tokens: OfficeTokens
    client: Client

    def bearer(self, *scopes: str) -> dict[str, str]:
        """Headers with a token of these scopes."""
        until = int(time.time()) + 600
        return {"authorization": f"Bearer {self.tokens.add('office-7', scopes, until=until)}"}

    def entries(self) -> list[Entry]:
        """The lines of the log."""
        data = (self.folder / "log.jsonl").read_bytes()
        return [parsed(line)[0] for line in data.splitlines(keepends=True)]


Make = Callable[..., Station]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes a station; its limits and other options of `House` may be given."""
    ends: list[Callable[[], object]] = []

    def made(limits: Limits | None = None, parts: Any = (), **options: Any) -> Station:
        folder = tmp_path / f"station-{len(ends)}"
        engine = Abis.open(folder, create=True, threads=1)
        ends.append(engine.close)
        log = Journal.open(folder / "log.jsonl")
        ends.append(log.close)
        (folder / "keys.pem").write_bytes(
            PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        tokens = OfficeTokens(folder / "tokens.json")
        doors = (tokens, JwtTokens(folder / "keys.pem", issuer=ISSUER, audience=AUDIENCE))
        quick = limits or Limits(per_second=1e6, burst=1e6)
        house = House(engine, doors, log=log, limits=quick, **options)
        app = make_app(house, parts=parts)
        client = Client(app)
        ends.append(client.close)
        return Station(folder, engine, house, app, tokens, client)

    yield made
    for end in reversed(ends):
        end()


@pytest.fixture
def station(make: Make) -> Station:
    """A station with the usual limits."""
    return make()
