"""The description of the service (OpenAPI 3.1): what each route needs, and how it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from civid.exchange.service.access.needs import Needs
from civid.exchange.service.access.scopes import DESCRIPTIONS

DESCRIPTION = """\
Fingerprints for national registration: who is enrolled, who is this, is it the person?

Every answer has an `X-Request-ID`; what is refused or fails is a problem (RFC 9457,
`application/problem+json`) with a stable `code`. Scores are -10 log10 of the false match rate.
Ids of people stand in addresses, which proxies write down: give references of your own, not
citizens' numbers.
"""
_SCHEME = "bearer"


def routes_of(router: Any) -> Iterator[APIRoute]:
    """Every route of an application or router that answers requests."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif (inner := getattr(route, "original_router", None)) is not None:
            yield from routes_of(inner)  # newer versions of FastAPI keep the router as it is


def needed(route: APIRoute) -> list[tuple[str, ...]]:
    """What a route needs: of each tuple one scope."""
    found, waiting = [], [route.dependant]  # codespell:ignore dependant
    while waiting:
        one = waiting.pop()
        if isinstance(one.call, Needs):
            found.append(one.call.scopes)
        waiting += one.dependencies
    return found


def described(app: FastAPI) -> dict[str, Any]:
    """The document of ``/openapi.json``; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemes = made.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes[_SCHEME] = {
            "type": "http", "scheme": "bearer",
            "description": "A JWT of the issuer, or a token of `civid serve token add`. Scopes: "
            + "; ".join(f"`{name}`: {said}" for name, said in DESCRIPTIONS.items()),
        }  # fmt: skip
        for route in routes_of(app):
            for method in route.methods or ():
                operation = made["paths"].get(route.path_format, {}).get(method.lower())
                if operation is None:
                    continue
                _drop_what_is_never_answered(operation["responses"])
                if wanted := needed(route):
                    operation["security"] = [
                        {_SCHEME: sorted(set(names))} for names in product(*wanted)
                    ]
        app.openapi_schema = made
    return app.openapi_schema


def _drop_what_is_never_answered(answers: dict[str, Any]) -> None:
    """FastAPI adds a 422 of its own shape, in place of which a part has its own."""
    content = answers.get("422", {}).get("content", {})
    if "HTTPValidationError" in str(content.get("application/json")):
        del answers["422"]
