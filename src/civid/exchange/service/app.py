"""The application: parts, problems, and what stands around every route."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

import civid
from civid.errors import CividError, FieldError
from civid.exchange.service.described import DESCRIPTION, described, needed, routes_of
from civid.exchange.service.guard import Guard
from civid.exchange.service.house import House, note_of
from civid.exchange.service.plain import routers as plain_routers
from civid.exchange.service.problem import MEDIA_TYPE, Problem, Refusal, problem_of

#: Writes a problem as another protocol wants it.
Answer = Callable[[Problem, str], Response]
#: Routes that need no token: whether this process lives, and what it offers.
OPEN = frozenset({"/health/live", "/health/ready"})
HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Part:
    """Addresses that are added to the application.

    Attributes
    ----------
    router : APIRouter
        With a prefix of its own.
    answer : callable, optional
        (problem, request id) -> response: how problems under this prefix are written.
    """

    router: APIRouter
    answer: Answer | None = None


def make_app(
    house: House,
    *,
    parts: Sequence[Part] = (),
    hosts: Sequence[str] = HOSTS,
    secure: bool = False,
    docs: bool = False,
) -> FastAPI:
    """The application (ASGI).

    Parameters
    ----------
    house : House
        Engine, doors, log and limits.
    parts : sequence of Part
        Addresses beside those of plain civid.
    hosts : sequence of str
        Names by which it may be called; others are refused.
    secure : bool
        It is served under TLS: browsers and clients are told to insist on it.
    docs : bool
        Serve FastAPI's pages to try it out, which load scripts from elsewhere.

    Raises
    ------
    ValueError
        A route needs no token and is not one of `OPEN`.
    """
    app = FastAPI(
        title="civid", version=civid.__version__, description=DESCRIPTION,
        docs_url="/docs" if docs else None, redoc_url=None, swagger_ui_oauth2_redirect_url=None,
        # Behind a proxy a redirect would lead from https to http, and a client would follow it
        # with its token.
        redirect_slashes=False,
    )  # fmt: skip
    app.state.house = house
    app.state.answers = {
        part.router.prefix: part.answer for part in parts if part.answer is not None
    }
    for router in plain_routers():
        app.include_router(router, dependencies=[Depends(_known)])
    for part in parts:
        app.include_router(part.router)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    for kind in (CividError, Refusal, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer)
    app.add_middleware(
        Guard, house=house, hosts=tuple(hosts), everybody=OPEN | {"/openapi.json", "/docs"},
        secure=secure, respond=respond,
    )  # fmt: skip
    _all_need_tokens(app)
    return app


def respond(app: Any, path: str, problem: Problem, request_id: str) -> Response:
    """A problem as the part of this path writes it."""
    for prefix, answer in app.state.answers.items():
        if path == prefix or path.startswith(prefix + "/"):
            made: Response = answer(problem, request_id)
            made.headers.update(problem.headers)
            return made
    return JSONResponse(
        problem.to_dict(request_id), problem.status, dict(problem.headers), MEDIA_TYPE
    )


async def _answer(request: Request, error: Exception) -> Response:
    note = note_of(request)
    if isinstance(error, RequestValidationError):
        problem = _invalid(error)
    elif isinstance(error, HTTPException):
        code = {404: "address", 405: "method"}.get(error.status_code, "request")
        problem = Refusal(code, headers=error.headers).problem
    else:
        problem = problem_of(error)
    note.code = problem.code
    return respond(request.app, request.url.path, problem, note.request_id)


async def _known(request: Request) -> None:
    """Refuse a parameter that is not this address's: misspelled, it would silently not hold."""
    route = request.scope.get("route")
    known = {one.alias for one in route.dependant.query_params} if route is not None else set()
    if set(request.query_params) - known:
        have = ", ".join(sorted(known)) or "none"
        raise FieldError("query", f"there is a parameter that this address has not; it has {have}")


def _invalid(error: RequestValidationError) -> Problem:
    """Which fields, and why; what was given is somebody's and left out."""
    wrong = [
        {
            "field": ".".join(str(step)[:40] for step in one["loc"][:8]),
            "reason": str(one["msg"])[:200],
        }
        for one in error.errors()[:20]
    ]
    return Refusal("parameter", errors=wrong).problem


def _all_need_tokens(app: FastAPI) -> None:
    for route in routes_of(app):
        if route.path not in OPEN and not needed(route):
            raise ValueError(f"{route.path}: a route needs a token; see civid.exchange.service")
