"""A service with OSIA's routes in this process, and fingers that nobody has."""

from __future__ import annotations

import base64
from contextlib import ExitStack
from functools import partial
from typing import Any, Self

import httpx
import numpy as np
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from civid import Position, Template
from civid.exchange.service import Caller
from civid.exchange.service.access.caller import refused
from civid.exchange.service.access.scopes import OSIA


class Doors:
    """Tokens that say themselves what they are: ``all``, ``expired``, or names of scopes."""

    def fits(self, token: str) -> bool:
        """Every one."""
        return bool(token)

    def caller(self, token: str) -> Caller:
        """Of a token."""
        if token == "expired":
            raise refused("token-expired")
        if token == "wrong":
            raise refused("token")
        scopes = frozenset(OSIA) if token.startswith("all") else frozenset(token.split("+"))
        return Caller(token, scopes)


def finger(seed: int, *, again: int = 0) -> Template:
    """A finger that nobody has; ``again`` is another impression of it."""
    rng = np.random.default_rng(seed)
    count = 42
    rows = np.zeros((count, 5))
    rows[:, 0], rows[:, 1] = rng.uniform(30, 300, count), rng.uniform(30, 400, count)
    rows[:, 2], rows[:, 3] = rng.uniform(0, 2 * np.pi, count), rng.integers(1, 3, count)
    rows[:, 4] = 80
    if again:
        rows[:, :2] += np.random.default_rng((seed, again)).normal(0, 1.5, (count, 2))
    return Template(rows, quality=70 + again, width=330, height=430)


def sample(seed: int, *, again: int = 0, part: str = "RIGHT_INDEX", **more: Any) -> dict[str, Any]:
    """The same as OSIA's BiometricData with a template."""
    record = finger(seed, again=again).to_bytes(position=Position[part])
    return {
        "biometricType": "FINGER",
        "biometricSubType": part,
        "template": base64.b64encode(record).decode(),
        "templateFormat": "ISO_19794_2",
        **more,
    }


def encounter(*samples: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An encounter with these samples."""
    return {
        "status": "ACTIVE",
        "encounterType": "enrolment",
        "galleries": ["citizens"],
        "biometricData": list(samples),
        **more,
    }


class Client:
    """Calls an application that runs, in this process. Sends a token and a transaction along."""

    def __init__(self, app: FastAPI):
        self.app = app
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.portal = self._stack.enter_context(start_blocking_portal())
        life = self.portal.wrap_async_context_manager(self.app.router.lifespan_context(self.app))
        self._stack.enter_context(life)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url="http://testserver")
        self._http = self._stack.enter_context(self.portal.wrap_async_context_manager(http))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """As httpx has it."""
        return self.portal.call(partial(self._http.request, method, path, **options))

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str = "all", **query: Any
    ) -> Any:
        """An answer."""
        query = {"transactionId": "T1", **query}
        headers = {"Authorization": f"Bearer {token}"}
        return self.request(method, path, json=body, params=query, headers=headers)

    def create(self, person: str, number: str, *samples: dict[str, Any], **more: Any) -> None:
        """An encounter, which has to go well."""
        path = f"/v1/persons/{person}/encounters/{number}"
        answer = self.ask("POST", path, encounter(*samples, **more))
        assert answer.status_code == 200, answer.text
